"""Need against cover: what is counted, and that it costs the same however many places there are."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from nhipcau.reinforcement import queries
from nhipcau.shifts.enums import ShiftState
from nhipcau.teams import services as teams
from nhipcau.teams.models import Member
from tests.factories.cast import NOW
from tests.factories.rosters import SHIFT_DAY, make_member, make_post, make_shift, make_sign_up

from .conftest import Story

pytestmark = pytest.mark.django_db
WEEK = (SHIFT_DAY, SHIFT_DAY + timedelta(days=7))


def found(story: Story) -> queries.Cover:
    return next(
        row for row in queries.cover_of_province("68", NOW, *WEEK) if row.code == story.cast.commune.code
    )


def test_what_one_shift_has_too_many_helps_no_other(story: Story) -> None:
    make_sign_up(story.need, story.cast.volunteer)
    rich = make_shift(story.post, hours=(13.5, 17), minimum=1, ideal=1, maximum=3)
    for number in range(3):
        make_sign_up(rich, make_member(f"extra{number}"))
    cover = found(story)
    assert (cover.needed, cover.held, cover.short, cover.shifts, cover.short_shifts) == (3, 2, 1, 2, 1)
    assert cover.percent == 66


def test_only_open_shifts_of_the_days_count(story: Story) -> None:
    make_shift(story.post, day=SHIFT_DAY + timedelta(days=7), minimum=5, ideal=5, maximum=5)
    make_shift(story.post, hours=(13, 15), state=ShiftState.DRAFT, minimum=5, ideal=5, maximum=5)
    assert found(story).needed == 2


def test_every_commune_is_listed_the_shortest_first(story: Story) -> None:
    rows = queries.cover_of_province("68", NOW, *WEEK)
    assert len(rows) == 124
    assert rows[0].code == story.cast.commune.code
    assert [row.short for row in rows] == sorted((row.short for row in rows), reverse=True)
    assert rows[-1].percent is None
    total = queries.whole(rows)
    assert (total.needed, total.held, total.short_shifts) == (2, 0, 1)


def test_the_nation_adds_up_its_provinces(story: Story) -> None:
    rows = queries.cover_of_nation(NOW, *WEEK)
    assert len(rows) == 34
    assert (rows[0].code, rows[0].needed, rows[0].short) == ("68", 2, 2)


def test_queries_do_not_grow(story: Story, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        queries.cover_of_province("68", NOW, *WEEK)
    team = teams.make_team(by=None, now=NOW, name="Đội khác", commune=story.cast.neighbour.code)
    for hour in (7, 9, 11):
        make_shift(make_post(team, name=f"Bàn {hour}"), hours=(hour, hour + 1), minimum=1)
    with django_assert_num_queries(2):
        assert queries.whole(queries.cover_of_province("68", NOW, *WEEK)).needed == 5
    with django_assert_num_queries(2):
        queries.cover_of_nation(NOW, *WEEK)
    province = story.province
    assert province.may("reinforcement.send")
    with django_assert_num_queries(1):
        assert queries.cover_in_short(province, NOW, *WEEK) == {
            "needed": 5, "held": 0, "short_shifts": 4, "short_communes": 2,
        }  # fmt: skip


def test_short_shifts_are_those_still_to_come(story: Story) -> None:
    make_shift(story.post, day=date(2025, 7, 2), minimum=2)
    full = make_shift(story.post, hours=(13.5, 17), minimum=1)
    make_sign_up(full, story.cast.volunteer)
    rows = list(queries.short_shifts(NOW, date(2025, 7, 1), date(2025, 8, 1)))
    assert [(row.pk, row.needed, row.held) for row in rows] == [(story.need.shift_id, 2, 0)]  # type: ignore[attr-defined]


@pytest.fixture
def crowd(story: Story) -> list[Member]:
    return [make_member(f"more{number}", story.cast.neighbour.code) for number in range(3)]


def test_candidates_cost_the_same_for_more_teams_and_people(
    story: Story, crowd: list[Member], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = story.ask(languages={"kpm": "good"})
    with django_assert_num_queries(6):
        assert len(queries.candidates(request, for_=story.province, now=NOW)) == 1
    for number, member in enumerate(crowd):
        team = teams.make_team(by=None, now=NOW, name=f"Đội {number}", commune=story.cast.neighbour.code)
        teams.add_to_team(by=None, now=NOW, team=team, member=member, starts_on=date(2025, 7, 1))
    with django_assert_num_queries(6):
        assert len(queries.candidates(request, for_=story.province, now=NOW)) == 4


def test_the_number_of_a_commune_is_that_of_its_listed_shifts(story: Story) -> None:
    """A shift that has begun can no longer be filled: it is neither counted nor listed."""
    make_shift(story.post, hours=(13.5, 17), minimum=3, ideal=3, maximum=3)
    begun = story.need.shift.starts_at + timedelta(minutes=1)
    listed = queries.short_shifts(begun, *WEEK)
    rows = queries.cover_of_province("68", begun, *WEEK)
    lacking = sum(needed - held for held, needed in map(queries.held_and_needed, listed))
    assert queries.whole(rows).short == lacking == 3
