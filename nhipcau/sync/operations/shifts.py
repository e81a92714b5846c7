"""Coming to a shift and leaving it, as phones without signal tell it later."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, Field

from nhipcau.attendance import services
from nhipcau.attendance.queries.shifts import GONE, attendance_of, shown_during
from nhipcau.attendance.services import UnableToBelievePhone
from nhipcau.core.scope import Actor
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Shift
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.sync.enums import ConflictReason, Entity, Result
from nhipcau.sync.operations import former
from nhipcau.sync.rules.commands import (
    Command,
    Done,
    FieldConflict,
    Held,
    Operation,
    Shape,
    UnableToApply,
)

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


def _moment(command: Command, claim: datetime | None = None) -> datetime:
    """A person who chose the day left the hour as a wrong clock had it: then the code itself tells it."""
    shown = shown_during(command.data.shift, command.data.code) if command.chosen else None
    return shown or (command.corrected(claim) if claim else command.at)


def _check_in(command: Command, by: Actor, now: datetime) -> Done:
    data: CheckIn = command.data
    try:
        _row, already = services.check_in_later(
            code=data.code,
            seen_at=_moment(command, data.seen_at),
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
    _check_takes_place(data.shift)
    services.add_walk_in(
        need_id=rows.order_by("-changed_at", "id").values_list("need_id", flat=True)[0],
        shift_id=data.shift,
        member_id=member,
        by=by,
        now=now,
        came_at=_moment(command, data.seen_at),
    )
    return Done(about=data.shift)


def _check_takes_place(shift_id: UUID) -> None:
    if Shift.objects.filter(pk=shift_id, state=ShiftState.CANCELLED).exists():
        raise UnableToApply("sync.called_off", _("This shift is called off already."))


def _check_out(command: Command, by: Actor, now: datetime) -> Done:
    data: CheckOut = command.data
    try:
        _row, already = services.check_out_later(
            shift_id=data.shift,
            member_id=command.author or by.id,
            left_at=_moment(command),
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


def _take_out(command: Command, by: Actor, now: datetime) -> Done:
    """Nobody leaves a shift that they were not on: then why is said."""
    try:
        return _check_out(command, by, now)
    except Http404:
        _check_takes_place(command.data.shift)
        raise


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
    Operation("shifts.check_out", 1, CheckOut, _check_out, take=_take_out, lost=_lost),
)
