"""What is planned for somebody who works in the field: visits, a class, a shift; made when asked for."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nhipcau.attendance.rules.codes import code_at
from nhipcau.cases.queries import frozen_version
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.places.models import Unit
from nhipcau.procedures.queries import get_procedure
from nhipcau.shifts.models import Shift
from nhipcau.teams import services as teams
from nhipcau.teams.access import actor_of
from nhipcau.teams.enums import Role
from nhipcau.teams.models import Member, Team
from nhipcau.visits.services import NewVisit, plan_visit

from .classes import make_class
from .field_work import GUIDE
from .rosters import make_post, make_shift, make_sign_up

HOUR = timedelta(hours=1)


def lead(commune: str) -> Member:
    """Who plans there."""
    name, now = f"dan.{commune}", clock.now()
    found = Member.objects.filter(username=name).first()
    if found is None:
        found = teams.register_member(by=None, now=now, username=name, name="Bạn Dẫn", commune=commune)
        teams.grant_role(by=None, now=now, member=found, role=Role.TEAM_LEADER, unit_code=commune)
    return found


def team_of(commune: str) -> Team:
    found = Team.objects.filter(commune_id=commune).order_by("id").first()
    return found or teams.make_team(by=None, now=clock.now(), name="Đội Mẫu", commune=commune)


def plan_shift(member: Member, now: datetime) -> Shift:
    """Begun an hour ago, if today is as old; the member is on it."""
    post = make_post(team_of(str(member.commune_id)), name=f"Bàn {secrets.token_hex(3)}")
    start = clock.day_bounds(clock.local_date(now))[0]
    begun = max(0.0, (now - start) / HOUR - 1)
    need = make_shift(post, day=clock.local_date(now), hours=(begun, min(23.99, begun + 3)))
    make_sign_up(need, member)
    return need.shift


def plan_at_home(leader: Member, member: Member, starts_at: datetime, ends_at: datetime) -> str:
    """A visit; its id."""
    now = clock.now()
    visit = NewVisit(
        id=new_id(), commune=str(member.commune_id), starts_at=starts_at, ends_at=ends_at,
        visitors=(member.pk,), topic="vneid", hamlet="Thôn Mẫu", address="Nhà số 7", notes="Gõ cửa to",
    )  # fmt: skip
    return str(plan_visit(visit=visit, by=actor_of(leader, now), now=now).pk)


def guide_in(commune: str) -> str:
    """The version of `GUIDE` against which a case of today is held there."""
    province = Unit.objects.get(pk=commune).parent_id or ""
    version = frozen_version(get_procedure(GUIDE), clock.local_date(clock.now()), province)
    assert version is not None
    return str(version.pk)


@dataclass
class FieldPlans:
    """Of one member, who has no others. At most so many visits; one shift, one class."""

    member: Member
    most_visits: int = 3
    commune: str = field(init=False)
    _visits: int = 0
    _shifts: int = 0
    _lesson: str = ""
    _guide: str = ""

    def __post_init__(self) -> None:
        self.commune = str(self.member.commune_id)

    def visit(self) -> str | None:
        """Tomorrow, one after the other."""
        if self._visits == self.most_visits:
            return None
        self._visits += 1
        tomorrow = clock.day_bounds(clock.local_date(clock.now()))[1]
        starts_at = tomorrow + (6 + self._visits) * HOUR
        return plan_at_home(lead(self.commune), self.member, starts_at, starts_at + HOUR)

    def lesson(self) -> str:
        """A class that is on now."""
        if not self._lesson:
            leader, now = lead(self.commune), clock.now()
            row = make_class(leader, self.member, now=now, starts_at=now - HOUR, commune=self.commune)
            self._lesson = str(row.pk)
        return self._lesson

    def shift(self) -> tuple[str, str] | None:
        """One that is on now, and what the screen of its post shows."""
        if self._shifts:
            return None
        self._shifts += 1
        now = clock.now()
        shift = plan_shift(self.member, now)
        return str(shift.pk), code_at(shift.post_id, now)

    def guide(self) -> str:
        """The version against which a case of today is held."""
        if not self._guide:
            self._guide = guide_in(self.commune)
        return self._guide
