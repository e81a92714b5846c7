"""On the page of a case: its home visits, and planning another."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from nhipcau.cases.models import Case
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission
from nhipcau.visits import queries

MOST = 10


def case_panel(request: HttpRequest, case: Case) -> str:
    """The latest visits without their private part; a link only where the visit is the reader's to see."""
    actor = actor_in(request)
    place = {"commune": case.commune_id, "province": case.commune.parent_id or ""}
    plans = (
        case.commune_id in actor.scope(Permission.VISITS_PLAN).communes
        and not case.is_closed
        and case.erased_at is None
    )
    rows = list(queries.visits_of_case(case.pk)[:MOST])
    if not rows and not plans:
        return ""
    views = actor.scope(Permission.VISITS_VIEW).covers(**place)
    visits = [(row, views or queries.is_going(actor, row)) for row in rows]
    context = {"case": case, "visits": visits, "plans": plans}
    return render_to_string("visits/case_panel.html", context, request=request)
