"""Building a condition in sentences: choose a question, compare, join with "and" and "or"."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nhipcau.authoring import queries, services
from nhipcau.authoring.forms import ConditionForm
from nhipcau.authoring.models import Draft
from nhipcau.authoring.queries.wording import Speaker, province_names, said
from nhipcau.authoring.rules import conditions, contents
from nhipcau.authoring.rules.contents import Place, version_of
from nhipcau.authoring.views.drafts import frame, trial_context
from nhipcau.authoring.views.entries import open_place
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

JOINS = ("all", "any", "replace")


@requires(Permission.AUTHORING_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def condition(request: HttpRequest, draft_id: UUID, place: str) -> HttpResponse:
    """The condition of an entry as a tree of sentences; `fact` opens the comparison with one question."""
    draft, found = open_place(request, draft_id, place)
    if not found.part.rule or found.index is None:
        raise Http404
    if request.method == "POST":
        return _posted(request, draft, found)
    return _page(request, draft, found, _asked(request, draft, found))


def _rule(draft: Draft, place: Place) -> Any:
    return contents.entry_at(draft.content, place).get("when")


def _target(request: HttpRequest, rule: Any) -> tuple[str, str]:
    """The node and how something joins it; what does not fit the rule falls back to the whole of it."""
    data = request.POST if request.method == "POST" else request.GET
    node, join = data.get("node", "")[:200], data.get("join", "")
    join = join if join in JOINS else "all"
    return (node if conditions.node_at(rule, node) is not None else "", join)


def _asked(request: HttpRequest, draft: Draft, place: Place, data: Any = None) -> ConditionForm | None:
    """The form of one comparison; None until a question is chosen."""
    source = request.POST if request.method == "POST" else request.GET
    facts = {fact["id"]: fact for fact in version_of(draft.content).get("facts") or []}
    fact = facts.get(source.get("fact", ""))
    if fact is None:
        return None
    node, join = _target(request, _rule(draft, place))
    leaf = conditions.node_at(_rule(draft, place), node) if join == "replace" else None
    return ConditionForm(data, fact=fact, answers=_answers(fact), leaf=leaf)


def _answers(fact: dict[str, Any]) -> list[tuple[str, str]]:
    if fact["type"] == "yes_no":
        return [("yes", _("Yes")), ("no", _("No"))]
    return [(option["value"], said(option.get("text"))) for option in fact.get("options") or []]


def _posted(request: HttpRequest, draft: Draft, place: Place) -> HttpResponse:
    rule = _rule(draft, place)
    node, join = _target(request, rule)
    act = request.POST.get("act", "")
    form = None
    if act == "put":
        form = _asked(request, draft, place, request.POST)
        if form is None or not form.is_valid():
            return _page(request, draft, place, form, status=422)
        leaf = form.leaf
        new = (
            conditions.replace(rule, node, leaf)
            if join == "replace"
            else conditions.join(rule, node, join, leaf)
        )
    elif act in ("turn", "remove") and rule is not None:
        new = conditions.turn_round(rule, node) if act == "turn" else conditions.replace(rule, node, None)
    else:
        return _page(request, draft, place, None, status=422)
    try:
        services.set_rule(
            draft_id=draft.pk,
            place=place,
            rule=new,
            seen=request.POST.get("seen", ""),
            by=actor_in(request),
            now=clock.now(),
        )
    except UnableTo as error:
        draft.refresh_from_db()
        messages.error(request, str(error))
        if contents.entry_at(draft.content, place) is None:
            return redirect("authoring:entry", draft_id=draft.pk, place=str(place.listed))
        return _page(request, draft, place, form, status=409)
    return redirect("authoring:condition", draft_id=draft.pk, place=str(place))


def _page(
    request: HttpRequest, draft: Draft, place: Place, form: ConditionForm | None, *, status: int = 200
) -> HttpResponse:
    value = contents.entry_at(draft.content, place)
    rule = value.get("when")
    names = province_names()
    speaker = Speaker(draft.content, names)
    node, join = _target(request, rule)
    faults = [
        fault for fault in queries.faults_of(draft.content) if fault.place == str(place) and fault.in_rule
    ]
    remarks = [fault for fault in queries.remarks_of(draft.content) if fault.place == str(place)]
    context = {
        **frame(draft, names),
        **trial_context(request, draft, names),
        "place": place,
        "title": speaker.title(place.part, value),
        "tree": _tree(rule, "", speaker) if rule is not None else None,
        "sentence": speaker.condition(rule),
        "questions": [
            (fact["id"], said(fact.get("question")))
            for fact in version_of(draft.content).get("facts") or []
            if fact.get("type") != "choice" or fact.get("options")
        ],
        "adding": rule is None or "join" in request.GET,
        "node": node,
        "join": join,
        "joined": speaker.condition(conditions.node_at(rule, node)),
        "form": form,
        "question": said(form.fact.get("question")) if form else "",
        "seen": contents.seen_at(draft.content, place),
        "faults": [*faults, *remarks],
    }
    return render(request, "authoring/condition.html", context, status=status)


def _tree(rule: Any, address: str, speaker: Speaker) -> dict[str, Any]:
    """A node as the page shows it: a sentence, or a group with what stands inside."""
    kind = next((name for name in ("all", "any", "not") if isinstance(rule, dict) and name in rule), "leaf")
    prefix = f"{address}." if address else ""
    return {
        "kind": kind,
        "address": address,
        "sentence": speaker.condition(rule),
        "fact": rule.get("fact", "") if isinstance(rule, dict) else "",
        "children": [
            _tree(conditions.node_at(rule, step), prefix + step, speaker)
            for step in conditions.child_steps(rule)
        ],
    }
