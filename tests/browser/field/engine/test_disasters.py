"""What happens to the server, the phone and the person's right to send: kept, told, and sent in the end."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import sleep
from urllib.request import urlopen

import pytest

from nhipcau.cases.models import HelpSession
from nhipcau.core import clock
from nhipcau.devices.models import Device
from nhipcau.sync.models import Conflict
from nhipcau.teams.models import Grant
from tests.browser.conftest import Opener, Server
from tests.depth import WHOLE
from tests.faults.locks import receipts_shut, wait_until_blocked
from tests.faults.plan import Disaster, Fault, Plan
from tests.faults.product import Product, running
from tests.faults.proxy import FaultProxy
from tests.faults.verdict import BROWSER_OPERATIONS, Record, Verdict

from .conftest import SYNC, Book, Phone, hand_over
from .judging import outcome
from .model import Day, make_day, sessions

YEARS = timedelta(days=3 * 365)
TIMES = 3 if WHOLE else 1
# Part of the writes finds no room, while it is so: the same part for the same seed.
NO_ROOM = """([stores, seed]) => {
  window.noRoom = 0;
  const dice = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  for (const name of ["add", "put"]) {
    const real = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...given) {
      if (stores.includes(this.name) && dice() < window.noRoom) {
        throw new DOMException("no room", "QuotaExceededError");
      }
      return real.apply(this, given);
    };
  }
}"""


def tell(record: Record, disaster: Disaster, verdict: Verdict, operations: int, seed: int) -> None:
    verdict.tell(record, half="browser", fault=disaster, operations=operations, seed=seed)


def on_the_phone(phone: Phone, day: Day) -> list[str]:
    """All of the day while the line is cut: so it waits when something else happens."""
    ids: list[str] = phone.ask("run", day.steps)
    return ids


@pytest.fixture
def mortal(product: Server, tmp_path: Path) -> Iterator[Product]:
    """Another web server on the same database, that may be killed."""
    with running(product.database, tmp_path) as started:
        yield started
    # The connections that the other server kept to a database that went away are dead: one by one they are
    # found out, each by a request that fails.
    good = 0
    while good < 5:
        with contextlib.suppress(OSError):
            good = good + 1 if urlopen(f"{product.url}/health/", timeout=5).status == 200 else 0


@pytest.fixture
def abroad(mortal: Product, bench: dict[str, tuple[str, bytes]], open_context: Opener) -> Iterator[Phone]:
    """A volunteer's phone at that server."""
    with FaultProxy(mortal.port, pages=bench) as proxy:
        yield hand_over(open_context, proxy.url)


def test_the_server_is_killed_in_the_middle_of_a_transaction(
    abroad: Phone, mortal: Product, record_property: Record
) -> None:
    seed, day = 101, make_day(abroad.member, 101)
    abroad.enrol()
    abroad.settle()
    with receipts_shut():
        abroad.ask("begin", [*day.steps, {"do": "now"}])
        wait_until_blocked()
        mortal.kill()
    for _time in range(TIMES):
        mortal.start()
        abroad.ask("run", [{"do": "now"}])
        sleep(Random(seed + _time).uniform(0.02, 0.4))
        mortal.kill()
    mortal.start()
    ids = abroad.ask("finished")
    tell(record_property, Disaster.SERVER_KILLED, outcome(abroad, day, ids), len(day.steps), seed)


def test_the_database_goes_and_comes_back(abroad: Phone, mortal: Product, record_property: Record) -> None:
    seed, day = 102, make_day(abroad.member, 102)
    abroad.enrol()
    abroad.ask("begin", day.steps)
    for _time in range(TIMES):
        sleep(Random(seed + _time).uniform(0.02, 0.4))
        mortal.lose_database(0.3)
        abroad.ask("run", [{"do": "now"}])
    ids = abroad.ask("finished")
    tell(record_property, Disaster.DATABASE_LOST, outcome(abroad, day, ids), len(day.steps), seed)


def test_no_room_while_something_is_written_down(phone: Phone, record_property: Record) -> None:
    """What found no room is not kept and the person is told; all the rest is."""
    seed, day = 103, make_day(phone.member, 103, presses=0)
    for number in set(day.numbers.values()) - day.leaves:
        day.steps[number]["patient"] = True
    phone.enrol()
    phone.page.evaluate(NO_ROOM, [["outbox"], seed])
    phone.page.evaluate("window.noRoom = 0.3")
    ids = phone.ask("run", day.steps)
    phone.page.evaluate("window.noRoom = 0")
    assert 0 < ids.count("") < len(ids)
    tell(record_property, Disaster.NO_ROOM_CAPTURE, outcome(phone, day, ids), len(day.steps), seed)


def test_no_room_while_the_server_answers(phone: Phone, proxy: FaultProxy, record_property: Record) -> None:
    """An answer that cannot be kept counts as none: it is asked for again."""
    seed, day = 104, make_day(phone.member, 104)
    phone.page.evaluate(NO_ROOM, [["drawer", "pack"], seed])
    phone.enrol()
    phone.page.evaluate("window.noRoom = 0.5")
    ids = phone.ask("run", day.steps)
    for _time in range(TIMES):
        phone.ask("run", [{"do": "now"}, {"do": "wait", "ms": 200}])
    phone.page.evaluate("window.noRoom = 0")
    verdict = outcome(phone, day, ids)
    assert phone.ask("list", "guide")
    tell(record_property, Disaster.NO_ROOM_SYNC, verdict, len(day.steps), seed)


@pytest.mark.parametrize(
    ("disaster", "wrong", "seed"), [(Disaster.CLOCK_BACK, -YEARS, 105), (Disaster.CLOCK_AHEAD, YEARS, 115)]
)
def test_the_clock_is_three_years_out(
    phone: Phone, disaster: Disaster, wrong: timedelta, seed: int, record_property: Record
) -> None:
    day = make_day(phone.member, seed, wrong_clock=wrong)
    phone.context.clock.set_system_time(datetime.now(UTC) + wrong)
    phone.page.reload()
    phone.enrol()
    ids = phone.ask("run", day.steps)
    tell(record_property, disaster, outcome(phone, day, ids), len(day.steps), seed)


def test_the_session_of_the_web_expires(phone: Phone, record_property: Record) -> None:
    seed, day = 106, make_day(phone.member, 106)
    phone.enrol()
    phone.settle()
    Device.objects.filter(pk=phone.device).update(token_hash="another")
    cookies = phone.context.cookies()
    phone.context.clear_cookies()
    ids = on_the_phone(phone, day)
    state = phone.wait_for(lambda state: state["problem"] == "sign_in" and state["waiting"] > 0)
    assert (state["waiting"], state["summary"]) == (len(day.numbers), "not_sent")
    phone.context.add_cookies(cookies)  # type: ignore[arg-type]  # what `cookies` gives, `add_cookies` takes
    tell(record_property, Disaster.SESSION_EXPIRED, outcome(phone, day, ids), len(day.steps), seed)


def test_the_phone_is_shut_from_afar(phone: Phone, proxy: FaultProxy, record_property: Record) -> None:
    """The store is sealed with all that waits; opened again by the coordinator, all of it is sent."""
    seed, day = 107, make_day(phone.member, 107)
    phone.enrol()
    phone.settle()
    proxy.plan = Plan(seed, [Fault.CUT_BEFORE_SEND], share=1, prefix=SYNC)
    ids = on_the_phone(phone, day)
    Device.objects.filter(pk=phone.device).update(revoked_at="2020-01-01T00:00:00Z")
    proxy.plan = Plan(0)
    phone.ask("run", [{"do": "now"}])
    phone.wait_for(lambda state: state["problem"] == "revoked")
    (entry,) = phone.ask("devices")
    assert (entry["state"], entry["waiting"]) == ("revoked", len(day.numbers))
    Device.objects.filter(pk=phone.device).update(revoked_at=None)
    assert phone.ask("renew", phone.device) == "ok"
    phone.open()
    tell(record_property, Disaster.TOKEN_REVOKED, outcome(phone, day, ids), len(day.steps), seed)


def test_the_role_ends_while_work_waits(phone: Phone, proxy: FaultProxy, record_property: Record) -> None:
    """None of it is written, none is gone: each is in the drawer with its reason, and a leader is asked."""
    seed, steps = 108, sessions(BROWSER_OPERATIONS, 108)
    phone.enrol()
    phone.settle()
    proxy.plan = Plan(seed, [Fault.CUT_BEFORE_SEND], share=1, prefix=SYNC)
    ids = phone.ask("run", steps)
    Grant.objects.filter(member=phone.member).update(valid_until=clock.now())
    proxy.plan = Plan(0)
    phone.settle()
    drawer = {item["command"]["id"]: item for item in phone.ask("drawer")}
    rows = Conflict.objects.filter(device_id=phone.device)
    held = {str(key) for key in rows.values_list("command", flat=True)}
    receipts = Book(phone.device).receipts()
    verdict = Verdict(
        lost=len(set(ids) - set(drawer)),
        doubled=HelpSession.objects.filter(volunteer=phone.member).count(),
        silent=sum(not item["receipt"]["code"] for item in drawer.values())
        + len({key for key, result in receipts.items() if result == "needs_person"} ^ held)
        + (phone.state()["summary"] != "all_sent_needs_you")
        + len(phone.lies),
    )
    tell(record_property, Disaster.ROLE_ENDED, verdict, len(steps), seed)
