"""Ways from the pages of lower rooms to those of this one: from a short shift, and from a week with some."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.template.loader import render_to_string

from nhipcau.core import clock
from nhipcau.reinforcement import queries
from nhipcau.shifts.enums import Cover, ShiftState
from nhipcau.shifts.models import Shift
from nhipcau.shifts.services import cover_of_all
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission


def shift_panel(request: HttpRequest, shift: Shift) -> str:
    """On the page of a shift: ask for help with it."""
    return week_panel(request, [shift])


def week_panel(request: HttpRequest, shifts: Sequence[Shift]) -> str:
    """With the shifts of one team, their needs read: ask for help with the short ones still to begin.

    Those for which help is asked already are not asked for again; the way leads to that request.
    """
    short = [shift for shift in shifts if _is_short(shift)]
    if not short or not _may_ask(request, short[0]):
        return ""
    asked = queries.requests_for(shift.pk for shift in short)
    context = {
        "team": short[0].team_id,
        "shifts": [shift for shift in short if shift.pk not in asked],
        "asked": sorted(set(asked.values())),
    }
    return render_to_string("reinforcement/shift_panel.html", context, request=request)


def _is_short(shift: Shift) -> bool:
    to_come = shift.state == ShiftState.OPEN and shift.starts_at > clock.now()
    return to_come and cover_of_all(shift.needs.all()) == Cover.SHORT


def _may_ask(request: HttpRequest, shift: Shift) -> bool:
    reach = actor_in(request).scope(Permission.REINFORCEMENT_ASK)
    return reach.covers(commune=shift.commune_id, province=shift.commune.parent_id or "")
