"""Proposals of a team's roster for the pages: one with a duty, a batch that waits, one to be published."""

from datetime import date, datetime, timedelta

from nhipcau.core.ids import new_id
from nhipcau.roster import services as proposals
from nhipcau.roster.models import Proposal
from nhipcau.shifts.models import ShiftNeed
from nhipcau.teams.models import Team, TeamMembership
from nhipcau.volunteers.models import WeeklyAvailability


def make_proposals(team: Team, first: date, now: datetime) -> dict[str, str]:
    """The ids for addresses. `first` is the first day of the team's shifts; its people get hours."""
    people = TeamMembership.objects.filter(team=team).values_list("member_id", flat=True)
    for member in people.distinct():
        WeeklyAvailability.objects.filter(member_id=member, part="morning").delete()
        WeeklyAvailability.objects.bulk_create(
            WeeklyAvailability(member_id=member, weekday=day, part="morning") for day in range(7)
        )
    end = first + timedelta(days=7)
    ready = proposals.propose(by=None, now=now, team=team, start=first, end=end, seconds=10)
    proposals.work_out(proposals=[ready.pk], moment=lambda: now)
    batch = new_id(now)
    proposals.propose_all(by=None, now=now, teams=[team], start=first, end=end, seconds=10, batch=batch)
    waiting = Proposal.objects.get(batch=batch)
    ready_batch = new_id(now)
    proposals.propose_all(by=None, now=now, teams=[team], start=first, end=end, seconds=10, batch=ready_batch)
    proposals.work_out(proposals=[Proposal.objects.get(batch=ready_batch).pk], moment=lambda: now)
    shift = ShiftNeed.objects.filter(shift__team=team, shift__day=first).order_by("shift_id")[0].shift_id
    return {
        "proposal": str(ready.pk),
        "waiting": str(waiting.pk),
        "batch": str(batch),
        "ready_batch": str(ready_batch),
        "proposed_shift": str(shift),
    }
