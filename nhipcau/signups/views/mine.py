"""What a volunteer sees first: shifts for me; my shifts; one shift with what speaks for and against."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.fields import read_day
from nhipcau.core.ids import new_id
from nhipcau.signups.enums import EXPECTED, HOLDING
from nhipcau.signups.queries import calling, for_me, mine, waiting
from nhipcau.signups.rules.states import LATE
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

PAST = 20


@requires(Permission.ROSTER_SIGN_UP)
@require_safe
def shifts_for_me(request: HttpRequest) -> HttpResponse:
    """The first screen: what I may take, grouped by day, one button each."""
    actor, now = actor_in(request), clock.now()
    day = read_day(request.GET.get("day", ""))
    found = for_me.for_me(
        actor.id,
        now=now,
        start=day or read_day(request.GET.get("from", "")),
        one_day=day is not None,
        all_times="all" in request.GET,
    )
    context = {
        "found": found,
        "day": day,
        "all_times": "all" in request.GET,
        "today": clock.local_date(now),
        "tap": new_id,
    }
    return render(request, "signups/for_me.html", context)


@requires(Permission.ROSTER_SIGN_UP)
@require_safe
def my_shifts(request: HttpRequest) -> HttpResponse:
    """Where I am counted on, what I am asked, where I wait; below, what was."""
    actor, now = actor_in(request), clock.now()
    coming = list(mine.coming_of(actor.id, now=now)[:60])
    names = mine.first_names_on([row.shift_id for row in coming], but=actor.id)
    context = {
        "coming": [(row, names.get(row.shift_id, []), row.starts_at - LATE <= now) for row in coming],
        "now": now,
        "asks": list(calling.asks_of(actor.id, now=now)[:20]),
        "line": list(waiting.waiting_of(actor.id, now=now)[:20]),
        "page": Paginator(mine.past_of(actor.id, now=now), PAST).get_page(request.GET.get("page")),
    }
    return render(request, "signups/my_shifts.html", context)


@requires(Permission.ROSTER_SIGN_UP)
@require_safe
def my_shift(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """One shift reached by a link: join, or why not."""
    return render_shift(request, shift_id)


def render_shift(request: HttpRequest, shift_id: UUID, *, error: str = "", status: int = 200) -> HttpResponse:
    """The page of one shift for a volunteer, with what was refused a moment ago."""
    actor, now = actor_in(request), clock.now()
    shift = mine.get_shift_to_take(shift_id, for_=actor)
    own = mine.own_on(shift_id, actor.id)
    on = own is not None and own.state in EXPECTED
    context = {
        "shift": shift,
        "own": own,
        "on": on,
        "begun": shift.starts_at <= now,
        "soon": shift.starts_at - LATE <= now < shift.ends_at,
        "names": mine.first_names_on([shift_id], but=actor.id).get(shift_id, []) if on else [],
        "seats": [] if own is not None and own.state in HOLDING else mine.seats_for(shift, actor.id, now=now),
        "error": error,
        "tap": new_id,
    }
    return render(request, "signups/my_shift.html", context, status=status)
