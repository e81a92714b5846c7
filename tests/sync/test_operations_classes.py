"""Counting who came, from phones without signal: additive, in any order, however often."""

from datetime import timedelta
from typing import Any

from nhipcau.core.ids import new_id
from nhipcau.learning import services as learning
from nhipcau.learning.models import Attendee, PublicClass
from nhipcau.sync.enums import Keep
from nhipcau.sync.models import Conflict
from nhipcau.sync.services.deciding import decide
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.classes import make_class
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


def test_a_stranger_counts_nobody(cast: Cast, send: Send) -> None:
    row = make_class(cast.leader, cast.volunteer)
    stranger = make_phone(cast.neighbour_volunteer, NOW)
    assert results(send(stranger, add(stranger, row, people(1)), now=LATER)) == [
        ("refused", "sync.not_found")
    ]
