"""What came from phones and needs a person: the list, two columns side by side, two buttons."""

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
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.sync.enums import ConflictState, Entity, Keep
from nhipcau.sync.queries import conflicts as queries
from nhipcau.sync.queries.sides import link_to, mark_of, sides_of, title_of, titles_of, values_now, what
from nhipcau.sync.services.deciding import decide
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

PAGE = 30
MOST_ON_CASE = 5


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
    error = ""
    if request.method == "POST" and request.POST.get("keep") in Keep.values:
        try:
            seen = request.POST.get("seen", "")
            decide(conflict_id=row.pk, keep=request.POST["keep"], by=actor, now=now, seen=seen)
        except UnableTo as refused:
            error = str(refused)
            row = queries.get_conflict(conflict_id, for_=actor)
        else:
            messages.success(request, _("It is decided. The other answer can still be read here."))
            return redirect("sync:conflicts")
    may = queries.can_decide(actor, row)
    if row.content:
        record_read(by=actor, entity="sync_conflict", entity_id=str(row.pk), commune=row.commune_id, now=now)
    context = {
        "conflict": row,
        "title": title_of(row),
        "what": what(row),
        "sides": sides_of(row, standing=may),
        "link": link_to(row) if may else "",
        "may": may,
        "mark": mark_of(values_now(row)) if may and row.is_open else "",
        "error": error,
    }
    return render(request, "sync/conflict.html", context, status=409 if error else 200)


def case_panel(request: HttpRequest, case: Case) -> str:
    """On the page of a case: somebody wrote something on a phone about which a person must decide."""
    rows = queries.open_about(Entity.CASE, case.pk, for_=actor_in(request))[:MOST_ON_CASE]
    lines = [(row, what(row)) for row in rows]
    if not lines:
        return ""
    return render_to_string("sync/case_panel.html", {"lines": lines}, request=request)
