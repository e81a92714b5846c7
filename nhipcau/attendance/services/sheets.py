"""What a leader writes down: the sheet of a shift, walk-ins, and corrections with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Case, F, When
from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.attendance.enums import AttendanceState, Came, Method, WalkInState
from nhipcau.attendance.models import Attendance, WalkIn
from nhipcau.attendance.queries.shifts import attendance_of, get_shift, get_sign_up
from nhipcau.attendance.services import steps
from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.shifts.enums import Reason
from nhipcau.shifts.models import Shift
from nhipcau.signups import services as signup_services
from nhipcau.signups.enums import EXPECTED, SignUpState, Source
from nhipcau.signups.models import SignUp
from nhipcau.teams.enums import Permission

# A time outside is a slip of the pen: nobody is at the post half a day before or after the shift.
MARGIN: Final = timedelta(hours=3)

_STATES: Final = {
    Came.CAME: SignUpState.ATTENDED,
    Came.DID_NOT_COME: SignUpState.NO_SHOW,
    Came.EXCUSED: SignUpState.EXCUSED,
}


class UnableToWriteDown(UnableTo):
    """What was written of one person cannot be. `sign_up` says of whom, where it is known."""

    code = "attendance.invalid_line"

    def __init__(self, message: "str | Promise", sign_up: UUID | None = None) -> None:
        super().__init__(message)
        self.sign_up = sign_up


@dataclass(frozen=True, slots=True)
class Line:
    """What the sheet says of one person. `left` may be missing while the shift runs."""

    sign_up: UUID
    came: str
    came_at: datetime | None = None
    left_at: datetime | None = None
    reason: str = ""
    why: str = ""


def record_sheet(*, shift_id: UUID, lines: Sequence[Line], method: str, by: Actor, now: datetime) -> int:
    """Writes down the whole sheet, or nothing of it; how many people it said something new of.

    Raises `UnableToWriteDown` and what the roster refuses, each with the person; 404.
    """
    with unit_of_work(by=by, now=now):
        shift = get_shift(shift_id, for_=by)
        known = {
            row.pk: row
            for row in SignUp.objects.filter(shift=shift, pk__in=[line.sign_up for line in lines])
            .select_related("member", "shift", "need", "attendance")
            .order_by("id")
        }
        if len(known) != len({line.sign_up for line in lines}):
            raise Http404
        said = [line for line in lines if line.came]
        for line in sorted(said, key=lambda line: line.sign_up):
            _with_person(known[line.sign_up], line, method, by, now)
    return len(said)


def correct(*, line: Line, by: Actor, now: datetime) -> None:
    """Changes what was said of one person, with a reason; `Came.UNKNOWN` takes it back altogether.

    Raises `UnableToWriteDown` and what the roster refuses, 404.
    """
    with unit_of_work(by=by, now=now):
        sign_up = get_sign_up(line.sign_up, for_=by)
        if not line.why.strip():
            raise UnableToWriteDown(_("Say why, in a few words."), sign_up.pk)
        _with_person(sign_up, line, Method.LEADER, by, now)
        found = Attendance.objects.filter(sign_up=sign_up).first()
        steps.tell(
            sign_up.member, _corrected, about=found.pk if found else sign_up.pk,
            link=reverse("attendance:mine"), now=now,
        )  # fmt: skip


def _corrected() -> tuple[str, str]:
    return (
        gettext("The record of your shift was corrected"),
        gettext("Look at your hours. If something is wrong, say so there."),
    )


def _with_person(sign_up: SignUp, line: Line, method: str, by: Actor, now: datetime) -> None:
    """One line of the sheet; a refusal says of whom it speaks."""
    if sign_up.member_id == by.id:
        raise UnableToWriteDown(
            _("Nobody writes down their own hours: scan the code, or ask another leader."), sign_up.pk
        )
    try:
        _write_line(sign_up, line, method, by, now)
    except UnableToWriteDown:
        raise
    except UnableTo as error:
        raise UnableToWriteDown(error.message, sign_up.pk) from error


def _write_line(sign_up: SignUp, line: Line, method: str, by: Actor, now: datetime) -> None:
    if line.came == Came.CAME:
        _came(sign_up, line, method, by, now)
        return
    _take_back(sign_up, line, by, now)
    if line.came == Came.UNKNOWN:
        if sign_up.state == SignUpState.ATTENDED:
            signup_services.move(
                sign_up, to=SignUpState.CONFIRMED, by=by, now=now, reason=Reason.OTHER, note=line.why
            )
        return
    if line.came == Came.EXCUSED and not line.reason:
        raise UnableToWriteDown(_("Choose why this person could not come."), sign_up.pk)
    to = _STATES[Came(line.came)]
    signup_services.move(
        sign_up, to=to, by=by, now=now, reason=line.reason or _reason(sign_up), note=line.why
    )


def _reason(sign_up: SignUp) -> str:
    """Changing what was decided wants a reason in the roster; ours is in words, beside it."""
    return "" if sign_up.state in EXPECTED else Reason.OTHER


def _take_back(sign_up: SignUp, line: Line, by: Actor, now: datetime) -> None:
    found = attendance_of(sign_up)
    if found is None or found.state == AttendanceState.UNDONE:
        return
    row = steps.lock(found.pk)
    if row.state == AttendanceState.APPROVED:
        steps.change(row, AttendanceState.RECORDED, by=by, now=now, reason=line.why)
    steps.change(row, AttendanceState.UNDONE, by=by, now=now, reason=line.why)


def _came(sign_up: SignUp, line: Line, method: str, by: Actor, now: datetime) -> None:
    found = attendance_of(sign_up)
    row = None if found is None or found.state == AttendanceState.UNDONE else steps.lock(found.pk)
    came = line.came_at or (row.checked_in_at if row else None)
    if came is None:
        raise UnableToWriteDown(_("Write when this person came."), sign_up.pk)
    left = _left(sign_up, came, line.left_at, now)
    if row is None:
        sign_up = signup_services.move(
            sign_up, to=SignUpState.ATTENDED, by=by, now=now, reason=_reason(sign_up), note=line.why
        )
        row = steps.begin(sign_up, came=came, method=method, by=by, now=now)
    elif row.state == AttendanceState.APPROVED:
        steps.change(row, AttendanceState.RECORDED, by=by, now=now, reason=line.why)
    corrected = came != row.checked_in_at
    if corrected:
        row.checked_in_at, row.method_in, row.recorded_by_id = came, method, by.id
    if left is not None:
        steps.end(row, left=left, method=method, by=by, now=now, reason=line.why)
    elif corrected:
        steps.change(row, AttendanceState.HERE, by=by, now=now, reason=line.why)


def _left(sign_up: SignUp, came: datetime, left: datetime | None, now: datetime) -> datetime | None:
    """When they left, where that can be; None while the shift runs and nobody has said."""
    start, end = sign_up.starts_at - MARGIN, sign_up.ends_at + MARGIN
    if not start <= came <= end or came > now:
        raise UnableToWriteDown(_("The time of coming does not fit this shift."), sign_up.pk)
    if left is None:
        if now > sign_up.ends_at:
            raise UnableToWriteDown(_("Write when this person left."), sign_up.pk)
        return None
    if not came < left <= end or left > now:
        raise UnableToWriteDown(_("The time of leaving does not fit this shift."), sign_up.pk)
    return left


def add_walk_in(
    *,
    need_id: UUID,
    shift_id: UUID,
    member_id: UUID,
    by: Actor,
    now: datetime,
    came_at: datetime | None = None,
) -> SignUp:
    """A leader writes down somebody who came without being on the shift, from `came_at` (now) on.

    Raises `UnableToWriteDown` and what the roster refuses (full, elsewhere at that time), 404.
    """
    with unit_of_work(by=by, now=now):
        shift = get_shift(shift_id, for_=by)
        if member_id == by.id:
            raise UnableToWriteDown(
                _("Nobody writes down their own hours: scan the code, or ask another leader.")
            )
        if not shift.needs.filter(pk=need_id).exists():
            raise Http404
        sign_up = signup_services.put_on(
            need_id=need_id,
            member_id=member_id,
            by=by,
            now=now,
            source=Source.WALK_IN,
            state=SignUpState.ATTENDED,
        )
        if sign_up.state != SignUpState.ATTENDED:
            raise UnableToWriteDown(_("This person is on the shift: use the sheet."), sign_up.pk)
        if attendance_of(sign_up) is None:
            came = came_at or now
            left = _left(sign_up, came, None if now <= sign_up.ends_at else sign_up.ends_at, now)
            row = steps.begin(sign_up, came=came, method=Method.WALK_IN, by=by, now=now)
            if left is not None:
                steps.change(row, AttendanceState.NOT_CHECKED_OUT, by=by, now=now)
    return sign_up


def answer_walk_in(
    *, walk_in_id: UUID, accept: bool, by: Actor, now: datetime, need_id: UUID | None = None
) -> WalkIn:
    """The leader takes somebody who asked at the post, or thanks them; answered once it stays so.

    Raises `UnableToWriteDown` and what the roster refuses, 404.
    """
    with unit_of_work(by=by, now=now):
        rows = WalkIn.objects.visible_to(by, Permission.ATTENDANCE_MARK).select_for_update(of=("self",))
        found = rows.select_related("shift", "member").filter(pk=walk_in_id).first()
        if found is None:
            raise Http404
        if found.state != WalkInState.ASKED:
            return found
        if accept:
            need = need_id or _role_for(found.shift)
            add_walk_in(
                need_id=need, shift_id=found.shift_id, member_id=found.member_id, by=by, now=now,
                came_at=found.asked_at,
            )  # fmt: skip
        elif found.member_id == by.id:
            raise UnableToWriteDown(_("Somebody else must answer this."))
        found.state = WalkInState.ACCEPTED if accept else WalkInState.DECLINED
        found.answered_at, found.answered_by_id = now, by.id
        found.save(update_fields=["state", "answered_at", "answered_by"])
        words = _taken if accept else _thanked
        steps.tell(found.member, words, about=found.pk, link=reverse("attendance:mine"), now=now)
    return found


def _role_for(shift: Shift) -> UUID:
    """The first role of a shift with a place left; the first of all where there is none."""
    full = Case(When(taken__lt=F("maximum"), then=0), default=1)
    return shift.needs.order_by(full, "position", "id").values_list("pk", flat=True)[0]


def _taken() -> tuple[str, str]:
    return (
        gettext("You are on the shift"),
        gettext("Your time counts from when you scanned the code. Check out when you leave."),
    )


def _thanked() -> tuple[str, str]:
    return gettext("There are enough people at the post now"), gettext("Thank you for coming.")
