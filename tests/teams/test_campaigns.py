"""Campaigns are started on one's own places; teams there can join them; others never see them."""

from datetime import timedelta

import pytest
from django.test import Client

from nhipcau.core import clock
from nhipcau.teams import services
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Campaign, Team
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
ADDRESS = "/teams/campaigns/"


def asked(place: str, **changes: str) -> dict[str, str]:
    today = clock.local_date(clock.now())
    days = {"starts_on": today.isoformat(), "last_on": (today + timedelta(days=5)).isoformat()}
    return {"name": "Hè tình nguyện", "place": place, **days, **changes}


def test_a_coordinator_starts_one_on_their_place(cast: Cast, client: Client) -> None:
    client.force_login(cast.coordinator)
    assert client.post(ADDRESS, asked("24848")).status_code == 302
    made = Campaign.objects.get()
    assert (made.unit_code, made.last_on - made.starts_on) == ("24848", timedelta(days=5))
    assert "Hè tình nguyện" in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    "changes",
    [{"place": "24846"}, {"place": "68"}, {"name": " "}, {"last_on": "2020-01-01"}, {"starts_on": "x"}],
)
def test_what_cannot_be_is_refused_and_kept_on_the_form(
    changes: dict[str, str], cast: Cast, client: Client
) -> None:
    client.force_login(cast.coordinator)
    page = client.post(ADDRESS, asked("24848") | changes)
    assert (page.status_code, Campaign.objects.count()) == (200, 0)
    assert page.context["form"].errors


def test_strangers_see_nothing_of_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.coordinator)
    client.post(ADDRESS, asked("24848"))
    client.force_login(cast.outsider)
    assert client.get(ADDRESS).context["rows"] == []
    client.force_login(cast.volunteer)
    assert client.get(ADDRESS).status_code == 404


def test_a_team_joins_and_leaves(cast: Cast, client: Client) -> None:
    now = clock.now()
    client.force_login(cast.coordinator)
    client.post(ADDRESS, asked("24848"))
    campaign = Campaign.objects.get()
    team = services.make_team(by=actor_of(cast.coordinator, now), now=now, name="Đội thử", commune="24848")
    for wanted, found in ((str(campaign.pk), campaign), ("", None)):
        sent = {"name": "Đội thử", "kind": team.kind, "campaign": wanted}
        assert client.post(f"/teams/{team.pk}/edit/", sent).status_code == 302
        assert Team.objects.get(pk=team.pk).campaign == found
