"""What changed, the second reader's answer, and publishing with dates."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.authoring import queries, services
from nhipcau.authoring.enums import DraftState
from nhipcau.authoring.forms import CheckForm, NoteForm, PublishForm
from nhipcau.authoring.models import Draft
from nhipcau.authoring.queries.wording import province_names
from nhipcau.authoring.views.drafts import frame, may_check, trial_context
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.procedures.queries import in_the_way, published_versions
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission


@requires(Permission.AUTHORING_WRITE)
@require_safe
def changes(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """What the draft changes, part by part; for the second reader with a tick for each change."""
    return _changes(request, queries.get_draft(draft_id, for_=actor_in(request)))


def _changes(
    request: HttpRequest,
    draft: Draft,
    *,
    status: int = 200,
    error: str = "",
    note_form: NoteForm | None = None,
) -> HttpResponse:
    found, names = queries.changes_of(draft), province_names()
    context = {
        **frame(draft, names),
        **trial_context(request, draft, names),
        "groups": queries.changes_by_part(found),
        "count": len(found),
        "faults": queries.faults_of(draft.content),
        "ticking": draft.state == DraftState.DRAFT and may_check(draft, actor_in(request)),
        "may_send_back": draft.is_open and may_check(draft, actor_in(request)),
        "ticked": request.POST.getlist("ticked"),
        "error": error,
        "note_form": note_form or NoteForm(),
    }
    return render(request, "authoring/changes.html", context, status=status)


@requires(Permission.AUTHORING_CHECK)
@require_POST
def approve(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The facts are right."""
    actor = actor_in(request)
    draft = queries.get_draft(draft_id, for_=actor, permission=Permission.AUTHORING_CHECK)
    keys = [change.key for change in queries.changes_of(draft)]
    form = CheckForm(request.POST, keys=keys)
    if not form.is_valid():
        sentence = _("Somebody changed the draft while you were reading. Please look at it again.")
        return _changes(request, draft, status=409, error=sentence)
    try:
        services.approve_draft(
            draft_id=draft_id,
            revision=form.cleaned_data["revision"],
            ticked=form.cleaned_data["ticked"],
            by=actor,
            now=clock.now(),
        )
    except UnableTo as error:
        return _changes(request, draft, status=409, error=str(error))
    messages.success(request, _("Thank you. The facts are checked; the guide can be published."))
    return redirect("authoring:draft", draft_id=draft_id)


@requires(Permission.AUTHORING_CHECK)
@require_POST
def send_back(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Back to the writers, with a note."""
    actor = actor_in(request)
    draft = queries.get_draft(draft_id, for_=actor, permission=Permission.AUTHORING_CHECK)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            services.send_back(draft_id=draft_id, note=form.cleaned_data["note"], by=actor, now=clock.now())
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The draft went back with your note."))
            return redirect("authoring:draft", draft_id=draft_id)
    return _changes(request, draft, status=422, note_form=form)


@requires(Permission.AUTHORING_PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Dates, what will end, and the last look before everybody sees it."""
    actor, today = actor_in(request), clock.local_date(clock.now())
    draft = queries.get_draft(draft_id, for_=actor, permission=Permission.AUTHORING_PUBLISH)
    later = published_versions(draft.procedure, draft.area).filter(valid_from__gt=today).first()
    ends = later.valid_from if later else None
    initial = {"revision": draft.revision, "begins": today, "ends": ends}
    form = PublishForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and request.POST.get("act") == "publish":
        data = form.cleaned_data
        try:
            services.publish_draft(
                draft_id=draft_id,
                revision=data["revision"],
                begins=data["begins"],
                ends=data["ends"],
                by=actor,
                now=clock.now(),
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Published. People see it from its first day on."))
            return redirect("authoring:guide", slug=draft.procedure)
    context = {**frame(draft, province_names()), **_effects(draft, form, initial), "form": form}
    context |= {"faults": queries.faults_of(draft.content), "changes": len(queries.changes_of(draft))}
    return render(request, "authoring/publish.html", context, status=422 if form.errors else 200)


def _effects(draft: Draft, form: PublishForm, initial: dict[str, Any]) -> dict[str, Any]:
    """Which published versions end, are replaced, or stand in the way for these dates."""
    data = form.cleaned_data if form.is_bound else {}
    begins = data.get("begins") or initial["begins"]
    ends = data.get("ends") if form.is_bound else initial["ends"]
    ending, replaced, later = in_the_way(draft.procedure, draft.area, begins, ends)
    return {"begins": begins, "ending": ending, "replaced": replaced, "later": later}
