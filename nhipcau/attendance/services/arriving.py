"""What volunteers do at the post themselves: come, leave, stay on, offer to help; and what they forget."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.attendance.enums import AttendanceState, Method, WalkInState
from nhipcau.attendance.models import Attendance, WalkIn
from nhipcau.attendance.queries.shifts import Place, forgotten, places_of
from nhipcau.attendance.rules.codes import is_fresh, post_in
from nhipcau.attendance.rules.hours import FORGOTTEN_AFTER
from nhipcau.attendance.services import steps
from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.signups import services as signup_services
from nhipcau.signups.enums import SignUpState
from nhipcau.teams.enums import Permission

# Between the scan and the tap lies a sign-in, perhaps a forgotten password; not an hour.
TAP_WITHIN: Final = timedelta(minutes=10)
MOST_CLOSED: Final = 500


class UnableToReadPostCode(UnableTo):
    """The code is not the one that the post shows."""

    code = "attendance.stale_code"


class UnableToCheckIn(UnableTo):
    """The member is not expected here now."""

    code = "attendance.not_expected"


class UnableToCheckOut(UnableTo):
    """The member is not checked in."""

    code = "attendance.not_here"


def check_code(code: str, seen_at: datetime, now: datetime) -> UUID:
    """The post of a code that was the right one when it was scanned; raises `UnableToReadPostCode`."""
    post = post_in(code)
    if post is None or not is_fresh(code, seen_at) or not seen_at <= now <= seen_at + TAP_WITHIN:
        raise UnableToReadPostCode(_("This code is no longer good. Scan the one on the screen once more."))
    return post


def check_in(
    *,
    code: str,
    seen_at: datetime,
    shift_id: UUID,
    by: Actor,
    now: datetime,
    claimed_at: datetime | None = None,
) -> Attendance:
    """The member comes: from the moment the code was scanned. Pressed twice it is one arrival.

    Raises `UnableToReadPostCode`, `UnableToCheckIn`, 404.
    """
    post = check_code(code, seen_at, now)
    with unit_of_work(by=by, now=now):
        place = _place(post, shift_id, by, seen_at)
        if place.is_here and place.attendance is not None:
            return place.attendance
        if place.sign_up is None or not place.may_come:
            raise UnableToCheckIn(_("You are not expected at this shift. Ask the leader at the post."))
        sign_up = signup_services.move(
            place.sign_up, to=SignUpState.ATTENDED, by=by, now=now, mover=signup_services.Mover.POST
        )
        return steps.begin(sign_up, came=seen_at, method=Method.QR, by=by, now=now, claimed=claimed_at)


def _place(post: UUID, shift_id: UUID, by: Actor, now: datetime) -> Place:
    for place in places_of(by.id, post_id=post, now=now):
        if place.shift.pk == shift_id:
            return place
    raise Http404


def check_out(*, attendance_id: UUID, by: Actor, now: datetime, code: str = "") -> Attendance:
    """The member leaves: by the code of the post, or by the button on their own page. Twice is once.

    Raises `UnableToCheckOut`, 404.
    """
    with unit_of_work(by=by, now=now):
        row = steps.lock(attendance_id)
        if row.member_id != by.id:
            raise Http404
        if row.state == AttendanceState.RECORDED:
            return row
        if row.state != AttendanceState.HERE:
            raise UnableToCheckOut(_("You are not checked in any more. Tell the leader when you left."))
        scanned = is_fresh(code, now) and post_in(code) == row.shift.post_id
        left = max(now, row.checked_in_at + timedelta(seconds=1))
        steps.end(row, left=left, method=Method.QR if scanned else Method.BUTTON, by=by, now=now)
    return row


def stay(*, attendance_id: UUID, by: Actor, now: datetime) -> Attendance:
    """The check-out was a mistake: the member is still at the post, while the shift runs."""
    with unit_of_work(by=by, now=now):
        row = steps.lock(attendance_id)
        if row.member_id != by.id:
            raise Http404
        if row.state == AttendanceState.HERE:
            return row
        own = row.method_out in (Method.QR, Method.BUTTON)
        if row.state != AttendanceState.RECORDED or not own or now >= row.shift.ends_at:
            raise UnableToCheckOut(_("This cannot be changed here any more. Ask the leader of the shift."))
        steps.change(row, AttendanceState.HERE, by=by, now=now)
    return row


def offer_help(*, code: str, seen_at: datetime, shift_id: UUID, by: Actor, now: datetime) -> WalkIn:
    """Somebody at the post who is not on the shift asks to help; the leader answers. Asked twice is once.

    Raises `UnableToReadPostCode`, `UnableToCheckIn`, 404.
    """
    post = check_code(code, seen_at, now)
    with unit_of_work(by=by, now=now):
        if not by.may(Permission.ROSTER_SIGN_UP):
            raise Http404
        place = _place(post, shift_id, by, seen_at)
        if place.sign_up is not None or place.shift.ends_at <= now:
            raise UnableToCheckIn(_("You are on this shift already."))
        asked, _new = WalkIn.objects.get_or_create(
            shift=place.shift, member_id=by.id, defaults={"id": new_id(now), "asked_at": seen_at}
        )
        if asked.state != WalkInState.ASKED:
            raise UnableToCheckIn(_("The leader has answered you already. Ask the leader at the post."))
        return asked


def close_forgotten(*, now: datetime) -> int:
    """Who has not checked out long after the shift is no longer counted as there; the leader says when they
    left. No hours are made up. How many were closed."""
    with unit_of_work(by=None, now=now):
        waiting = (
            Attendance.objects.filter(state=AttendanceState.HERE, shift__ends_at__lte=now - FORGOTTEN_AFTER)
            .order_by("checked_in_at", "id")
            .values_list("id", flat=True)
        )
        closed = 0
        for row in forgotten(waiting[:MOST_CLOSED]):
            if row.state != AttendanceState.HERE:
                continue
            steps.change(row, AttendanceState.NOT_CHECKED_OUT, by=None, now=now)
            steps.tell(row.member, _forgot, about=row.pk, link=reverse("attendance:mine"), now=now)
            closed += 1
    return closed


def _forgot() -> tuple[str, str]:
    return (
        gettext("You did not check out"),
        gettext("Tell your leader when you left the post. Until then these hours do not count."),
    )
