"""What a phone and the books say after a day of the model, held against each other."""

from collections.abc import Iterable
from typing import Any

from nhipcau.sync.models import Conflict, Receipt
from tests.factories.field_books import books_of, difference, expected_books
from tests.factories.field_work import KNOWN
from tests.faults.verdict import Verdict

from .conftest import Phone
from .model import Day, step_of

DONE = {"applied", "already_applied", "merged"}
Matter = dict[str, Any]
# The phone's own id of every command of the model, the latest last; none where there was no room for it.
Ids = dict[str, list[str]]


def finish(phone: Phone, day: Day, ids: list[str]) -> Ids:
    """On a good line, until nothing waits: what the phone asks is answered, what it could not send is sent
    anew."""
    made = {key: [ids[number]] if ids[number] else [] for key, number in day.numbers.items()}
    matters: list[Matter] = []

    def asked() -> list[Matter]:
        matters[:] = [item for item in open_matters(phone) if _is_ours(item)]
        return matters

    while True:
        phone.ask("run", [{"do": "now"}])
        phone.wait_for(
            lambda state: (
                state["phase"] == "idle"
                and state["problem"] is None
                and (bool(asked()) or state["waiting"] == 0)
            )
        )
        if not asked():
            phone.lies += phone.ask("lies")
            return made
        for item in matters:
            _act(phone, day, made, item)


def outcome(phone: Phone, day: Day, ids: list[str]) -> Verdict:
    """Of a day whose commands are on the phone or were sent from it, once nothing is in the way any more."""
    return judge(phone, day, finish(phone, day, ids))


def open_matters(phone: Phone) -> list[Matter]:
    return [item for item in phone.ask("drawer") if item["state"] == "open"]


def _is_ours(item: Matter) -> bool:
    """What only the person in front of the phone can settle."""
    code = item["receipt"]["code"]
    return bool(code == "citizens.known_phone" or code.startswith("phone."))


def _act(phone: Phone, day: Day, made: Ids, item: Matter) -> None:
    """Said once more: by the same command of the model, or by the answer to what was asked."""
    command, receipt = item["command"], item["receipt"]
    (key,) = (key for key, said in made.items() if command["id"] in said)
    if receipt["code"] == "citizens.known_phone":
        answer = day.work.answer(key, receipt["about"])
        key, step = answer["id"], step_of(answer)
    else:
        base = {} if command["base"] is None else {"base": command["base"]}
        step = {"do": "add", "name": command["name"], "data": command["data"], **base}
    (again,) = phone.ask("run", [{**step, "needed": command["needs"], "replaces": command["id"]}])
    made.setdefault(key, []).append(again)


def judge(phone: Phone, day: Day, made: Ids) -> Verdict:
    """Held against the receipts, the rows, and what the phone says of itself."""
    work, now_as = day.work, {key: said[-1] for key, said in made.items() if said}
    books = difference(
        expected_books((each for each in work.commands if each["id"] in now_as), work.expected),
        books_of(phone.member),
    )
    receipts = {
        str(key): (result, code)
        for key, result, code in Receipt.objects.filter(device_id=phone.device).values_list(
            "pk", "result", "code"
        )
    }
    wrong = [
        f"{key}: {receipts[said]}"
        for key, said in now_as.items()
        if said in receipts and receipts[said] not in work.expected[key]
    ]
    strange = set(receipts) - {each for said in made.values() for each in said}
    return Verdict.of(
        lost=[*(f"no answer: {key}" for key, said in now_as.items() if said not in receipts), *books.lost],
        doubled=books.doubled,
        silent=[*books.changed, *wrong, *strange, *_untold(phone, day, now_as), *phone.lies],
    )


def _untold(phone: Phone, day: Day, now_as: dict[str, str]) -> Iterable[str]:
    """Exactly what was not done is in the drawer, each with its reason; a person is asked about each dispute;
    and the phone claims nothing else."""
    work = day.work
    told = {key for key, right in work.expected.items() if not DONE & {result for result, _code in right}}
    # What was asked is answered by now.
    told -= {key for key, right in work.expected.items() if right == KNOWN}
    right = {now_as[key] for key in told & now_as.keys()}
    drawer = {item["command"]["id"]: item["receipt"]["code"] for item in open_matters(phone)}
    yield from (f"in the drawer or not: {key}" for key in drawer.keys() ^ right)
    yield from (f"without a reason: {key}" for key, code in drawer.items() if not code)
    asked = {str(key) for key in _conflicts(phone)}
    yield from (
        f"asked or not: {key}" for key in asked ^ {now_as[key] for key in work.disputes & now_as.keys()}
    )
    state = phone.state()
    claimed = (state["waiting"], state["attention"], state["summary"])
    if claimed != (0, len(right), "all_sent_needs_you" if right else "all_sent"):
        yield f"claimed: {claimed}"


def _conflicts(phone: Phone) -> Iterable[object]:
    return Conflict.objects.filter(device_id=phone.device).values_list("command", flat=True)
