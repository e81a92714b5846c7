"""The volunteer: my visits, and what a visit came to; two different answers are shown side by side."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.cases.queries import need_label
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.teams.access import MemberActor, actor_in
from nhipcau.teams.enums import Permission
from nhipcau.visits import queries, services
from nhipcau.visits.enums import NextStep, VisitState
from nhipcau.visits.forms import ResultForm
from nhipcau.visits.models import Visit
from nhipcau.visits.services import UnableToRecordResult, VisitResult
from nhipcau.visits.views.visits import record_look

PAST = 20
MOST_COMING = 60
# A visit whose result is still missing stays on top for so long.
STILL_OPEN = timedelta(days=14)


@requires(Permission.VISITS_DO)
@require_safe
def my_visits(request: HttpRequest) -> HttpResponse:
    """Where I go, soonest first; below, what was."""
    actor, today = actor_in(request), clock.local_date(clock.now())
    context = {
        "coming": queries.coming_of(actor, since=today - STILL_OPEN)[:MOST_COMING],
        "page": Paginator(queries.past_of(actor, since=today - STILL_OPEN), PAST).get_page(
            request.GET.get("page")
        ),
        "today": today,
    }
    return render(request, "visits/mine.html", context)


@requires(Permission.VISITS_DO)
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """What the visit came to. If something else stands by now, both are shown and the person decides."""
    actor = actor_in(request)
    visit = queries.found(queries.visits_to_record(actor), visit_id)
    private = queries.can_see_private(actor, visit)
    form = ResultForm(request.POST) if request.method == "POST" else _form(visit, private=private)
    standing = None
    if form.is_bound and form.is_valid():
        try:
            _record(request, form, visit.pk, actor)
        except UnableToRecordResult as refused:
            standing = refused.standing
            form.add_error(None, str(refused))
        except UnableTo as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The result is written down."))
            # Whoever was taken off the visit meanwhile has no page of it any more.
            return redirect("visits:visit", visit_id=visit.pk) if private else redirect("visits:mine")
    if private and (standing or visit.result_note):
        record_look(visit, actor)
    context = {
        "form": form,
        "visit": visit,
        "need": need_label(visit),
        "standing": standing,
        "private": private,
        "said": _said(form) if standing else None,
    }
    status = 409 if standing else 422 if form.errors else 200
    return render(request, "visits/result.html", context, status=status)


def _form(visit: Visit, *, private: bool) -> ResultForm:
    """Empty, or the result that stands, to be corrected."""
    moment = localtime(visit.result_at or clock.now())
    initial: dict[str, Any] = {"version": visit.version, "day": moment.date(), "time": moment.time()}
    if visit.has_result:
        initial |= {
            "state": visit.state,
            "minutes": visit.minutes,
            "next_step": visit.next_step,
            "note": visit.result_note if private else "",
        }
    return ResultForm(initial=initial)


def _record(request: HttpRequest, form: ResultForm, visit_id: UUID, actor: MemberActor) -> None:
    values, now = form.cleaned_data, clock.now()
    said = VisitResult(
        state=values["state"],
        at=form.at,
        next_step=values["next_step"],
        minutes=values["minutes"],
        note=values["note"],
    )
    decided = request.POST.get("instead_of", "")
    if decided.isascii() and decided.isdigit():
        services.replace_result(visit_id=visit_id, result=said, by=actor, now=now, seen_version=int(decided))
    else:
        services.record_result(
            visit_id=visit_id, result=said, by=actor, now=now, seen_version=values["version"]
        )


def _said(form: ResultForm) -> dict[str, Any]:
    """What was typed, in words, to stand beside what others wrote."""
    values = form.cleaned_data
    return {
        "state": VisitState(values["state"]).label,
        "minutes": values["minutes"],
        "next_step": NextStep(values["next_step"]).label,
        "note": values["note"],
        "at": form.at,
    }
