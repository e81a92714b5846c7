"""The home page says what concerns each role today, at a cost that does not grow with the programme."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from nhipcau.core import clock
from nhipcau.core.clock import local_date
from nhipcau.portal.queries import Today
from nhipcau.shifts.models import Post, ShiftNeed
from nhipcau.volunteers.services import send_application
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import SHIFT_DAY, make_member, make_post, make_shift, make_sign_up, make_team

pytestmark = pytest.mark.django_db
TODAY = local_date(NOW)


@pytest.fixture(autouse=True)
def at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page asks for the present moment: the morning of the cast."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def post(cast: Cast) -> Post:
    return make_post(make_team(cast))


def today(cast: Cast, part: str) -> Today:
    client = Client()
    client.force_login(cast.everyone()[part])
    found: Today = client.get("/home/").context["today"]
    return found


def waits(cast: Cast, part: str) -> dict[str, int]:
    return {row.url: row.count for row in today(cast, part).waits}


def test_a_volunteer_sees_the_next_shift(post: Post, cast: Cast, client: Client) -> None:
    assert today(cast, "volunteer").next_shift is None
    later = make_sign_up(make_shift(post, day=SHIFT_DAY + timedelta(days=1)), cast.volunteer)
    sooner = make_sign_up(make_shift(post), cast.volunteer)
    make_sign_up(make_shift(post, day=date(2025, 7, 1)), cast.volunteer)
    found = today(cast, "volunteer")
    assert found.next_shift == sooner != later
    assert (found.runs, found.cover, found.shifts) == (False, None, ())
    client.force_login(cast.volunteer)
    text = client.get("/home/").content.decode()
    assert f'href="/roster/mine/{sooner.shift_id}/"' in text
    assert 'href="/roster/"' in text


def test_a_leader_sees_today_with_its_cover_and_what_waits(post: Post, cast: Cast) -> None:
    short = make_shift(post, day=TODAY, hours=(13.5, 17), minimum=2, ideal=2, maximum=3)
    make_sign_up(short, cast.volunteer)
    make_shift(post)
    found = today(cast, "leader")
    assert [(row.pk, row.held, row.needed) for row in found.shifts] == [(short.shift_id, 1, 2)]  # type: ignore[attr-defined]
    assert waits(cast, "leader") == {"/reinforcement/cover/24848/short/": 2}
    apply(cast)
    assert waits(cast, "coordinator")["/volunteers/requests/"] == 1


def apply(cast: Cast) -> None:
    """Somebody asks to join the teams of the commune."""
    send_application(now=NOW, commune=cast.commune.code, name="Bạn mới", phone="0600 123 456", spoken=["vi"])


def test_a_province_sees_the_sum(post: Post, cast: Cast) -> None:
    make_sign_up(make_shift(post, minimum=2, ideal=2, maximum=3), cast.volunteer)
    found = today(cast, "province")
    assert found.cover == {"needed": 2, "held": 1, "short_shifts": 1, "short_communes": 1}
    assert (found.percent, found.runs, found.next_shift) == (50, False, None)
    assert today(cast, "nation").percent == 50
    assert today(cast, "administrator").cover is None


def test_strangers_see_nothing_of_it(post: Post, cast: Cast) -> None:
    make_shift(post, day=TODAY, hours=(13.5, 17))
    found = today(cast, "outsider")
    assert (found.shifts, found.waits) == ((), ())


COSTS = {"volunteer": 6, "leader": 12, "province": 6, "nation": 6, "administrator": 4, "official": 6}


@pytest.mark.parametrize("part", COSTS)
def test_the_page_costs_the_same_for_one_and_three(
    part: str, post: Post, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(cast.everyone()[part])
    needs = [make_shift(post, day=TODAY, hours=(13, 14), minimum=2, ideal=2, maximum=9)]
    _fill(needs[0], cast, "one")
    with django_assert_num_queries(COSTS[part]):
        client.get("/home/")
    for number in range(3):
        need = make_shift(post, day=TODAY, hours=(14 + number, 15 + number), minimum=2, ideal=2, maximum=9)
        _fill(need, cast, f"more{number}")
    with django_assert_num_queries(COSTS[part]):
        client.get("/home/")


def _fill(need: ShiftNeed, cast: Cast, name: str) -> None:
    make_sign_up(need, make_member(name))
    make_sign_up(need, cast.volunteer)


@pytest.mark.parametrize(
    ("address", "name"),
    [("/roster/teams/", "staffing:teams"), ("/roster/", "signups:for_me"), ("/home/", "portal:home")],
)
def test_the_navigation_marks_one_place(address: str, name: str, post: Post, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.leader)
    items: list[dict[str, Any]] = client.get(address).context["nav_items"]
    assert [item["url"] for item in items if item["current"]] == [reverse(name)]
