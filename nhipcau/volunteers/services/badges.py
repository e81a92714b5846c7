"""Badges: making one, and a new one that ends the old."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id, new_token
from nhipcau.teams.access import MemberActor
from nhipcau.teams.models import Member, Team
from nhipcau.teams.queries import team_members
from nhipcau.volunteers.models import Badge
from nhipcau.volunteers.queries import places_of
from nhipcau.volunteers.rules import check_speak_for


class UnableToMakeBadge(UnableTo):
    """Whoever has left, or is in no team, has no badge."""

    code = "volunteers.unable_to_make_badge"


def renew_badge(*, by: MemberActor, now: datetime, member: Member) -> Badge:
    """A new badge; the one before, lost or not, ends at this moment."""
    with unit_of_work(by=by, now=now):
        places = places_of([member.pk], today=local_date(now))[member.pk]
        check_speak_for(by, member=member.pk, places=places)
        Member.objects.select_for_update().get(pk=member.pk)
        if not member.is_active:
            raise UnableToMakeBadge(_("This person has left the programme."))
        Badge.objects.filter(member=member, revoked_at__isnull=True).update(revoked_at=now)
        return Badge.objects.create(id=new_id(now), member=member, token=new_token(), issued_at=now)


def badges_of_team(*, by: MemberActor, now: datetime, team: Team) -> list[Badge]:
    """The badges of a team in the order of its list; who has none gets one. The view has checked who asks."""
    with unit_of_work(by=by, now=now):
        Team.objects.select_for_update().get(pk=team.pk)
        rows = team_members(team, today=local_date(now))
        members = [row.member for row in rows if row.member.is_active]
        found = _present(member.pk for member in members)
        missing = [
            Badge(id=new_id(now), member=member, token=new_token(), issued_at=now)
            for member in members
            if member.pk not in found
        ]
        Badge.objects.bulk_create(missing, ignore_conflicts=True)
        found = _present(member.pk for member in members)
        return [found[member.pk] for member in members if member.pk in found]


def _present(members: Iterable[UUID]) -> dict[UUID, Badge]:
    rows = Badge.objects.filter(member_id__in=list(members), revoked_at__isnull=True)
    return {row.member_id: row for row in rows.select_related("member__commune")}
