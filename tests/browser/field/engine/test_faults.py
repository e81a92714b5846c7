"""Whatever happens on the way: nothing lost, nothing doubled, nothing silent, for 200 operations a fault."""

import pytest

from tests.faults.plan import EVERY_FAULT, Fault, Plan
from tests.faults.proxy import FaultProxy

from .conftest import SYNC, Book, Phone
from .model import Day, make_day

LEAST_FAULTS = 6
# A line that stands still is met less often: each time costs the whole patience of the phone.
SHARE = {Fault.SILENCE: 0.25, Fault.REORDER: 0.3, Fault.SLOW: 0.4}


def go_through(phone: Phone, proxy: FaultProxy, day: Day, plan: Plan, fault: Fault | None) -> list[str]:
    """The day under faults, then a good line until nothing waits any more; the ids of the commands."""
    proxy.plan = plan
    ids: list[str] = phone.ask("run", day.steps)
    for _time in range(60):
        if fault is None or proxy.count()[fault] >= LEAST_FAULTS:
            break
        phone.ask("run", [{"do": "now"}, {"do": "wait", "ms": 150}])
    assert fault is None or proxy.count()[fault] >= LEAST_FAULTS
    proxy.plan = Plan(0)
    phone.settle()
    return ids


def resend(phone: Phone, ids: list[str]) -> list[str]:
    """What the phone itself put into the drawer a person sends anew; the ids as they are now."""
    steps = [
        {
            "do": "add",
            "name": item["command"]["name"],
            "data": item["command"]["data"],
            "replaces": item["command"]["id"],
        }
        for item in phone.ask("drawer")
        if item["receipt"]["code"].startswith("phone.") and item["state"] == "open"
    ]
    again = dict(zip([step["replaces"] for step in steps], phone.ask("run", steps), strict=True))
    phone.settle()
    return [again.get(key, key) for key in ids]


def check(phone: Phone, day: Day, ids: list[str], before: int) -> None:
    book = Book(phone.device)
    receipts = book.receipts()
    commands = {number: ids[number] for number in day.added}
    # Nothing lost: every command has its receipt, and what it said is in the books.
    assert set(receipts) == set(commands.values())
    assert book.sessions(sorted(day.present | day.absent)) == day.present
    # Nothing doubled.
    assert book.session_count() - before == len(day.present)
    # Nothing silent: exactly what was refused is in the drawer, each with its reason.
    wrong = {key for key, result in receipts.items() if result not in {"applied", "already_applied"}}
    assert wrong == {commands[number] for number in day.refused}
    drawer = {item["command"]["id"]: item for item in phone.ask("drawer") if item["state"] == "open"}
    assert set(drawer) == wrong
    assert all(item["receipt"]["code"] for item in drawer.values())
    state = phone.state()
    assert (state["waiting"], state["attention"]) == (0, len(wrong))
    assert state["summary"] == ("all_sent_needs_you" if wrong else "all_sent")
    assert phone.lies == []


@pytest.mark.parametrize("fault", EVERY_FAULT, ids=lambda fault: fault.name.lower())
def test_nothing_is_lost_doubled_or_silent(phone: Phone, proxy: FaultProxy, fault: Fault) -> None:
    seed = EVERY_FAULT.index(fault) + 1
    day = make_day(seed)
    phone.enrol()
    before = Book(phone.device).session_count()
    plan = Plan(seed, [fault], share=SHARE.get(fault, 0.5), prefix=SYNC)
    ids = resend(phone, go_through(phone, proxy, day, plan, fault))
    check(phone, day, ids, before)
