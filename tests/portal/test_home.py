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
from nhipcau.teams.models import Grant
from nhipcau.volunteers.services import send_application
from tests.factories.cast import NOW, Cast
from tests.factories.messages import tell
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


COSTS = {"volunteer": 5, "leader": 11, "province": 5, "nation": 5, "administrator": 3, "official": 5}


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


def test_the_navigation_counts_what_is_unread(cast: Cast, client: Client) -> None:
    client.force_login(cast.volunteer)
    client.cookies["lang"] = "en"

    def page(address: str = "/messages/settings/") -> str:
        return client.get(address).content.decode()

    assert " unread" not in page()
    for _number in range(3):
        tell(cast.volunteer.pk, NOW)
    tell(cast.leader.pk, NOW)
    text = page()
    # Twice: in the list of a wide screen and in the folded one; and once beside the word "Menu".
    assert text.count('Messages<span class="govuk-visually-hidden">, 3 unread</span>') == 2
    assert text.count(", 3 unread") == 3
    told = reverse("messaging:message", args=[tell(cast.volunteer.pk, NOW).pk])
    assert ", 3 unread" in page(told), "the message one is reading is read"
    for number in range(100):
        tell(cast.volunteer.pk, NOW, subject=str(number))
    assert ", 103 unread</span>" in (many := page())
    assert many.count(">99+</span>") == 3
    assert "103 new messages." in page("/home/")


def test_what_is_unread_costs_nothing_beside_the_roles(
    cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tell(cast.volunteer.pk, NOW)
    client.force_login(cast.volunteer)
    client.cookies["lang"] = "en"
    with django_assert_num_queries(5):  # the session, who it is, the roles, the member, the languages
        text = client.get(reverse("teams:profile")).content.decode()
    assert ", 1 unread" in text


def test_who_has_no_role_yet_sees_it_too(cast: Cast, client: Client) -> None:
    newcomer = make_member("newcomer")
    Grant.objects.filter(member=newcomer).update(valid_until=NOW)
    tell(newcomer.pk, NOW)
    client.force_login(newcomer)
    client.cookies["lang"] = "en"
    text = client.get("/home/").content.decode()
    assert ", 1 unread" in text
    assert "1 new message." in text
