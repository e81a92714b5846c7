"""Counting who came, from phones without signal: additive, in any order, however often."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from nhipcau.core.ids import new_id
from nhipcau.learning import services as learning
from nhipcau.learning.models import Attendee, PublicClass
from nhipcau.sync.enums import Keep
from nhipcau.sync.models import Conflict
from nhipcau.sync.services.deciding import UnableToTake, decide
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.classes import make_class, new_class
from tests.factories.phones import Phone, make_phone

from .conftest import Send
from .test_operations_cases import results

LATER = NOW + timedelta(hours=2)


def people(number: int) -> list[dict[str, Any]]:
    one = {"age_band": "60_74", "language": "vi", "alone": "", "at": NOW.isoformat()}
    return [{"id": str(new_id()), **one} for _each in range(number)]


def add(phone: Phone, row: PublicClass, came: list[dict[str, Any]]) -> dict[str, Any]:
    return phone.command("classes.add_attendees", {"class": str(row.pk), "attendees": came}, NOW)


def test_people_are_counted_once_taken_back_once_and_the_class_was_held(
    phone: Phone, cast: Cast, send: Send
) -> None:
    row = make_class(cast.leader, cast.volunteer)
    came = people(3)
    take_back = {"class": str(row.pk), "attendee": came[0]["id"]}
    answer = send(
        phone,
        add(phone, row, came),
        phone.command("classes.remove_attendee", take_back, NOW),
        add(phone, row, came),
        phone.command("classes.remove_attendee", take_back, NOW),
        phone.command("classes.close", {"class": str(row.pk)}, NOW),
        phone.command("classes.close", {"class": str(row.pk)}, NOW),
        now=LATER,
        # A second sending knows the phone's clock a little differently.
        device_time=LATER + timedelta(minutes=3),
    )
    done, before = "applied", "already_applied"
    assert [result for result, _code in results(answer)] == [done, done, before, before, done, before]
    assert Attendee.objects.filter(removed_at__isnull=True).count() == 2
    again = send(phone, add(phone, row, came), now=LATER + timedelta(hours=1))
    assert results(again) == [("already_applied", "")]


def test_a_class_called_off_that_took_place(phone: Phone, cast: Cast, send: Send) -> None:
    row = make_class(cast.leader, cast.volunteer)
    leader = actor_of(cast.leader, NOW)
    learning.cancel_class(class_id=row.pk, by=leader, now=NOW)
    assert results(send(phone, add(phone, row, people(4)), now=LATER)) == [
        ("needs_person", "learning.class_cancelled")
    ]
    decide(conflict_id=Conflict.objects.get().pk, keep=Keep.PHONE, by=leader, now=LATER)
    row.refresh_from_db()
    assert (row.state, Attendee.objects.count()) == ("held", 4)


def moved(cast: Cast, row: PublicClass, *, days: int) -> None:
    """By the leader, meanwhile, to a day that is still to come."""
    plan = new_class(cast.volunteer, id=row.pk, starts_at=row.starts_at + timedelta(days=days))
    leader = actor_of(cast.leader, LATER)
    learning.change_class(class_id=row.pk, plan=plan, version=row.version, by=leader, now=LATER)


@pytest.mark.parametrize("back", [False, True])
def test_who_was_counted_before_the_class_was_moved_waits_for_the_leader(
    phone: Phone, cast: Cast, send: Send, back: bool
) -> None:
    row = make_class(cast.leader, cast.volunteer)
    moved(cast, row, days=2)
    assert results(send(phone, add(phone, row, people(3)), now=LATER)) == [
        ("needs_person", "learning.class_not_yet")
    ]
    assert Conflict.objects.get().reason == "changed_meanwhile"
    conflict, late = Conflict.objects.get().pk, LATER + timedelta(days=0 if back else 2)
    with pytest.raises(UnableToTake):
        decide(conflict_id=conflict, keep=Keep.PHONE, by=actor_of(cast.leader, LATER), now=LATER)
    assert not Attendee.objects.exists()
    row.refresh_from_db()
    if back:
        moved(cast, row, days=-2)
    decide(conflict_id=conflict, keep=Keep.PHONE, by=actor_of(cast.leader, late), now=late)
    row.refresh_from_db()
    assert (row.state, Attendee.objects.count()) == ("held", 3)


def test_who_is_counted_before_the_day_of_a_class_that_was_never_moved_is_told(
    phone: Phone, cast: Cast, send: Send
) -> None:
    row = make_class(cast.leader, cast.volunteer, starts_at=NOW + timedelta(days=3))
    moved(cast, row, days=-1)
    assert results(send(phone, add(phone, row, people(1)), now=LATER)) == [
        ("refused", "learning.class_not_yet")
    ]


def test_of_a_class_that_was_moved_and_then_called_off_nothing_is_taken_in_silence(
    phone: Phone, cast: Cast, send: Send
) -> None:
    row = make_class(cast.leader, cast.volunteer)
    moved(cast, row, days=2)
    send(phone, add(phone, row, people(3)), now=LATER)
    leader = actor_of(cast.leader, LATER)
    learning.cancel_class(class_id=row.pk, by=leader, now=LATER)
    with pytest.raises(UnableToTake):
        decide(conflict_id=Conflict.objects.get().pk, keep=Keep.PHONE, by=leader, now=LATER)
    assert Conflict.objects.get().is_open


@pytest.mark.parametrize(("keep", "state"), [("server", "cancelled"), ("phone", "held")])
def test_a_class_called_off_is_not_held_because_a_phone_says_so(
    phone: Phone, cast: Cast, send: Send, keep: str, state: str
) -> None:
    row = make_class(cast.leader, cast.volunteer)
    leader = actor_of(cast.leader, NOW)
    learning.cancel_class(class_id=row.pk, by=leader, now=NOW)
    close = phone.command("classes.close", {"class": str(row.pk)}, NOW)
    assert results(send(phone, close, now=LATER)) == [("needs_person", "learning.class_cancelled")]
    row.refresh_from_db()
    assert row.state == "cancelled"
    conflict = Conflict.objects.get()
    assert (conflict.reason, conflict.entity_id) == ("changed_meanwhile", row.pk)
    decide(conflict_id=conflict.pk, keep=keep, by=leader, now=LATER)
    row.refresh_from_db()
    assert row.state == state


@pytest.mark.parametrize(("keep", "result"), [("server", "refused"), ("phone", "already_applied")])
def test_who_counted_waits_for_the_decision_before_the_class_is_closed(
    phone: Phone, cast: Cast, send: Send, keep: str, result: str
) -> None:
    row = make_class(cast.leader, cast.volunteer)
    leader = actor_of(cast.leader, NOW)
    learning.cancel_class(class_id=row.pk, by=leader, now=NOW)
    count = add(phone, row, people(2))
    close = phone.command("classes.close", {"class": str(row.pk)}, NOW, needs=[count["id"]])
    assert send(phone, count, close, now=LATER).later == (UUID(close["id"]),)
    decide(conflict_id=Conflict.objects.get().pk, keep=keep, by=leader, now=LATER)
    code = "sync.need_refused" if keep == "server" else ""
    assert results(send(phone, close, now=LATER)) == [(result, code)]


def test_without_the_role_nobody_counts_or_closes(phone: Phone, cast: Cast, send: Send) -> None:
    """Also somebody who taught the class: who leads decides about what they send."""
    row = make_class(cast.leader, cast.volunteer)
    count = add(phone, row, people(2))
    send(phone, count, now=LATER)
    cast.volunteer.grants.update(valid_until=LATER)
    evening = LATER + timedelta(hours=1)
    close = phone.command("classes.close", {"class": str(row.pk)}, NOW)
    one = {"class": str(row.pk), "attendee": count["data"]["attendees"][0]["id"]}
    remove = phone.command("classes.remove_attendee", one, NOW)
    answer = send(phone, add(phone, row, people(3)), close, remove, now=evening)
    assert results(answer) == [("needs_person", "sync.not_yours")] * 3
    row.refresh_from_db()
    assert (row.state, Attendee.objects.filter(removed_at__isnull=True).count()) == ("planned", 2)
    for conflict in Conflict.objects.order_by("made_at"):
        decide(conflict_id=conflict.pk, keep="phone", by=actor_of(cast.leader, evening), now=evening)
    row.refresh_from_db()
    assert (row.state, Attendee.objects.filter(removed_at__isnull=True).count()) == ("held", 4)


def test_who_was_taken_off_the_class_may_still_send_who_came(phone: Phone, cast: Cast, send: Send) -> None:
    row = make_class(cast.leader, cast.volunteer)
    row.trainers.update(ended_at=NOW)
    assert results(send(phone, add(phone, row, people(2)), now=LATER)) == [("applied", "")]


def test_what_cannot_be_is_told_to_its_trainer(phone: Phone, cast: Cast, send: Send) -> None:
    """It is their work: nobody else need decide about a class that has not begun."""
    row = make_class(cast.leader, cast.volunteer, starts_at=NOW + timedelta(days=1))
    close = phone.command("classes.close", {"class": str(row.pk)}, NOW)
    assert results(send(phone, close)) == [("refused", "learning.forbidden_transition")]


def test_a_stranger_counts_nobody(cast: Cast, send: Send) -> None:
    row = make_class(cast.leader, cast.volunteer)
    stranger = make_phone(cast.neighbour_volunteer, NOW)
    assert results(send(stranger, add(stranger, row, people(1)), now=LATER)) == [
        ("refused", "sync.not_found")
    ]


def test_months_later_who_came_can_still_be_taken(phone: Phone, cast: Cast, send: Send) -> None:
    row = make_class(cast.leader, cast.volunteer)
    learning.cancel_class(class_id=row.pk, by=actor_of(cast.leader, NOW), now=NOW)
    send(phone, add(phone, row, people(2)), now=LATER)
    late = LATER + timedelta(days=120)
    decide(conflict_id=Conflict.objects.get().pk, keep=Keep.PHONE, by=actor_of(cast.leader, late), now=late)
    assert Attendee.objects.count() == 2
