"""Teams, posts and shifts for tests: a team with the cast in it, a post, a shift with one need."""

from datetime import date, datetime, time, timedelta
from typing import Any

from nhipcau.core.clock import VIETNAM
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Post, Shift, ShiftNeed
from nhipcau.signups.enums import SignUpState, Source
from nhipcau.signups.models import SignUp
from nhipcau.teams import services as teams
from nhipcau.teams.enums import TeamRole
from nhipcau.teams.models import Member, Team

from .cast import NOW, Cast

SHIFT_DAY = date(2025, 7, 7)  # the Monday after NOW


def make_team(cast: Cast, *, name: str = "Đội Lạc Dương", extra: tuple[Member, ...] = ()) -> Team:
    """A team of the commune, a month old, with the cast's leader and volunteer, and whoever else is given."""
    team = teams.make_team(by=None, now=NOW - timedelta(days=30), name=name, commune=cast.commune.code)
    people = [(cast.leader, TeamRole.LEADER), (cast.volunteer, TeamRole.MEMBER)]
    for member, role in [*people, *((one, TeamRole.MEMBER) for one in extra)]:
        teams.add_to_team(by=None, now=NOW, team=team, member=member, role=role, starts_on=date(2025, 6, 10))
    return team


def make_member(username: str, commune: str = "24848", *, name: str = "") -> Member:
    """One more volunteer."""
    member = teams.register_member(
        by=None, now=NOW, username=username, name=name or f"Bạn {username}", commune=commune
    )
    teams.grant_role(by=None, now=NOW, member=member, role="volunteer", unit_code=commune)
    return member


def make_post(team: Team, *, name: str = "Bàn hướng dẫn", **values: Any) -> Post:
    """A post of the team, open from long ago."""
    return Post.objects.create(
        team=team, commune_id=team.commune_id, name=name, active_from=date(2025, 6, 1), **values
    )


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A local moment."""
    return datetime.combine(day, time(hour, minute), tzinfo=VIETNAM)


def make_shift(
    post: Post,
    *,
    day: date = SHIFT_DAY,
    hours: tuple[float, float] = (7, 11.5),
    state: ShiftState = ShiftState.OPEN,
    **need: Any,
) -> ShiftNeed:
    """An open shift of the post with one need; the shift is `.shift` of what is returned."""
    start = at(day, 0)
    shift = Shift.objects.create(
        post=post,
        commune_id=post.commune_id,
        team=post.team,
        day=day,
        starts_at=start + timedelta(hours=hours[0]),
        ends_at=start + timedelta(hours=hours[1]),
        state=state,
        open_to=post.open_to,
        opened_at=NOW - timedelta(days=1) if state == ShiftState.OPEN else None,
        made_at=NOW - timedelta(days=2),
    )
    values = {"title": "Hướng dẫn", "minimum": 1, "ideal": 2, "maximum": 2, "pairs_newcomers": False} | need
    return ShiftNeed.objects.create(shift=shift, **values)


def make_sign_up(
    need: ShiftNeed, member: Member, state: SignUpState = SignUpState.CONFIRMED, **values: Any
) -> SignUp:
    """The member on the need, written as it is: the database's rules still hold, the services' do not."""
    sign_up = SignUp(
        need=need,
        shift=need.shift,
        starts_at=need.shift.starts_at,
        ends_at=need.shift.ends_at,
        member=member,
        state=state,
        source=values.pop("source", Source.SELF),
        made_at=NOW,
        changed_at=NOW,
        **values,
    )
    sign_up.save(force_insert=True)
    return sign_up
