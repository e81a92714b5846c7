"""Two communes for help between teams: one that lacks people, one that can spare some."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest

from nhipcau.core.ids import new_id
from nhipcau.reinforcement import services
from nhipcau.reinforcement.models import Request
from nhipcau.shifts.models import Post, ShiftNeed
from nhipcau.teams import services as teams
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.teams.enums import Role, TeamRole
from nhipcau.teams.models import Member, Team
from nhipcau.volunteers.models import WeeklyAvailability
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import SHIFT_DAY, make_member, make_post, make_shift, make_team


def make_helpers(cast: Cast) -> tuple[Team, Member, list[Member]]:
    """A team next door with a leader of its own and two members who are free on weekday mornings."""
    team = teams.make_team(by=None, now=NOW, name="Đội Lang Biang", commune=cast.neighbour.code)
    leader = make_member("langbiang", cast.neighbour.code, name="Đội trưởng bên cạnh")
    teams.grant_role(by=None, now=NOW, member=leader, role=Role.TEAM_LEADER, unit_code=cast.neighbour.code)
    helper = make_member("helper", cast.neighbour.code, name="Bạn giúp Mẫu")
    people = [cast.neighbour_volunteer, helper]
    start = date(2025, 6, 10)
    teams.add_to_team(by=None, now=NOW, team=team, member=leader, role=TeamRole.LEADER, starts_on=start)
    for member in people:
        teams.add_to_team(by=None, now=NOW, team=team, member=member, starts_on=start)
    WeeklyAvailability.objects.bulk_create(
        [
            WeeklyAvailability(member=member, weekday=weekday, part="morning")
            for member in people
            for weekday in range(5)
        ]
    )
    return team, leader, people


@dataclass
class Story:
    """Who is who, and the short shift from which the request grew."""

    cast: Cast
    team: Team
    post: Post
    need: ShiftNeed
    helpers: Team
    helping_leader: Member
    people: list[Member]

    def actor(self, member: Member) -> MemberActor:
        return actor_of(member, NOW)

    @property
    def leader(self) -> MemberActor:
        return self.actor(self.cast.leader)

    @property
    def province(self) -> MemberActor:
        return self.actor(self.cast.province)

    @property
    def sender(self) -> MemberActor:
        return self.actor(self.helping_leader)

    def new(self, **changes: object) -> services.NewRequest:
        values: dict[str, object] = {
            "id": new_id(),
            "team": self.team.pk,
            "starts_on": SHIFT_DAY,
            "ends_on": date(2025, 7, 12),
            "parts": ("morning",),
            "people": 1,
            "why": "too_few",
            "shifts": (self.need.shift_id,),
        }
        return services.NewRequest(**(values | changes))  # type: ignore[arg-type]  # the values of a test

    def ask(self, **changes: object) -> Request:
        return services.ask_for_help(request=self.new(**changes), by=self.leader, now=NOW)

    def offer(self, request: Request, *people: Member) -> UUID:
        members = [one.pk for one in people or self.people]
        offer = services.offer_people(
            request_id=request.pk, team_id=self.helpers.pk, members=members, by=self.province, now=NOW
        )
        return offer.pk


@pytest.fixture
def story(cast: Cast) -> Story:
    """Lạc Dương lacks two people on Monday morning; Lang Biang next door has two who are free."""
    team = make_team(cast)
    post = make_post(team)
    need = make_shift(post, minimum=2, ideal=2, maximum=3)
    return Story(cast, team, post, need, *make_helpers(cast))
