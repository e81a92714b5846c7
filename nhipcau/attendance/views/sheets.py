"""The sheet of a shift: who came, who did not, who told us; walk-ins; the same on paper; corrections."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.attendance import services
from nhipcau.attendance.forms import CorrectForm, LineForm, SheetForm, lines_of
from nhipcau.attendance.queries import hours, shifts
from nhipcau.core import clock
from nhipcau.core.documents import typst_pdf
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.shifts.models import Shift
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

PAPER = Path(__file__).resolve().parent.parent / "documents" / "sheet.typ"
EMPTY_ROWS = 6
_OVERTAKEN = gettext_lazy(
    "Meanwhile something else was written down of this person, see below. "
    "Choose “Not said yet” here to leave it so, or change it there."
)


@requires(Permission.ATTENDANCE_MARK)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """One page for the whole shift. Everything that was filled in is saved together, or nothing."""
    actor = actor_in(request)
    shift = shifts.get_shift(shift_id, for_=actor)
    rows = list(shifts.on_sheet(shift))
    if request.method != "POST":
        return _show(request, shift, lines_of(rows), SheetForm())
    lines, form = lines_of(rows, request.POST), SheetForm(request.POST)
    filled = [line for line in lines if line.is_open and line.is_filled]
    valid = [line.is_valid() for line in filled]
    overtaken = [line for line in lines if line.is_overtaken]
    for line in overtaken:
        line.is_valid()
        line.add_error("came", _OVERTAKEN)
    if not form.is_valid() or not all(valid) or overtaken:
        return _show(request, shift, lines, form, status=422)
    try:
        said = services.record_sheet(
            shift_id=shift.pk,
            lines=[line.line() for line in filled],
            method=form.cleaned_data["method"],
            by=actor,
            now=clock.now(),
        )
    except services.UnableToWriteDown as error:
        _blame(lines, form, error)
        return _show(request, shift, lines, form, status=422)
    messages.success(request, _("Saved: %(count)d people.") % {"count": said})
    return redirect("attendance:sheet", shift_id=shift.pk)


def _blame(lines: list[LineForm], form: SheetForm, error: services.UnableToWriteDown) -> None:
    """The refusal stands with the person it is about."""
    for line in lines:
        if line.sign_up.pk == error.sign_up:
            line.is_valid()
            line.add_error("came", str(error))
            return
    form.add_error(None, str(error))


def _show(
    request: HttpRequest, shift: Shift, lines: list[LineForm], form: SheetForm, *, status: int = 200
) -> HttpResponse:
    actor, now = actor_in(request), clock.now()
    text = request.GET.get("q", "").strip()[:100]
    open_lines = [line for line in lines if line.is_open or line.is_overtaken]
    context: dict[str, Any] = {
        "shift": shift,
        "form": form,
        "lines": open_lines,
        "decided": [line for line in lines if not line.is_open],
        "own": actor.id,
        "walk_ins": list(shifts.walk_ins_of(shift)),
        "needs": list(shifts.needs_of(shift)),
        "query": text,
        "found": list(shifts.members_to_walk_in(actor, shift, text)) if text else None,
        "has_begun": shift.starts_at <= now,
        "is_over": shift.ends_at <= now,
        "errors": any(line.errors for line in open_lines if line.is_bound),
        "may_approve": actor.may(Permission.ATTENDANCE_APPROVE),
        "may_register": actor.may(Permission.TEAMS_EDIT),
    }
    return render(request, "attendance/sheet.html", context, status=status)


@requires(Permission.ATTENDANCE_MARK)
@require_POST
def walk_in(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """Adds somebody who came without being on the shift."""
    shifts.get_shift(shift_id, for_=actor_in(request))
    try:
        member, need = UUID(request.POST.get("member", "")), UUID(request.POST.get("need", ""))
        sign_up = services.add_walk_in(
            need_id=need, shift_id=shift_id, member_id=member, by=actor_in(request), now=clock.now()
        )
        messages.success(request, _("%(name)s is on the sheet.") % {"name": sign_up.member.name})
    except ValueError:
        messages.error(request, _("Choose a person and a role."))
    except UnableTo as error:
        messages.error(request, str(error))
    return redirect("attendance:sheet", shift_id=shift_id)


@requires(Permission.ATTENDANCE_MARK)
@require_POST
def answer_walk_in(request: HttpRequest, shift_id: UUID, walk_in_id: UUID) -> HttpResponse:
    """The answer to somebody who asked at the post."""
    try:
        services.answer_walk_in(
            walk_in_id=walk_in_id, accept="accept" in request.POST, by=actor_in(request), now=clock.now()
        )
    except UnableTo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Answered."))
    return redirect("attendance:sheet", shift_id=shift_id)


@requires(Permission.ATTENDANCE_MARK)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, sign_up_id: UUID) -> HttpResponse:
    """Changes what was said of one person, with the reason; the history stays."""
    actor = actor_in(request)
    sign_up = shifts.get_sign_up(sign_up_id, for_=actor)
    form = CorrectForm(request.POST if request.method == "POST" else None, sign_up=sign_up)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct(line=form.corrected(), by=actor, now=clock.now())
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The record was changed."))
            return redirect("attendance:sheet", shift_id=sign_up.shift_id)
    attendance = shifts.attendance_of(sign_up)
    context = {
        "sign_up": sign_up,
        "attendance": attendance,
        "steps": list(hours.steps_of(attendance)) if attendance else [],
        "form": form,
    }
    return render(request, "attendance/correct.html", context, status=422 if form.errors else 200)


@requires(Permission.ATTENDANCE_MARK)
@require_safe
def paper(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """The sheet to print, sign by hand, and type in later."""
    shift = shifts.get_shift(shift_id, for_=actor_in(request))
    start, end = localtime(shift.starts_at), localtime(shift.ends_at)
    data = {
        "language": get_language() or "vi",
        "title": _("Attendance sheet"),
        "post": shift.post.name,
        "place": shift.commune.full_name,
        "when": f"{start:%d/%m/%Y}, {start:%H:%M}–{end:%H:%M}",
        "head": [_("No."), _("Name"), _("Role"), _("Came at"), _("Signature"), _("Left at"), _("Signature")],
        "rows": [[row.member.name, row.need.title] for row in shifts.on_sheet(shift)],
        "empty": EMPTY_ROWS,
        "walk_ins": _("Who came without being on the list writes their name in an empty row."),
        "keep": _("The leader types this sheet in and keeps it until the hours are approved."),
        "leader": _("The leader at the post (name and signature)"),
    }
    response = HttpResponse(typst_pdf(PAPER, data), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="sheet-{start:%Y-%m-%d-%H%M}.pdf"'
    return response
