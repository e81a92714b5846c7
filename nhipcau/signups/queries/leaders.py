"""Who leads a team on a day: those who are told when a shift is in trouble."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from nhipcau.teams.enums import TeamRole
from nhipcau.teams.models import Member, TeamMembership


def leaders_of(teams: Iterable[UUID], day: date) -> dict[UUID, list[Member]]:
    """The leader and deputies of each team on that day, in one query; a team may have none."""
    found: dict[UUID, list[Member]] = {}
    rows = (
        TeamMembership.objects.active(day)
        .filter(team_id__in=list(teams), role__in=[TeamRole.LEADER, TeamRole.DEPUTY], member__is_active=True)
        .select_related("member")
        .order_by("team_id", "member_id")
    )
    for row in rows:
        found.setdefault(row.team_id, []).append(row.member)
    return found
