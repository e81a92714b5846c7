"""Asking for proposals, one or a whole province's; working them out again; stopping and discarding them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.ids import new_id
from nhipcau.core.jobs import enqueue
from nhipcau.core.scope import Actor
from nhipcau.roster.enums import ProposalState
from nhipcau.roster.models import Proposal
from nhipcau.roster.queries.proposals import grouped_by_people, shifts_to_fill, silent_runs
from nhipcau.roster.rules.proposals import MOST_TRIES, UnableToPropose, check_move, check_open, check_period
from nhipcau.shifts.services import check_edit_roster
from nhipcau.teams.models import Team

TASK = "roster.work_out"


def propose(
    *,
    by: Actor | None,
    now: datetime,
    team: Team,
    start: date,
    end: date,
    seconds: int = 30,
    asked: Mapping[str, Any] | None = None,
) -> Proposal:
    """A roster for the shifts of a team on days of `[start, end)`, worked out by a worker.

    `asked`: {"fewest": true, "away": [[member, first day, first day back], …]} mends what is published.
    """
    return propose_all(
        by=by, now=now, teams=[team], start=start, end=end, seconds=seconds, asked=asked, batch=None
    )[0]


def propose_all(
    *,
    by: Actor | None,
    now: datetime,
    teams: Sequence[Team],
    start: date,
    end: date,
    seconds: int = 30,
    asked: Mapping[str, Any] | None = None,
    batch: UUID | None,
) -> list[Proposal]:
    """One proposal for each team, joined by `batch`; a job for each group of teams that share people.

    The more workers, the sooner. Teams without shifts in the period are left out.
    """
    with unit_of_work(by=by, now=now):
        for team in teams:
            check_edit_roster(by, team.commune)
        check_period(start, end, today=local_date(now))
        to_fill = shifts_to_fill([team.pk for team in teams], start=start, end=end, now=now)
        busy = set(to_fill.order_by().values_list("team_id", flat=True).distinct())
        wished: dict[str, Any] = {
            "start": start,
            "end": end,
            "seconds": seconds,
            "asked": dict(asked or {}),
            "batch": batch,
        }
        rows = {team.pk: _row(team, by=by, now=now, **wished) for team in teams if team.pk in busy}
        if not rows:
            raise UnableToPropose(
                _("There are no shifts in these days. Prepare them from the posts of the team first.")
            )
        Proposal.objects.bulk_create(rows.values(), batch_size=500)
        groups = grouped_by_people(list(rows), start=start, end=end) if batch else [[key] for key in rows]
        for group in groups:
            enqueue(TASK, proposals=[str(rows[team].pk) for team in group])
    return list(rows.values())


def _row(
    team: Team,
    *,
    start: date,
    end: date,
    seconds: int,
    asked: dict[str, Any],
    batch: UUID | None,
    by: Actor | None,
    now: datetime,
) -> Proposal:
    return Proposal(
        id=new_id(now),
        team=team,
        commune_id=team.commune_id,
        batch=batch,
        starts_on=start,
        ends_on=end,
        seconds=seconds,
        asked=asked,
        made_by_id=by.id if by else None,
        made_at=now,
    )


def locked_row(proposal_id: UUID, by: Actor | None) -> Proposal:
    """The proposal, locked until the end of the unit of work; only for who runs the team's rosters."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("team", "commune")
    found = rows.get(pk=proposal_id)
    check_edit_roster(by, found.commune)
    return found


def solve_again(*, by: Actor | None, now: datetime, proposal_id: UUID, seen: int, seconds: int) -> Proposal:
    """Works the proposal out once more: what is locked stays, what is published changes least."""
    with unit_of_work(by=by, now=now):
        row = locked_row(proposal_id, by)
        if row.state != ProposalState.FAILED:
            check_open(row.state, row.version, seen)
        check_move(row.state, ProposalState.QUEUED)
        row.state, row.seconds, row.stop_asked, row.tries = ProposalState.QUEUED, seconds, False, 0
        row.message, row.version = "", row.version + 1
        row.save()
        enqueue(TASK, proposals=[str(row.pk)])
    return row


def stop(*, by: Actor | None, now: datetime, proposal_id: UUID) -> None:
    """The best answer so far is taken; what has not begun is not begun. Said twice it is the same."""
    with unit_of_work(by=by, now=now):
        row = locked_row(proposal_id, by)
        if row.state == ProposalState.QUEUED:
            row.state = ProposalState.FAILED
            row.message = "stopped"
            row.save(update_fields=["state", "message"])
        elif row.state == ProposalState.SOLVING and not row.stop_asked:
            row.stop_asked = True
            row.save(update_fields=["stop_asked"])


def discard(*, by: Actor | None, now: datetime, proposal_id: UUID) -> None:
    """The proposal is not wanted. Nothing that is published changes."""
    with unit_of_work(by=by, now=now):
        row = locked_row(proposal_id, by)
        if row.state == ProposalState.DISCARDED:
            return
        check_move(row.state, ProposalState.DISCARDED)
        row.state, row.stop_asked = ProposalState.DISCARDED, True
        row.save(update_fields=["state", "stop_asked"])


def rescue(*, now: datetime) -> int:
    """Runs whose worker has died are begun again once, then given up; returns how many were silent."""
    silent = 0
    with unit_of_work(by=None, now=now):
        for row in silent_runs(now).select_for_update(skip_locked=True, of=("self",)):
            silent += 1
            if row.tries >= MOST_TRIES:
                row.state = ProposalState.FAILED
                row.message = "died"
            else:
                row.state = ProposalState.QUEUED
                enqueue(TASK, proposals=[str(row.pk)])
            row.save(update_fields=["state", "message"])
    return silent
