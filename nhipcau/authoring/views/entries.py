"""The parts of a draft: lists, the form of an entry with the list beside it, moving and removing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nhipcau.authoring import queries, services
from nhipcau.authoring.forms import EntryForm
from nhipcau.authoring.models import Draft
from nhipcau.authoring.queries.wording import Speaker, province_names
from nhipcau.authoring.rules import contents
from nhipcau.authoring.rules.contents import Content, Place, read_place
from nhipcau.authoring.rules.parts import ABOUT, OF_THE_NATION, PARTS
from nhipcau.authoring.views.drafts import frame, remember_trial, trial_context
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.procedures.models import Procedure
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission


def open_place(request: HttpRequest, draft_id: UUID, text: str) -> tuple[Draft, Place]:
    """The draft and an address inside it; 404 for what a guide has not, or has no more."""
    draft = queries.get_draft(draft_id, for_=actor_in(request))
    place = read_place(text)
    if place is None or (not place.part.single and contents.list_at(draft.content, place) is None):
        raise Http404
    if place.index is not None and contents.entry_at(draft.content, place) is None:
        raise Http404
    return draft, place


@requires(Permission.AUTHORING_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, draft_id: UUID, place: str) -> HttpResponse:
    """A list of entries, or the form of one; `try` shows the list people get without saving."""
    if request.method == "POST":
        return _posted(request, draft_id, place)
    draft, found = open_place(request, draft_id, place)
    if found.is_list:
        return render(request, "authoring/list.html", _context(request, draft, found))
    form = _form(draft, found)
    context = _context(request, draft, found) | {"form": form, "seen": contents.seen_at(draft.content, found)}
    return render(request, "authoring/entry.html", context)


def _form(draft: Draft, place: Place, data: Any = None) -> EntryForm:
    nation = bool(draft.area) and Procedure.objects.filter(pk=draft.procedure).exists()
    locked = (OF_THE_NATION if place.part is ABOUT else ("keywords",)) if nation and place.part.single else ()
    value = contents.entry_at(draft.content, place)
    return EntryForm(data, part=place.part, content=draft.content, entry=value, locked=locked)


def _posted(request: HttpRequest, draft_id: UUID, text: str) -> HttpResponse:
    """Keeps what was typed whatever happens: entry gone, changed by somebody else, or with an error."""
    draft = queries.get_draft(draft_id, for_=actor_in(request))
    place = read_place(text)
    if place is None or place.is_list:
        raise Http404
    form = _form(draft, place, request.POST)
    remember_trial(request, draft)
    if not form.is_valid() or request.POST.get("act") == "try":
        status = 422 if form.errors else 200
        return _again(request, draft, place, form, status=status, seen=request.POST.get("seen", ""))
    seen = request.POST.get("seen", "")
    try:
        draft = services.save_entry(
            draft_id=draft_id,
            place=place,
            entry=form.result,
            seen=seen,
            by=actor_in(request),
            now=clock.now(),
        )
    except services.UnableToSaveOver as error:
        return _conflict(request, draft, place, form, error)
    except UnableTo as error:
        form.add_error(None, str(error))
        return _again(request, draft, place, form, status=409, seen=seen)
    messages.success(request, _("Saved."))
    return redirect("authoring:entry", draft_id=draft_id, place=str(_next(draft, place)))


def _next(draft: Draft, place: Place) -> Place:
    """After saving: on the entry while more belongs into it, else back to the list around it."""
    entries = [] if place.part.single else contents.list_at(draft.content, place) or []
    here = place.at(len(entries) - 1) if place.new else place
    open_choice = here.part.name == "facts" and entries[here.index or 0].get("type") != "choice"
    if here.part.single or (here.part.children and not open_choice):
        return here
    return here.above or here.listed


def _again(
    request: HttpRequest, draft: Draft, place: Place, form: EntryForm, *, status: int, seen: str
) -> HttpResponse:
    tried = _tried(draft, place, form)
    context = _context(request, draft, place, tried) | {
        "form": form,
        "seen": seen,
        "unsaved": tried is not None,
    }
    return render(request, "authoring/entry.html", context, status=status)


def _tried(draft: Draft, place: Place, form: EntryForm) -> Content | None:
    """The draft as it would be with what was typed."""
    if not form.is_valid():
        return None
    gone = place.index is not None and contents.entry_at(draft.content, place) is None
    if gone or (not place.part.single and contents.list_at(draft.content, place) is None):
        return None
    return contents.put(draft.content, place, form.result)


def _conflict(
    request: HttpRequest, draft: Draft, place: Place, form: EntryForm, error: services.UnableToSaveOver
) -> HttpResponse:
    """Both entries side by side; the choice is a person's. What was typed stays in the form."""
    draft.refresh_from_db()
    names = province_names()
    speaker = Speaker(draft.content, names)
    target = place
    if error.current is None and not place.new:
        target = Place(place.part, place.parents, new=True)
    mine, theirs = (
        dict(speaker.lines(place.part, value)) if value else {} for value in (form.result, error.current)
    )
    labels = [*mine, *(label for label in theirs if label not in mine)]
    context = {
        **frame(draft, names),
        "place": target,
        "can_save": not place.new or contents.list_at(draft.content, place) is not None,
        "seen": contents.seen_at(draft.content, target),
        "form": form,
        "gone": error.current is None and not place.new,
        "message": str(error),
        "rows": [(label, mine.get(label, ""), theirs.get(label, "")) for label in labels],
    }
    return render(request, "authoring/conflict.html", context, status=409)


def _context(
    request: HttpRequest, draft: Draft, place: Place, content: Content | None = None
) -> dict[str, Any]:
    shown = content or draft.content
    value = None if place.is_list or place.new else contents.entry_at(draft.content, place)
    faults = queries.faults_of(draft.content)
    names = province_names()
    speaker = Speaker(draft.content, names)
    return {
        **frame(draft, names),
        **trial_context(request, draft, names, shown),
        "place": place,
        "crumbs": _crumbs(draft, place, speaker),
        "entries": _entries(draft, place, speaker, faults) if place.is_list else [],
        "inside": [
            {
                "place": place.inside(name),
                "part": PARTS[name],
                "entries": _entries(draft, place.inside(name), speaker, faults),
            }
            for name in (place.part.children if value is not None else ())
            if name != "options" or (value or {}).get("type") == "choice"
        ],
        "sentence": speaker.condition((value or {}).get("when")) if place.part.rule else "",
        "title": speaker.title(place.part, value) if value is not None else "",
        "faults": [fault for fault in faults if fault.is_inside(str(place))],
    }


def _entries(
    draft: Draft, listed: Place, speaker: Speaker, faults: list[queries.Fault]
) -> list[dict[str, Any]]:
    rows = []
    for index in range(len(contents.list_at(draft.content, listed) or [])):
        place = listed.at(index)
        value = contents.entry_at(draft.content, place)
        rows.append(
            {
                "place": place,
                "title": speaker.title(listed.part, value),
                "when": speaker.condition(value.get("when")) if listed.part.rule else "",
                "seen": contents.fingerprint(value),
                "faults": sum(1 for fault in faults if fault.is_inside(str(place))),
            }
        )
    return rows


def _crumbs(draft: Draft, place: Place, speaker: Speaker) -> list[tuple[str, str]]:
    """The way from the draft to here: address and words."""
    crumbs: list[tuple[str, str]] = []
    above: Place | None = place.listed if (place.index is not None or place.new) else place.above
    if place.part.single:
        return []
    while above is not None:
        if above.is_list:
            # The list inside an entry stands on the page of that entry.
            if not above.parents:
                crumbs.append((str(above), str(above.part.title)))
            above = above.above
        else:
            value = contents.entry_at(draft.content, above)
            crumbs.append((str(above), speaker.title(above.part, value) if value else ""))
            above = above.listed
    return crumbs[::-1]


@requires(Permission.AUTHORING_WRITE)
@require_POST
def move(request: HttpRequest, draft_id: UUID, place: str) -> HttpResponse:
    """One step up or down in its list."""
    found = _row(request, draft_id, place)
    act = "up" if request.POST.get("act") == "up" else "down"
    return _arranged(request, draft_id, found, act)


@requires(Permission.AUTHORING_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, draft_id: UUID, place: str) -> HttpResponse:
    """Takes an entry away, after showing what it says."""
    if request.method == "POST":
        return _arranged(request, draft_id, _row(request, draft_id, place), "remove")
    draft, found = open_place(request, draft_id, place)
    if found.index is None:
        raise Http404
    value, names = contents.entry_at(draft.content, found), province_names()
    speaker = Speaker(draft.content, names)
    context = {
        **frame(draft, names),
        "place": found,
        "title": speaker.title(found.part, value),
        "lines": [(key, text) for key, text in speaker.lines(found.part, value) if text],
        "seen": contents.fingerprint(value),
    }
    return render(request, "authoring/remove.html", context)


def _row(request: HttpRequest, draft_id: UUID, text: str) -> Place:
    queries.get_draft(draft_id, for_=actor_in(request))
    place = read_place(text)
    if place is None or place.index is None:
        raise Http404
    return place


def _arranged(request: HttpRequest, draft_id: UUID, place: Place, act: str) -> HttpResponse:
    try:
        services.arrange_entry(
            draft_id=draft_id,
            place=place,
            act=act,
            seen=request.POST.get("seen", ""),
            by=actor_in(request),
            now=clock.now(),
        )
    except UnableTo as error:
        messages.error(request, str(error))
    back = place.above or place.listed
    return redirect("authoring:entry", draft_id=draft_id, place=str(back))
