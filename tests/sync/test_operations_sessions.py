"""Help sessions through phones: a run at once is checked like each of them alone."""

from datetime import timedelta
from typing import Any

import pytest

from nhipcau.cases.models import HelpSession
from nhipcau.cases.services import record_sessions_in_bulk
from nhipcau.devices.models import Device
from nhipcau.sync.models import Conflict
from nhipcau.sync.operations.sessions import Session, new_session
from nhipcau.sync.services.deciding import UnableToTake, decide
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone

from .conftest import Send
from .test_operations_cases import results

LONG_AGO = timedelta(days=92, minutes=5)


@pytest.mark.parametrize(
    "bad",
    [
        {"language": "xx"}, {"minutes": 481}, {"age_band": "x"}, {"alone": "x"}, {"outcome": "x"},
        {"papers": "x"}, {"commune": "22015"}, {"need": "topic:nothing"}, {"need": "procedure:nothing"},
        {"service_point": "0197ce03-1d00-7dd7-bd01-fc31592f43a4"},
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_one_in_a_run_is_refused_as_it_is_alone(phone: Phone, send: Send, bad: dict[str, Any]) -> None:
    (alone,) = results(send(phone, phone.session(NOW, **bad)))
    run = [phone.session(NOW), phone.session(NOW, **bad), phone.session(NOW)]
    first, among, last = results(send(phone, *run))
    assert (first, last) == (("applied", ""),) * 2
    assert among == alone
    assert among[0] == "refused"


def test_a_run_of_long_ago_is_refused_as_one_is(phone: Phone, send: Send) -> None:
    Device.objects.update(enrolled_at=NOW - timedelta(days=300))
    (alone,) = results(send(phone, phone.session(NOW), now=NOW + LONG_AGO))
    run = results(send(phone, phone.session(NOW), phone.session(NOW), now=NOW + LONG_AGO))
    assert run == [alone] * 2
    assert alone == ("refused", "cases.invalid_session")


def test_taken_back_on_the_day_and_heard_of_the_next(phone: Phone, send: Send) -> None:
    """Recorded and sent in the evening, taken back without signal, sent the morning after."""
    first, second = phone.session(NOW), phone.session(NOW)
    send(phone, first, second)
    next_day = NOW + timedelta(days=1)
    undo = phone.command("sessions.undo", {"session": first["data"]["id"]}, NOW + timedelta(hours=1))
    late = phone.command("sessions.undo", {"session": second["data"]["id"]}, next_day)
    assert results(send(phone, undo, late, now=next_day)) == [
        ("applied", ""),
        ("refused", "cases.session_settled"),
    ]
    assert {str(key) for key in HelpSession.objects.values_list("pk", flat=True)} == {second["data"]["id"]}


def test_nothing_is_taken_back_on_a_day_long_gone(phone: Phone, send: Send) -> None:
    """A phone that has sent other things since then would have sent this, too."""
    first, second = phone.session(NOW), phone.session(NOW)
    send(phone, first, second)
    evening, third_day = NOW + timedelta(hours=1), NOW + timedelta(days=2)
    send(phone, phone.session(NOW + timedelta(days=1)), now=NOW + timedelta(days=1))
    late = phone.command("sessions.undo", {"session": first["data"]["id"]}, evening)
    assert results(send(phone, late, now=third_day)) == [("refused", "cases.session_settled")]
    assert HelpSession.objects.count() == 3


def test_taken_back_without_signal_and_sent_days_later_after_much_else(phone: Phone, send: Send) -> None:
    first = phone.session(NOW)
    send(phone, first)
    next_week = NOW + timedelta(days=7)
    others = [phone.session(NOW + timedelta(hours=1)) for _ in range(3)]
    undo = phone.command("sessions.undo", {"session": first["data"]["id"]}, NOW + timedelta(hours=2))
    send(phone, *others, now=next_week)
    assert results(send(phone, undo, now=next_week + timedelta(seconds=2))) == [("applied", "")]
    assert HelpSession.objects.count() == 3


def test_nobody_is_told_that_another_session_of_the_same_number_was_taken(
    phone: Phone, cast: Cast, send: Send
) -> None:
    command = phone.session(NOW)
    cast.volunteer.grants.update(valid_until=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    assert results(send(phone, command, now=later)) == [("needs_person", "sync.not_yours")]
    other = Session.model_validate({**command["data"], "minutes": 99})
    author = actor_of(cast.volunteer, NOW)
    standing = new_session(other, at=NOW, by=author, team=None)
    record_sessions_in_bulk(sessions=[standing], by=None, now=later)
    leader, conflict = actor_of(cast.leader, later), Conflict.objects.get()
    with pytest.raises(UnableToTake):
        decide(conflict_id=conflict.pk, keep="phone", by=leader, now=later)
    assert HelpSession.objects.get().minutes == 99
    assert Conflict.objects.get().is_open
