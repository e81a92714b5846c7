"""The one way an attendance is written: by the table, with its step, its hours and what follows from it."""

from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from nhipcau.attendance.enums import MEASURED, AttendanceState
from nhipcau.attendance.models import Attendance, AttendanceStep, Certificate
from nhipcau.attendance.rules.hours import credited, measured
from nhipcau.attendance.rules.states import check_move
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.messaging.enums import Kind
from nhipcau.signups.models import SignUp
from nhipcau.teams.models import Member
from nhipcau.teams.services import telling
from nhipcau.teams.services.telling import Words

LONGEST_REASON = 200


def lock(attendance_id: UUID) -> Attendance:
    """An attendance with shift, post and member, locked; or 404. Sign-ups are locked before attendances."""
    found = (
        Attendance.objects.select_for_update(of=("self",))
        .select_related("shift__post", "shift__commune", "member")
        .filter(pk=attendance_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def begin(
    sign_up: SignUp, *, came: datetime, method: str, by: Actor, now: datetime, claimed: datetime | None = None
) -> Attendance:
    """The attendance of a sign-up from now on: a new one, or one taken back. Within a unit of work.

    Two taps at once wait for each other at the sign-up; the second finds what the first has written.
    """
    found = Attendance.objects.select_for_update(of=("self",)).filter(sign_up=sign_up).first()
    if found is not None and found.state != AttendanceState.UNDONE:
        found.shift, found.member = sign_up.shift, sign_up.member
        return found
    row = found or Attendance(
        id=new_id(now), sign_up=sign_up, shift_id=sign_up.shift_id, member_id=sign_up.member_id
    )
    row.shift, row.member = sign_up.shift, sign_up.member
    was = found.state if found else ""
    check_move(was, AttendanceState.HERE)
    row.checked_in_at, row.method_in, row.claimed_at = came, method, claimed
    row.checked_out_at, row.method_out = None, ""
    row.recorded_by_id, row.recorded_at = by.id, now
    _write(row, was, AttendanceState.HERE, by=by, now=now, new=found is None)
    return row


def end(row: Attendance, *, left: datetime, method: str, by: Actor, now: datetime, reason: str = "") -> None:
    """The attendance has an end, and so hours. Within a unit of work."""
    check_move(row.state, AttendanceState.RECORDED, reason=reason)
    row.checked_out_at, row.method_out = left, method
    _write(row, row.state, AttendanceState.RECORDED, by=by, now=now, reason=reason)


def change(
    row: Attendance, to: AttendanceState, *, by: Actor | None, now: datetime, reason: str = ""
) -> None:
    """Any other move by the table. Within a unit of work, on a locked row."""
    check_move(row.state, to, reason=reason)
    if to in (AttendanceState.HERE, AttendanceState.UNDONE):
        row.checked_out_at, row.method_out = None, ""
    _write(row, row.state, to, by=by, now=now, reason=reason)


def _write(
    row: Attendance,
    was: str,
    to: str,
    *,
    by: Actor | None,
    now: datetime,
    reason: str = "",
    new: bool = False,
) -> None:
    row.state, row.reason = to, reason.strip()[:LONGEST_REASON]
    row.minutes_measured = row.minutes_credited = None
    if to in MEASURED and row.checked_out_at is not None:
        row.minutes_measured = measured(row.checked_in_at, row.checked_out_at)
        row.minutes_credited = credited(
            row.checked_in_at, row.checked_out_at, row.shift.starts_at, row.shift.ends_at
        )
    if was == AttendanceState.APPROVED:
        _withdraw_certificates(row, now)
    approved = to == AttendanceState.APPROVED and by is not None
    row.approved_by_id, row.approved_at = (by.id, now) if approved and by is not None else (None, None)
    row.save(force_insert=new)
    AttendanceStep.objects.create(
        attendance=row,
        from_state=was,
        to_state=to,
        at=now,
        by_id=by.id if by else None,
        minutes=row.minutes_credited,
        reason=row.reason,
    )


def _withdraw_certificates(row: Attendance, now: datetime) -> None:
    """A certificate never says more than what is approved: one that counts these hours no longer stands."""
    day = row.shift.day
    # One that is just being made is waited for: it has read these hours as approved.
    Member.objects.select_for_update(no_key=True).filter(pk=row.member_id).first()
    Certificate.objects.filter(
        member_id=row.member_id,
        starts_on__lte=day,
        ends_on__gt=day,
        issued_at__gte=row.approved_at,
        revoked_at__isnull=True,
    ).update(revoked_at=now, reason=_("Hours in it were corrected."))


def tell(member: Member, words: Words, *, about: UUID, link: str, now: datetime) -> None:
    """Tells a member about their hours, in their language."""
    telling.tell([member], kind=Kind.HOURS, words=words, link=link, about=about, now=now)
