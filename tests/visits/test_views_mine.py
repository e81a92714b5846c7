"""The volunteer's pages: where I go, what it came to, and two different answers side by side."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from nhipcau.core import clock
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from nhipcau.visits import services
from nhipcau.visits.models import Visit
from nhipcau.visits.services import VisitChange
from tests.factories.cast import Cast
from tests.factories.visiting import make_visits, result

pytestmark = pytest.mark.django_db
SignIn = Callable[[Member], Client]


@pytest.fixture
def planned(cast: Cast) -> Visit:
    samples = make_visits(volunteer=cast.volunteer, leader=cast.leader, now=clock.now())
    return Visit.objects.get(pk=samples["visit"])


def typed(**changes: Any) -> dict[str, Any]:
    moment = localtime(clock.now())
    values = {
        "version": "1",
        "state": "done",
        "minutes": "30",
        "next_step": "nothing",
        "day": f"{moment:%Y-%m-%d}",
        "time": f"{moment:%H:%M}",
        "note": "Xong",
    }
    return values | changes


def test_a_result_is_written_down_once(cast: Cast, sign_in: SignIn, planned: Visit) -> None:
    client, url = sign_in(cast.volunteer), reverse("visits:result", args=[planned.pk])
    assert client.get(url).status_code == 200
    form = typed()
    for _time in range(2):
        assert client.post(url, form).status_code == 302
    planned.refresh_from_db()
    assert (planned.state, planned.minutes, planned.result_note, planned.version) == ("done", 30, "Xong", 2)
    # One looks at one's own result again and corrects it.
    assert 'value="2"' in client.get(url).content.decode()
    assert client.post(url, typed(version="2", minutes="45")).status_code == 302
    planned.refresh_from_db()
    assert planned.minutes == 45


@pytest.mark.parametrize(
    "changes",
    [{"state": ""}, {"minutes": ""}, {"minutes": "0"}, {"next_step": ""}, {"day": "2099-01-01"},
     {"note": "0912345678"}, {"version": ""}, {"state": "planned"}],
)  # fmt: skip
def test_what_cannot_be_is_said(cast: Cast, sign_in: SignIn, planned: Visit, changes: dict[str, str]) -> None:
    answer = sign_in(cast.volunteer).post(reverse("visits:result", args=[planned.pk]), typed(**changes))
    assert answer.status_code == 422
    assert Visit.objects.get(pk=planned.pk).state == "planned"


def test_two_answers_stand_side_by_side_and_a_person_decides(
    cast: Cast, sign_in: SignIn, planned: Visit
) -> None:
    now = clock.now()
    services.record_result(
        visit_id=planned.pk,
        result=result(at=now, note="Đã gặp bà cụ"),
        by=actor_of(cast.leader, now),
        now=now,
    )
    client, url = sign_in(cast.volunteer), reverse("visits:result", args=[planned.pk])
    mine = typed(state="not_home", minutes="", note="Cửa đóng")
    answer = client.post(url, mine)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Đã gặp bà cụ" in text
    assert "Cửa đóng" in text
    assert 'name="instead_of" value="2"' in text
    # What stands has changed again: shown once more.
    assert client.post(url, mine | {"instead_of": "1"}).status_code == 409
    assert client.post(url, mine | {"instead_of": "2"}).status_code == 302
    planned.refresh_from_db()
    assert (planned.state, planned.result_by_id) == ("not_home", cast.volunteer.pk)
    page = client.get(reverse("visits:visit", args=[planned.pk])).content.decode()
    assert "Đã gặp bà cụ" in page


def test_whoever_was_taken_off_meanwhile_still_brings_the_result(
    cast: Cast, sign_in: SignIn, planned: Visit
) -> None:
    services.change_visit(
        visit_id=planned.pk,
        change=VisitChange(visitors=(cast.leader.pk,)),
        by=actor_of(cast.leader, clock.now()),
        now=clock.now(),
    )
    client = sign_in(cast.volunteer)
    answer = client.post(reverse("visits:result", args=[planned.pk]), typed())
    assert answer["Location"] == reverse("visits:mine")
    assert client.get(reverse("visits:visit", args=[planned.pk])).status_code == 404
    assert Visit.objects.get(pk=planned.pk).result_by_id == cast.volunteer.pk


def test_the_home_page_leads_here(cast: Cast, sign_in: SignIn) -> None:
    home = reverse("portal:home")
    volunteer = sign_in(cast.volunteer).get(home).content.decode()
    assert reverse("visits:mine") in volunteer
    assert f'href="{reverse("visits:visits")}"' not in volunteer
    assert f'href="{reverse("visits:visits")}"' in sign_in(cast.leader).get(home).content.decode()
