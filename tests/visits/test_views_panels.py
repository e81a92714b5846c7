"""On the page of a case: its visits, and planning another for those who may."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.cases import services as cases
from nhipcau.core import clock
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.teams.models import Member
from tests.cases.conftest import open_case
from tests.factories.cast import Cast
from tests.factories.visiting import ADDRESS, NOTES, make_visit

pytestmark = pytest.mark.django_db
SignIn = Callable[[Member], Client]


def test_a_case_shows_its_visits(cast: Cast, sign_in: SignIn, volunteer: MemberActor) -> None:
    now = clock.now()
    case = open_case(actor_of(cast.volunteer, now), now=now)
    page = reverse("cases:case", args=[case.pk])
    plan = reverse("visits:plan") + f"?case={case.pk}"

    def shown(member: Member) -> str:
        return sign_in(member).get(page).content.decode()

    assert plan in shown(cast.leader)
    assert plan not in shown(cast.official)
    assert plan not in shown(cast.volunteer)
    visit = make_visit(
        cast,
        actor_of(cast.leader, now),
        now=now,
        starts_at=clock.day_bounds(clock.local_date(now))[1],
        case=case.pk,
        visitors=(cast.leader.pk, cast.coordinator.pk),
    )
    link = reverse("visits:visit", args=[visit.pk])
    for member, there in ((cast.leader, True), (cast.official, True), (cast.volunteer, False)):
        text = shown(member)
        assert (link in text) == there, member
        assert ADDRESS not in text
        assert NOTES not in text
    for to in ("papers_ready", "closed_done"):
        cases.move_case(case_id=case.pk, to=to, by=actor_of(cast.leader, now), now=now)
    assert plan not in shown(cast.leader)
