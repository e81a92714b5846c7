"""The province chooses who could go; both teams answer; then they may telephone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.reinforcement import queries, services
from nhipcau.reinforcement.enums import OPEN_REQUESTS, Side
from nhipcau.reinforcement.forms import AnswerForm, OfferForm
from nhipcau.reinforcement.views.requests import render_request
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission, TeamKind

# So many teams are shown at first; the rest on request.
FIRST_TEAMS = 10


@requires(Permission.REINFORCEMENT_SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def candidates(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Teams that could help, the best first, each with the people it can spare."""
    actor = actor_in(request)
    row = queries.get_request(request_id, for_=actor, permission=Permission.REINFORCEMENT_SEND)
    if row.state not in OPEN_REQUESTS:
        return render_request(request, row, error=_("This request is closed."), status=409)
    found = queries.candidates(row, for_=actor, now=clock.now())
    error = ""
    if request.method == "POST":
        known = [str(person.id) for team in found for person in team.people]
        form = OfferForm(request.POST, members=known)
        if form.is_valid():
            data = form.cleaned_data
            try:
                services.offer_people(
                    request_id=request_id,
                    team_id=data["team"],
                    members=[UUID(pk) for pk in data["members"]],
                    note=data["note"],
                    by=actor,
                    now=clock.now(),
                )
            except UnableTo as refusal:
                error = str(refusal)
            else:
                messages.success(request, _("Both teams and the people you named have been asked."))
                return redirect("reinforcement:request", request_id=request_id)
        else:
            error = _("Choose at least one person.")
    shown = found if request.GET.get("all") else found[:FIRST_TEAMS]
    context = {
        "row": row,
        "error": error,
        "teams": [(team, TeamKind(team.kind).label) for team in shown],
        "more": len(found) - len(shown),
        "form": OfferForm(members=[]),
    }
    return render(request, "reinforcement/candidates.html", context, status=422 if error else 200)


@requires(Permission.REINFORCEMENT_ASK)
@require_POST
def answer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """A leader's yes or no for one of the two teams."""
    actor = actor_in(request)
    offer = queries.get_offer(offer_id, for_=actor)
    form = AnswerForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["side"]:
        return render_request(request, offer.request, error=_("Press yes or no."), status=422)
    yes = form.cleaned_data["answer"] == "yes"
    try:
        services.answer_for_team(
            offer_id=offer_id, side=Side(form.cleaned_data["side"]), yes=yes, by=actor, now=clock.now()
        )
    except UnableTo as error:
        return render_request(request, offer.request, error=str(error), status=409)
    messages.success(request, _("Your answer is written down, and those concerned have been told."))
    return redirect("reinforcement:request", request_id=offer.request_id)


@requires(Permission.REINFORCEMENT_SEND)
@require_POST
def withdraw(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """The province takes an offer back."""
    actor = actor_in(request)
    offer = queries.get_offer(offer_id, for_=actor)
    try:
        services.withdraw_offer(offer_id=offer_id, by=actor, now=clock.now())
    except UnableTo as error:
        return render_request(request, offer.request, error=str(error), status=409)
    messages.success(request, _("The offer is taken back. Everybody concerned has been told."))
    return redirect("reinforcement:request", request_id=offer.request_id)


@requires(Permission.REINFORCEMENT_ASK)
@require_safe
def telephones(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Whom to call, once both sides have said yes. That somebody looked is recorded."""
    offer, people = services.show_telephones(offer_id=offer_id, by=actor_in(request), now=clock.now())
    return render(request, "reinforcement/telephones.html", {"offer": offer, "people": people})
