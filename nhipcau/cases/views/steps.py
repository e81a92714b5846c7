"""What is done to a case: one small form each; a refusal shows the page again with what was typed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.cases import queries, services
from nhipcau.cases.forms import DossierForm, DueForm, MoveForm, NoteForm
from nhipcau.cases.models import Case
from nhipcau.cases.views.cases import assign_form, render_case
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission, languages


@requires(Permission.CASES_EDIT_OWN)
@require_POST
def move(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Brings the case one step further."""
    actor = actor_in(request)
    case = queries.get_case(case_id, for_=actor, reach=queries.EDIT)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return render_case(request, case, status=422, error=_("Choose one of the steps on this page."))
    data = form.cleaned_data
    try:
        services.move_case(case_id=case_id, to=data["to"], seen=data["seen"], by=actor, now=clock.now())
    except UnableTo as error:
        return render_case(request, case, status=409, error=str(error))
    return redirect("cases:case", case_id=case_id)


def _carry_out(
    request: HttpRequest, case: Case, form: forms.Form, field: str, act: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Acts on a valid form and shows the case; else the page again, with what was typed and why not."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except UnableTo as error:
            form.add_error(field, str(error))
        else:
            return redirect("cases:case", case_id=case.pk)
    return render_case(request, case, status=422, refused=form)


@requires(Permission.CASES_EDIT_OWN)
@require_POST
def note(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Adds a note for the team."""
    actor, now = actor_in(request), clock.now()
    case = queries.get_case(case_id, for_=actor, reach=queries.EDIT)
    form = NoteForm(request.POST, auto_id="note_%s")

    def act(data: dict[str, Any]) -> None:
        services.add_note(case_id=case_id, note=data["note"], by=actor, now=now)

    return _carry_out(request, case, form, "note", act)


@requires(Permission.CASES_EDIT_OWN)
@require_POST
def dossier(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Writes down a dossier code."""
    actor, now = actor_in(request), clock.now()
    case = queries.get_case(case_id, for_=actor, reach=queries.EDIT)
    form = DossierForm(request.POST, auto_id="dossier_%s")

    def act(data: dict[str, Any]) -> None:
        alone = data.pop("submitted_by") == "citizen"
        row = services.add_dossier(case_id=case_id, submitted_by_citizen=alone, by=actor, now=now, **data)
        if not row.known_shape:
            messages.warning(request, _("This code looks unusual. Compare it with the receipt once more."))

    return _carry_out(request, case, form, "code", act)


@requires(Permission.CASES_EDIT_CASE)
@require_POST
def assign(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Gives the case to a member."""
    actor, now = actor_in(request), clock.now()
    case = queries.get_case(case_id, for_=actor, reach=queries.ASSIGN)

    def act(data: dict[str, Any]) -> None:
        services.assign_case(case_id=case_id, member_id=UUID(data["member"]), by=actor, now=now)

    return _carry_out(request, case, assign_form(case, request.POST), "member", act)


@requires(Permission.CASES_EDIT_OWN)
@require_POST
def due(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Says when somebody looks at the case again."""
    actor, now = actor_in(request), clock.now()
    case = queries.get_case(case_id, for_=actor, reach=queries.EDIT)

    def act(data: dict[str, Any]) -> None:
        services.set_due_date(case_id=case_id, due_on=data["due_on"], by=actor, now=now)

    return _carry_out(request, case, DueForm(request.POST, auto_id="due_%s"), "due_on", act)


@requires(Permission.CASES_VIEW_OWN)
@require_safe
def person(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What we hold about the person: name, phone, consents. That somebody looked is recorded."""
    actor = actor_in(request)
    case, held = services.show_person(case_id=case_id, by=actor, now=clock.now())
    context = {
        "case": case,
        "held": held,
        "cases": queries.cases_of(case.citizen_id, for_=actor) if case.citizen_id else [],
        "helping_language": getattr(languages().get(held.helping_language), "name", ""),
        "may_edit": queries.can_reach(actor, case, queries.EDIT),
        "may_erase": queries.can_reach(actor, case, queries.ERASE),
    }
    return render(request, "cases/person.html", context)


@requires(Permission.CASES_EDIT_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The person takes back their yes: asked once more, because it cannot be undone."""
    actor = actor_in(request)
    case = queries.get_case(case_id, for_=actor, reach=queries.EDIT)
    if case.citizen_id is None:
        raise Http404
    may_erase = queries.can_reach(actor, case, queries.ERASE)
    if request.method != "POST":
        return render(request, "cases/withdraw.html", {"case": case, "may_erase": may_erase})
    act = (
        services.erase_person if request.POST.get("all") == "yes" and may_erase else services.withdraw_consent
    )
    try:
        act(case_id=case_id, by=actor, now=clock.now())
    except UnableTo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The name and the phone number are erased from this case."))
    return redirect("cases:case", case_id=case_id)
