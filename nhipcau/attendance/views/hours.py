"""Hours: one's own, with the calendar and certificates; what waits for approval; those of the members."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.attendance import services
from nhipcau.attendance.enums import AttendanceState
from nhipcau.attendance.forms import PeriodForm, ReasonForm
from nhipcau.attendance.models import Attendance
from nhipcau.attendance.queries import calendars, certificates, hours, shifts
from nhipcau.attendance.rules.hours import RULE_TEXT
from nhipcau.core import clock
from nhipcau.core.doors import requires, signed_in
from nhipcau.core.errors import UnableTo
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member

PAGE = 25
APPROVE_PAGE = 60
MOST_CERTIFICATES = 30


def _period(today: date) -> dict[str, date]:
    """What a certificate is asked for most often: the year so far."""
    return {"first": today.replace(month=1, day=1), "last": today}


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own hours, the button to leave, certificates and the calendar."""
    actor = actor_in(request)
    feed = calendars.feed_of(actor.id)
    context = _hours_context(request, actor.id) | {
        "here": list(shifts.here_now(actor.id)[:3]),
        "feed_url": f"{settings.SITE_URL}{reverse('attendance:calendar', args=[feed.token])}" if feed else "",
        "rule": RULE_TEXT,
        "now": clock.now(),
    }
    return render(request, "attendance/mine.html", context)


def _hours_context(request: HttpRequest, member_id: UUID, form: PeriodForm | None = None) -> dict[str, Any]:
    today = clock.local_date(clock.now())
    page = Paginator(hours.hours_of(member_id), PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    page.object_list = rows
    return {
        "page": page,
        "last": rows[0] if rows and page.number == 1 else None,
        "total": hours.total_of(member_id),
        "certificates": list(certificates.certificates_of(member_id)[:MOST_CERTIFICATES]),
        "form": form or PeriodForm(initial=_period(today)),
    }


@requires(Permission.ATTENDANCE_APPROVE)
@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """The members of the leader's places with their hours."""
    text = request.GET.get("q", "").strip()[:100]
    found = hours.holder_list(actor_in(request), text)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "attendance/members.html", {"page": page, "query": text})


@requires(Permission.ATTENDANCE_APPROVE)
@require_safe
def member(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """One member's hours and certificates, for who looks after them."""
    found = hours.get_holder(member_id, for_=actor_in(request))
    context = _hours_context(request, found.pk) | {"member": found}
    return render(request, "attendance/member.html", context)


@signed_in
@require_POST
def certify(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Issues a certificate for a period: one's own, or of a member whose hours one looks after."""
    actor = actor_in(request)
    own = member_id == actor.id
    found = Member(pk=actor.id) if own else hours.get_holder(member_id, for_=actor)
    form = PeriodForm(request.POST)
    if form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        try:
            row = services.issue(
                member_id=member_id, first=first, until=date.fromordinal(last.toordinal() + 1), by=actor,
                now=clock.now(),
            )  # fmt: skip
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            return redirect("attendance:certificate", certificate_id=row.pk)
    context = _hours_context(request, member_id, form) | {"member": found, "own": own, "rule": RULE_TEXT}
    template = "attendance/mine.html" if own else "attendance/member.html"
    return render(request, template, context, status=422)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, attendance_id: UUID) -> HttpResponse:
    """The member says what is wrong with a record."""
    actor = actor_in(request)
    row = hours.get_attendance(attendance_id, for_=actor)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.dispute(
                attendance_id=row.pk, reason=form.cleaned_data["reason"], by=actor, now=clock.now()
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your leader looks at it again."))
            return redirect("attendance:mine")
    return _reason_page(request, row, form, dispute=True)


@requires(Permission.ATTENDANCE_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, attendance_id: UUID) -> HttpResponse:
    """Takes an approval back, with the reason."""
    actor = actor_in(request)
    row = hours.get_attendance(attendance_id, for_=actor, permission=Permission.ATTENDANCE_APPROVE)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.take_back_approval(
                attendance_id=row.pk, reason=form.cleaned_data["reason"], by=actor, now=clock.now()
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The approval was taken back."))
            return redirect("attendance:member", member_id=row.member_id)
    return _reason_page(request, row, form, dispute=False)


def _reason_page(request: HttpRequest, row: Attendance, form: ReasonForm, *, dispute: bool) -> HttpResponse:
    context = {"row": row, "steps": list(hours.steps_of(row)), "form": form, "dispute": dispute}
    status = 422 if request.method == "POST" else 200
    return render(request, "attendance/reason.html", context, status=status)


@requires(Permission.ATTENDANCE_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest) -> HttpResponse:
    """What waits for the leader's word: tick and approve, or look at one. `shift`: only that one."""
    actor = actor_in(request)
    if request.method == "POST":
        return _approve(request)
    rows = hours.waiting_for(actor, shift_id=_uuid(request.GET.get("shift", "")))
    page = Paginator(rows, APPROVE_PAGE).get_page(request.GET.get("page"))
    groups: list[tuple[Any, list[Attendance]]] = []
    for row in page:
        if not groups or groups[-1][0].pk != row.shift_id:
            groups.append((row.shift, []))
        groups[-1][1].append(row)
    context = {"page": page, "groups": groups, "rule": RULE_TEXT, "waits": AttendanceState.NOT_CHECKED_OUT}
    return render(request, "attendance/approve.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _approve(request: HttpRequest) -> HttpResponse:
    """Each tick says what was seen: the record and its minutes."""
    seen: dict[UUID, int] = {}
    for text in request.POST.getlist("seen")[:APPROVE_PAGE]:
        name, _colon, minutes = text.partition(":")
        found = _uuid(name)
        if found is not None and minutes.isascii() and minutes.isdigit() and len(minutes) < 6:
            seen[found] = int(minutes)
    if not seen:
        messages.warning(request, _("Tick those that you approve."))
        return redirect(request.get_full_path())
    try:
        done = services.approve(seen=seen, by=actor_in(request), now=clock.now())
    except UnableTo as error:
        messages.error(request, str(error))
        return redirect(request.get_full_path())
    if done.approved:
        words = ngettext("%(count)d record is approved.", "%(count)d records are approved.", done.approved)
        messages.success(request, words % {"count": done.approved})
    if done.changed:
        messages.warning(request, _("Some had changed in the meantime. Look at them again."))
    return redirect(request.get_full_path())
