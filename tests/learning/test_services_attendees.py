"""Counting: whatever a phone sends again, late or in another order, everybody is counted once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhipcau.audit.models import Entry
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.learning import services
from nhipcau.learning.models import MOST_PEOPLE, Attendee, PublicClass
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast
from tests.factories.classes import make_class, new_class, somebody

Acts = list[tuple[str, int, int]]


@pytest.fixture
def row(cast: Cast) -> PublicClass:
    """A class of today, taught by the volunteer."""
    return make_class(cast.leader, cast.volunteer)


def actor(member: Member) -> Actor:
    return actor_of(member, NOW)


def people_in(row: PublicClass) -> int:
    return Attendee.objects.filter(public_class=row, removed_at__isnull=True).count()


def test_people_are_counted_and_the_same_again_changes_nothing(cast: Cast, row: PublicClass) -> None:
    wanted = [somebody(), somebody(age_band="under_18", language="cjm", alone="half")]
    by = actor(cast.volunteer)
    first = services.add_attendees(class_id=row.pk, attendees=wanted, by=by, now=NOW)
    again = services.add_attendees(class_id=row.pk, attendees=[*wanted, wanted[0]], by=by, now=NOW)
    assert (first.new, first.already, first.people) == (2, 0, 2)
    assert (again.new, again.already, again.people) == (0, 2, 2)
    assert Entry.objects.filter(entity="learning_attendee", action="insert").count() == 2


@pytest.mark.parametrize(
    "other",
    [{"age_band": "75_up"}, {"language": "cjm"}, {"alone": "half"}, {"at": NOW - timedelta(minutes=1)}],
)
def test_the_same_id_with_other_content_is_refused(
    cast: Cast, row: PublicClass, other: dict[str, str]
) -> None:
    came, by = somebody(), actor(cast.volunteer)
    services.add_attendees(class_id=row.pk, attendees=[came], by=by, now=NOW)
    for wanted in ([somebody(came.id, **other)], [somebody(), somebody(came.id, **other)]):
        with pytest.raises(services.UnableToAddTwice) as refused:
            services.add_attendees(class_id=row.pk, attendees=wanted, by=by, now=NOW)
    assert refused.value.code == "learning.attendee_differs"
    assert people_in(row) == 1


def test_nobody_is_counted_in_two_classes(cast: Cast, row: PublicClass) -> None:
    came, by = somebody(), actor(cast.volunteer)
    second = make_class(cast.leader, cast.volunteer, starts_at=NOW + timedelta(hours=3))
    services.add_attendees(class_id=row.pk, attendees=[came], by=by, now=NOW)
    with pytest.raises(services.UnableToAddTwice):
        services.add_attendees(class_id=second.pk, attendees=[came], by=by, now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"age_band": "old"},
        {"alone": "yes"},
        {"language": "xx"},
        {"at": NOW + timedelta(minutes=11)},
        {"at": NOW - timedelta(days=93)},
        {"at": NOW.replace(tzinfo=None)},
        {"at": NOW - timedelta(days=1)},
    ],
)
def test_what_cannot_be_is_refused_with_all_the_others(
    cast: Cast, row: PublicClass, wrong: dict[str, str]
) -> None:
    with pytest.raises(services.UnableToAdd):
        services.add_attendees(
            class_id=row.pk, attendees=[somebody(), somebody(**wrong)], by=actor(cast.volunteer), now=NOW
        )
    assert people_in(row) == 0


def test_days_later_a_phone_still_sends_who_came_to_a_class_marked_as_held(
    cast: Cast, row: PublicClass
) -> None:
    services.close_class(class_id=row.pk, by=actor(cast.leader), now=NOW)
    late = NOW + timedelta(days=91)
    by = actor_of(cast.volunteer, late)
    added = services.add_attendees(class_id=row.pk, attendees=[somebody()], by=by, now=late)
    assert added.people == 1


def test_a_cancelled_class_says_so_until_it_is_marked_as_held(cast: Cast, row: PublicClass) -> None:
    leader, by, came = actor(cast.leader), actor(cast.volunteer), somebody()
    services.cancel_class(class_id=row.pk, by=leader, now=NOW)
    with pytest.raises(services.UnableToAddToCancelled) as refused:
        services.add_attendees(class_id=row.pk, attendees=[came], by=by, now=NOW)
    assert refused.value.code == "learning.class_cancelled"
    services.close_class(class_id=row.pk, by=leader, now=NOW)
    assert services.add_attendees(class_id=row.pk, attendees=[came], by=by, now=NOW).new == 1


def test_there_is_a_ceiling(cast: Cast, row: PublicClass) -> None:
    by = actor(cast.volunteer)
    full = [somebody() for _one in range(MOST_PEOPLE)]
    services.add_attendees(class_id=row.pk, attendees=full, by=by, now=NOW)
    with pytest.raises(services.UnableToAddMore) as refused:
        services.add_attendees(class_id=row.pk, attendees=[*full[:3], somebody()], by=by, now=NOW)
    assert refused.value.code == "learning.class_full"
    services.remove_attendee(attendee_id=full[0].id, by=by, now=NOW)
    assert (
        services.add_attendees(class_id=row.pk, attendees=[somebody()], by=by, now=NOW).people == MOST_PEOPLE
    )


def test_who_was_taken_off_the_class_still_sends_who_came(cast: Cast, row: PublicClass) -> None:
    plan = new_class(cast.official, id=row.pk)
    services.change_class(class_id=row.pk, plan=plan, version=1, by=actor(cast.leader), now=NOW)
    by = actor(cast.volunteer)
    assert services.add_attendees(class_id=row.pk, attendees=[somebody()], by=by, now=NOW).new == 1


@pytest.mark.parametrize("part", ["neighbour_volunteer", "outsider", "administrator", "province"])
def test_strangers_and_onlookers_count_nobody(cast: Cast, row: PublicClass, part: str) -> None:
    by = actor(cast.everyone()[part])
    with pytest.raises(Http404):
        services.add_attendees(class_id=row.pk, attendees=[somebody()], by=by, now=NOW)
    assert people_in(row) == 0


def test_only_who_counted_or_the_leader_takes_back(cast: Cast) -> None:
    row = make_class(cast.leader, cast.volunteer, cast.official)
    came, other = somebody(), somebody()
    mine = actor(cast.volunteer)
    services.add_attendees(class_id=row.pk, attendees=[came, other], by=mine, now=NOW)
    with pytest.raises(services.UnableToRemove) as refused:
        services.remove_attendee(attendee_id=came.id, by=actor(cast.official), now=NOW)
    assert refused.value.code == "learning.attendee_of_another"
    for by in (mine, mine, actor(cast.leader)):
        services.remove_attendee(attendee_id=came.id, by=by, now=NOW)
    services.remove_attendee(attendee_id=other.id, by=actor(cast.leader), now=NOW)
    assert people_in(row) == 0
    assert Attendee.objects.get(pk=came.id).removed_by == cast.volunteer


@pytest.mark.parametrize("part", ["neighbour_volunteer", "outsider", "administrator"])
def test_what_a_stranger_takes_back_does_not_exist(cast: Cast, row: PublicClass, part: str) -> None:
    came = somebody()
    services.add_attendees(class_id=row.pk, attendees=[came], by=actor(cast.volunteer), now=NOW)
    for key in (came.id, new_id()):
        with pytest.raises(Http404):
            services.remove_attendee(attendee_id=key, by=actor(cast.everyone()[part]), now=NOW)
    assert people_in(row) == 1


@pytest.mark.parametrize("moved", [False, True])
def test_a_correction_is_one_taken_back_and_one_more_however_often_it_is_sent(
    cast: Cast, row: PublicClass, moved: bool
) -> None:
    """Also where the class had been moved to a later day, and a person decided that they count."""
    came, by = somebody(), actor(cast.volunteer)
    if moved:
        plan = new_class(cast.volunteer, id=row.pk, starts_at=row.starts_at + timedelta(days=2))
        leader = actor(cast.leader)
        services.change_class(class_id=row.pk, plan=plan, version=row.version, by=leader, now=NOW)
    services.add_attendees(class_id=row.pk, attendees=[came], by=by, now=NOW, early=moved)
    correct = somebody(language="cjm", alone="all_alone")
    for _time in range(2):
        services.correct_attendee(attendee_id=came.id, correct=correct, by=by, now=NOW)
    left = Attendee.objects.get(public_class=row, removed_at__isnull=True)
    assert (left.pk, left.language, left.alone) == (correct.id, "cjm", "all_alone")


@given(
    acts=st.lists(
        st.tuples(st.sampled_from(["add", "back"]), st.integers(0, 5), st.integers(0, 1)), max_size=25
    ),
    tail=st.randoms(use_true_random=False),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_any_order_and_however_often_the_count_is_the_same(cast: Cast, acts: Acts, tail: object) -> None:
    """Two phones add and take back; whatever is sent twice or late, who was taken back stays so."""
    with transaction.atomic():
        row = make_class(cast.leader, cast.volunteer, cast.official)
        people, phones = [somebody() for _one in range(6)], [actor(cast.volunteer), actor(cast.leader)]
        sent: dict[int, bool] = {}
        for act, number, phone in acts:
            came, by = people[number], phones[phone]
            if act == "add":
                services.add_attendees(class_id=row.pk, attendees=[came], by=by, now=NOW)
                sent.setdefault(number, True)
            elif number in sent:
                services.remove_attendee(attendee_id=came.id, by=phones[1], now=NOW)
                sent[number] = False
            else:
                with pytest.raises(Http404):
                    services.remove_attendee(attendee_id=came.id, by=by, now=NOW)
        _replay(row, [one for one in acts if one[0] == "add"], people, phones, tail)
        assert people_in(row) == sum(sent.values())
        transaction.set_rollback(True)


def _replay(
    row: PublicClass, acts: Acts, people: list[services.NewAttendee], phones: list[Actor], order: object
) -> None:
    """Everything is sent once more, in another order and all at once."""
    shuffle: Callable[[Acts], None] = order.shuffle  # type: ignore[attr-defined]  # a random of the test
    shuffle(acts)
    for phone in (0, 1):
        wanted = [people[number] for _act, number, _phone in acts]
        services.add_attendees(class_id=row.pk, attendees=wanted, by=phones[phone], now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE learning_attendee SET age_band = 'under_18'",
        "UPDATE learning_attendee SET removed_at = NULL, removed_by_id = NULL",
        "DELETE FROM learning_attendee",
    ],
)
def test_the_database_keeps_what_was_counted(cast: Cast, row: PublicClass, change: str) -> None:
    came, by = somebody(), actor(cast.volunteer)
    services.add_attendees(class_id=row.pk, attendees=[came], by=by, now=NOW)
    services.remove_attendee(attendee_id=came.id, by=by, now=NOW)
    with pytest.raises(DatabaseError, match="taken back"), connection.cursor() as cursor:
        cursor.execute(change)


def test_no_column_could_hold_a_name_or_an_origin() -> None:
    names = {field.name for field in Attendee._meta.get_fields()}
    assert names == {
        "id", "public_class", "age_band", "language", "alone", "at",
        "recorded_by", "recorded_at", "removed_at", "removed_by",
    }  # fmt: skip
