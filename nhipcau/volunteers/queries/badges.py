"""Reading badges: one's own, and what a citizen who scans one is told."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from nhipcau.teams.models import TeamMembership
from nhipcau.volunteers.enums import BadgeVerdict, Refusal
from nhipcau.volunteers.models import Badge
from nhipcau.volunteers.queries.standing import standings

NOBODY: Final = UUID(int=0)


def badge_of(member_id: UUID) -> Badge | None:
    """The badge of a member that is good now."""
    return Badge.objects.filter(member_id=member_id, revoked_at__isnull=True).first()


@dataclass(frozen=True, slots=True)
class BadgeAnswer:
    """What a citizen is told. Name, teams and commune are there only for a badge that is good today."""

    verdict: BadgeVerdict
    name: str = ""
    teams: tuple[str, ...] = ()
    commune: str = ""


def check_badge(token: str, *, today: date) -> BadgeAnswer:
    """Whose badge it is, if it is good today. The same five queries, whether the token is known or not."""
    rows = Badge.objects.select_related("member__commune").filter(token=token)
    badge = rows.first()
    member = badge.member_id if badge else NOBODY
    standing = standings([member], today, date.fromordinal(today.toordinal() + 1)).get(member)
    memberships = TeamMembership.objects.active(today).filter(member_id=member).order_by("team__name", "id")
    teams = tuple(memberships.values_list("team__name", flat=True))
    if badge is None or standing is None:
        return BadgeAnswer(BadgeVerdict.UNKNOWN)
    refusal = standing.refusal_on(today)
    if refusal in (Refusal.ACCOUNT_CLOSED, Refusal.IN_NO_TEAM):
        return BadgeAnswer(BadgeVerdict.ENDED)
    if badge.revoked_at is not None:
        return BadgeAnswer(BadgeVerdict.REPLACED)
    if refusal is not None:
        return BadgeAnswer(BadgeVerdict.NOT_TODAY)
    home = badge.member.commune
    return BadgeAnswer(BadgeVerdict.VALID, badge.member.name, teams, home.full_name if home else "")
