"""The office plans, changes and calls off through the pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.audit.models import Entry
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from nhipcau.visits import services
from nhipcau.visits.models import Visit
from tests.cases.conftest import open_case
from tests.factories.cast import Cast
from tests.factories.rosters import make_post, make_shift, make_sign_up, make_team
from tests.factories.visiting import make_visits, result

pytestmark = pytest.mark.django_db
SignIn = Callable[[Member], Client]


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    """The form as a leader fills it in, for tomorrow morning."""
    values = {
        "id": str(new_id()),
        "commune": "24848",
        "need": "topic:vneid",
        "day": str(clock.local_date(clock.now()) + timedelta(days=1)),
        "starts": "08:00",
        "ends": "10:00",
        "visitors": [str(cast.volunteer.pk), str(cast.leader.pk)],
        "hamlet": "Thôn Mẫu",
        "address": "Nhà số 7",
        "notes": "",
    }
    return values | changes


@pytest.fixture
def planned(cast: Cast) -> Visit:
    samples = make_visits(volunteer=cast.volunteer, leader=cast.leader, now=clock.now())
    return Visit.objects.get(pk=samples["visit"])


def test_a_leader_plans_a_visit_and_sends_the_form_twice(cast: Cast, sign_in: SignIn) -> None:
    client, form = sign_in(cast.leader), typed(cast)
    for _time in range(2):
        answer = client.post(reverse("visits:plan"), form)
        assert answer.status_code == 302
    visit = Visit.objects.get()
    assert answer["Location"] == reverse("visits:visit", args=[visit.pk])
    assert (str(visit.pk), visit.starts_at.hour, visit.topic) == (form["id"], 1, "vneid")
    assert visit.visitors.count() == 2


def test_who_goes_alone_may_and_it_is_said(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.leader)
    form = typed(cast, visitors=[str(cast.volunteer.pk)])
    answer = client.post(reverse("visits:plan"), form, follow=True)
    assert answer.status_code == 200
    assert "Một người đi một mình" in answer.content.decode()


@pytest.mark.parametrize(("hour", "warned"), [(7, True), (9, True), (13, False)])
def test_a_shift_at_the_same_time_is_said(cast: Cast, sign_in: SignIn, hour: int, warned: bool) -> None:
    day = clock.local_date(clock.now()) + timedelta(days=1)
    shift = make_shift(make_post(make_team(cast)), day=day, hours=(hour, hour + 2))
    make_sign_up(shift, cast.volunteer)
    client = sign_in(cast.leader)
    answer = client.post(reverse("visits:plan"), typed(cast, starts="08:30", ends="10:00"), follow=True)
    assert answer.status_code == 200
    warnings = [str(each) for each in answer.context["messages"] if each.level_tag == "warning"]
    assert [cast.volunteer.name in each for each in warnings] == [True] * warned
    visit = Visit.objects.get()
    change = {**typed(cast, starts="08:00", ends="10:30"), "version": visit.version}
    answer = client.post(reverse("visits:change", args=[visit.pk]), change, follow=True)
    warnings = [str(each) for each in answer.context["messages"] if each.level_tag == "warning"]
    assert [cast.volunteer.name in each for each in warnings] == [True] * warned


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"visitors": []}, "visitors"),
        ({"ends": "08:00"}, "ends"),
        ({"day": "2021-01-01"}, "2021"),
        ({"need": "topic:nothing"}, "need"),
        ({"address": "0912 345 678"}, "address"),
        ({"hamlet": "x" * 81}, "hamlet"),
        ({"case": str(new_id())}, ""),
        ({"case": "x"}, ""),
    ],
)
def test_what_cannot_be_is_said(cast: Cast, sign_in: SignIn, changes: dict[str, Any], words: str) -> None:
    answer = sign_in(cast.leader).post(reverse("visits:plan"), typed(cast, **changes))
    assert answer.status_code == (404 if "case" in changes else 422)
    assert words in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_visit_grows_out_of_a_case(cast: Cast, sign_in: SignIn) -> None:
    case = open_case(actor_of(cast.volunteer, clock.now()))
    client, url = sign_in(cast.leader), reverse("visits:plan")
    page = client.get(url, {"case": str(case.pk)}).content.decode()
    assert case.code in page
    assert 'value="procedure:birth-registration" selected' in page
    client.post(url, typed(cast, case=str(case.pk), need="procedure:birth-registration"))
    assert Visit.objects.get().case_id == case.pk
    assert sign_in(cast.outsider).get(url, {"case": str(case.pk)}).status_code == 404


def test_a_change_shows_and_is_refused_when_stale(cast: Cast, sign_in: SignIn, planned: Visit) -> None:
    client, url = sign_in(cast.leader), reverse("visits:change", args=[planned.pk])
    looks = Entry.objects.filter(action="read", entity_id=str(planned.pk))
    assert not looks.exists()
    assert "Nhà số 7" in client.get(url).content.decode()
    assert looks.count() == 1
    form = typed(cast, version="1", notes="Mang máy in")
    assert client.post(url, form).status_code == 302
    planned.refresh_from_db()
    assert (planned.notes, planned.version) == ("Mang máy in", 2)
    answer = client.post(url, form | {"notes": "Khác"})
    assert answer.status_code == 422
    planned.refresh_from_db()
    assert planned.notes == "Mang máy in"


def test_calling_off_is_asked_first(cast: Cast, sign_in: SignIn, planned: Visit) -> None:
    client, url = sign_in(cast.leader), reverse("visits:cancel", args=[planned.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"version": "9"}).status_code == 409
    assert client.post(url, {"version": "1"}).status_code == 302
    planned.refresh_from_db()
    assert planned.state == "cancelled"


def test_a_result_is_not_planned_away(cast: Cast, sign_in: SignIn, planned: Visit) -> None:
    now = clock.now()
    services.record_result(
        visit_id=planned.pk, result=result(at=now), by=actor_of(cast.volunteer, now), now=now
    )
    client = sign_in(cast.leader)
    change = reverse("visits:change", args=[planned.pk])
    assert client.get(change).status_code == 422
    assert client.post(change, typed(cast)).status_code == 422
    assert client.post(reverse("visits:cancel", args=[planned.pk])).status_code == 409
    assert Visit.objects.get(pk=planned.pk).state == "done"
