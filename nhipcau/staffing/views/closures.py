"""Pages of closures: the list, a new one with what it would call off, and opening again early."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.shifts.enums import ClosureReason
from nhipcau.shifts.queries import posts as posts_queries
from nhipcau.shifts.queries import shifts as queries
from nhipcau.signups.queries.people import expected_on
from nhipcau.staffing.forms.shifts import ClosureForm, ReopenForm
from nhipcau.staffing.services import closures as services
from nhipcau.staffing.views.posts import EDIT, VIEW, may_edit
from nhipcau.teams.access import actor_in
from nhipcau.teams.models import Team

ROWS = 30


@requires(VIEW)
@require_safe
def closure_list(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """What closes the team's commune and its points, now, soon and lately."""
    today = clock.local_date(clock.now())
    team = posts_queries.get_roster_team(team_id, for_=actor_in(request))
    page = Paginator(queries.closure_list(team, today=today), ROWS).get_page(request.GET.get("page"))
    context = {
        "team": team,
        "page": page,
        "today": today,
        "may_edit": may_edit(request, team),
        "section": "closures",
    }
    return render(request, "staffing/closures.html", context)


@requires(EDIT)
def new_closure(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Where, when and why; first what would be called off, then it is done."""
    actor, now = actor_in(request), clock.now()
    today = clock.local_date(now)
    team = posts_queries.get_roster_team(team_id, for_=actor, permission=EDIT)
    points = list(posts_queries.points_for(team, today=today))
    initial = {"starts_on": today, "last_day": today}
    sent = request.POST or (request.GET if "starts_on" in request.GET else None)
    form = ClosureForm(sent, points=points, commune=team.commune.full_name, initial=initial)
    context = {"form": form, "team": team, "may_edit": True, "section": "closures"}
    if sent is None or not form.is_valid():
        return render(request, "staffing/new_closure.html", context)
    try:
        if request.method == "POST":
            return _close(request, form, team)
        services.check_closure(
            commune=team.commune,
            point=form.point,
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.ends_on,
            today=today,
        )
    except UnableTo as error:
        form.add_error(None, str(error))
        return render(request, "staffing/new_closure.html", context)
    shifts = list(
        queries.shifts_closed_by(
            commune=team.commune_id,
            point=form.point.pk if form.point else None,
            start=form.cleaned_data["starts_on"],
            end=form.ends_on,
            now=now,
        )
    )
    people = expected_on([shift.pk for shift in shifts]).count()
    context |= {"shifts": shifts, "people": people, "place": form.point or team.commune.full_name}
    context |= {"reason": ClosureReason(form.cleaned_data["reason"]).label}
    return render(request, "staffing/preview_closure.html", context)


def _close(request: HttpRequest, form: ClosureForm, team: Team) -> HttpResponse:
    _closure, shifts, people = services.close_place(
        by=actor_in(request),
        now=clock.now(),
        commune=team.commune,
        point=form.point,
        reason=ClosureReason(form.cleaned_data["reason"]),
        starts_on=form.cleaned_data["starts_on"],
        ends_on=form.ends_on,
    )
    words = ngettext("%(count)s shift was called off", "%(count)s shifts were called off", shifts)
    told = ngettext("%(count)s sign-up was cancelled.", "%(count)s sign-ups were cancelled.", people)
    messages.success(request, f"{words % {'count': shifts}}; {told % {'count': people}}")
    return redirect("staffing:closures", team.pk)


@requires(EDIT)
def end_closure(request: HttpRequest, team_id: UUID, closure_id: UUID) -> HttpResponse:
    """Open again earlier than planned."""
    actor, now = actor_in(request), clock.now()
    team = posts_queries.get_roster_team(team_id, for_=actor, permission=EDIT)
    closure = queries.get_closure(closure_id, team=team, for_=actor)
    form = ReopenForm(request.POST or None, initial={"opens_on": clock.local_date(now)})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_closure(by=actor, now=now, closure=closure, on=form.cleaned_data["opens_on"])
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Open again. Make the shifts of these days anew."))
            return redirect("staffing:generate", team_id)
    context = {"form": form, "team": team, "closure": closure}
    return render(request, "staffing/end_closure.html", context)
