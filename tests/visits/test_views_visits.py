"""The list of a week and the page of a visit: what each reader is shown, and that looks are recorded."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.audit.models import Entry
from nhipcau.core import clock
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from nhipcau.visits import services
from nhipcau.visits.models import Visit
from tests.factories.cast import Cast
from tests.factories.visiting import ADDRESS, NOTES, make_visit, make_visits, result

pytestmark = pytest.mark.django_db
SignIn = Callable[[Member], Client]


@pytest.fixture
def planned(cast: Cast) -> Visit:
    samples = make_visits(volunteer=cast.volunteer, leader=cast.leader, now=clock.now())
    return Visit.objects.get(pk=samples["visit"])


def test_the_private_part_is_for_those_who_go_or_plan(cast: Cast, sign_in: SignIn, planned: Visit) -> None:
    url = reverse("visits:visit", args=[planned.pk])
    for member, private in (
        (cast.volunteer, True),
        (cast.leader, True),
        (cast.coordinator, True),
        (cast.official, False),
        (cast.province, False),
    ):
        before = Entry.objects.filter(action="read", entity="visits_visit").count()
        text = sign_in(member).get(url).content.decode()
        assert (ADDRESS in text, NOTES in text) == (private, private), member
        after = Entry.objects.filter(action="read", entity="visits_visit").count()
        assert after - before == int(private), member
    for stranger in (cast.outsider, cast.neighbour_volunteer, cast.nation, cast.administrator):
        assert sign_in(stranger).get(url).status_code == 404


def test_the_note_of_a_result_is_private_too(cast: Cast, sign_in: SignIn, planned: Visit) -> None:
    services.record_result(
        visit_id=planned.pk, result=result(at=clock.now()), by=actor_of(cast.volunteer, clock.now()),
        now=clock.now(),
    )  # fmt: skip
    url = reverse("visits:visit", args=[planned.pk])
    assert result().note in sign_in(cast.leader).get(url).content.decode()
    assert result().note not in sign_in(cast.official).get(url).content.decode()


def test_lists_show_no_home(cast: Cast, sign_in: SignIn, planned: Visit) -> None:
    pages = (
        (cast.leader, reverse("visits:visits") + f"?day={planned.day}"),
        (cast.official, reverse("visits:visits") + f"?from={planned.day}"),
        (cast.volunteer, reverse("visits:mine")),
    )
    for member, url in pages:
        text = sign_in(member).get(url).content.decode()
        assert reverse("visits:visit", args=[planned.pk]) in text
        assert ADDRESS not in text
        assert NOTES not in text


@pytest.mark.parametrize("query", ["day=x", "day=9999-12-31", "from=0001-01-01", "day=2020-01-01", "page=x"])
def test_any_day_may_be_asked_for(cast: Cast, sign_in: SignIn, query: str) -> None:
    assert sign_in(cast.leader).get(reverse("visits:visits") + f"?{query}").status_code == 200


def test_the_page_of_a_day_is_that_day(cast: Cast, sign_in: SignIn, planned: Visit) -> None:
    url = reverse("visits:visits")
    link = reverse("visits:visit", args=[planned.pk])
    client = sign_in(cast.leader)
    assert link in client.get(url, {"day": str(planned.day)}).content.decode()
    assert link not in client.get(url, {"day": str(planned.day + timedelta(days=1))}).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "part", "cost"), [("visits:visits", "leader", 6), ("visits:mine", "volunteer", 6)]
)
def test_what_a_list_costs(
    cast: Cast,
    sign_in: SignIn,
    name: str,
    part: str,
    cost: int,
    rows: int,
    django_assert_num_queries: Any,
) -> None:
    now = clock.now()
    start = clock.day_bounds(clock.local_date(now))[1]
    for number in range(rows):
        make_visit(cast, actor_of(cast.leader, now), now=now, starts_at=start + timedelta(hours=3 * number))
    client = sign_in(getattr(cast, part))
    url = reverse(name) + f"?day={clock.local_date(start)}"
    assert client.get(url).content.decode().count(str(Visit.objects.all()[0].pk)) == 1
    with django_assert_num_queries(cost):
        assert client.get(url).status_code == 200
