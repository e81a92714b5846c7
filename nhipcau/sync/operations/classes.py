"""Who came to a class, as the phones of those who teach it send it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, Field

from nhipcau.core.clock import local_date
from nhipcau.core.scope import Actor
from nhipcau.learning import services
from nhipcau.learning.enums import ClassState
from nhipcau.learning.models import Attendee, PublicClass
from nhipcau.learning.queries import get_class_to_count, was_planned_by
from nhipcau.learning.services import NewAttendee, UnableToAddBefore, UnableToAddToCancelled
from nhipcau.sync.enums import ConflictReason, Entity, Result
from nhipcau.sync.operations import former
from nhipcau.sync.operations.sessions import Word
from nhipcau.sync.rules.commands import Command, Done, FieldConflict, Held, Operation, Shape

_MOVED = _("Somebody changed this class in the meantime. Look at it again.")


class Came(Shape):
    """One person, without a name. `alone` empty: not asked."""

    id: UUID
    age_band: Word
    language: Annotated[str, Field(max_length=3)] = ""
    alone: Word = ""
    at: AwareDatetime


class AddAttendees(Shape):
    """People who came."""

    public_class: UUID = Field(alias="class")
    attendees: Annotated[list[Came], Field(min_length=1, max_length=200)]


class RemoveAttendee(Shape):
    """Somebody counted by mistake."""

    public_class: UUID = Field(alias="class")
    attendee: UUID


class Close(Shape):
    """The class was held."""

    public_class: UUID = Field(alias="class")


def _add(command: Command, by: Actor, now: datetime) -> Done:
    data: AddAttendees = command.data
    try:
        added = services.add_attendees(
            class_id=data.public_class,
            attendees=_attendees(command),
            by=by,
            now=now,
            at=command.at,
            early=command.author is not None,
        )
    except (UnableToAddBefore, UnableToAddToCancelled) as error:
        row = PublicClass.objects.get(pk=data.public_class)
        moved = isinstance(error, UnableToAddBefore)
        if command.author is not None or (moved and not was_planned_by(row, local_date(command.at))):
            raise
        people = FieldConflict("people", None, None, len(data.attendees))
        return _held(row, error.code, _MOVED if moved else str(error), people)
    return Done(Result.APPLIED if added.new else Result.ALREADY_APPLIED, about=data.public_class)


def _held(row: PublicClass, code: str, words: str | Promise, *others: FieldConflict) -> Done:
    """Somebody cancelled or moved the class while the phone saw it take place."""
    state = FieldConflict("class_state", None, row.state, ClassState.HELD.value)
    held = Held(ConflictReason.CHANGED_MEANWHILE, Entity.CLASS, row.pk, row.commune_id, (state, *others))
    return Done(Result.NEEDS_PERSON, row.pk, code, words, held)


def _attendees(command: Command) -> list[NewAttendee]:
    """Whoever was counted before keeps their moment: a second sending knows it a little differently."""
    data: AddAttendees = command.data
    ids = [one.id for one in data.attendees]
    known = dict(Attendee.objects.filter(pk__in=ids).values_list("id", "at"))
    return [
        NewAttendee(
            id=one.id,
            at=known.get(one.id) or command.corrected(one.at),
            age_band=one.age_band,
            language=one.language,
            alone=one.alone,
        )
        for one in data.attendees
    ]


def _take_add(command: Command, by: Actor, now: datetime) -> Done:
    """Where people came the class was held, whoever had called it off. One that was moved to a day to come is
    moved back first, or waits for it."""
    services.close_class(class_id=command.data.public_class, by=by, now=now)
    return _add(command, by, now)


def _remove(command: Command, by: Actor, now: datetime) -> Done:
    data: RemoveAttendee = command.data
    gone = Attendee.objects.filter(pk=data.attendee, removed_at__isnull=False).exists()
    services.remove_attendee(attendee_id=data.attendee, by=by, now=now)
    return Done(Result.ALREADY_APPLIED if gone else Result.APPLIED, about=data.public_class)


def _close(command: Command, by: Actor, now: datetime) -> Done:
    data: Close = command.data
    row = get_class_to_count(data.public_class, for_=by, lock=True)
    if row.is_cancelled:
        words = _(
            "This class was cancelled. If it took place all the same, ask the leader to mark it as held."
        )
        return _held(row, UnableToAddToCancelled.code, words)
    return _take_close(command, by, now)


def _take_close(command: Command, by: Actor, now: datetime) -> Done:
    """Also where it had been cancelled: a person has decided that it took place."""
    data: Close = command.data
    held = PublicClass.objects.filter(pk=data.public_class, state=ClassState.HELD).exists()
    services.close_class(class_id=data.public_class, by=by, now=now)
    return Done(Result.ALREADY_APPLIED if held else Result.APPLIED, about=data.public_class)


def _lost(command: Command, by: Actor, now: datetime) -> Held | None:
    return former.of_class(command.data.public_class, by)


OPERATIONS = (
    Operation("classes.add_attendees", 1, AddAttendees, _add, take=_take_add, lost=_lost),
    Operation("classes.remove_attendee", 1, RemoveAttendee, _remove, take=_remove, lost=_lost),
    Operation("classes.close", 1, Close, _close, take=_take_close, lost=_lost),
)
