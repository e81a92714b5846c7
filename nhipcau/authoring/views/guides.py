"""The list of guides with their state and age, one guide with its versions, and the start of a draft."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.authoring import queries, services
from nhipcau.authoring.forms import NewGuideForm
from nhipcau.authoring.models import Draft
from nhipcau.authoring.queries.wording import province_names
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.procedures.enums import VersionState
from nhipcau.procedures.models import Procedure, ProcedureVersion
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

ROWS = 40
MONTHS = (3, 6, 12)
USUAL_MONTHS = 6


@requires(Permission.AUTHORING_WRITE)
@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """Open drafts, then every guide; with `months`, those nobody compared with the sources for so long."""
    actor, today = actor_in(request), clock.local_date(clock.now())
    asked = request.GET.get("months", "")
    months = int(asked) if asked in {str(number) for number in MONTHS} else None
    text = request.GET.get("q", "").replace("\x00", "")[:80]
    rows = queries.guide_rows(actor, today=today, months=months, text=text)
    old = 0 if months else sum(1 for row in rows if row.older_than(USUAL_MONTHS))
    names = province_names()
    listed = [{"row": row, "place": names.get(row.area, "")} for row in rows]
    drafts = queries.open_drafts(actor)[:ROWS] if not text and months is None else []
    context = {
        "page": Paginator(listed, ROWS).get_page(request.GET.get("page")),
        "drafts": [_in_work(draft, names) for draft in drafts],
        "months": months,
        "old": old,
        "usual_months": USUAL_MONTHS,
        "choices": MONTHS,
        "text": text,
    }
    return render(request, "authoring/guides.html", context)


def _in_work(draft: Draft, names: dict[str, str]) -> dict[str, Any]:
    """A draft as lists show it."""
    name = queries.said(draft.content.get("name")) or draft.procedure
    return {"draft": draft, "name": name, "place": names.get(draft.area, "")}


@requires(Permission.AUTHORING_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_guide(request: HttpRequest) -> HttpResponse:
    """A guide that does not exist yet: its name, code and place; all else comes in the draft."""
    actor = actor_in(request)
    areas = queries.areas_for(actor, Permission.AUTHORING_WRITE)
    form = NewGuideForm(request.POST or None, areas=areas, initial={"kind": "procedure"})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.start_guide(
                name=form.name,
                kind=data["kind"],
                life_event=data["life_event"],
                code=data["code"],
                area=data["area"],
                by=actor,
                now=clock.now(),
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            return redirect("authoring:draft", draft_id=made.pk)
    return render(request, "authoring/new_guide.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.AUTHORING_WRITE)
@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """The versions of one guide, what a file offers, and the ways to a draft."""
    actor, today = actor_in(request), clock.local_date(clock.now())
    procedure = get_object_or_404(Procedure, pk=slug)
    versions = queries.versions_of(procedure, actor, today=today)
    areas, names = queries.areas_for(actor, Permission.AUTHORING_WRITE), province_names()
    may = {
        name: queries.reach_of(actor, permission)
        for name, permission in (
            ("write", Permission.AUTHORING_WRITE),
            ("check", Permission.AUTHORING_CHECK),
            ("publish", Permission.AUTHORING_PUBLISH),
        )
    }
    rows: list[dict[str, Any]] = [
        {
            "version": version,
            "place": names.get(version.area, ""),
            "in_force": version.state == VersionState.PUBLISHED and version.in_force(today),
            "days": (today - version.checked_on).days,
            "may_check": version.state == VersionState.PUBLISHED and may["check"].covers(version.area),
            "may_withdraw": version.state == VersionState.PUBLISHED and may["publish"].covers(version.area),
        }
        for version in versions
    ]
    drafts = list(queries.open_drafts(actor).filter(procedure=slug))
    taken = {draft.area for draft in drafts}
    context = {
        "procedure": procedure,
        "rows": rows,
        "drafts": [_in_work(draft, names) for draft in drafts],
        "areas": [(code, name) for code, name in areas if code not in taken],
        "offered": [row for row in rows if row["version"].state == VersionState.DRAFT],
        "begin_from": sorted(
            (row for row in rows if row["version"].state == VersionState.PUBLISHED),
            key=lambda row: not row["in_force"],
        ),
    }
    return render(request, "authoring/guide.html", context)


@requires(Permission.AUTHORING_WRITE)
@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """A draft for a place, with the words of a version of this guide; an open draft is gone on with."""
    actor = actor_in(request)
    version = _version(slug, request.POST.get("version", ""))
    area = request.POST.get("area", "")
    if version is None or version not in queries.versions_of(
        version.procedure, actor, today=clock.local_date(clock.now())
    ):
        raise Http404
    try:
        made = services.start_draft(version=version, area=area, by=actor, now=clock.now())
    except services.UnableToStart as error:
        messages.warning(request, str(error))
        if error.draft is not None:
            return redirect("authoring:draft", draft_id=error.draft)
        return redirect("authoring:guide", slug=slug)
    return redirect("authoring:draft", draft_id=made.pk)


def _version(slug: str, text: str) -> ProcedureVersion | None:
    try:
        key = UUID(text)
    except ValueError:
        return None
    return ProcedureVersion.objects.select_related("procedure").filter(pk=key, procedure_id=slug).first()


@requires(Permission.AUTHORING_CHECK)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Read again today against the sources, nothing has changed."""
    return _about_version(
        request, version_id, Permission.AUTHORING_CHECK, template="authoring/confirm.html",
        act=services.confirm_guide, done=_("The guide now says that it was read again today."),
    )  # fmt: skip


@requires(Permission.AUTHORING_PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A published version is shown no more."""
    return _about_version(
        request, version_id, Permission.AUTHORING_PUBLISH, template="authoring/withdraw.html",
        act=services.withdraw_guide, done=_("The version is withdrawn. People no longer see it."),
    )  # fmt: skip


def _about_version(
    request: HttpRequest, version_id: UUID, permission: str, *, template: str, act: Any, done: str
) -> HttpResponse:
    """Asks once more, then acts."""
    actor = actor_in(request)
    version = queries.get_version(version_id, for_=actor, permission=permission)
    if request.method == "POST":
        try:
            act(version=version, by=actor, now=clock.now())
        except UnableTo as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)
        return redirect("authoring:guide", slug=version.procedure_id)
    context = {"version": version, "sources": version.guide["versions"][0]["sources"]}
    return render(request, template, context)
