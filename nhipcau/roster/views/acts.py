"""What is done with proposed rosters: asked for, changed, worked out again, published, discarded."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.roster import services
from nhipcau.roster.forms.proposals import (
    AgainForm,
    LockForm,
    MendForm,
    MoveDutyForm,
    ProposeForm,
    PutOnForm,
    SeenForm,
    TakeOffForm,
)
from nhipcau.roster.queries import proposals as queries
from nhipcau.roster.views import EDIT
from nhipcau.roster.views.pages import show
from nhipcau.shifts.queries import posts as posts_queries
from nhipcau.teams.access import actor_in

_FORMS: dict[str, tuple[type[SeenForm], Callable[..., object]]] = {
    "put_on": (PutOnForm, services.put_on),
    "take_off": (TakeOffForm, services.take_off),
    "move": (MoveDutyForm, services.move),
    "lock": (LockForm, services.lock),
}
# What the services call what the forms send.
_NAMES = {"member": "member_id", "need": "need_id", "duty": "duty_id"}


def _next_monday() -> Any:
    today = clock.local_date(clock.now())
    return today + timedelta(days=7 - today.weekday())


@requires(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Asks for a roster of one team."""
    actor, now = actor_in(request), clock.now()
    team = posts_queries.get_roster_team(team_id, for_=actor, permission=EDIT)
    form = ProposeForm(request.POST or None, initial={"first": _next_monday()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            row = services.propose(
                by=actor,
                now=now,
                team=team,
                start=values["first"],
                end=form.end,
                seconds=values["seconds"],
            )
        except UnableTo as error:
            form.add_error("first", str(error))
        else:
            return redirect("roster:proposal", proposal_id=row.pk)
    context = {"team": team, "section": "proposals", "may_edit": True, "form": form}
    return render(request, "roster/propose.html", context, status=422 if form.errors else 200)


@requires(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def propose_all(request: HttpRequest) -> HttpResponse:
    """Asks for the rosters of all teams of one's places at once."""
    actor, now = actor_in(request), clock.now()
    teams = queries.editable_teams(actor, today=clock.local_date(now))
    form = ProposeForm(request.POST or None, initial={"first": _next_monday()})
    if request.method == "POST" and form.is_valid():
        values, batch = form.cleaned_data, new_id(now)
        try:
            services.propose_all(
                by=actor,
                now=now,
                teams=list(teams),
                start=values["first"],
                end=form.end,
                seconds=values["seconds"],
                batch=batch,
            )
        except UnableTo as error:
            form.add_error("first", str(error))
        else:
            return redirect("roster:proposal_batch", batch_id=batch)
    context = {"form": form, "count": teams.count()}
    return render(request, "roster/propose_all.html", context, status=422 if form.errors else 200)


@requires(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Somebody is away: the roster with the fewest changes."""
    actor, now = actor_in(request), clock.now()
    today = clock.local_date(now)
    team = posts_queries.get_roster_team(team_id, for_=actor, permission=EDIT)
    people = queries.team_people(team.pk, start=today, end=today + timedelta(days=62))
    form = MendForm(request.POST or None, people=people, initial={"first": today})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        away = [values["member"], values["first"].isoformat(), form.back.isoformat()]
        try:
            row = services.propose(
                by=actor,
                now=now,
                team=team,
                start=max(values["first"], today),
                end=form.back,
                asked={"fewest": True, "away": [away]},
            )
        except UnableTo as error:
            form.add_error("first", str(error))
        else:
            return redirect("roster:proposal", proposal_id=row.pk)
    context = {"team": team, "section": "proposals", "may_edit": True, "form": form}
    return render(request, "roster/mend.html", context, status=422 if form.errors else 200)


@requires(EDIT)
@require_POST
def change(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Puts on, takes off, moves or locks, and goes back to the shift or to the whole."""
    actor, now = actor_in(request), clock.now()
    row = queries.get_proposal(proposal_id, for_=actor)
    form_class, service = _FORMS.get(request.POST.get("act", ""), (None, None))
    if form_class is None or service is None:
        raise Http404
    form: forms.Form = form_class(request.POST)
    if not form.is_valid():
        return show(request, row, status=422, error=_("Choose from what the page offers."))
    given = {_NAMES.get(name, name): value for name, value in form.cleaned_data.items()}
    try:
        service(by=actor, now=now, proposal_id=proposal_id, **given)
    except UnableTo as error:
        return show(request, row, status=409, error=str(error))
    shift = request.POST.get("shift", "")
    try:
        return redirect("roster:proposed_shift", proposal_id=proposal_id, shift_id=UUID(shift))
    except ValueError:
        return redirect("roster:proposal", proposal_id=proposal_id)


@requires(EDIT)
@require_POST
def again(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Works the proposal out once more."""
    actor, now = actor_in(request), clock.now()
    row = queries.get_proposal(proposal_id, for_=actor)
    form = AgainForm(request.POST)
    if not form.is_valid():
        return show(request, row, status=422, error=_("Choose from what the page offers."))
    try:
        services.solve_again(by=actor, now=now, proposal_id=proposal_id, **form.cleaned_data)
    except UnableTo as error:
        return show(request, row, status=409, error=str(error))
    return redirect("roster:proposal", proposal_id=proposal_id)


@requires(EDIT)
@require_POST
def stop(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Takes the best answer so far."""
    actor = actor_in(request)
    row = queries.get_proposal(proposal_id, for_=actor)
    services.stop(by=actor, now=clock.now(), proposal_id=row.pk)
    return redirect("roster:proposal", proposal_id=proposal_id)


@requires(EDIT)
@require_POST
def discard(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """The proposal is not wanted."""
    actor = actor_in(request)
    row = queries.get_proposal(proposal_id, for_=actor)
    try:
        services.discard(by=actor, now=clock.now(), proposal_id=row.pk)
    except UnableTo as error:
        return show(request, row, status=409, error=str(error))
    messages.success(request, _("The proposal is discarded. Nothing that is published has changed."))
    return redirect("roster:proposals", team_id=row.team_id)


@requires(EDIT)
@require_POST
def publish(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """The draft becomes the roster, or the page says row by row why not."""
    actor, now = actor_in(request), clock.now()
    row = queries.get_proposal(proposal_id, for_=actor)
    form = SeenForm(request.POST)
    if not form.is_valid():
        return show(request, row, status=422, error=_("Choose from what the page offers."))
    try:
        done = services.publish(by=actor, now=now, proposal_id=row.pk, seen=form.cleaned_data["seen"])
    except services.UnableToPublish as error:
        return show(request, row, status=409, error=str(error), conflicts=error.conflicts)
    except UnableTo as error:
        return show(request, row, status=409, error=str(error))
    words = _("The roster is published: %(added)s new, %(removed)s taken off. Everybody concerned is told.")
    messages.success(request, words % {"added": len(done.added), "removed": len(done.removed)})
    return redirect("roster:proposal", proposal_id=row.pk)
