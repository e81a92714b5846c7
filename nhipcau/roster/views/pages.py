"""Looking at proposed rosters: a team's list, one proposal, one shift of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.roster import plan, services
from nhipcau.roster.enums import ProposalState
from nhipcau.roster.forms.proposals import AgainForm
from nhipcau.roster.models import Proposal, ProposedDuty
from nhipcau.roster.queries import proposals as queries
from nhipcau.roster.rules.proposals import RULES, SOFT, TROUBLE, Seat
from nhipcau.roster.views import EDIT
from nhipcau.roster.views.sheet import Sheet, sheet_of
from nhipcau.shifts.models import ShiftNeed
from nhipcau.shifts.queries import posts as posts_queries
from nhipcau.teams.access import actor_in

PAGE = 20
RUNNING = (ProposalState.QUEUED, ProposalState.SOLVING)


@requires(EDIT)
@require_safe
def proposal_list(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """The proposals of one team, the latest first."""
    actor = actor_in(request)
    team = posts_queries.get_roster_team(team_id, for_=actor, permission=EDIT)
    page = Paginator(queries.proposal_list(actor, team=team.pk), PAGE).get_page(request.GET.get("page"))
    context = {"team": team, "section": "proposals", "may_edit": True, "page": page}
    return render(request, "roster/proposals.html", context)


@requires(EDIT)
@require_safe
def proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """One proposal: how far it is, or what it says."""
    return show(request, queries.get_proposal(proposal_id, for_=actor_in(request)))


def show(
    request: HttpRequest,
    row: Proposal,
    *,
    status: int = 200,
    error: str = "",
    conflicts: Iterable[services.Conflict] = (),
) -> HttpResponse:
    """The page of a proposal, also after something could not be done to it."""
    context = {
        "proposal": row,
        "team": row.team,
        "section": "proposals",
        "may_edit": True,
        "running": row.state in RUNNING,
        "editable": row.state == ProposalState.READY,
        "published": row.state == ProposalState.PUBLISHED,
        "error": error,
        "trouble": TROUBLE.get(row.message, ""),
        "again_form": AgainForm(initial={"seen": row.version, "seconds": str(row.seconds)}),
        "seconds_so_far": _so_far(row),
    }
    if row.state in (ProposalState.READY, ProposalState.PUBLISHED):
        sheet = sheet_of(row, clock.now())
        context |= {"sheet": sheet, "conflicts": _told(sheet, conflicts)}
    response = render(request, "roster/proposal.html", context, status=status)
    if _asks_how_far(request) and row.state not in RUNNING:
        response["HX-Refresh"] = "true"
    return response


def _asks_how_far(request: HttpRequest) -> bool:
    """Whether the page asks on its own, every few seconds, whether there is an answer."""
    return bool(getattr(request, "htmx", False))


def _so_far(row: Proposal) -> int:
    return round((clock.now() - row.started_at).total_seconds()) if row.started_at else 0


def _told(sheet: Sheet, conflicts: Iterable[services.Conflict]) -> list[dict[str, str]]:
    """Conflicts with the names and shifts they concern, and the duty that can be taken off."""
    boxes = {box.shift.pk: box for day in sheet.days for _post, some in day.columns for box in some}
    return [
        {
            "name": sheet.names.get(str(one.member), "") if one.member else "",
            "shift": boxes[one.shift].words if one.shift in boxes else "",
            "words": one.words,
        }
        for one in conflicts
    ]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody for a role of a shift: the rules against it, and whether a leader may pass them over."""

    member: str
    name: str
    shifts: int
    rules: tuple[str, ...]

    @property
    def soft(self) -> bool:
        return bool(self.rules) and set(self.rules) <= SOFT

    @property
    def why(self) -> str:
        return "; ".join(str(RULES[rule]) for rule in self.rules)


@requires(EDIT)
@require_safe
def proposed_shift(request: HttpRequest, proposal_id: UUID, shift_id: UUID) -> HttpResponse:
    """One shift of a proposal: who is on, who else may come and who may not, and why."""
    row = queries.get_proposal(proposal_id, for_=actor_in(request))
    duties = list(queries.duties_of(row))
    drawn = services.drawn_for(row, clock.now(), duties=duties)
    needs = [need for need in drawn.needs.values() if need.shift_id == shift_id]
    if row.state != ProposalState.READY or not needs:
        raise Http404
    names = queries.names_of(UUID(one.id) for one in drawn.problem.people)
    context = {
        "proposal": row,
        "team": row.team,
        "section": "proposals",
        "may_edit": True,
        "shift": needs[0].shift,
        "roles": [_role(drawn, need, duties, names) for need in needs],
    }
    return render(request, "roster/proposed_shift.html", context)


def _role(
    drawn: plan.Drawn, need: ShiftNeed, duties: list[ProposedDuty], names: dict[str, str]
) -> dict[str, Any]:
    seats = [services.seat_of(duty) for duty in duties]
    own = [duty for duty in duties if duty.need_id == need.pk]
    on_shift = {str(duty.member_id) for duty in duties if duty.need.shift_id == need.shift_id}
    counts: dict[str, int] = {}
    for duty in duties:
        counts[str(duty.member_id)] = counts.get(str(duty.member_id), 0) + 1
    found = [
        Candidate(key, name, counts.get(key, 0), plan.against(drawn, UUID(key), need.pk, seats))
        for key, name in names.items()
        if key not in on_shift
    ]
    found.sort(key=lambda one: (one.shifts, one.name))
    return {
        "need": need,
        "duties": [(duty, _places_for(drawn, duty, seats)) for duty in own],
        "able": [one for one in found if not one.rules],
        "soft": [one for one in found if one.soft],
        "hard": [one for one in found if one.rules and not one.soft],
    }


def _places_for(drawn: plan.Drawn, duty: ProposedDuty, seats: list[Seat]) -> list[ShiftNeed]:
    """Where this person could serve instead, in the days around: short roles come first."""
    day = drawn.needs[duty.need_id].shift.day
    beside = [seat for seat in seats if seat != services.seat_of(duty)]
    near = [
        need
        for need in drawn.needs.values()
        if need.pk != duty.need_id and abs(need.shift.day - day) <= timedelta(days=3)
    ]
    return [need for need in near if not plan.against(drawn, duty.member_id, need.pk, beside)]
