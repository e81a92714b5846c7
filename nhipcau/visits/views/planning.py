"""The office: a new visit, another day or other people for it, calling it off."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nhipcau.cases.models import Case
from nhipcau.cases.queries import all_needs, cases_visible_to, need_label, need_value
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.places.models import Unit
from nhipcau.teams.access import MemberActor, actor_in
from nhipcau.teams.enums import Permission
from nhipcau.visits import queries, services
from nhipcau.visits.forms import ChangeForm, PlanForm
from nhipcau.visits.models import Visit
from nhipcau.visits.rules import PAIR, check_move
from nhipcau.visits.services import NewVisit, VisitChange
from nhipcau.visits.views.visits import record_look


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _case(request: HttpRequest, actor: MemberActor) -> Case | None:
    """The case a visit is planned from; what is not the actor's to see is 404."""
    text = request.POST.get("case") or request.GET.get("case", "")
    if not text:
        return None
    case_id = _uuid(text)
    case = queries.case_to_visit(case_id, cases=cases_visible_to(actor)) if case_id else None
    if case is None:
        raise Http404
    return case


def _commune(communes: list[Unit], wanted: str) -> Unit | None:
    return next((unit for unit in communes if unit.pk == wanted), communes[0] if communes else None)


@requires(Permission.VISITS_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """A visit for a case, or a call on a household without one."""
    actor = actor_in(request)
    case = _case(request, actor)
    communes = list(queries.communes_to_plan(actor))
    wanted = case.commune_id if case else request.POST.get("commune") or request.GET.get("commune", "")
    commune = _commune(communes, wanted)
    if commune is None or (case and commune.pk != case.commune_id):
        raise Http404
    form = _plan_form(request, case, commune)
    if form.is_bound and form.is_valid():
        try:
            made = services.plan_visit(visit=_new_visit(form, case, commune), by=actor, now=clock.now())
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            return _planned(request, made, form.cleaned_data["visitors"])
    context = {
        "form": form,
        "case": case,
        "need": need_label(case) if case else "",
        "commune": commune,
        "communes": communes,
    }
    return render(request, "visits/plan.html", context, status=422 if form.errors else 200)


def _plan_form(request: HttpRequest, case: Case | None, commune: Unit) -> PlanForm:
    choices: dict[str, Any] = {
        "people": queries.people_for(commune.pk, now=clock.now()),
        "needs": all_needs(),
    }
    if request.method == "POST":
        return PlanForm(request.POST, **choices)
    initial = {
        "id": new_id(),
        "case": case.pk if case else None,
        "need": need_value(case) if case else "",
        "day": clock.local_date(clock.now()),
    }
    return PlanForm(initial=initial, **choices)


def _new_visit(form: PlanForm, case: Case | None, commune: Unit) -> NewVisit:
    return NewVisit(
        id=form.cleaned_data["id"],
        commune=commune.pk,
        case=case.pk if case else None,
        visitors=form.cleaned_data["visitors"],
        **form.chosen_need,
        **form.window,
        **form.words,
    )


def _planned(request: HttpRequest, visit: Visit, visitors: tuple[UUID, ...]) -> HttpResponse:
    """Back to the visit; somebody who goes alone is allowed, and said."""
    if len(visitors) < PAIR:
        messages.warning(request, _("One person goes alone. If you can, send two."))
    else:
        messages.success(request, _("The visit is planned."))
    names = queries.on_shift(visitors, starts_at=visit.starts_at, ends_at=visit.ends_at)
    if names:
        words = _("At that time these people also have a shift: %(names)s. Talk with them, or change one.")
        messages.warning(request, words % {"names": ", ".join(names)})
    return redirect("visits:visit", visit_id=visit.pk)


@requires(Permission.VISITS_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Another day, time, people or words."""
    actor = actor_in(request)
    visit = queries.found(queries.visits_to_plan(actor), visit_id)
    people = queries.people_for(visit.commune_id, now=clock.now())
    form = ChangeForm(
        request.POST if request.method == "POST" else None, people=people, initial=_initial(visit)
    )
    error = _refusal(visit)
    if form.is_bound and not error and form.is_valid():
        wanted = VisitChange(visitors=form.cleaned_data["visitors"], **form.window, **form.words)
        try:
            visit = services.change_visit(
                visit_id=visit.pk,
                change=wanted,
                by=actor,
                now=clock.now(),
                seen_version=form.cleaned_data["version"],
            )
        except UnableTo as refused:
            form.add_error(None, str(refused))
        else:
            return _planned(request, visit, form.cleaned_data["visitors"])
    if not error and not queries.is_forgotten(visit):
        record_look(visit, actor)
    context = {"form": form, "visit": visit, "need": need_label(visit), "error": error}
    return render(request, "visits/change.html", context, status=422 if form.errors or error else 200)


def _initial(visit: Visit) -> dict[str, Any]:
    gone = queries.is_forgotten(visit)
    return {
        "version": visit.version,
        "day": visit.day,
        "starts": localtime(visit.starts_at).time(),
        "ends": localtime(visit.ends_at).time(),
        "visitors": [str(row.member_id) for row in queries.going(visit)],
        "hamlet": visit.hamlet,
        "address": "" if gone else visit.address,
        "notes": "" if gone else visit.notes,
    }


def _refusal(visit: Visit) -> str:
    try:
        check_move(visit.state, "planned")
    except UnableTo as error:
        return str(error)
    return ""


@requires(Permission.VISITS_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Asked once more before a visit is called off."""
    actor = actor_in(request)
    visit = queries.found(queries.visits_to_plan(actor), visit_id)
    error = ""
    if request.method == "POST":
        seen = request.POST.get("version", "")
        try:
            services.cancel_visit(
                visit_id=visit.pk,
                by=actor,
                now=clock.now(),
                seen_version=int(seen) if seen.isascii() and seen.isdigit() else None,
            )
        except UnableTo as refused:
            error = str(refused)
        else:
            messages.success(request, _("The visit is called off."))
            return redirect("visits:visit", visit_id=visit.pk)
    context = {"visit": visit, "need": need_label(visit), "error": error}
    return render(request, "visits/cancel.html", context, status=409 if error else 200)
