"""The desk of who leads a place: what waits for them, and the requests to join."""

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nhipcau.audit.services import record_read
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member, Team
from nhipcau.volunteers import queries, services
from nhipcau.volunteers.forms import AcceptForm, ReasonForm
from nhipcau.volunteers.models import Application
from nhipcau.volunteers.views.subject import saved

ROWS = 30
DECLINED: Final = gettext_lazy("Answered. The person sees it on their page.")


@requires(Permission.VOLUNTEERS_REVIEW)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, and the ways to new members."""
    actor, today = actor_in(request), clock.local_date(clock.now())
    context = {
        "applications": queries.applications_visible_to(actor).count(),
        "claims": queries.claims_visible_to(actor, today=today).count(),
        "ending": queries.ending_soon(actor, today=today).count(),
        "lacking": queries.minors_without_consent(actor, today=today).count(),
        "may_define": actor.may(Permission.VOLUNTEERS_DEFINE),
        "may_register": actor.may(Permission.TEAMS_EDIT),
    }
    return render(request, "volunteers/desk.html", context)


def members_panel(request: HttpRequest, subject: object) -> str:
    """Beside the list of members: the way to requests to join, claims and tables."""
    if not actor_in(request).may(Permission.VOLUNTEERS_REVIEW):
        return ""
    return render_to_string("volunteers/members_panel.html", {}, request=request)


@requires(Permission.VOLUNTEERS_REVIEW)
def lacking(request: HttpRequest) -> HttpResponse:
    """Members under 18 of my places for whom no guardian has agreed, or not any more."""
    rows = queries.minors_without_consent(actor_in(request), today=clock.local_date(clock.now()))
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "volunteers/lacking.html", {"page": page})


@requires(Permission.VOLUNTEERS_REVIEW)
def applications(request: HttpRequest) -> HttpResponse:
    """Requests to join a commune of mine."""
    waiting = request.GET.get("which") != "answered"
    rows = queries.applications_visible_to(actor_in(request), waiting=waiting)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "volunteers/applications.html", {"page": page, "waiting": waiting})


@requires(Permission.VOLUNTEERS_REVIEW)
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """One request: accept into a team, or decline with a reason."""
    actor, now = actor_in(request), clock.now()
    found = queries.get_application(application_id, for_=actor)
    teams = list(queries.teams_to_join(found.commune_id, today=clock.local_date(now)))
    declining = "decline" in request.POST
    yes = AcceptForm(
        request.POST if request.method == "POST" and not declining else None,
        teams=teams,
        is_minor=found.is_minor,
        initial={"team": str(teams[0].pk) if len(teams) == 1 else ""},
    )
    no = ReasonForm(request.POST if declining else None)
    if declining and saved(request, no, services.decline_application, DECLINED, application_id=found.pk):
        return redirect("volunteers:applications")
    if not declining and (member := _accepted(request, found, yes, teams)):
        return redirect("teams:sign_in_link", member.pk)
    record_read(
        by=actor, entity="volunteers_application", entity_id=str(found.pk), commune=found.commune_id, now=now
    )
    context = {
        "application": found,
        "yes": yes,
        "no": no,
        "spoken": queries.language_names(found.languages),
        "can": queries.qualification_names(found.qualifications),
        "known": queries.members_with_phone(found.phone_index),
    }
    return render(request, "volunteers/application.html", context)


def _accepted(request: HttpRequest, found: Application, form: AcceptForm, teams: list[Team]) -> Member | None:
    """The new member; None when nothing was sent or it was refused."""
    made: list[Member] = []

    def accept(*, team: str, **values: Any) -> None:
        chosen = next((one for one in teams if str(one.pk) == team), None)
        made.append(services.accept_application(application_id=found.pk, team=chosen, **values))

    words = _("%(name)s is registered. Make a sign-in link now and hand it over.") % {"name": found.name}
    return made[0] if saved(request, form, accept, words) else None
