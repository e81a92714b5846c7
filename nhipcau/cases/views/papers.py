"""The papers of a case: questions answered and papers ticked together with the person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nhipcau.audit.services import record_read
from nhipcau.cases import queries, services
from nhipcau.cases.forms import PapersForm
from nhipcau.cases.models import Case, PapersCheck
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.procedures.models import ProcedureVersion
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

MOST_TICKS = 200


@requires(Permission.CASES_EDIT_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The list of the guide that the person holds; `with=now`: of the one in force. Kept with the case."""
    actor, now = actor_in(request), clock.now()
    case = queries.get_case(case_id, for_=actor, reach=queries.EDIT)
    latest = queries.papers_history(case).first()
    version = _version(request, case, latest)
    if request.method == "POST":
        return _posted(request, case, version)
    said = queries.content_of_check(latest)
    if latest is not None and latest.content:
        record_read(by=actor, entity="cases_case", entity_id=str(case.pk), commune=case.commune_id, now=now)
    found = queries.sheet(case, version, said["answers"], said["have"], clock.local_date(now))
    form = PapersForm(initial={"id": new_id(), "version": version.pk}, questions=found.questions)
    return _show(request, case, found, form)


def _version(request: HttpRequest, case: Case, latest: PapersCheck | None) -> ProcedureVersion:
    now = queries.version_now(case, clock.local_date(clock.now()))
    held = queries.version_held(case, latest)
    version = now if request.GET.get("with") == "now" else held or now
    if version is None or case.erased_at is not None:
        raise Http404
    return version


def _posted(request: HttpRequest, case: Case, version: ProcedureVersion) -> HttpResponse:
    """`update`: the list for these answers, nothing is kept. Else the check is kept."""
    now = clock.now()
    day = clock.local_date(now)
    empty = queries.sheet(case, version, {}, (), day)
    every = [question | {"open": True} for question in empty.questions]
    form = PapersForm(request.POST, questions=every)
    valid = form.is_valid()
    # What the list does not know is left out.
    have = request.POST.getlist("have")[:MOST_TICKS]
    answers = form.answers if valid else {}
    found = queries.sheet(case, version, answers, have, day)
    if valid and "update" not in request.POST:
        check = services.NewPapersCheck(
            id=form.cleaned_data["id"],
            case=case.pk,
            version=form.cleaned_data["version"],
            answers=answers,
            have=have,
        )
        try:
            services.check_papers(check=check, by=actor_in(request), now=now)
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The papers were checked. The result stands with the case."))
            return redirect("cases:case", case_id=case.pk)
    if not form.errors:
        initial = {"id": form.cleaned_data["id"], "version": version.pk}
        return _show(request, case, found, PapersForm(initial=initial, questions=found.questions))
    return _show(request, case, found, form, status=422)


def _show(
    request: HttpRequest, case: Case, found: queries.Sheet, form: PapersForm, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "case": case,
        "need": queries.need_label(case),
        "found": found,
        "groups": found.groups,
        "have": found.have,
        "form": form,
        "newer": request.GET.get("with") == "now",
    }
    return render(request, "cases/papers.html", context, status=status)
