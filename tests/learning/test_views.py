"""Pages: a leader plans, changes, cancels; a trainer counts with one tap; strangers find nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.learning.models import Attendee, PublicClass
from nhipcau.teams.models import Member
from tests.factories.cast import Cast
from tests.factories.classes import HOUR, make_class


def browser(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def row(cast: Cast) -> PublicClass:
    """A class that goes on now."""
    now = clock.now()
    return make_class(cast.leader, cast.volunteer, now=now, starts_at=now - HOUR)


def typed(cast: Cast, **values: Any) -> dict[str, Any]:
    """What a leader types: tomorrow from 19:00 to 20:30."""
    tomorrow = clock.local_date(clock.now()) + timedelta(days=1)
    return {
        "id": str(new_id()),
        "commune": "24848",
        "need": "topic:vneid",
        "title": "Dùng VNeID",
        "day": tomorrow.isoformat(),
        "starts": "19:00",
        "ends": "20:30",
        "point": "elsewhere",
        "place": "Nhà văn hoá thôn 3",
        "trainers": [str(cast.volunteer.pk)],
        "expected": "",
    } | values


def page(name: str, row: PublicClass) -> str:
    return reverse(f"learning:{name}", args=[row.pk])


def test_a_leader_plans_a_class_once(cast: Cast) -> None:
    client, said = browser(cast.leader), typed(cast)
    for _time in range(2):
        answer = client.post(reverse("learning:plan"), said)
        row = PublicClass.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, page("class", row))
    assert clock.local_date(row.starts_at) == row.day
    assert row.starts_at.astimezone(clock.VIETNAM).hour == 19
    shown = browser(cast.volunteer).get(reverse("learning:mine"))
    assert "Dùng VNeID" in shown.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends": "18:00"},
        {"place": ""},
        {"point": ""},
        {"trainers": []},
        {"need": ""},
        {"id": "x"},
        {"need": "topic:other", "title": ""},
        {"expected": "501"},
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(cast: Cast, wrong: dict[str, Any]) -> None:
    answer = browser(cast.leader).post(reverse("learning:plan"), typed(cast, **wrong))
    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.content.decode()
    assert not PublicClass.objects.exists()


def test_a_leader_changes_a_class_and_hears_when_somebody_was_faster(cast: Cast) -> None:
    client, said = browser(cast.leader), typed(cast)
    client.post(reverse("learning:plan"), said)
    row = PublicClass.objects.get()
    shown = client.get(page("change", row)).context["form"]
    assert (shown["starts"].value().hour, shown["trainers"].value()) == (19, [str(cast.volunteer.pk)])
    said |= {"version": "1", "place": "Chợ", "trainers": [str(cast.leader.pk)]}
    assert client.post(page("change", row), said).status_code == 302
    answer = client.post(page("change", row), said | {"place": "Đình"})
    row.refresh_from_db()
    assert (answer.status_code, row.place, row.version) == (422, "Chợ", 2)


def test_cancelled_then_held_after_all(cast: Cast, row: PublicClass) -> None:
    client = browser(cast.leader)
    assert client.post(page("cancel", row)).status_code == 302
    assert browser(cast.volunteer).get(page("count", row)).status_code == 200
    assert client.post(page("close", row)).status_code == 302
    row.refresh_from_db()
    assert row.state == "held"
    answer = client.post(page("cancel", row))
    assert (answer.status_code, row.state) == (422, "held")


def test_one_tap_is_one_person_and_the_same_page_sent_twice_counts_once(cast: Cast, row: PublicClass) -> None:
    client = browser(cast.volunteer)
    shown = client.get(page("count", row))
    said = {"id": str(shown.context["new_id"]), "age_band": "60_74"}
    for _time in range(2):
        assert client.post(page("count", row), said).status_code == 302
    assert Attendee.objects.get().age_band == "60_74"
    shown = client.get(page("count", row))
    assert shown.context["numbers"].people == 1
    assert shown.context["last"].pk == Attendee.objects.get().pk


def test_language_and_independence_are_said_afterwards_and_the_last_one_taken_back(
    cast: Cast, row: PublicClass
) -> None:
    client = browser(cast.volunteer)
    made = client.get(page("count", row)).context["new_id"]
    client.post(page("count", row), {"id": made, "age_band": "75_up"})
    about = {"id": str(new_id()), "language": "cjm", "alone": "half"}
    for _time in range(2):
        answer = client.post(reverse("learning:correct", args=[row.pk, made]), about)
        assert answer.status_code == 302
    left = Attendee.objects.get(removed_at__isnull=True)
    assert (left.age_band, left.language, left.alone) == ("75_up", "cjm", "half")
    client.post(reverse("learning:take_back", args=[row.pk, left.pk]))
    assert not Attendee.objects.filter(removed_at__isnull=True).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "x"},
        {"age_band": "old"},
        {"age_band": ""},
        {"id": "ffffffff-ffff-7fff-bfff-ffffffffffff"},
        {"id": "00000000-0000-7000-8000-000000000000"},
    ],
)
def test_what_no_page_sends_counts_nobody(cast: Cast, row: PublicClass, wrong: dict[str, str]) -> None:
    said = {"id": str(new_id()), "age_band": "60_74"} | wrong
    answer = browser(cast.volunteer).post(page("count", row), said)
    assert answer.status_code == 422
    assert not Attendee.objects.exists()


@pytest.mark.parametrize("part", ["neighbour_volunteer", "outsider", "administrator"])
def test_strangers_find_no_class(cast: Cast, row: PublicClass, part: str) -> None:
    client = browser(cast.everyone()[part])
    for name in ("class", "change", "count"):
        assert client.get(page(name, row)).status_code == 404
    for name in ("cancel", "close", "count"):
        assert client.post(page(name, row), {"id": str(new_id()), "age_band": "60_74"}).status_code == 404
    assert "Nhà văn hoá" not in client.get(reverse("learning:mine")).content.decode()


def test_beyond_the_team_few_people_are_not_shown(cast: Cast, row: PublicClass) -> None:
    client = browser(cast.volunteer)
    for _one in range(4):
        client.post(page("count", row), {"id": str(new_id()), "age_band": "60_74"})
    assert browser(cast.leader).get(page("class", row)).context["numbers"].people == 4
    seen = browser(cast.official).get(page("class", row))
    assert seen.context["numbers"].people is None
    assert "nc-lead" not in seen.content.decode()
    assert browser(cast.official).get(page("count", row)).status_code == 404
