"""Badges as pages: checked without an account, printed for a team."""

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.core import clock
from nhipcau.teams import services as teams
from nhipcau.teams.models import Team
from nhipcau.volunteers.models import (
    Badge,
)
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_badge_is_checked_without_an_account(cast: Cast, team: Team, client: Client) -> None:
    client.force_login(cast.volunteer)
    assert client.get(reverse("volunteers:badge_pdf")).status_code == 404
    client.post(reverse("volunteers:new_badge"))
    old = Badge.objects.get()
    assert client.get(reverse("volunteers:badge")).content.count(b"<svg") > 1
    pdf = client.get(reverse("volunteers:badge_pdf"))
    assert pdf.content.startswith(b"%PDF")
    client.post(reverse("volunteers:new_badge"))
    new = Badge.objects.get(revoked_at__isnull=True)
    client.logout()

    def page(token: str) -> str:
        answer = client.get(reverse("volunteers:check_badge", args=[token]))
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
        assert len(answer.content) < 60_000
        return answer.content.decode()

    assert cast.volunteer.name in page(new.token)
    assert team.name in page(new.token)
    # By this the field app knows what it is told.
    assert 'data-verdict="valid"' in page(new.token)
    assert 'data-verdict="replaced"' in page(old.token)
    for token in (old.token, "x" * 27, "unknown"):
        assert cast.volunteer.name not in page(token)
    teams.close_account(by=None, now=clock.now(), member=cast.volunteer)
    assert cast.volunteer.name not in page(new.token)


def test_badges_of_a_team_are_one_paper(cast: Cast, team: Team, client: Client) -> None:
    client.force_login(cast.leader)
    page = client.get(reverse("teams:team", args=[team.pk])).content.decode()
    assert reverse("volunteers:team_badges", args=[team.pk]) in page
    paper = client.post(reverse("volunteers:team_badges", args=[team.pk]))
    assert (paper["Content-Type"], paper.content[:4]) == ("application/pdf", b"%PDF")
