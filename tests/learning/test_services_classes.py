"""Planning, changing, cancelling, closing: once however often, and nobody in two places at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404

from nhipcau.citizens.queries import UnableToWriteDown
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.learning import services
from nhipcau.learning.models import PublicClass, Trainer
from nhipcau.messaging.models import Message
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast
from tests.factories.classes import HOUR, make_class, new_class, somebody


def actor(member: Member) -> Actor:
    return actor_of(member, NOW)


def told(member: Member) -> int:
    return Message.objects.filter(to=member.pk).count()


def test_a_class_is_planned_once_and_its_trainer_told_once(cast: Cast) -> None:
    plan = new_class(cast.volunteer, title="  Dùng   VNeID ")
    by = actor(cast.leader)
    rows = [services.plan_class(plan=plan, by=by, now=NOW) for _time in range(2)]
    assert rows[0] == rows[1] == PublicClass.objects.get()
    assert (rows[0].title, rows[0].version, told(cast.volunteer)) == ("Dùng VNeID", 1, 1)
    with pytest.raises(services.UnableToPlanTwice) as refused:
        services.plan_class(plan=replace(plan, place="Chợ"), by=by, now=NOW)
    assert refused.value.code == "learning.class_differs"


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": ""},
        {"topic": "other"},
        {"topic": "birds"},
        {"procedure": "birth-registration"},
        {"topic": "", "procedure": "no-such"},
        {"place": " "},
        {"place": "x" * 121},
        {"expected": 501},
        {"expected": -1},
        {"trainers": ()},
        {"ends_at": NOW - HOUR},
        {"ends_at": NOW + 12 * HOUR},
        {"starts_at": NOW + timedelta(days=367)},
        {"starts_at": NOW - timedelta(days=93)},
        {"service_point": new_id()},
        {"commune": "24846"},
        {"commune": "68"},
    ],
)
def test_what_cannot_be_is_not_planned(cast: Cast, wrong: dict[str, Any]) -> None:
    with pytest.raises(services.UnableToPlan):
        services.plan_class(plan=new_class(cast.volunteer, **wrong), by=actor(cast.leader), now=NOW)
    assert not PublicClass.objects.exists()


def test_no_number_of_a_person_stands_in_a_title(cast: Cast) -> None:
    plan = new_class(cast.volunteer, title="Gọi 0912345678")
    with pytest.raises(UnableToWriteDown):
        services.plan_class(plan=plan, by=actor(cast.leader), now=NOW)


@pytest.mark.parametrize("part", ["neighbour_volunteer", "outsider", "administrator", "province"])
def test_only_who_helps_in_the_commune_teaches_there(cast: Cast, part: str) -> None:
    with pytest.raises(services.UnableToPlan):
        make_class(cast.leader, cast.everyone()[part])


def test_nobody_teaches_two_classes_at_once(cast: Cast) -> None:
    make_class(cast.leader, cast.volunteer)
    with pytest.raises(services.UnableToBeInTwoPlaces) as refused:
        make_class(cast.leader, cast.official, cast.volunteer, starts_at=NOW)
    assert refused.value.code == "learning.trainer_busy"
    # Half-open: one may begin when the other ends.
    make_class(cast.leader, cast.volunteer, starts_at=NOW + HOUR)
    make_class(cast.leader, cast.official)


def test_a_cancelled_class_leaves_its_trainer_free_and_takes_them_back_when_it_was_held(cast: Cast) -> None:
    first = make_class(cast.leader, cast.volunteer)
    by = actor(cast.leader)
    for _time in range(2):
        services.cancel_class(class_id=first.pk, by=by, now=NOW)
    assert told(cast.volunteer) == 2
    second = make_class(cast.leader, cast.volunteer)
    with pytest.raises(services.UnableToBeInTwoPlaces):
        services.close_class(class_id=first.pk, by=by, now=NOW)
    services.cancel_class(class_id=second.pk, by=by, now=NOW)
    assert services.close_class(class_id=first.pk, by=by, now=NOW).state == "held"


def test_the_times_of_trainers_are_those_of_the_class(cast: Cast) -> None:
    row = make_class(cast.leader, cast.volunteer)
    later = replace(new_class(cast.volunteer, starts_at=NOW + HOUR), id=row.pk)
    services.change_class(class_id=row.pk, plan=later, version=1, by=actor(cast.leader), now=NOW)
    Trainer.objects.update(starts_at=NOW - 9 * HOUR, busy=False)
    trainer = Trainer.objects.get()
    assert (trainer.starts_at, trainer.ends_at, trainer.busy) == (later.starts_at, later.ends_at, True)


def test_a_change_counts_once_and_says_when_somebody_was_faster(cast: Cast) -> None:
    row = make_class(cast.leader, cast.volunteer)
    by = actor(cast.leader)
    plan = replace(new_class(cast.volunteer, cast.official), id=row.pk, place="Chợ")
    for _time in range(2):
        changed = services.change_class(class_id=row.pk, plan=plan, version=1, by=by, now=NOW)
    assert (changed.version, changed.place) == (2, "Chợ")
    assert (told(cast.volunteer), told(cast.official)) == (2, 1)
    with pytest.raises(services.UnableToChange) as refused:
        services.change_class(class_id=row.pk, plan=replace(plan, place="Đình"), version=1, by=by, now=NOW)
    assert refused.value.code == "learning.class_changed"


def test_who_no_longer_teaches_is_free_and_may_come_again(cast: Cast) -> None:
    row, by = make_class(cast.leader, cast.volunteer), actor(cast.leader)
    other = replace(new_class(cast.official), id=row.pk)
    services.change_class(class_id=row.pk, plan=other, version=1, by=by, now=NOW)
    second = make_class(cast.leader, cast.volunteer)
    back = replace(other, trainers=(cast.volunteer.pk,))
    with pytest.raises(services.UnableToBeInTwoPlaces):
        services.change_class(class_id=row.pk, plan=back, version=2, by=by, now=NOW)
    services.cancel_class(class_id=second.pk, by=by, now=NOW)
    services.change_class(class_id=row.pk, plan=back, version=2, by=by, now=NOW)
    assert Trainer.objects.filter(public_class=row, ended_at__isnull=True).get().member == cast.volunteer


def test_what_was_held_or_moved_to_another_commune_is_not_changed(cast: Cast) -> None:
    row, by = make_class(cast.leader, cast.volunteer), actor(cast.leader)
    plan = replace(new_class(cast.volunteer), id=row.pk)
    with pytest.raises(services.UnableToPlan):
        services.change_class(class_id=row.pk, plan=replace(plan, commune="24846"), version=1, by=by, now=NOW)
    services.close_class(class_id=row.pk, by=actor(cast.volunteer), now=NOW)
    with pytest.raises(services.UnableToMove):
        services.change_class(class_id=row.pk, plan=replace(plan, place="Chợ"), version=2, by=by, now=NOW)
    with pytest.raises(services.UnableToMove):
        services.cancel_class(class_id=row.pk, by=by, now=NOW)


def test_a_class_in_which_people_are_counted_is_neither_cancelled_nor_put_off(cast: Cast) -> None:
    row, by = make_class(cast.leader, cast.volunteer), actor(cast.leader)
    came = somebody()
    services.add_attendees(class_id=row.pk, attendees=[came], by=by, now=NOW)
    later = replace(new_class(cast.volunteer, starts_at=NOW + 24 * HOUR), id=row.pk)
    with pytest.raises(services.UnableToCancel) as refused:
        services.cancel_class(class_id=row.pk, by=by, now=NOW)
    assert refused.value.code == "learning.people_counted"
    with pytest.raises(services.UnableToPlan):
        services.change_class(class_id=row.pk, plan=later, version=1, by=by, now=NOW)
    services.remove_attendee(attendee_id=came.id, by=by, now=NOW)
    assert services.cancel_class(class_id=row.pk, by=by, now=NOW).state == "cancelled"


def test_nothing_is_held_before_it_begins(cast: Cast) -> None:
    row = make_class(cast.leader, cast.volunteer, starts_at=NOW + HOUR)
    with pytest.raises(services.UnableToMove):
        services.close_class(class_id=row.pk, by=actor(cast.volunteer), now=NOW)


@pytest.mark.parametrize("part", ["volunteer", "neighbour_volunteer", "outsider", "official", "province"])
def test_only_who_plans_in_the_commune_changes_and_cancels(cast: Cast, part: str) -> None:
    row = make_class(cast.leader, cast.volunteer)
    by = actor(cast.everyone()[part])
    plan = replace(new_class(cast.volunteer), id=row.pk, place="Chợ")
    with pytest.raises(Http404):
        services.cancel_class(class_id=row.pk, by=by, now=NOW)
    with pytest.raises(Http404):
        services.change_class(class_id=row.pk, plan=plan, version=1, by=by, now=NOW)
    with pytest.raises(services.UnableToPlan):
        services.plan_class(plan=new_class(cast.volunteer), by=by, now=NOW)


@pytest.mark.parametrize("part", ["neighbour_volunteer", "outsider", "official", "administrator"])
def test_only_who_teaches_or_leads_says_that_it_was_held(cast: Cast, part: str) -> None:
    row = make_class(cast.leader, cast.volunteer)
    with pytest.raises(Http404):
        services.close_class(class_id=row.pk, by=actor(cast.everyone()[part]), now=NOW)


@pytest.mark.parametrize(
    "values",
    [
        {"day": NOW.date() + timedelta(days=1)},
        {"ends_at": NOW - 2 * HOUR},
        {"expected": 501},
        {"place": ""},
        {"topic": ""},
        {"topic": "other"},
        {"state": "lost"},
    ],
)
def test_the_database_refuses_what_cannot_be(cast: Cast, values: dict[str, Any]) -> None:
    row = make_class(cast.leader, cast.volunteer)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicClass.objects.filter(pk=row.pk).update(**values)


def test_no_class_and_no_trainer_is_deleted(cast: Cast) -> None:
    row = make_class(cast.leader, cast.volunteer)
    for rows in (Trainer.objects.all(), PublicClass.objects.filter(pk=row.pk)):
        with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
            rows._raw_delete(rows.db)
