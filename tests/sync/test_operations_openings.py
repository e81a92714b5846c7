"""Cases whose opening a person decides about: the role of who wrote them ended before the phone came."""

from datetime import timedelta

import pytest

from nhipcau.cases import services as cases
from nhipcau.cases.models import Case, CaseEvent, HelpSession
from nhipcau.citizens.models import Citizen
from nhipcau.citizens.services import erase_due
from nhipcau.sync.models import Conflict
from nhipcau.sync.queries.conflicts import content_of
from nhipcau.sync.services.deciding import decide
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone, case_data

from .conftest import Send, opening
from .test_operations_cases import results

LATER = NOW + timedelta(hours=3)
YES = case_data()["consent"]


def test_a_case_opened_under_a_role_that_has_ended(phone: Phone, cast: Cast, send: Send) -> None:
    cast.volunteer.grants.update(valid_until=LATER)
    command = opening(phone)
    assert results(send(phone, command, now=LATER + timedelta(hours=1))) == [
        ("needs_person", "sync.not_yours")
    ]
    held = Conflict.objects.get()
    assert content_of(held)["data"]["name"] == "Bà Mẫu"
    assert not Case.objects.exists()


def test_what_waited_for_a_case_that_the_leader_opened_is_the_leaders_to_decide(
    phone: Phone, cast: Cast, send: Send
) -> None:
    """The role ended, the leader took the case: the note is kept for them, and the help is its author's."""
    session = phone.session(NOW)
    send(phone, session)
    cast.volunteer.grants.update(valid_until=LATER)
    open_it = opening(phone, session=session["data"]["id"])
    note = phone.command(
        "cases.note", {"case": open_it["data"]["id"], "note": "Hẹn"}, NOW, needs=[open_it["id"]]
    )
    late = LATER + timedelta(hours=1)
    assert len(send(phone, open_it, note, now=late).later) == 1
    leader = actor_of(cast.leader, late)
    decide(conflict_id=Conflict.objects.get().pk, keep="phone", by=leader, now=late)
    case = Case.objects.get()
    assert case.opened_by == cast.leader
    assert HelpSession.objects.get().case == case
    assert results(send(phone, note, now=late)) == [("needs_person", "sync.not_yours")]
    decide(conflict_id=Conflict.objects.get(state="open").pk, keep="phone", by=leader, now=late)
    assert CaseEvent.objects.get(kind="note").note == "Hẹn"


@pytest.mark.parametrize("months", [1, 12])
def test_a_held_name_is_kept_as_long_as_the_case_would_be_had_it_been_opened(
    phone: Phone, cast: Cast, send: Send, months: int
) -> None:
    """The months that were agreed count from the end of the case; the year of an open one from the yes."""
    send(phone, opening(phone, keep_months=months, phone=""))
    cast.volunteer.grants.update(valid_until=LATER)
    send(phone, opening(phone, keep_months=months, phone=""), now=NOW + timedelta(days=35))
    assert Conflict.objects.get().keep_until == Case.objects.get().keep_until


def test_a_held_case_that_is_taken_keeps_who_said_yes_when_and_to_whom(
    phone: Phone, cast: Cast, send: Send, case: Case
) -> None:
    """To somebody new, and to somebody who is known."""
    at = NOW + timedelta(minutes=30)
    cast.volunteer.grants.update(valid_until=LATER)
    known = case_data(known_citizen=str(case.citizen_id), consent={**YES, "purpose": "learning"})
    new = case_data(phone="0987654321")
    sent = [phone.command("cases.open", data, at) for data in (known, new)]
    send(phone, *sent, now=NOW + timedelta(days=2))
    decided_at = NOW + timedelta(days=200)
    for row in Conflict.objects.order_by("id"):
        decide(conflict_id=row.pk, keep="phone", by=actor_of(cast.leader, decided_at), now=decided_at)
    for one in (known, new):
        opened = Case.objects.get(pk=one["id"])
        assert opened.citizen is not None
        yes = opened.citizen.consents.get(purpose=one["consent"]["purpose"])
        assert (yes.given_at, yes.recorded_by) == (at, cast.volunteer.pk)
        assert opened.keep_until == opened.citizen.keep_until == (NOW + timedelta(days=365)).date()
        assert (opened.opened_at, opened.opened_by_id) == (decided_at, cast.leader.pk)
    assert opened.citizen.registered_at == at


@pytest.mark.parametrize("asked", [True, False])
def test_who_was_forgotten_before_the_phone_came_is_not_written_down_again(
    phone: Phone, cast: Cast, send: Send, case: Case, asked: bool
) -> None:
    """Where they had asked for it; where only their time was over, this yes is a new one."""
    assert case.citizen is not None
    cast.volunteer.grants.update(valid_until=LATER)
    wednesday, friday = NOW + timedelta(days=2), NOW + timedelta(days=4)
    open_it = opening(phone, known_citizen=str(case.citizen_id))
    if asked:
        cases.erase_person(case_id=case.pk, by=actor_of(cast.coordinator, wednesday), now=wednesday)
    else:
        Citizen.objects.update(keep_until=NOW.date())
        erase_due(now=wednesday)
    expected = ("refused", "sync.forgotten") if asked else ("needs_person", "sync.not_yours")
    assert results(send(phone, open_it, now=friday)) == [expected]
    assert Conflict.objects.count() == (0 if asked else 1)
    for row in Conflict.objects.all():
        decide(conflict_id=row.pk, keep="phone", by=actor_of(cast.leader, friday), now=friday)
        assert Case.objects.get(pk=open_it["data"]["id"]).citizen_id != case.citizen_id
