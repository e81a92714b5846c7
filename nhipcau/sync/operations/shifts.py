"""Coming to a shift and leaving it, as phones without signal tell it later."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from nhipcau.attendance import services
from nhipcau.attendance.queries.shifts import GONE, attendance_of
from nhipcau.attendance.services import UnableToBelievePhone
from nhipcau.core.scope import Actor
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.sync.enums import ConflictReason, Entity, Result
from nhipcau.sync.operations import former
from nhipcau.sync.rules.commands import Command, Done, FieldConflict, Held, Operation, Shape

Code = Annotated[str, Field(max_length=60)]


class CheckIn(Shape):
    """The code on the post's screen, and when it was scanned by the phone's clock; else `made_at`."""

    shift: UUID
    code: Code
    seen_at: AwareDatetime | None = None


class CheckOut(Shape):
    """Leaving, by the code or by the button."""

    shift: UUID
    code: Code = ""


def _check_in(command: Command, by: Actor, now: datetime) -> Done:
    data: CheckIn = command.data
    seen_at = command.corrected(data.seen_at) if data.seen_at else command.at
    try:
        _row, already = services.check_in_later(
            code=data.code,
            seen_at=seen_at,
            shift_id=data.shift,
            member_id=command.author or by.id,
            by=by,
            now=now,
        )
    except UnableToBelievePhone as error:
        if command.author is not None:
            raise
        row = attendance_of(error.sign_up)
        theirs = row.checked_in_at.isoformat() if row else None
        moment = FieldConflict("came_at", None, theirs, error.moment.isoformat())
        return _held(error, moment)
    return Done(Result.ALREADY_APPLIED if already else Result.APPLIED, about=data.shift)


def _take_in(command: Command, by: Actor, now: datetime) -> Done:
    """Whoever was taken off the shift and came all the same is written down as having come on the day."""
    data: CheckIn = command.data
    member = command.author or by.id
    rows = SignUp.objects.filter(shift_id=data.shift, member_id=member)
    if rows.exclude(state__in=GONE).exists():
        return _check_in(command, by, now)
    services.add_walk_in(
        need_id=rows.order_by("-changed_at", "id").values_list("need_id", flat=True)[0],
        shift_id=data.shift,
        member_id=member,
        by=by,
        now=now,
        came_at=command.corrected(data.seen_at) if data.seen_at else command.at,
    )
    return Done(about=data.shift)


def _check_out(command: Command, by: Actor, now: datetime) -> Done:
    data: CheckOut = command.data
    try:
        _row, already = services.check_out_later(
            shift_id=data.shift,
            member_id=command.author or by.id,
            left_at=command.at,
            code=data.code,
            by=by,
            now=now,
        )
    except UnableToBelievePhone as error:
        if command.author is not None:
            raise
        row = attendance_of(error.sign_up)
        theirs = row.checked_out_at.isoformat() if row and row.checked_out_at else None
        return _held(error, FieldConflict("left_at", None, theirs, error.moment.isoformat()))
    return Done(Result.ALREADY_APPLIED if already else Result.APPLIED, about=data.shift)


def _held(error: UnableToBelievePhone, moment: FieldConflict) -> Done:
    sign_up = error.sign_up
    came = FieldConflict("came", None, sign_up.state, SignUpState.ATTENDED.value)
    shift = sign_up.shift
    held = Held(ConflictReason.CHANGED_MEANWHILE, Entity.SHIFT, shift.pk, shift.commune_id, (came, moment))
    return Done(Result.NEEDS_PERSON, shift.pk, error.code, str(error), held)


def _lost(command: Command, by: Actor, now: datetime) -> Held | None:
    return former.of_shift(command.data.shift, by)


OPERATIONS = (
    Operation("shifts.check_in", 1, CheckIn, _check_in, take=_take_in, lost=_lost),
    Operation("shifts.check_out", 1, CheckOut, _check_out, take=_check_out, lost=_lost),
)
