"""Lists of fixed cost, numbers that add up, small groups hidden beyond the team."""

from datetime import timedelta

import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from nhipcau.core.clock import local_date
from nhipcau.core.scope import Actor
from nhipcau.learning import queries, services
from nhipcau.learning.models import PublicClass
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast
from tests.factories.classes import HOUR, make_class, somebody

TODAY = local_date(NOW)
WEEK = (TODAY, TODAY + timedelta(days=7))


def actor(member: Member) -> Actor:
    return actor_of(member, NOW)


def count(row: PublicClass, by: Member, *bands: str, **values: str) -> None:
    wanted = [somebody(age_band=band, **values) for band in bands]
    services.add_attendees(class_id=row.pk, attendees=wanted, by=actor(by), now=NOW)


@pytest.mark.parametrize("number", [1, 3])
def test_lists_cost_the_same_however_long(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for place in range(number):
        row = make_class(cast.leader, cast.volunteer, starts_at=NOW - HOUR + 2 * place * HOUR)
        count(row, cast.volunteer, "60_74", "75_up")
    leader = actor(cast.leader)
    assert leader.may("learning.view")
    with django_assert_num_queries(2):
        rows = list(queries.classes_of(cast.volunteer.pk, days=WEEK))
    assert [(row.came, len(row.teachers), row.commune.full_name) for row in rows] == [  # type: ignore[attr-defined]  # annotated
        (2, 1, "Xã Lạc Dương")
    ] * number
    with django_assert_num_queries(2):
        assert len(queries.class_list(leader)) == number
    with django_assert_num_queries(1):
        queries.numbers_of([row.pk for row in rows], whole=True)


def test_one_sees_the_classes_one_teaches_on_those_days(cast: Cast) -> None:
    row = make_class(cast.leader, cast.volunteer)
    make_class(cast.leader, cast.official)
    make_class(cast.leader, cast.volunteer, starts_at=NOW + 24 * 7 * HOUR)
    services.cancel_class(class_id=row.pk, by=actor(cast.leader), now=NOW)
    assert list(queries.classes_of(cast.volunteer.pk, days=WEEK)) == [row]
    assert not queries.classes_of(cast.neighbour_volunteer.pk, days=WEEK).exists()


@pytest.mark.parametrize(
    ("part", "seen"),
    [
        ("leader", True),
        ("coordinator", True),
        ("official", True),
        ("province", True),
        ("volunteer", True),
        ("neighbour_volunteer", False),
        ("outsider", False),
        ("administrator", False),
    ],
)
def test_who_sees_a_class(cast: Cast, part: str, seen: bool) -> None:
    row = make_class(cast.leader, cast.volunteer)
    by = actor(cast.everyone()[part])
    if not seen:
        with pytest.raises(Http404):
            queries.get_class(row.pk, for_=by)
        return
    assert queries.get_class(row.pk, for_=by) == row


def test_lists_are_narrowed_by_state_and_days(cast: Cast) -> None:
    row = make_class(cast.leader, cast.volunteer)
    later = make_class(cast.leader, cast.volunteer, starts_at=NOW + 48 * HOUR)
    services.close_class(class_id=row.pk, by=actor(cast.leader), now=NOW)
    by = actor(cast.coordinator)
    assert list(queries.class_list(by)) == [later, row]
    assert list(queries.class_list(by, state="held")) == [row]
    assert list(queries.class_list(by, first=TODAY + timedelta(days=1))) == [later]
    assert list(queries.class_list(by, until=TODAY + timedelta(days=1))) == [row]
    assert not queries.class_list(actor(cast.outsider)).exists()


def test_numbers_add_up_and_small_groups_are_hidden_beyond_the_team(cast: Cast) -> None:
    row = make_class(cast.leader, cast.volunteer)
    count(row, cast.volunteer, *["60_74"] * 6, language="cjm", alone="half")
    count(row, cast.volunteer, *["75_up"] * 6)
    count(row, cast.volunteer, "under_18")
    whole = queries.numbers_for(actor(cast.volunteer), row)
    assert whole.people == 13 == sum(cell.people or 0 for cell in whole.ages)
    assert [(cell.key, cell.people) for cell in whole.languages] == [("cjm", 6), ("", 7)]
    assert [(cell.key, cell.people) for cell in whole.alone] == [("half", 6), ("", 7)]
    seen = queries.numbers_for(actor(cast.official), row)
    ages = {cell.key: cell.people for cell in seen.ages}
    assert seen.people == 13
    # The single child, and one more group, so that the total does not give the child away.
    assert (ages["under_18"], ages["60_74"], ages["75_up"]) == (None, None, 6)


def test_only_who_helps_there_can_be_asked_to_teach(cast: Cast) -> None:
    found = set(queries.teachers_for(cast.commune, now=NOW))
    assert found == {cast.volunteer, cast.leader, cast.official, cast.coordinator}
