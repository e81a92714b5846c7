"""One draft: its parts, what is still wrong, what happened to it; and the list tried out beside it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.authoring import queries, services
from nhipcau.authoring.models import Draft
from nhipcau.authoring.queries.wording import province_names
from nhipcau.authoring.rules.contents import Content, version_of
from nhipcau.authoring.rules.parts import PARTS, SHOWN
from nhipcau.authoring.rules.states import check_second_reader
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

TRIAL = "authoring_trial"
PREFIX = "a."
MOST_ANSWERS, LONGEST_ANSWER = 60, 60


@requires(Permission.AUTHORING_WRITE)
@require_safe
def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """All parts of a draft with their faults, and the next step."""
    actor = actor_in(request)
    found = queries.get_draft(draft_id, for_=actor)
    faults = queries.faults_of(found.content)
    names = province_names()
    context = {
        **frame(found, names),
        **trial_context(request, found, names),
        "parts": [_part(found.content, name, faults) for name in SHOWN],
        "faults": faults,
        "remarks": queries.remarks_of(found.content),
        "changes": len(queries.changes_of(found)),
        "steps": [
            {"step": step, "title": PARTS[step.part].title if step.part in PARTS else ""}
            for step in found.steps.select_related("by").order_by("-at", "-id")[:30]
        ],
        "may_check": may_check(found, actor),
        "may_publish": queries.reach_of(actor, Permission.AUTHORING_PUBLISH).covers(found.area),
    }
    return render(request, "authoring/draft.html", context)


def may_check(draft: Draft, actor: Actor) -> bool:
    """Whether this person may be the second reader."""
    try:
        check_second_reader(draft, actor)
    except UnableTo:
        return False
    return queries.reach_of(actor, Permission.AUTHORING_CHECK).covers(draft.area)


def _part(content: Content, name: str, faults: list[queries.Fault]) -> dict[str, Any]:
    part = PARTS[name]
    return {
        "part": part,
        "count": None if part.single else len(version_of(content).get(name) or []),
        "faults": [fault for fault in faults if fault.part == name],
    }


def frame(draft: Draft, names: dict[str, str]) -> dict[str, Any]:
    """What every page of a draft says at its top. `names`: of provinces."""
    return {
        "draft": draft,
        "name": queries.said(draft.content.get("name")) or draft.procedure,
        "place_name": names.get(draft.area, draft.area),
    }


# ---- the list beside ------------------------------------------------------------------------------


def trial_answers(data: Mapping[str, str]) -> dict[str, str]:
    """Answers and province as the fields of the panel send them."""
    keys = [key for key in data if key.startswith(PREFIX)][:MOST_ANSWERS]
    found = {key.removeprefix(PREFIX): data[key] for key in keys if 0 < len(data[key]) <= LONGEST_ANSWER}
    province = data.get("trial_province", "")
    return {**found, "": province} if province else found


def remember_trial(request: HttpRequest, draft: Draft) -> None:
    """The answers stay for the next pages of this draft, for this session only."""
    request.session[TRIAL] = {"draft": str(draft.pk), "answers": trial_answers(request.POST)}


def trial_context(
    request: HttpRequest, draft: Draft, names: dict[str, str], content: Content | None = None
) -> dict[str, Any]:
    """The panel: `content` tried instead of what is saved."""
    kept = request.session.get(TRIAL) or {}
    answers = dict(kept.get("answers") or {}) if kept.get("draft") == str(draft.pk) else {}
    province = answers.pop("", "") or draft.area
    return {
        "preview": queries.preview(
            content or draft.content,
            answers,
            on=clock.local_date(clock.now()),
            province=province if province in names else "",
            names=names,
        ),
        "trial_province": province,
        "trial_provinces": sorted(names.items(), key=lambda pair: pair[1]),
    }


@requires(Permission.AUTHORING_WRITE)
@require_POST
def try_answers(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Takes the answers to try, and goes back to the page they came from."""
    found = queries.get_draft(draft_id, for_=actor_in(request))
    remember_trial(request, found)
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/authoring/"):
        return redirect(f"{back.split('#')[0]}#trial")
    return redirect("authoring:draft", draft_id=draft_id)


@requires(Permission.AUTHORING_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Puts a draft aside, after asking once more."""
    actor = actor_in(request)
    found = queries.get_draft(draft_id, for_=actor)
    if request.method == "POST":
        try:
            services.discard_draft(draft_id=draft_id, by=actor, now=clock.now())
        except UnableTo as error:
            messages.error(request, str(error))
            return redirect("authoring:draft", draft_id=draft_id)
        messages.success(request, _("The draft is put aside. What is published stays as it is."))
        return redirect("authoring:guides")
    return render(request, "authoring/discard.html", frame(found, province_names()))
