"""One id, two contents: what was done stays done and answered, the other is never taken for it."""

from typing import Any
from uuid import UUID

import pytest

from nhipcau.cases.models import HelpSession
from nhipcau.sync.models import Receipt
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone, make_phone

from .conftest import Send
from .test_operations_cases import results

DONE, REUSED = ("applied", ""), ("refused", "sync.id_reused")


def other(command: dict[str, Any]) -> dict[str, Any]:
    """Another piece of work under the same id."""
    return {**command, "data": {**command["data"], "minutes": 99}}


def garbled(command: dict[str, Any]) -> dict[str, Any]:
    return {**command, "seq": "x"}


def undo(phone: Phone, command: dict[str, Any]) -> dict[str, Any]:
    data = {"session": command["data"]["id"]}
    return phone.command("sessions.undo", data, NOW, needs=[command["id"]])


@pytest.mark.parametrize("second", [other, garbled])
def test_both_in_one_batch(phone: Phone, send: Send, second: Any) -> None:
    """The first is done; what is answered does not say so of the second."""
    command = phone.session(NOW)
    assert results(send(phone, command, second(command))) == [REUSED]
    assert HelpSession.objects.get().minutes == 15
    assert results(send(phone, command)) == [DONE]
    assert Receipt.objects.get().result == "applied"


@pytest.mark.parametrize("minutes", [15, 0])
def test_the_same_twice_in_one_batch_is_no_other(phone: Phone, send: Send, minutes: int) -> None:
    command = phone.session(NOW, minutes=minutes)
    result = DONE if minutes else ("refused", "sync.unreadable_command")
    assert results(send(phone, command, command)) == [result]
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("second", [other, garbled])
def test_what_was_done_before_is_not_the_answer_to_something_else(
    phone: Phone, send: Send, second: Any
) -> None:
    command = phone.session(NOW)
    assert results(send(phone, command)) == [DONE]
    assert results(send(phone, second(command))) == [REUSED]
    assert results(send(phone, command)) == [DONE]


def test_what_cannot_be_read_keeps_no_other_from_being_done(phone: Phone, send: Send) -> None:
    command = phone.session(NOW)
    assert results(send(phone, garbled(command), command)) == [REUSED]
    assert HelpSession.objects.count() == 1
    assert results(send(phone, command)) == [DONE]


@pytest.mark.parametrize("second", [other, garbled])
def test_who_needs_what_was_done_does_not_hear_of_the_other(phone: Phone, send: Send, second: Any) -> None:
    command = phone.session(NOW)
    send(phone, command)
    assert results(send(phone, second(command), undo(phone, command))) == [REUSED, DONE]
    assert not HelpSession.objects.exists()


def test_who_needs_what_cannot_be_read_waits_for_it(phone: Phone, send: Send) -> None:
    command = phone.session(NOW)
    waits = undo(phone, command)
    answer = send(phone, garbled(command), waits)
    assert results(answer) == [("refused", "sync.unreadable_command")]
    assert answer.later == (UUID(waits["id"]),)
    assert results(send(phone, command, waits)) == [DONE, DONE]


def test_the_id_of_another_phone_is_neither_done_nor_refused_for_good(
    phone: Phone, cast: Cast, send: Send
) -> None:
    command = phone.session(NOW)
    send(phone, command)
    stranger = make_phone(cast.leader, NOW)
    waits = undo(stranger, command)
    answer = send(stranger, command, waits)
    assert (results(answer), answer.later) == ([REUSED], (UUID(waits["id"]),))
    assert HelpSession.objects.count() == 1
    assert Receipt.objects.count() == 1
