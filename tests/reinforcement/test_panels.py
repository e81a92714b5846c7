"""From a short shift, and from a week with some, one link asks for help; only where it can be asked."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.reinforcement.models import Request
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Shift
from nhipcau.teams.models import Member
from tests.factories.cast import NOW
from tests.factories.rosters import SHIFT_DAY, make_shift, make_sign_up

from .conftest import Story


@pytest.fixture(autouse=True)
def at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The views ask for the present moment: the days of the cast."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def pages(story: Story) -> tuple[str, str]:
    week = reverse("staffing:week", args=[story.team.pk])
    return reverse("staffing:shift", args=[story.need.shift_id]), f"{week}?from={story.need.shift.day}"


def ways(client: Client, address: str) -> list[str]:
    """The links of a page that lead to asking, as a browser follows them."""
    page = client.get(address)
    assert page.status_code == 200
    found = re.findall(r'href="(/reinforcement/new/\?[^"]*)"', page.content.decode())
    return [one.replace("&amp;", "&") for one in found]


def test_one_link_from_the_shift_and_from_the_week_fills_the_form(story: Story) -> None:
    client = signed_in(story.cast.leader)
    other = make_shift(story.post, day=SHIFT_DAY + timedelta(days=1), minimum=2, maximum=3)
    make_sign_up(make_shift(story.post, day=SHIFT_DAY + timedelta(days=2), minimum=1), story.cast.volunteer)
    shift, week = pages(story)
    (one,), (both,) = ways(client, shift), ways(client, week)
    assert one == f"/reinforcement/new/?team={story.team.pk}&shift={story.need.shift_id}"
    assert client.get(one).context["form"]["shifts"].value() == [str(story.need.shift_id)]
    form = client.get(both).context["form"]
    assert form["shifts"].value() == [str(story.need.shift_id), str(other.shift_id)]
    assert (form["starts_on"].value(), form["last_on"].value()) == (SHIFT_DAY, other.shift.day)
    assert form["people"].value() == 2


def test_a_shift_months_ahead_is_asked_for_all_the_same(story: Story) -> None:
    client = signed_in(story.cast.leader)
    far = make_shift(story.post, day=SHIFT_DAY + timedelta(days=40), minimum=1)
    (way,) = ways(client, reverse("staffing:shift", args=[far.shift_id]))
    form = client.get(way).context["form"]
    assert form["shifts"].value() == [str(far.shift_id)]
    values = {name: form[name].value() for name in ("team", "shifts", "starts_on", "last_on", "parts")}
    values |= {"id": str(new_id()), "people": "1", "why": "too_few"}
    assert client.post("/reinforcement/new/", values).status_code == 302
    assert [row.shift_id for row in Request.objects.get().requested.all()] == [far.shift_id]
    assert client.get(f"/reinforcement/new/?team={story.team.pk}&shift=nonsense").status_code == 200


def test_nothing_to_ask_for_no_link(story: Story) -> None:
    """Prepared, called off, begun, or with enough people."""
    client = signed_in(story.cast.leader)
    shift = Shift.objects.filter(pk=story.need.shift_id)
    begun = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=4)}
    called_off = {"state": ShiftState.CANCELLED, "reason": "weather"}
    as_it_was = shift.values("state", "reason", "starts_at", "ends_at").get()
    for changes in ({"state": ShiftState.DRAFT}, called_off, begun):
        shift.update(**{**as_it_was, **changes})
        assert [ways(client, page) for page in pages(story)] == [[], []]
    shift.update(**as_it_was)
    assert [len(ways(client, page)) for page in pages(story)] == [1, 1]
    story.need.minimum = 0
    story.need.save()
    assert [ways(client, page) for page in pages(story)] == [[], []]


def test_only_who_may_ask_sees_the_link(story: Story) -> None:
    for member, number in ((story.cast.leader, 1), (story.cast.official, 0)):
        assert [len(ways(signed_in(member), page)) for page in pages(story)] == [number, number]


def test_what_is_asked_for_leads_to_its_request(story: Story) -> None:
    request = story.ask()
    client = signed_in(story.cast.leader)
    for page in pages(story):
        assert ways(client, page) == []
        assert f'href="/reinforcement/{request.pk}/"' in client.get(page).content.decode()
    make_shift(story.post, day=SHIFT_DAY + timedelta(days=1), minimum=2)
    (way,) = ways(client, pages(story)[1])
    assert str(story.need.shift_id) not in way


@pytest.mark.parametrize("number", [1, 3])
def test_the_link_costs_one_question_whatever_the_week(
    story: Story, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(1, number):
        make_shift(story.post, day=SHIFT_DAY + timedelta(days=day), minimum=2)
    client = signed_in(story.cast.leader)
    shift, week = pages(story)
    with django_assert_num_queries(9):
        client.get(week)
    with django_assert_num_queries(8):
        client.get(shift)
