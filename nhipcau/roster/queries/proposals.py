"""Reading proposed rosters: lists, one with its duties, what waits to be worked out, who shares people."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from nhipcau.core.scope import Actor
from nhipcau.roster.enums import ProposalState
from nhipcau.roster.models import Proposal, ProposedDuty
from nhipcau.roster.rules.proposals import SILENT
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Shift
from nhipcau.signups.enums import EXPECTED
from nhipcau.signups.models import SignUp
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member, Team, TeamMembership


def proposal_list(actor: Actor, *, team: UUID | None = None) -> QuerySet[Proposal]:
    """Proposals of the actor's teams, the latest first; discarded ones are left out."""
    rows = Proposal.objects.visible_to(actor, Permission.ROSTER_EDIT)
    if team is not None:
        rows = rows.filter(team_id=team)
    rows = rows.exclude(state=ProposalState.DISCARDED)
    return rows.select_related("team", "commune", "made_by").order_by("-made_at", "id")


def get_proposal(proposal_id: UUID, *, for_: Actor) -> Proposal:
    """A proposal of a team whose rosters the actor runs, with team and commune; or 404."""
    rows = Proposal.objects.visible_to(for_, Permission.ROSTER_EDIT)
    found = (
        rows.select_related("team__commune__parent", "commune__parent", "made_by")
        .filter(pk=proposal_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def duties_of(proposal: Proposal) -> QuerySet[ProposedDuty]:
    """The duties of a proposal with members, by name."""
    rows = ProposedDuty.objects.filter(proposal=proposal).select_related("member", "need")
    return rows.order_by("member__name", "id")


def shifts_to_fill(teams: Iterable[UUID], *, start: date, end: date, now: datetime) -> QuerySet[Shift]:
    """Shifts of the teams to come, on days of `[start, end)`, by time and post."""
    rows = Shift.objects.filter(team_id__in=list(teams), day__gte=start, day__lt=end, starts_at__gt=now)
    rows = rows.exclude(state=ShiftState.CANCELLED).select_related("post")
    return rows.order_by("starts_at", "post__name", "id")


def editable_teams(actor: Actor, *, today: date) -> QuerySet[Team]:
    """Teams at work whose rosters the actor runs, by place."""
    rows = Team.objects.visible_to(actor, Permission.ROSTER_EDIT)
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))
    return rows.select_related("commune").order_by("commune__search_key", "name", "id")


def team_people(team: UUID, *, start: date, end: date) -> QuerySet[Member]:
    """Who is in the team at some time of `[start, end)`, by name."""
    spells = TeamMembership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=start), team_id=team, starts_on__lt=end
    )
    return Member.objects.filter(pk__in=spells.values("member_id"), is_active=True).order_by("name", "id")


def grouped_by_people(teams: Sequence[UUID], *, start: date, end: date) -> list[list[UUID]]:
    """The teams in groups that share members, each in the order given: one query."""
    spells = TeamMembership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=start), team_id__in=teams, starts_on__lt=end
    )
    leader = {team: team for team in teams}

    def head(team: UUID) -> UUID:
        while leader[team] != team:
            leader[team] = team = leader[leader[team]]
        return team

    first: dict[UUID, UUID] = {}
    for member, team in spells.order_by("member_id", "team_id").values_list("member_id", "team_id"):
        leader[head(team)] = head(first.setdefault(member, team))
    groups: dict[UUID, list[UUID]] = {}
    for team in teams:
        groups.setdefault(head(team), []).append(team)
    return list(groups.values())


def names_of(members: Iterable[UUID]) -> dict[str, str]:
    """Names by id as text, as facts carry them."""
    rows = Member.objects.filter(pk__in=set(members))
    return {str(row.pk): str(row) for row in rows.only("pk", "name", "left_on")}


def published_on(proposal: Proposal, *, now: datetime) -> QuerySet[SignUp]:
    """Who is counted on for the shifts to come of the proposal's team and days."""
    return (
        SignUp.objects.filter(
            shift__team_id=proposal.team_id,
            shift__day__gte=proposal.starts_on,
            shift__day__lt=proposal.ends_on,
            shift__starts_at__gt=now,
            state__in=EXPECTED,
        )
        .exclude(shift__state=ShiftState.CANCELLED)
        .order_by("shift_id", "member_id", "id")
    )


def silent_runs(now: datetime) -> QuerySet[Proposal]:
    """Proposals said to be worked out of which nothing was heard for too long."""
    return Proposal.objects.filter(state=ProposalState.SOLVING, heard_at__lt=now - SILENT).order_by("id")
