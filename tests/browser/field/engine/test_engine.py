"""The engine where no fault of the line is enough: killed pages, two tabs, large work, wrong clocks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from time import sleep
from typing import Any

import pytest
from playwright.sync_api import Browser, Request, Route

from nhipcau.cases.models import HelpSession
from nhipcau.core import clock
from tests.browser.conftest import QUIET, whole_chromium
from tests.depth import WHOLE
from tests.factories.field_books import books_of
from tests.faults.plan import EVERY_FAULT, Disaster, Fault, Plan
from tests.faults.proxy import FaultProxy
from tests.faults.verdict import BROWSER_OPERATIONS, Record, Verdict

from .conftest import BENCH, SYNC, Book, Phone, in_books
from .model import Step, ids_of, make_day, opening, sessions

YEARS = timedelta(days=3 * 365)
LIMIT = 4_000
# Nothing is given up while the server still works on it: then requests do not go side by side.
PATIENT = {"least": 30_000, "most": 30_000}


def is_by_itself(step: Step) -> bool:
    """It needs no other, and what it makes has an id of its own."""
    alone = ("sessions.record", "cases.open", "visits.record_result")
    return step["name"] in alone and not step["after"]


def posts(proxy: FaultProxy) -> list[int]:
    """The answers to the commands sent, in order."""
    return [seen.status for seen in proxy.seen if seen.path == f"{SYNC}commands"]


def batches(phone: Phone) -> list[int]:
    """How many commands go in each request, from now on."""
    sent: list[int] = []

    def note(made: Request) -> None:
        if made.url.endswith("/sync/commands"):
            sent.append(len(json.loads(made.post_data or "{}")["commands"]))

    phone.page.on("request", note)
    return sent


def test_a_good_day_is_sent_and_the_pack_is_there(phone: Phone, proxy: FaultProxy) -> None:
    phone.enrol(patience=PATIENT)
    steps = sessions(60)
    phone.ask("run", steps)
    state = phone.settle()
    assert state["summary"] == "all_sent"
    assert state["problem"] is None
    assert state["lastDone"] is not None
    assert in_books(phone, steps)
    assert len(phone.ask("list", "me")) == 1
    assert phone.ask("list", "guide")
    assert proxy.most_at_once == 1


@pytest.mark.parametrize("seed", [1, 2, 3] if WHOLE else [1])
def test_killed_again_and_again_under_every_fault(
    phone: Phone, proxy: FaultProxy, seed: int, record_property: Record
) -> None:
    """What the phone said is kept is kept; of what it was just doing, all or nothing."""
    phone.enrol()
    kept: set[str] = set()
    phone.hear(kept)
    random, day = Random(seed), make_day(phone.member, seed, BROWSER_OPERATIONS * 3 // 2)
    proxy.plan = Plan(seed, EVERY_FAULT, share=0.4, prefix=SYNC)
    # Without what needs the id of another command: a killed page has not said it.
    steps = [step for step in day.steps if step["do"] != "add" or is_by_itself(step)]
    operations, each = len(steps), max(12, len(steps) // 6)
    while steps:
        chunk, steps = steps[:each], steps[each:]
        phone.ask_and_leave("run", chunk)
        sleep(random.uniform(0.02, 0.6))
        phone.kill()
        phone.hear(kept)
        phone.open()
    proxy.plan = Plan(0)
    phone.settle()
    receipts = Book(phone.device).receipts()
    local = {item["command"]["id"] for item in phone.ask("drawer")} - set(receipts)
    assert len(kept) > 6
    done = Book(phone.device).done_about()
    books = books_of(phone.member)
    there = {*books.sessions, *books.cases, *books.visits}
    twice = len(done) - len(set(done)) + len(there ^ set(done))
    verdict = Verdict(len(kept - set(receipts) - local), twice, len(phone.lies))
    tell = verdict.tell
    tell(record_property, half="browser", fault=Disaster.PAGE_KILLED, operations=operations, seed=seed)


def test_a_phone_switched_off_while_it_sends_finds_everything_again(
    chromium: Browser, phone: Phone, proxy: FaultProxy, tmp_path: Any
) -> None:
    """The whole browser ends; another one opens the same folder later."""
    cookies = phone.context.cookies()
    steps = sessions(80)

    def browse() -> Phone:
        context = chromium.browser_type.launch_persistent_context(
            str(tmp_path), executable_path=whole_chromium(), args=list(QUIET)
        )
        context.add_cookies(cookies)  # type: ignore[arg-type]  # what `cookies` gives, `add_cookies` takes
        page = context.new_page()
        page.goto(proxy.url + BENCH)
        return Phone(context, proxy.url, page, phone.member, phone.device)

    first = browse()
    first.enrol()
    phone.device = first.device
    proxy.plan = Plan(1, [Fault.SLOW], share=1, prefix=SYNC)
    first.ask("run", steps)
    sleep(0.3)
    first.context.close()
    proxy.plan = Plan(0)
    second = browse()
    second.open()
    assert second.settle()["summary"] == "all_sent"
    second.context.close()
    assert in_books(phone, steps)


def test_two_tabs_send_one_at_a_time_and_say_the_same(phone: Phone, proxy: FaultProxy) -> None:
    phone.enrol(patience=PATIENT)
    other = phone.tab()
    phone.open(other, patience=PATIENT)
    proxy.plan = Plan(3, [Fault.DELAY, Fault.ANSWER_LOST], share=0.5, prefix=SYNC)
    steps, more = sessions(40, 1), sessions(40, 2)
    phone.ask_and_leave("run", steps)
    phone.ask("run", more, page=other)
    phone.wait_for(lambda state: state["waiting"] == 0 and len(posts(proxy)) > 0)
    phone.wait_for(lambda state: in_books(phone, steps + more))
    phone.settle()
    phone.wait_for(lambda state: state["summary"] == "all_sent", page=other)
    assert proxy.most_at_once == 1
    assert phone.lies == phone.ask("lies", page=other) == []
    assert len(Book(phone.device).receipts()) == 80


def test_the_tab_that_sends_is_killed_and_the_other_goes_on(phone: Phone, proxy: FaultProxy) -> None:
    phone.enrol()
    other = phone.tab()
    phone.open(other)
    proxy.plan = Plan(1, [Fault.SILENCE], share=1, prefix=SYNC)
    steps = sessions(10)
    phone.ask("run", steps)
    sleep(0.2)
    phone.kill()
    proxy.plan = Plan(0)
    phone.wait_for(lambda state: state["summary"] == "all_sent", page=other)
    assert in_books(phone, steps)


def test_batches_are_halved_until_they_get_through(phone: Phone, proxy: FaultProxy) -> None:
    proxy.limit = LIMIT
    phone.enrol()
    steps = sessions(60)
    phone.ask("run", steps)
    assert phone.settle()["summary"] == "all_sent"
    assert in_books(phone, steps)
    assert Fault.ANSWER_413 in proxy.count()


@pytest.mark.parametrize("limit", [LIMIT, None], ids=["refused on the way", "refused by the server"])
def test_what_is_too_large_alone_needs_a_person_and_stops_nobody(
    phone: Phone, proxy: FaultProxy, limit: int | None
) -> None:
    proxy.limit = limit
    phone.enrol()
    before, after = sessions(20, 1), sessions(20, 2)
    large = sessions(1, 3, papers="x" * (LIMIT * 2 if limit else 600_000))
    phone.ask("run", before + large + after)
    state = phone.settle()
    assert (state["summary"], state["attention"]) == ("all_sent_needs_you", 1)
    assert in_books(phone, before + after)
    (item,) = phone.ask("drawer")
    assert item["receipt"]["code"] == "phone.too_large"
    assert item["command"]["data"] == large[0]["data"]


def test_what_waits_for_something_put_away_goes_to_the_drawer_with_its_reason(
    phone: Phone,
) -> None:
    """The number is known: a case waits for an answer that is never given, and its notes wait for it."""
    phone.enrol()
    case = opening("0912999888")
    phone.ask("run", [opening("0912999888")])
    assert phone.settle()["summary"] == "all_sent"
    note: Step = {
        "do": "add",
        "name": "cases.note",
        "data": {"case": case["data"]["id"], "note": "Hẹn thứ Ba"},
    }
    opened, first, second = phone.ask("run", [case, {**note, "after": [0]}, {**note, "after": [1]}])
    phone.ask("run", [{"do": "now"}])
    state = phone.wait_for(lambda state: state["attention"] == 1 and state["phase"] == "idle")
    assert (state["waiting"], state["summary"]) == (2, "not_sent_needs_you")
    phone.ask("putAway", opened)
    assert phone.settle()["summary"] == "all_sent_needs_you"
    drawer = {item["command"]["id"]: (item["state"], item["receipt"]["code"]) for item in phone.ask("drawer")}
    assert drawer == {
        opened: ("away", "citizens.known_phone"),
        first: ("open", "phone.need_lost"),
        second: ("open", "phone.need_lost"),
    }


MEANWHILE = """(steps) => {
  const ask = window.fetch;
  window.fetch = async (...given) => {
    if (String(given[0]).includes("/sync/pack")) {
      window.fetch = ask;
      await window.bench.run(steps);
    }
    return ask(...given);
  };
}"""


def test_what_is_made_while_the_pack_comes_is_not_given_up(phone: Phone) -> None:
    """Something waits for a person already; one that was just sent is taken back in that very moment."""
    phone.enrol()
    case = opening("0912999777")
    note: Step = {"do": "add", "name": "cases.note", "data": {"case": case["data"]["id"], "note": "Hẹn"}}
    phone.ask("run", [opening("0912999777")])
    assert phone.settle()["summary"] == "all_sent"
    phone.ask("run", [case, {**note, "after": [0]}])
    phone.wait_for(lambda state: state["attention"] == 1 and state["phase"] == "idle")
    (session,) = sessions(1)
    undo: Step = {"do": "add", "name": "sessions.undo", "data": {"session": session["data"]["id"]}}
    (command,) = phone.ask("run", [session])
    phone.wait_for(lambda state: state["waiting"] == 1)
    phone.page.evaluate(MEANWHILE, [{**undo, "needed": [command]}])
    phone.ask("run", [{"do": "now"}])
    phone.wait_for(lambda state: len(Book(phone.device).receipts()) == 4 and state["phase"] == "idle")
    assert [item["receipt"]["code"] for item in phone.ask("drawer")] == ["citizens.known_phone"]
    assert not Book(phone.device).sessions([session["data"]["id"]])


def test_while_everything_is_refused_on_the_way_nothing_goes_to_the_drawer(
    phone: Phone, proxy: FaultProxy
) -> None:
    phone.enrol()
    phone.settle()
    for fault in (Fault.ANSWER_413, Fault.ANSWER_422):
        proxy.plan = Plan(1, [fault], share=1, prefix=SYNC)
        steps = sessions(5)
        phone.ask("run", steps)
        state = phone.wait_for(lambda state: state["problem"] is not None and state["waiting"] == 5)
        assert (state["attention"], state["summary"]) == (0, "not_sent")
        proxy.plan = Plan(0)
        assert phone.settle()["summary"] == "all_sent"
        assert in_books(phone, steps)


def test_a_time_out_is_said_and_never_taken_for_success(phone: Phone, proxy: FaultProxy) -> None:
    phone.enrol()
    phone.settle()
    proxy.plan = Plan(1, [Fault.SILENCE], share=1, prefix=SYNC)
    steps = sessions(30)
    phone.ask("run", steps)
    sent = batches(phone)
    state = phone.wait_for(lambda state: state["problem"] == "timeout" and state["waiting"] > 0)
    assert (state["waiting"], state["summary"]) == (30, "not_sent")
    # A slow line is asked for less and less at a time; for nothing only to know whether it is the line.
    phone.wait_for(lambda state: sum(map(bool, sent)) >= 3)
    first, second, third, *_ = filter(None, sent)
    assert (second, third) == (max(1, first // 2), max(1, first // 4))
    proxy.plan = Plan(0)
    assert phone.settle()["summary"] == "all_sent"


@pytest.mark.parametrize("wrong", [-YEARS, YEARS], ids=["three years back", "three years ahead"])
def test_a_wrong_clock_changes_nothing(phone: Phone, wrong: timedelta) -> None:
    begun = clock.now()
    phone.context.clock.set_system_time(datetime.now(UTC) + wrong)
    phone.page.reload()
    phone.enrol()
    steps = sessions(40)
    phone.ask("run", steps)
    assert phone.settle()["summary"] == "all_sent"
    assert in_books(phone, steps)
    for row in HelpSession.objects.filter(pk__in=ids_of(steps)):
        assert begun - timedelta(minutes=1) <= row.at <= clock.now()


def test_a_clock_set_right_or_back_in_between_loses_nothing(phone: Phone, proxy: FaultProxy) -> None:
    phone.enrol()
    phone.settle()
    proxy.plan = Plan(1, [Fault.CUT_BEFORE_SEND], share=1, prefix=SYNC)
    early, late = sessions(10, 1), sessions(10, 2)
    phone.ask("run", early)
    phone.context.clock.set_system_time(datetime.now(UTC) - YEARS)
    phone.ask("run", late)
    phone.wait_for(lambda state: state["summary"] == "not_sent")
    proxy.plan = Plan(0)
    phone.settle()
    receipts = Book(phone.device).receipts()
    drawer = phone.ask("drawer")
    assert len(receipts) == 20
    assert in_books(phone, late)
    assert {item["receipt"]["code"] for item in drawer} <= {"sync.impossible_time"}
    assert len(Book(phone.device).sessions(ids_of(early))) + len(drawer) == 10


@contextmanager
def changed_answers(phone: Phone, change: str) -> Iterator[None]:
    """The product's own answers, altered on the way: as a later edition, or a mixed-up one, might answer."""
    active = True

    def alter(route: Route) -> None:
        if not active:
            return route.continue_()
        answer = route.fetch()
        content = answer.json()
        if content.get("receipts"):
            if change == "foreign":
                content["receipts"][0]["id"] = content["receipts"][0]["id"][::-1]
            elif change == "unanswered":
                content["receipts"].pop()
            else:
                content["receipts"][0].update(result="parked", code="sync.parked", words="…")
        return route.fulfill(response=answer, json=content)

    phone.context.route(f"**{SYNC}commands", alter)
    yield
    active = False


def test_a_result_that_is_not_known_is_kept_for_a_person(phone: Phone) -> None:
    phone.enrol()
    phone.settle()
    with changed_answers(phone, "unknown"):
        phone.ask("run", sessions(1))
        state = phone.wait_for(lambda state: state["attention"] == 1)
    assert (state["waiting"], state["summary"]) == (0, "all_sent_needs_you")
    (item,) = phone.ask("drawer")
    assert item["receipt"]["result"] == "parked"


@pytest.mark.parametrize(("change", "problem"), [("foreign", "unreadable"), ("unanswered", "incomplete")])
def test_no_command_leaves_without_its_own_receipt(phone: Phone, change: str, problem: str) -> None:
    phone.enrol()
    phone.settle()
    steps = sessions(1)
    with changed_answers(phone, change):
        phone.ask("run", steps)
        state = phone.wait_for(lambda state: state["problem"] == problem and state["waiting"] > 0)
    assert (state["waiting"], state["summary"]) == (1, "not_sent")
    assert phone.settle()["summary"] == "all_sent"
    assert Book(phone.device).sessions(ids_of(steps)) == set(ids_of(steps))


def test_one_damaged_record_stops_nobody_and_is_never_called_sent(phone: Phone, proxy: FaultProxy) -> None:
    phone.enrol()
    phone.settle()
    proxy.plan = Plan(1, [Fault.CUT_BEFORE_SEND], share=1, prefix=SYNC)
    made = phone.ask("run", steps := sessions(5))
    phone.ask("damage", made[2])
    phone.wait_for(lambda state: state["phase"] in ("idle", "waiting"))  # What was read before is not sent.
    proxy.plan = Plan(0)
    phone.ask("run", [{"do": "now"}])
    state = phone.wait_for(lambda state: state["waiting"] == 1 and state["problem"] == "damaged")
    assert state["summary"] == "not_sent"
    assert in_books(phone, steps[:2] + steps[3:])


def test_stopped_at_any_moment_and_started_again(phone: Phone, proxy: FaultProxy) -> None:
    phone.enrol()
    random, said = Random(5), sessions(60)
    steps: list[Step] = []
    for step in said:
        steps += [step, {"do": "wait", "ms": random.choice((0, 1, 5, 15, 40))}, {"do": "restart"}]
    proxy.plan = Plan(5, [Fault.DELAY, Fault.ANSWER_LOST], share=0.5, prefix=SYNC)
    phone.ask("run", steps)
    proxy.plan = Plan(0)
    assert phone.settle()["summary"] == "all_sent"
    assert in_books(phone, said)


def test_after_the_lock_nothing_goes_on(phone: Phone, proxy: FaultProxy) -> None:
    phone.enrol()
    phone.settle()
    phone.ask("lock")
    asked = len(proxy.seen)
    sleep(0.5)
    assert asked == len(proxy.seen)
    phone.open()
    assert phone.settle()["summary"] == "all_sent"
