"""One command that does not get through, whoever is to blame: all others do, and a person hears of it."""

import secrets
from typing import Any

import pytest

from nhipcau.cases.enums import EventKind
from nhipcau.cases.models import CaseEvent
from tests.depth import WHOLE
from tests.faults.plan import Fault
from tests.faults.proxy import FaultProxy

from .conftest import Book, Phone, in_books
from .model import Step, ids_of, opening, sessions

# A word that something on the way does not like.
WORD = "Hỏi về con dấu"
BAD = WORD.encode()
FAULTS = (Fault.ANSWER_403,)
MORE = (
    Fault.ANSWER_500,
    Fault.ANSWER_502,
    Fault.ANSWER_401,
    Fault.ANSWER_LOST,
    Fault.STRANGER_PAGE,
    Fault.CUT_REQUEST,
    Fault.SILENCE,
)


def somebody(**more: Any) -> Step:
    """A case for a person with a number that nobody has yet."""
    step = opening(f"097{secrets.randbelow(10**7):07}")
    step["data"] |= more
    return step


def notes(case: Step) -> list[str]:
    rows = CaseEvent.objects.filter(case_id=case["data"]["id"], kind=EventKind.NOTE).order_by("at", "id")
    return [row.note for row in rows]


def note(case: Step, text: str) -> Step:
    data = {"case": case["data"]["id"], "note": text}
    return {"do": "add", "name": "cases.note", "data": data}


@pytest.mark.parametrize("fault", [*FAULTS, *MORE] if WHOLE else FAULTS, ids=lambda fault: fault.name.lower())
def test_all_others_are_sent_and_the_day_is_received(phone: Phone, proxy: FaultProxy, fault: Fault) -> None:
    proxy.dislikes = (BAD, fault)
    phone.enrol()
    case, before, after = somebody(), sessions(12, 1), sessions(12, 2)
    ids = phone.ask("run", [case, *before, {**note(case, WORD), "after": [0]}, *after])
    phone.ask("run", [{"do": "now"}])
    bad = ids[len(before) + 1]
    state = phone.wait_for(lambda state: state["waiting"] + state["attention"] == 1)
    assert in_books(phone, before + after)
    # The day pack came, too; and nobody says that all was sent.
    assert phone.has_its_guides()
    assert state["summary"] != "all_sent"
    # After many rounds it is in the drawer with its reason, and whole.
    phone.wait_for(lambda state: state["attention"] == 1)
    (item,) = phone.ask("drawer")
    assert (item["command"]["id"], item["receipt"]["code"]) == (bad, "phone.not_let_through")
    assert item["command"]["data"]["note"] == WORD
    # On another line it goes under its own number: what had come through all the same is not done twice.
    proxy.dislikes = None
    phone.ask("sendAnew", bad)
    assert phone.settle()["summary"] == "all_sent"
    assert notes(case) == [WORD]
    assert Book(phone.device).sessions(ids_of(before + after)) == set(ids_of(before + after))


def test_what_hangs_on_it_waits_and_comes_after_it(phone: Phone, proxy: FaultProxy) -> None:
    proxy.dislikes = (BAD, Fault.ANSWER_500)
    phone.enrol()
    case = somebody(name=WORD)
    phone.ask("run", [case, {**note(case, "Hẹn thứ Ba"), "after": [0]}])
    phone.wait_for(
        lambda state: (state["waiting"], state["attention"]) == (1, 1) and state["phase"] == "idle"
    )
    proxy.dislikes = None
    (item,) = phone.ask("drawer")
    phone.ask("sendAnew", item["command"]["id"])
    assert phone.settle()["summary"] == "all_sent"
    assert notes(case) == ["Hẹn thứ Ba"]


def test_many_that_do_not_get_through_are_not_tried_one_by_one_for_ever(
    phone: Phone, proxy: FaultProxy
) -> None:
    """Then it is not one of them: the round is over after a few, and the next one comes later."""
    phone.enrol()
    phone.settle()
    proxy.dislikes = (b'"sessions.record"', Fault.ANSWER_502)
    steps = sessions(40)
    asked = len(proxy.seen)
    phone.ask("run", steps)
    phone.wait_for(lambda state: state["problem"] == "server" and state["phase"] == "waiting")
    assert len(proxy.seen) - asked < 40
    proxy.dislikes = None
    for item in phone.ask("drawer"):
        phone.ask("sendAnew", item["command"]["id"])
    assert phone.settle()["summary"] == "all_sent"
    assert in_books(phone, steps)
