"""Coming and leaving that a phone without signal tells later: the code of the post proves the moment."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nhipcau.attendance.enums import BY_ANOTHER, MEASURED, AttendanceState, Method
from nhipcau.attendance.models import Attendance
from nhipcau.attendance.queries.shifts import GONE, attendance_of, get_sign_up
from nhipcau.attendance.rules.codes import post_in, shown_near, whole_code
from nhipcau.attendance.rules.hours import FORGOTTEN_AFTER, OPENS
from nhipcau.attendance.services import steps
from nhipcau.attendance.services.arriving import UnableToCheckIn, UnableToCheckOut, UnableToReadPostCode
from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.shifts.enums import Reason
from nhipcau.shifts.models import Shift
from nhipcau.signups import services as signup_services
from nhipcau.signups.enums import EXPECTED, SignUpState
from nhipcau.signups.models import SignUp

# Two moments that nobody would tell apart.
_SAME: Final = timedelta(minutes=1)
_LONGEST_TYPED: Final = 20
_WHY: Final = _("Decided for what the phone noted.")
_OTHERWISE: Final = _("Something else was written down for this shift meanwhile. Somebody must choose.")
_ANOTHER_HOUR: Final = _("The time of coming does not fit this shift.")


class UnableToBelievePhone(UnableTo):
    """Somebody wrote down something else meanwhile, or it was at another hour than the shift's: a person
    decides. `sign_up` as it stands, and `moment`, when the phone says that the member came or left."""

    code = "attendance.written_otherwise"

    def __init__(self, sign_up: SignUp, moment: datetime, why: Promise = _OTHERWISE) -> None:
        super().__init__(why)
        self.sign_up, self.moment = sign_up, moment


def check_in_later(
    *, code: str, seen_at: datetime, shift_id: UUID, member_id: UUID, by: Actor, now: datetime
) -> tuple[Attendance, bool]:
    """The member came at the moment at which the code was shown; whether that was written down before.

    Sent by the member, or decided by who marks attendance there. Raises `UnableToReadPostCode`,
    `UnableToCheckIn` (nobody was at a shift that is still to come), `UnableToBelievePhone`, 404.
    """
    # By a clock that is ahead.
    seen_at = min(seen_at, now)
    code = _whole(code, shift_id, seen_at)
    came, post = shown_near(code, seen_at), post_in(code)
    if came is None or came > now:
        raise UnableToReadPostCode(_("This code was not the one on the screen at that time."))
    with unit_of_work(by=by, now=now):
        sign_up = _sign_up(shift_id, member_id, by)
        if sign_up.shift.post_id != post:
            raise Http404
        row = attendance_of(sign_up)
        stands = row is not None and row.state != AttendanceState.UNDONE
        if row is not None and stands and (row.method_in not in BY_ANOTHER or _same(row.checked_in_at, came)):
            return row, True
        if by.id != member_id:
            return _decide_came(sign_up, row if stands else None, came, by, now), False
        if not sign_up.starts_at - OPENS <= came < sign_up.ends_at:
            # The code proves that they were there: too early, or the shift was moved since.
            raise UnableToBelievePhone(sign_up, came, _ANOTHER_HOUR)
        if row is not None or sign_up.state not in EXPECTED:
            raise UnableToBelievePhone(sign_up, came)
        return _begin(sign_up, came, by, now, signup_services.Mover.POST), False


def check_out_later(
    *, shift_id: UUID, member_id: UUID, left_at: datetime, by: Actor, now: datetime, code: str = ""
) -> tuple[Attendance, bool]:
    """The member left when their phone says so: never before they came, never after now.

    Whether that was written down before. Sent by the member, or decided by who marks attendance there.
    Raises `UnableToCheckOut`, `UnableToBelievePhone`, 404.
    """
    with unit_of_work(by=by, now=now):
        sign_up = _sign_up(shift_id, member_id, by)
        found = attendance_of(sign_up)
        if found is None:
            raise UnableToCheckOut(_("You are not checked in. Tell the leader when you came and left."))
        row = steps.lock(found.pk)
        left = max(min(left_at, now), row.checked_in_at + timedelta(seconds=1))
        own = row.method_out in (Method.QR, Method.BUTTON)
        if row.state in MEASURED and (own or _same(row.checked_out_at, left)):
            return row, True
        if row.state not in (AttendanceState.HERE, AttendanceState.NOT_CHECKED_OUT):
            if by.id == member_id:
                raise UnableToBelievePhone(sign_up, left)
            if row.state == AttendanceState.UNDONE:
                raise UnableToCheckOut(_("It was taken back that this person came. Correct that first."))
        came_in_time = row.checked_in_at < row.shift.ends_at
        if by.id == member_id and came_in_time and left > row.shift.ends_at + FORGOTTEN_AFTER:
            # As on the page: no hours are made up for who forgot to check out.
            raise UnableToCheckOut(_("You are not checked in any more. Tell the leader when you left."))
        _reopen(row, by, now)
        code = _whole(code, shift_id, left_at)
        scanned = post_in(code) == row.shift.post_id and shown_near(code, left_at) is not None
        steps.end(row, left=left, method=Method.QR if scanned else Method.BUTTON, by=by, now=now)
    return row, False


def _whole(code: str, shift_id: UUID, moment: datetime) -> str:
    """One that was typed is short: it is taken for that of the shift's own post."""
    if not 0 < len(code) <= _LONGEST_TYPED:
        return code
    post = Shift.objects.filter(pk=shift_id).values_list("post_id", flat=True).first()
    return whole_code(code, post=post, moment=moment) if post else code


def _sign_up(shift_id: UUID, member_id: UUID, by: Actor) -> SignUp:
    """The one sign-up that counts of the member on the shift; of others only where `by` marks attendance."""
    rows = SignUp.objects.filter(shift_id=shift_id, member_id=member_id).exclude(state__in=GONE)
    found = rows.select_related("shift", "member", "need", "attendance").order_by("-changed_at", "id").first()
    if found is None:
        raise Http404
    return found if by.id == member_id else get_sign_up(found.pk, for_=by)


def _same(one: datetime | None, other: datetime) -> bool:
    return one is not None and abs(one - other) < _SAME


def _begin(
    sign_up: SignUp, came: datetime, by: Actor, now: datetime, mover: signup_services.Mover | None = None
) -> Attendance:
    try:
        moved = signup_services.move(
            sign_up,
            to=SignUpState.ATTENDED,
            by=by,
            now=now,
            mover=mover,
            reason="" if mover else Reason.OTHER,
        )
    except signup_services.UnableToMoveSignUp as error:
        # A leader wrote at the same moment.
        raise UnableToBelievePhone(sign_up, came) from error
    return steps.begin(moved, came=came, method=Method.QR, by=by, now=now, claimed=came)


def _decide_came(
    sign_up: SignUp, row: Attendance | None, came: datetime, by: Actor, now: datetime
) -> Attendance:
    if now < sign_up.starts_at - OPENS:
        raise UnableToCheckIn(_ANOTHER_HOUR)
    if row is None:
        return _begin(sign_up, came, by, now)
    row = steps.lock(row.pk)
    _reopen(row, by, now)
    row.checked_in_at, row.method_in, row.claimed_at = came, Method.QR, came
    if row.checked_out_at is not None and row.checked_out_at > came:
        steps.end(row, left=row.checked_out_at, method=row.method_out, by=by, now=now)
    elif row.state == AttendanceState.HERE:
        steps.change(row, AttendanceState.HERE, by=by, now=now)
    else:
        raise UnableToCheckIn(_("Write on the sheet of the shift when this person came and left."))
    return row


def _reopen(row: Attendance, by: Actor, now: datetime) -> None:
    if row.state == AttendanceState.APPROVED:
        steps.change(row, AttendanceState.RECORDED, by=by, now=now, reason=str(_WHY))
