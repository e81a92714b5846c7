"""The reception and the lists of what was recorded there."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.cases import queries, services
from nhipcau.cases.enums import Papers
from nhipcau.cases.forms import ReceptionForm, parse_day
from nhipcau.cases.models import HelpSession
from nhipcau.core import clock
from nhipcau.core.doors import requires, signed_in
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.teams.access import MemberActor, actor_in
from nhipcau.teams.enums import Permission

PAGE = 50


def _form(request: HttpRequest, actor: MemberActor, data: Any = None) -> ReceptionForm:
    today = clock.local_date(clock.now())
    places = queries.work_places(
        actor,
        home=actor.member.commune_id,
        today=today,
        permission=Permission.CASES_RECORD_SESSION,
    )
    communes = [unit.pk for unit in places.communes]
    text = request.GET.get("q", "").replace("\x00", "").strip()
    needs = queries.find_needs(text) if text else queries.top_needs(communes=communes)
    last = queries.last_session_place(actor)
    guess = f"{last.commune_id}:{last.service_point_id or ''}" if last is not None else None
    initial = {"id": new_id(), "place": guess, "need": request.GET.get("need", "")}
    if request.GET.get("papers") in Papers.values:
        initial["papers"] = request.GET["papers"]
    return ReceptionForm(data, initial=initial, needs=needs, places=places)


@requires(Permission.CASES_RECORD_SESSION)
@require_http_methods(["GET", "HEAD", "POST"])
def reception(request: HttpRequest) -> HttpResponse:
    """Three taps; afterwards the same page says "saved" and is ready for the next person."""
    actor = actor_in(request)
    form = _form(request, actor, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            done = services.record_session(session=_session(form, actor), by=actor, now=clock.now())
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{reverse('cases:reception')}?saved={done.session.pk}")
    context = {
        "form": form,
        "text": request.GET.get("q", "").replace("\x00", "").strip()[: queries.LONGEST_SEARCH],
        "saved": None if form.is_bound else _saved(request, actor),
    }
    return render(request, "cases/reception.html", context, status=422 if form.errors else 200)


def record_panel(request: HttpRequest, outcome: dict[str, Any]) -> str:
    """Under the result of a check of papers: the reception with the need and the result, nothing else."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.may(Permission.CASES_RECORD_SESSION):
        return ""
    known = {"papers": outcome["state"]} if outcome["state"] in Papers.values else {}
    query = urlencode({"need": f"procedure:{outcome['procedure'].pk}", **known})
    context = {"url": f"{reverse('cases:reception')}?{query}"}
    return render_to_string("cases/record_panel.html", context, request)


def _session(form: ReceptionForm, actor: MemberActor) -> services.NewSession:
    data, place = form.cleaned_data, form.chosen_place
    return services.NewSession(
        id=data["id"],
        minutes=data["minutes"],
        outcome=data["outcome"],
        alone=data["alone"],
        age_band=data["age_band"],
        language=data["language"],
        first_time=data["first_time"],
        came_back_for_papers=form.came_back_for_papers,
        papers=data["papers"],
        volunteer=actor.id,
        team=queries.team_at_work(actor, commune=place["commune"], today=clock.local_date(clock.now())),
        **form.chosen_need,
        **place,
    )


def _saved(request: HttpRequest, actor: MemberActor) -> HelpSession | None:
    try:
        session_id = UUID(request.GET.get("saved", ""))
    except ValueError:
        return None
    return queries.own_session(session_id, for_=actor)


@requires(Permission.CASES_RECORD_SESSION)
@require_POST
def undo_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Takes back one's own session of today."""
    try:
        services.undo_session(session_id=session_id, by=actor_in(request), now=clock.now())
    except UnableTo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The session was taken back."))
    return redirect("cases:reception" if request.POST.get("next") != "list" else "cases:sessions")


@signed_in
@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    """A day's sessions: one's own, and all of one's places for those who answer for them."""
    actor = actor_in(request)
    may_own, may_all = (
        actor.may(permission)
        for permission in (Permission.CASES_RECORD_SESSION, Permission.CASES_VIEW_SESSIONS)
    )
    if not (may_own or may_all):
        raise Http404
    everyone = may_all and (not may_own or request.GET.get("whose") == "all")
    today = clock.local_date(clock.now())
    day = parse_day(request.GET.get("day", ""), today=today)
    rows = queries.session_list(day=day, volunteer=None if everyone else actor.id, for_=actor)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "day": day,
        "today": today,
        "everyone": everyone,
        "may_choose": may_own and may_all,
        "may_own": may_own,
        "actor_id": actor.id,
    }
    return render(request, "cases/sessions.html", context)
