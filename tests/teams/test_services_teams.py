"""Raising teams and campaigns; joining and leaving."""

from datetime import date, timedelta

import pytest
from django.http import Http404

from nhipcau.teams import services
from nhipcau.teams.access import actor_of
from nhipcau.teams.enums import TeamKind, TeamRole
from nhipcau.teams.models import Team, TeamMembership
from nhipcau.teams.queries import Strength, strength_of, team_members, teams_of
from nhipcau.teams.rules import UnableToEdit, UnableToJoin
from nhipcau.teams.services.teams import UnableToMakeTeam, UnableToStartCampaign
from tests.factories.cast import NOW, Cast

pytestmark = pytest.mark.django_db
TODAY = date(2025, 7, 3)
LATER = NOW + timedelta(days=7)


@pytest.fixture
def team(cast: Cast) -> Team:
    return services.make_team(by=actor_of(cast.leader, NOW), now=NOW, name=" Đội Lạc Dương ", commune="24848")


def test_a_team_is_made_in_ones_own_commune(cast: Cast, team: Team) -> None:
    assert (team.name, team.starts_on, team.kind) == ("Đội Lạc Dương", TODAY, TeamKind.COMMUNE)
    for member, commune in ((cast.leader, "24846"), (cast.outsider, "24848"), (cast.volunteer, "24848")):
        with pytest.raises(UnableToEdit):
            services.make_team(by=actor_of(member, NOW), now=NOW, name="Đội", commune=commune)


@pytest.mark.parametrize(("name", "commune"), [("Đội Lạc Dương", "24848"), ("  ", "24848"), ("Đội", "68")])
def test_what_is_no_team(team: Team, name: str, commune: str) -> None:
    with pytest.raises(UnableToMakeTeam):
        services.make_team(by=None, now=NOW, name=name, commune=commune)


def test_members_come_leader_first_and_once(cast: Cast, team: Team) -> None:
    services.add_to_team(by=None, now=NOW, team=team, member=cast.volunteer)
    services.add_to_team(by=None, now=NOW, team=team, member=cast.leader, role=TeamRole.LEADER)
    services.add_to_team(by=None, now=NOW, team=team, member=cast.coordinator, role=TeamRole.DEPUTY)
    parts = [row.role for row in team_members(team, today=TODAY)]
    assert parts == ["leader", "deputy", "member"]
    with pytest.raises(UnableToJoin):
        services.add_to_team(by=None, now=NOW, team=team, member=cast.volunteer, role=TeamRole.DEPUTY)
    with pytest.raises(UnableToJoin):
        services.add_to_team(by=None, now=NOW, team=team, member=cast.official, role=TeamRole.LEADER)
    assert list(teams_of(cast.volunteer.pk, today=TODAY)) == [team]


def test_a_part_changes_and_the_old_one_stays_on_record(cast: Cast, team: Team) -> None:
    row = services.add_to_team(by=None, now=NOW, team=team, member=cast.volunteer)
    leader = actor_of(cast.leader, LATER)
    services.set_team_role(by=leader, now=LATER, membership=row, role=TeamRole.DEPUTY)
    assert [r.role for r in team_members(team, today=TODAY)] == ["member"]
    assert [r.role for r in team_members(team, today=LATER.date())] == ["deputy"]


def test_leaving_and_coming_back(cast: Cast, team: Team) -> None:
    row = services.add_to_team(by=None, now=NOW, team=team, member=cast.volunteer)
    services.end_membership(by=actor_of(cast.leader, LATER), now=LATER, membership=row)
    with pytest.raises(UnableToJoin):
        services.end_membership(by=None, now=LATER, membership=row)
    services.add_to_team(by=None, now=LATER, team=team, member=cast.volunteer)
    assert TeamMembership.objects.filter(team=team, member=cast.volunteer).count() == 2


def test_one_leaves_oneself_but_not_the_team_one_leads(cast: Cast, team: Team) -> None:
    row = services.add_to_team(by=None, now=NOW, team=team, member=cast.volunteer)
    led = services.add_to_team(by=None, now=NOW, team=team, member=cast.leader, role=TeamRole.LEADER)
    with pytest.raises(Http404):
        services.leave_team(by=actor_of(cast.neighbour_volunteer, LATER), now=LATER, membership=row)
    with pytest.raises(UnableToJoin):
        services.leave_team(by=actor_of(cast.leader, LATER), now=LATER, membership=led)
    services.leave_team(by=actor_of(cast.volunteer, LATER), now=LATER, membership=row)
    assert [one.member for one in team_members(team, today=LATER.date())] == [cast.leader]
    with pytest.raises(UnableToJoin):
        services.leave_team(by=actor_of(cast.volunteer, LATER), now=LATER, membership=row)


def test_a_stranger_changes_nobodys_team(cast: Cast, team: Team) -> None:
    row = services.add_to_team(by=None, now=NOW, team=team, member=cast.volunteer)
    outsider = actor_of(cast.outsider, LATER)
    with pytest.raises(UnableToEdit):
        services.end_membership(by=outsider, now=LATER, membership=row)
    with pytest.raises(UnableToEdit):
        services.set_team_role(by=outsider, now=LATER, membership=row, role=TeamRole.DEPUTY)
    with pytest.raises(UnableToEdit):
        services.add_to_team(by=outsider, now=LATER, team=team, member=cast.outsider)
    with pytest.raises(UnableToEdit):
        services.edit_team(by=outsider, now=LATER, team=team, name="X", kind=TeamKind.MOBILE, ends_on=None)


def test_an_ended_team_takes_nobody_and_does_not_count(cast: Cast, team: Team) -> None:
    services.add_to_team(by=None, now=NOW, team=team, member=cast.volunteer)
    assert strength_of("24848", TODAY) == strength_of("68", TODAY) == Strength(teams=1, members=1)
    assert strength_of("VN", TODAY) == Strength(teams=1, members=1)
    assert strength_of("24846", TODAY) == Strength(teams=0, members=0)
    services.edit_team(
        by=None, now=LATER, team=team, name=team.name, kind=TeamKind.MOBILE, ends_on=LATER.date()
    )
    assert strength_of("24848", LATER.date()) == Strength(teams=0, members=0)
    with pytest.raises(UnableToJoin):
        services.add_to_team(by=None, now=LATER, team=team, member=cast.leader)
    with pytest.raises(UnableToMakeTeam):
        services.edit_team(by=None, now=LATER, team=team, name=team.name, kind=TeamKind.MOBILE, ends_on=TODAY)


def test_campaigns_belong_to_a_place_of_ones_own(cast: Cast) -> None:
    values = {"name": "Hè 2025", "starts_on": TODAY, "ends_on": LATER.date(), "now": NOW}
    made = services.start_campaign(
        by=actor_of(cast.province, NOW), unit_code="68", goals={"people": 24000}, **values
    )
    assert made.goals == {"people": 24000}
    with pytest.raises(UnableToEdit):
        services.start_campaign(by=actor_of(cast.leader, NOW), unit_code="68", **values)
    with pytest.raises(UnableToEdit):
        services.start_campaign(by=actor_of(cast.province, NOW), unit_code="VN", **values)
    with pytest.raises(UnableToStartCampaign):
        services.start_campaign(by=None, unit_code="68", **values)
    with pytest.raises(UnableToStartCampaign):
        services.start_campaign(by=None, unit_code="00", **values)
    with pytest.raises(UnableToStartCampaign):
        services.start_campaign(by=None, unit_code="66", **{**values, "ends_on": TODAY})
