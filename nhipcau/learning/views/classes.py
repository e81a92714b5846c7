"""The list of classes, a new one, the page of one, its changes; one's own classes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.cases.queries import WorkPlaces, all_needs, work_places
from nhipcau.core import clock
from nhipcau.core.doors import requires, signed_in
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.learning import queries, services
from nhipcau.learning.enums import ClassState
from nhipcau.learning.forms import ClassForm, values_of
from nhipcau.learning.models import PublicClass
from nhipcau.learning.rules import can_move
from nhipcau.places.models import Unit
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

PAGE = 30
# What a trainer sees of their own: a month back, three ahead.
BACK, AHEAD = timedelta(days=31), timedelta(days=92)


@requires(Permission.LEARNING_VIEW)
@require_safe
def class_list(request: HttpRequest) -> HttpResponse:
    """The classes of the actor's places: those to come, or those before today."""
    actor, today = actor_in(request), clock.local_date(clock.now())
    past = request.GET.get("which") == "past"
    found = queries.class_list(actor, until=today) if past else queries.class_list(actor, first=today)
    page = Paginator(found if past else found.order_by("starts_at", "id"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "past": past, "may_plan": actor.may(Permission.LEARNING_PLAN)}
    return render(request, "learning/classes.html", context)


@requires(Permission.LEARNING_TEACH)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The classes one teaches, from a month ago on."""
    today = clock.local_date(clock.now())
    days = (today - BACK, today + AHEAD)
    rows = list(queries.classes_of(actor_in(request).id, days=days))
    context = {
        "coming": [row for row in rows if row.day >= today],
        "past": [row for row in reversed(rows) if row.day < today],
        "today": today,
    }
    return render(request, "learning/mine.html", context)


@signed_in
@require_safe
def class_page(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """One class: when, where, who teaches, how many came."""
    return _show_class(request, class_id)


def _show_class(request: HttpRequest, class_id: UUID, *, error: str = "") -> HttpResponse:
    actor, now = actor_in(request), clock.now()
    row = queries.shown_class(class_id, for_=actor)
    plans = queries.can_plan(actor, row)
    counts = plans or queries.is_trainer(actor.id, row, today=False)
    context = {
        "row": row,
        "numbers": queries.numbers_for(actor, row),
        "plans": plans,
        "error": error,
        "may_change": plans and row.state == ClassState.PLANNED,
        "may_count": counts and not row.is_cancelled and row.day <= clock.local_date(now),
        "may_close": counts and can_move(row.state, ClassState.HELD) and row.starts_at <= now,
        "back": "learning:classes" if actor.may(Permission.LEARNING_VIEW) else "learning:mine",
    }
    return render(request, "learning/class.html", context, status=422 if error else 200)


@requires(Permission.LEARNING_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """A new class in one of the communes where the actor plans classes."""
    actor, now = actor_in(request), clock.now()
    places = work_places(
        actor, home=actor.commune, today=clock.local_date(now), permission=Permission.LEARNING_PLAN
    )
    communes = {unit.pk: unit for unit in places.communes}
    asked = request.POST.get("commune") or request.GET.get("commune") or ""
    commune = communes.get(asked) or next(iter(communes.values()), None)
    if commune is None:
        return render(request, "learning/plan.html", {"form": None})
    initial = {"id": new_id(now), "trainers": []}
    form = ClassForm(request.POST or None, initial=initial, **_choices(places, commune))
    if form.is_bound and form.is_valid():
        try:
            row = services.plan_class(plan=form.plan(commune.pk), by=actor, now=now)
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The class is planned. Those who teach it have been told."))
            return redirect("learning:class", class_id=row.pk)
    context = {"form": form, "commune": commune, "communes": places.communes}
    return render(request, "learning/plan.html", context, status=422 if form.errors else 200)


def _choices(places: WorkPlaces, commune: Unit, row: PublicClass | None = None) -> dict[str, Any]:
    """What a class form offers; people who teach it already stay choosable."""
    now = clock.now()
    members = {member.pk: member.name for member in queries.teachers_for(commune, now=now)}
    points = {point.pk: point.name for point in places.points if point.commune_id == commune.pk}
    if row is not None:
        members |= {one.member_id: one.member.name for one in queries.teachers_of(row)}
        if row.service_point is not None:
            points[row.service_point.pk] = row.service_point.name
    return {
        "needs": [(need.value, need.label) for need in all_needs()],
        "points": [(str(key), name) for key, name in points.items()],
        "trainers": [(str(key), name) for key, name in members.items()],
    }


@requires(Permission.LEARNING_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """A planned class at another time, in another place, taught by others."""
    actor, now = actor_in(request), clock.now()
    row = queries.get_class(class_id, for_=actor, permission=Permission.LEARNING_PLAN)
    places = work_places(
        actor, home=row.commune_id, today=clock.local_date(now), permission=Permission.LEARNING_PLAN
    )
    teachers = [str(one.member_id) for one in queries.teachers_of(row)]
    initial = values_of(row) | {"trainers": teachers}
    form = ClassForm(request.POST or None, initial=initial, **_choices(places, row.commune, row))
    if form.is_bound and form.is_valid():
        try:
            services.change_class(
                class_id=class_id,
                plan=form.plan(row.commune_id),
                version=form.cleaned_data["version"] or 0,
                by=actor,
                now=now,
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The class is changed. Those who teach it have been told."))
            return redirect("learning:class", class_id=class_id)
    context = {"form": form, "row": row, "commune": row.commune}
    return render(request, "learning/plan.html", context, status=422 if form.errors else 200)


@requires(Permission.LEARNING_PLAN)
@require_POST
def cancel(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """The class does not take place."""
    try:
        services.cancel_class(class_id=class_id, by=actor_in(request), now=clock.now())
    except UnableTo as error:
        return _show_class(request, class_id, error=str(error))
    messages.success(request, _("The class is cancelled. Those who teach it have been told."))
    return redirect("learning:class", class_id=class_id)


@signed_in
@require_POST
def close(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """The class was held."""
    try:
        services.close_class(class_id=class_id, by=actor_in(request), now=clock.now())
    except UnableTo as error:
        return _show_class(request, class_id, error=str(error))
    messages.success(request, _("Thank you. The class is marked as held."))
    return redirect("learning:class", class_id=class_id)
