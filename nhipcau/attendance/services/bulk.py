"""Many attendances at once, measured by the same rule and kept by the same constraints: imports, the demo."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nhipcau.attendance.enums import AttendanceState
from nhipcau.attendance.models import Attendance, AttendanceStep
from nhipcau.attendance.rules.hours import credited, measured
from nhipcau.attendance.rules.states import check_move
from nhipcau.audit.services import unit_of_work
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.signups.models import SignUp

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class NewAttendance:
    """When somebody came and left, how that is known, who wrote it down, and who approved it, if anybody."""

    sign_up: UUID
    came: datetime
    left: datetime
    method: str
    recorded_by: UUID
    approved_by: UUID | None = None
    approved_at: datetime | None = None


def record_in_bulk(*, attendances: Iterable[NewAttendance], by: Actor | None, now: datetime) -> int:
    """All the attendances with their steps, or none; how many. Only the system calls it."""
    wanted = list(attendances)
    with unit_of_work(by=by, now=now):
        sign_ups = SignUp.objects.in_bulk({new.sign_up for new in wanted})
        rows = [_row(new, sign_ups[new.sign_up], now) for new in wanted]
        Attendance.objects.bulk_create(rows, batch_size=_BATCH)
        AttendanceStep.objects.bulk_create(
            [step for new, row in zip(wanted, rows, strict=True) for step in _steps(new, row)],
            batch_size=_BATCH,
        )
    return len(rows)


def _row(new: NewAttendance, sign_up: SignUp, now: datetime) -> Attendance:
    approved = new.approved_by is not None
    return Attendance(
        id=new_id(now),
        sign_up=sign_up,
        shift_id=sign_up.shift_id,
        member_id=sign_up.member_id,
        state=AttendanceState.APPROVED if approved else AttendanceState.RECORDED,
        checked_in_at=new.came,
        method_in=new.method,
        checked_out_at=new.left,
        method_out=new.method,
        recorded_by_id=new.recorded_by,
        recorded_at=new.left,
        minutes_measured=measured(new.came, new.left),
        minutes_credited=credited(new.came, new.left, sign_up.starts_at, sign_up.ends_at),
        approved_by_id=new.approved_by,
        approved_at=new.approved_at,
    )


def _steps(new: NewAttendance, row: Attendance) -> Iterable[AttendanceStep]:
    check_move("", AttendanceState.RECORDED)
    yield _step(row, "", AttendanceState.RECORDED, at=new.left, by=new.recorded_by)
    if new.approved_by is not None and new.approved_at is not None:
        was, to = AttendanceState.RECORDED, AttendanceState.APPROVED
        check_move(was, to)
        yield _step(row, was, to, at=new.approved_at, by=new.approved_by)


def _step(row: Attendance, was: str, to: str, *, at: datetime, by: UUID) -> AttendanceStep:
    return AttendanceStep(
        attendance=row,
        from_state=was,
        to_state=to,
        at=at,
        by_id=by,
        minutes=row.minutes_credited,
    )
