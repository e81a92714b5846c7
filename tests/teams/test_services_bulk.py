"""Many at once: the same rules, all or nothing, and fast."""

import time
from uuid import UUID

import pytest

from nhipcau.core.ids import new_id
from nhipcau.teams import services
from nhipcau.teams.access import actor_of
from nhipcau.teams.enums import Permission, Role, TeamRole
from nhipcau.teams.models import Grant, Member, Team, TeamMembership
from nhipcau.teams.queries import Strength, strength_of
from nhipcau.teams.rules import UnableToEdit, UnableToGrant, UnableToRegister
from nhipcau.teams.services.teams import UnableToMakeTeam
from tests.factories.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def crew(size: int, team: UUID | None = None, **changes: object) -> list[services.NewMember]:
    return [
        services.NewMember(
            **{
                "username": f"mau{number:04}",
                "name": f"Mẫu {number}",
                "commune": "24848",
                "phone": "0263 555 0123",
                "languages": {"vi": "native"},
                "team": team,
                "team_role": TeamRole.LEADER if number == 0 and team else TeamRole.MEMBER,
                "roles": ((Role.VOLUNTEER, "24848"),),
                **changes,
            }  # type: ignore[arg-type]  # a test's shorthand
        )
        for number in range(size)
    ]


def test_teams_and_members_in_the_order_given(cast: Cast) -> None:
    key = new_id()
    teams = services.add_teams_in_bulk(
        by=None,
        now=NOW,
        teams=[
            services.NewTeam(name="B", commune="24848", id=key),
            services.NewTeam(name="A", commune="24846"),
        ],
    )
    assert [team.name for team in teams] == ["B", "A"]
    members = services.add_members_in_bulk(by=None, now=NOW, members=crew(10, key))
    assert [member.username for member in members][:2] == ["mau0000", "mau0001"]
    assert strength_of("24848", NOW.date()) == Strength(teams=1, members=10)
    last = Member.objects.get(username="mau0009")
    assert last.phone == "0263 555 0123"
    assert actor_of(last, NOW).may(Permission.CASES_RECORD_SESSION)
    assert not last.has_usable_password()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"username": "same"}, UnableToRegister),
        ({"username": "leader"}, UnableToRegister),
        ({"phone": "x"}, UnableToRegister),
        ({"commune": "00000"}, UnableToRegister),
        ({"team": UUID(int=7)}, UnableToRegister),
        ({"languages": {"xxx": "good"}}, UnableToRegister),
        ({"roles": ((Role.VOLUNTEER, "00000"),)}, UnableToGrant),
        ({"roles": ((Role.VOLUNTEER, "68"),)}, UnableToGrant),
    ],
)
def test_one_wrong_row_leaves_nothing(cast: Cast, changes: dict[str, object], error: type[Exception]) -> None:
    before = (Member.objects.count(), Grant.objects.count(), TeamMembership.objects.count())
    with pytest.raises(error):
        services.add_members_in_bulk(by=None, now=NOW, members=crew(3, **changes))
    assert (Member.objects.count(), Grant.objects.count(), TeamMembership.objects.count()) == before


def test_bulk_is_no_way_round_the_rules(cast: Cast) -> None:
    leader = actor_of(cast.leader, NOW)
    with pytest.raises(UnableToEdit):
        services.add_teams_in_bulk(by=leader, now=NOW, teams=[services.NewTeam(name="X", commune="24846")])
    with pytest.raises(UnableToEdit):
        services.add_members_in_bulk(by=leader, now=NOW, members=crew(1, commune="24846", roles=()))
    with pytest.raises(UnableToGrant):
        services.add_members_in_bulk(by=leader, now=NOW, members=crew(1, roles=((Role.OFFICIAL, "24848"),)))
    elsewhere = services.make_team(by=None, now=NOW, name="Y", commune="24846")
    with pytest.raises(UnableToEdit):
        services.add_members_in_bulk(by=leader, now=NOW, members=crew(1, elsewhere.pk))
    assert len(services.add_members_in_bulk(by=leader, now=NOW, members=crew(2))) == 2


def test_two_teams_of_one_name_leave_none(cast: Cast) -> None:
    twice = [services.NewTeam(name="X", commune="24848")] * 2
    with pytest.raises(UnableToMakeTeam):
        services.add_teams_in_bulk(by=None, now=NOW, teams=twice)
    assert not Team.objects.exists()


def test_a_province_is_ready_in_seconds(cast: Cast) -> None:
    start = time.process_time()
    services.add_members_in_bulk(by=None, now=NOW, members=crew(1267))
    assert time.process_time() - start < 5
