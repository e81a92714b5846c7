"""A person decides between what stands and what came from a phone. What was not taken stays readable."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.sync.enums import ConflictState, Keep, Result
from nhipcau.sync.models import Conflict
from nhipcau.sync.operations import OPERATIONS
from nhipcau.sync.queries.conflicts import can_decide, content_of, get_conflict
from nhipcau.sync.queries.sides import mark_of, values_now
from nhipcau.sync.rules.commands import (
    Command,
    Done,
    FieldConflict,
    Operation,
    Shape,
    UnableToApply,
    read_data,
)
from nhipcau.sync.rules.keeping import keep_conflict_until
from nhipcau.sync.services.announcing import tell_author


class UnableToDecide(UnableTo):
    """Somebody has decided otherwise already."""

    code = "sync.already_decided"
    status = 409


class UnableToDecideUnseen(UnableTo):
    """What stands became another thing since it was looked at."""

    code = "sync.changed_meanwhile"
    status = 409


class UnableToTake(UnableTo):
    """What the phone sent cannot be done any more. The message says why."""

    code = "sync.cannot_take"
    status = 422


def decide(
    *,
    conflict_id: UUID,
    keep: str,
    by: Actor,
    now: datetime,
    seen: str = "",
    said: Mapping[str, Any] | None = None,
) -> Conflict:
    """What stands is kept, or what the phone sent takes its place. Decided twice alike is once.

    `seen` is the mark of what stood when it was looked at, where that is known; `said` what whoever decides
    knows and the phone did not say (fields of the command's data). Raises `UnableToDecide`,
    `UnableToDecideUnseen`, `UnableToTake`, 404.
    """
    with unit_of_work(by=by, now=now):
        row = get_conflict(conflict_id, for_=by, lock=True)
        if not row.is_open:
            if row.keep != keep:
                raise UnableToDecide(_("Somebody has decided this already, the other way."))
            return row
        if not can_decide(by, row):
            raise Http404
        stood = values_now(row)
        if seen and seen != mark_of(stood):
            raise UnableToDecideUnseen(_("This was changed since you looked at it. Look at both once more."))
        if keep == Keep.PHONE:
            _take(row, by, now, said or {})
        _close(row, Keep(keep), stood, by, now)
        tell_author(row, now=now, but=by.id)
    return row


def withdraw(*, commands: Collection[UUID], by: Actor, now: datetime) -> None:
    """Their author has said these anew: what stands is kept, nobody need decide. Within a unit of work."""
    if not commands:
        return
    rows = Conflict.objects.select_for_update().filter(command__in=commands, member_id=by.id)
    for row in rows.filter(state=ConflictState.OPEN).order_by("id"):
        _close(row, Keep.SERVER, values_now(row), by, now)


def _close(row: Conflict, keep: Keep, stood: dict[str, Any], by: Actor, now: datetime) -> None:
    row.content = json.dumps({**content_of(row), "stood": stood}, ensure_ascii=False, default=str)
    row.state, row.keep = ConflictState.DECIDED, keep
    row.decided_at, row.decided_by_id = now, by.id
    row.keep_until = min(row.keep_until, keep_conflict_until(now, decided=True))
    row.save(update_fields=["content", "state", "keep", "decided_at", "decided_by", "keep_until"])


def _take(row: Conflict, by: Actor, now: datetime, said: Mapping[str, Any]) -> None:
    operation = OPERATIONS.get(row.name)
    if operation is None or operation.take is None:
        raise UnableToTake(_("This cannot be taken from the phone. Write it down by hand."))
    try:
        operation.take(_command(row, operation, said), by, now)
    except UnableTo as error:
        raise UnableToTake(error.message) from error
    except Http404 as error:
        raise UnableToTake(_("The record is not there any more.")) from error


def _command(row: Conflict, operation: Operation, said: Mapping[str, Any]) -> Command:
    """The command as the phone sent it, with who wrote it and which fields are decided about."""
    content = content_of(row)
    raw, data = read_data(operation, content["version"], {**content["data"], **said})
    return Command(
        id=row.command,
        sequence=0,
        name=row.name,
        version=operation.version,
        at=row.made_at,
        data=data,
        raw=raw,
        base=content.get("base") or {},
        digest="",
        device=row.device_id,
        skew=timedelta(seconds=content.get("skew", 0)),
        chosen=content.get("chosen", False),
        author=row.member_id,
        held=tuple(
            FieldConflict(each["name"], each["base"], each["theirs"], each["mine"])
            for each in content.get("fields", [])
        ),
    )


class Decision(Shape):
    """Which of the two is kept; `seen` is the mark of what stood when the two were looked at."""

    conflict: UUID
    keep: Keep
    seen: Annotated[str, Field(max_length=64)] = ""


def _decide(command: Command, by: Actor, now: datetime) -> Done:
    data: Decision = command.data
    before = Conflict.objects.filter(pk=data.conflict, state=ConflictState.DECIDED).exists()
    try:
        decide(conflict_id=data.conflict, keep=data.keep, by=by, now=now, seen=data.seen)
    except UnableToTake as error:
        raise UnableToApply(error.code, error.message) from error
    return Done(Result.ALREADY_APPLIED if before else Result.APPLIED, about=data.conflict)


# Here and not in `operations`: no other room has this use case.
DECIDE = Operation("conflicts.decide", 2, Decision, _decide, upgrades={1: dict})
