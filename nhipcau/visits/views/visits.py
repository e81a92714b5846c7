"""The list of a week, and the page of one visit."""

from datetime import timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nhipcau.audit.services import record_read
from nhipcau.cases.queries import VIEW, can_reach, need_label
from nhipcau.core import clock
from nhipcau.core.doors import requires, signed_in
from nhipcau.core.fields import ONE_DAY, WEEK, read_day, read_week
from nhipcau.core.scope import Actor
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission
from nhipcau.visits import queries
from nhipcau.visits.enums import VisitState
from nhipcau.visits.models import Visit
from nhipcau.visits.rules import PAIR, may_follow

PAGE = 30


@requires(Permission.VISITS_VIEW)
@require_safe
def visit_list(request: HttpRequest) -> HttpResponse:
    """A week, or one day of it; no address, no note."""
    actor, today = actor_in(request), clock.local_date(clock.now())
    day = read_day(request.GET.get("day", ""))
    monday = read_week(request.GET.get("from", ""), today=day or today)
    first, until = (day, day + ONE_DAY) if day else (monday, monday + WEEK)
    rows = queries.visit_list(actor, first=first, until=until)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "day": day,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - WEEK,
        "after": monday + WEEK,
        "days": [monday + timedelta(days=number) for number in range(7)],
        "today": today,
        "pair": PAIR,
        "may_plan": actor.may(Permission.VISITS_PLAN),
    }
    return render(request, "visits/visits.html", context)


def record_look(visit: Visit, by: Actor) -> None:
    """That somebody opened the private part of a visit."""
    place = visit.commune_id
    record_read(by=by, entity="visits_visit", entity_id=str(visit.pk), commune=place, now=clock.now())


@signed_in
@require_safe
def visit_page(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """One visit; its private part for those who go and those who plan, and the look is recorded."""
    actor = actor_in(request)
    visit = queries.get_visit(visit_id, for_=actor)
    private, plans = queries.can_see_private(actor, visit), queries.can_plan(actor, visit)
    goes = queries.is_going(actor, visit)
    if private:
        record_look(visit, actor)
    context = {
        "visit": visit,
        "need": need_label(visit),
        "going": queries.going(visit),
        "pair": PAIR,
        "private": private,
        "forgotten": queries.is_forgotten(visit),
        "case": visit.case if visit.case and can_reach(actor, visit.case, VIEW) else None,
        "steps": queries.steps_of(visit),
        "may_change": plans and may_follow(visit.state, VisitState.PLANNED),
        "may_record": (plans or goes) and actor.may(Permission.VISITS_DO),
        "may_plan": plans,
        "goes": goes,
    }
    return render(request, "visits/visit.html", context)
