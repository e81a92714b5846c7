"""The list of cases, a new case, and the page of one case."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.audit.services import record_read
from nhipcau.cases import queries, services
from nhipcau.cases.enums import CaseState
from nhipcau.cases.forms import AssignForm, DossierForm, DueForm, NewCaseForm, NoteForm
from nhipcau.cases.models import Case
from nhipcau.cases.rules import MOVES, NEXT_STEPS, TRANSITIONS
from nhipcau.citizens.enums import Purpose
from nhipcau.citizens.queries import consent_words
from nhipcau.citizens.services import GivenConsent, UnableToRegisterKnownPhone
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.teams.access import MemberActor, actor_in
from nhipcau.teams.enums import Permission

PAGE = 30


@requires(Permission.CASES_VIEW_OWN)
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Open cases, what is due first; closed ones on request; one case by its code or phone number."""
    actor = actor_in(request)
    search = queries.read_search(request.GET.get("q", ""))
    which = request.GET.get("which", "open")
    rows = queries.case_list(actor, search=search, closed=which == "closed", mine=which == "mine")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    today = clock.local_date(clock.now())
    context = {"page": page, "search": search, "which": which, "today": today}
    return render(request, "cases/cases.html", context)


@requires(Permission.CASES_OPEN_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_case(request: HttpRequest) -> HttpResponse:
    """A person, their yes, and what is to be followed; grown out of a session or on its own."""
    actor = actor_in(request)
    form = _new_case_form(request, actor)
    if form.is_bound and form.is_valid():
        try:
            case = services.open_case(case=_open_case(form), by=actor, now=clock.now())
        except UnableToRegisterKnownPhone as error:
            form.set_known(queries.same_person_choices(error.known, for_=actor))
            form.add_error("same_person", str(error))
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The case is open. Print the card and give it to the person."))
            return redirect("cases:card", case_id=case.pk)
    words = consent_words(Purpose.FOLLOW_UP, form["words_language"].value() or "vi")
    context = {"form": form, "words": words}
    return render(request, "cases/new_case.html", context, status=422 if form.errors else 200)


def _new_case_form(request: HttpRequest, actor: MemberActor) -> NewCaseForm:
    places = queries.work_places(
        actor,
        home=actor.member.commune_id,
        today=clock.local_date(clock.now()),
        permission=Permission.CASES_OPEN_CASE,
    )
    language = translation.get_language() or "vi"
    initial: dict[str, Any] = {
        "id": new_id(),
        "words": consent_words(Purpose.FOLLOW_UP, language).sha256,
        "words_language": language,
        "need": request.GET.get("need", ""),
    }
    if request.method == "POST":
        form = NewCaseForm(request.POST, needs=queries.all_needs(), places=places)
        chosen = _uuid(request.POST.get("same_person", ""))
        if chosen is not None:
            # Who it may be is checked again by the service; here the answer only stays choosable.
            form.set_known([(str(chosen), _("Yes, the same person"))])
        return form
    initial |= _from_session(request.GET.get("session", ""), actor)
    return NewCaseForm(initial=initial, needs=queries.all_needs(), places=places)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _from_session(text: str, actor: Actor) -> dict[str, Any]:
    """What is known from one's own help session: the need, the place, the language."""
    session_id = _uuid(text)
    session = queries.own_session(session_id, for_=actor) if session_id is not None else None
    if session is None:
        return {}
    return {
        "session": session.pk,
        "need": queries.need_value(session),
        "place": f"{session.commune_id}:{session.service_point_id or ''}",
        "helping_language": session.language,
    }


def _open_case(form: NewCaseForm) -> services.OpenCase:
    data = form.cleaned_data
    same = data["same_person"]
    return services.OpenCase(
        id=data["id"],
        session=data["session"],
        name=data["name"],
        phone=data["phone"],
        consent=GivenConsent(Purpose.FOLLOW_UP, data["method"], data["words_language"]),
        helping_language=data["helping_language"],
        keep_months=data["keep_months"],
        due_on=data["due_on"],
        known_citizen=UUID(same) if same and same != "another" else None,
        another_person=same == "another",
        **form.chosen_need,
        **form.chosen_place,
    )


@requires(Permission.CASES_VIEW_OWN)
@require_safe
def case_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """State, next steps, dossiers and timeline of one case."""
    case = queries.get_case(case_id, for_=actor_in(request))
    return render_case(request, case)


_FORMS: dict[type[Form], str] = {
    NoteForm: "note_form",
    DossierForm: "dossier_form",
    DueForm: "due_form",
    AssignForm: "assign_form",
}


def render_case(
    request: HttpRequest, case: Case, *, status: int = 200, refused: Form | None = None, error: str = ""
) -> HttpResponse:
    """The page of a case; a `refused` form is shown as it was typed, in its place."""
    actor, now = actor_in(request), clock.now()
    events = list(queries.timeline(case))
    papers = _papers(case, clock.local_date(now))
    if any(event.note for event in events) or (papers and papers["sheet"]):
        record_read(by=actor, entity="cases_case", entity_id=str(case.pk), commune=case.commune_id, now=now)
    may_edit = queries.can_reach(actor, case, queries.EDIT)
    may_assign = queries.can_reach(actor, case, queries.ASSIGN)
    context = {
        "case": case,
        "need": queries.need_label(case),
        "next_step": NEXT_STEPS[CaseState(case.state)],
        "moves": _moves(case, actor),
        "events": events,
        "papers": papers,
        "dossiers": case.dossiers.order_by("submitted_on", "id"),
        "rating": queries.rating_of(case),
        "may_edit": may_edit,
        "may_show": queries.can_reach(actor, case, queries.PERSONAL),
        "may_assign": may_assign,
        "today": clock.local_date(now),
        "error": error,
        "note_form": NoteForm(auto_id="note_%s"),
        "dossier_form": DossierForm(auto_id="dossier_%s", initial={"submitted_on": clock.local_date(now)}),
        "due_form": DueForm(auto_id="due_%s", initial={"due_on": case.due_on}),
        "assign_form": assign_form(case) if may_assign else None,
    }
    if refused is not None:
        context[_FORMS[type(refused)]] = refused
    return render(request, "cases/case.html", context, status=status)


def _papers(case: Case, day: date) -> dict[str, Any] | None:
    """What the checks of the papers found, and whether the list is another by now."""
    if case.procedure is None:
        return None
    history = list(queries.papers_history(case))
    latest = history[0] if history else None
    now = queries.version_now(case, day)
    # What is finished needs no other list.
    still_open = not case.is_closed and case.erased_at is None
    return {
        "latest": latest,
        "sheet": queries.sheet_of(latest, case) if latest else None,
        "history": history,
        "changed": queries.changes_for(case, latest, now, day) if still_open else None,
        "can_check": still_open and (now or queries.version_held(case, latest)) is not None,
    }


def assign_form(case: Case, data: Any = None) -> AssignForm:
    """The members who may follow the case."""
    members = queries.assignees(case, now=clock.now()).values_list("pk", "name")
    return AssignForm(
        data, auto_id="assign_%s", members=members, initial={"member": str(case.assigned_to_id)}
    )


def _moves(case: Case, actor: Actor) -> list[tuple[str, str]]:
    """The states this person may bring the case to now, with the words of the button."""
    return [
        (to, str(MOVES[to]))
        for to in TRANSITIONS[CaseState(case.state)]
        if queries.can_reach(actor, case, services.reach_for(case.state, to))
    ]
