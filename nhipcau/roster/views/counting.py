"""Visitors of a point: the numbers of a week typed, or brought as a list."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.fields import MOST_FAULTS, WEEK, FileForm, read_week
from nhipcau.places.models import ServicePoint
from nhipcau.roster.forms.demand import CountsForm
from nhipcau.roster.queries import demand as queries
from nhipcau.roster.services import counts as services
from nhipcau.roster.views import EDIT
from nhipcau.shifts.queries import posts as posts_queries
from nhipcau.teams.access import actor_in
from nhipcau.teams.models import Team

LEARNT = timedelta(days=26 * 7)


def here(request: HttpRequest, team_id: UUID, point_id: UUID) -> tuple[Team, ServicePoint]:
    """The team that the actor runs and a point of its commune, or 404."""
    team = posts_queries.get_roster_team(team_id, for_=actor_in(request), permission=EDIT)
    return team, queries.get_counted_point(team, point_id)


@requires(EDIT)
@require_safe
def visitors(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """The points at which the team serves: count there, and see what a forecast says."""
    today = clock.local_date(clock.now())
    team = posts_queries.get_roster_team(team_id, for_=actor_in(request), permission=EDIT)
    context = {
        "team": team,
        "points": queries.counted_points(team, since=today - LEARNT, today=today),
        "may_edit": True,
        "section": "visitors",
    }
    return render(request, "roster/visitors.html", context)


@requires(EDIT)
def counts(request: HttpRequest, team_id: UUID, point_id: UUID) -> HttpResponse:
    """Visitors of a week, typed."""
    actor, now = actor_in(request), clock.now()
    today = clock.local_date(now)
    team, point = here(request, team_id, point_id)
    monday = read_week(request.GET.get("from", ""), today=today)
    days = [day for offset in range(7) if (day := monday + timedelta(days=offset)) <= today]
    known = queries.counts_of(point, start=monday, end=monday + WEEK)
    form = CountsForm(request.POST or None, days=days, known=known)
    if request.method == "POST" and form.is_valid():
        try:
            number = services.set_counts(by=actor, now=now, point=point, counts=form.counts)
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            words = ngettext("%(count)s number is saved.", "%(count)s numbers are saved.", number)
            messages.success(request, words % {"count": number})
            address = reverse("roster:counts", args=[team_id, point_id])
            return redirect(f"{address}?from={monday:%Y-%m-%d}")
    context = {
        "form": form,
        "team": team,
        "point": point,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - WEEK,
        "after": monday + WEEK if monday + WEEK <= today else None,
        "may_edit": True,
        "section": "visitors",
    }
    return render(request, "roster/counts.html", context)


@requires(EDIT)
def import_counts(request: HttpRequest, team_id: UUID, point_id: UUID) -> HttpResponse:
    """Visitors from a list: all rows, or none and every fault."""
    team, point = here(request, team_id, point_id)
    form = FileForm(request.POST or None, request.FILES or None)
    titles = [str(column.title) for column in services.COUNT_COLUMNS]
    context = {"form": form, "team": team, "point": point, "columns": titles, "may_edit": True}
    context["section"] = "visitors"
    if request.method == "POST" and form.is_valid():
        try:
            faults, saved = services.import_counts(
                by=actor_in(request), now=clock.now(), point=point, file=form.cleaned_data["file"]
            )
        except UnableTo as error:
            form.add_error("file", str(error))
        else:
            if not faults:
                words = ngettext("%(count)s number is saved.", "%(count)s numbers are saved.", saved)
                messages.success(request, words % {"count": saved})
                return redirect("roster:visitors", team_id)
            wrong = len({fault.row for fault in faults})
            context |= {"faults": faults[:MOST_FAULTS], "wrong": wrong, "all": len(faults)}
    status = 422 if form.errors or "faults" in context else 200
    return render(request, "roster/import_counts.html", context, status=status)
