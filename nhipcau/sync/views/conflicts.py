"""What came from phones and needs a person: the list, two columns side by side, two buttons."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.audit.services import record_read
from nhipcau.cases.models import Case
from nhipcau.cases.queries import same_person_choices
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.sync.enums import ConflictState, Entity, Keep
from nhipcau.sync.models import Conflict
from nhipcau.sync.queries import conflicts as queries
from nhipcau.sync.queries.sides import link_to, mark_of, sides_of, title_of, titles_of, values_now, what
from nhipcau.sync.services.deciding import decide
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

PAGE = 30
MOST_ON_CASE = 5
_ANOTHER = "another"


@requires(Permission.CASES_RECORD_SESSION)
@require_safe
def conflicts(request: HttpRequest) -> HttpResponse:
    """What waits in one's places and came from one's phones, the longest first; or what was decided."""
    decided = request.GET.get("which") == "decided"
    state = ConflictState.DECIDED if decided else ConflictState.OPEN
    rows = queries.conflict_list(actor_in(request), state=state)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    titles = titles_of(list(page))
    lines = [(row, titles[row.pk], what(row)) for row in page]
    return render(request, "sync/conflicts.html", {"page": page, "lines": lines, "decided": decided})


@requires(Permission.CASES_RECORD_SESSION)
@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: HttpRequest, conflict_id: UUID) -> HttpResponse:
    """Both sides, and the decision. Its author sees what stands only while the record is theirs."""
    actor, now = actor_in(request), clock.now()
    row = queries.get_conflict(conflict_id, for_=actor)
    may = queries.can_decide(actor, row)
    people = _people(row, actor) if may else []
    keep, person, error = request.POST.get("keep"), request.POST.get("person", ""), ""
    unsaid = bool(people) and keep == Keep.PHONE and person not in dict(people)
    if keep in Keep.values and not unsaid:
        try:
            seen, said = request.POST.get("seen", ""), _said(person)
            decide(conflict_id=row.pk, keep=keep, by=actor, now=now, seen=seen, said=said)
        except UnableTo as refused:
            error = str(refused)
            row = queries.get_conflict(conflict_id, for_=actor)
        else:
            messages.success(request, _("It is decided. The other answer can still be read here."))
            return redirect("sync:conflicts")
    if row.content:
        record_read(by=actor, entity="sync_conflict", entity_id=str(row.pk), commune=row.commune_id, now=now)
    stood = values_now(row) if may else {}
    context = {
        "conflict": row,
        "title": title_of(row),
        "what": what(row),
        "sides": sides_of(row, standing=may, stood=stood),
        # Of what was never saved nothing stands.
        "stands": may and bool(queries.content_of(row).get("stood", stood)),
        "link": link_to(row) if may else "",
        "may": may,
        "mark": mark_of(stood) if may and row.is_open else "",
        "people": people,
        "person": person,
        "unsaid": unsaid,
        "error": error,
    }
    return render(request, "sync/conflict.html", context, status=409 if error or unsaid else 200)


def _people(row: Conflict, actor: Actor) -> list[tuple[str, str]]:
    """What can be answered where the number of a held case is known; without answers nothing is asked."""
    known = queries.same_person(row)
    another = (_ANOTHER, _("No, another person with the same number"))
    return [*same_person_choices(known, for_=actor), another] if known else []


def _said(person: str) -> dict[str, Any]:
    """The answer, as the phone would have sent it."""
    if not person:
        return {}
    another = person == _ANOTHER
    return {"known_citizen": None if another else person, "another_person": another}


def case_panel(request: HttpRequest, case: Case) -> str:
    """On the page of a case: somebody wrote something on a phone about which a person must decide."""
    rows = queries.open_about(Entity.CASE, case.pk, for_=actor_in(request))[:MOST_ON_CASE]
    lines = [(row, what(row)) for row in rows]
    if not lines:
        return ""
    return render_to_string("sync/case_panel.html", {"lines": lines}, request=request)
