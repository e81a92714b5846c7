"""What lay on a phone that could not send it – its PIN forgotten, its radio dead – is taken in.

The province holds the key to the phone's data key. The commands are done as if the phone had sent them:
in the name of who wrote them, once, with the same receipts. So the same file twice changes nothing, and a
phone that finds its way back finds everything answered.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from nhipcau.audit.services import record_act, unit_of_work
from nhipcau.core.clock import VIETNAM
from nhipcau.core.crypto import open_box, unseal
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.devices.models import Device
from nhipcau.devices.queries import device_to_rescue
from nhipcau.devices.queries.rescue import Rescue, Sealed
from nhipcau.devices.services.contact import note_rescued
from nhipcau.messaging.enums import Kind
from nhipcau.sync.enums import DONE, Result
from nhipcau.sync.models import Conflict, Receipt
from nhipcau.sync.rules.commands import MOST_COMMANDS, Batch, id_in
from nhipcau.sync.services.receiving import receive
from nhipcau.teams.access import actor_of
from nhipcau.teams.enums import Permission
from nhipcau.teams.services.telling import tell

# Fields of a command's data that tell a person nothing.
_IDS: Final = frozenset({"id", "case", "visit", "shift", "class", "session", "version", "service_point"})


class UnableToOpenRescue(UnableTo):
    """The key of the phone is gone, or is not the one this was closed with."""

    code = "sync.rescue_sealed"


@dataclass(frozen=True, slots=True)
class Left:
    """A command that was not simply done. `said`: what was written, for who may read it."""

    number: int
    made_at: datetime | None
    words: str
    needs_person: bool
    conflict: UUID | None = None
    said: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a rescue. `unreadable`: numbers of the records that do not open, from 1."""

    device: Device
    new: int
    already: int
    left: tuple[Left, ...]
    unreadable: tuple[int, ...]
    may_read: bool

    @property
    def need_person(self) -> int:
        return sum(each.needs_person for each in self.left)

    @property
    def refused(self) -> int:
        return len(self.left) - self.need_person


@dataclass(frozen=True, slots=True)
class _Found:
    """A command among the records, at its number in the file."""

    number: int
    content: dict[str, Any]
    id: UUID


def take_in(*, rescue: Rescue, by: Actor, now: datetime) -> Taken:
    """Does what is new in a rescue, in small transactions: cut off in the middle, it is handed in again.

    Raises `UnableToOpenRescue`, 404 for a phone of other places.
    """
    device = device_to_rescue(rescue.device, for_=by)
    key = _key_of(device)
    with unit_of_work(by=by, now=now):
        record_act(
            by=by,
            action="rescue",
            entity="devices_device",
            entity_id=str(device.pk),
            commune=device.commune_id,
            now=now,
        )
    commands, unreadable = _opened(rescue, key)
    known = set(Receipt.objects.filter(pk__in=[each.id for each in commands]).values_list("pk", flat=True))
    receipts = _deal_with(commands, device, by, now)
    fresh = [row for key, row in receipts.items() if key not in known]
    with unit_of_work(by=by, now=now):
        note_rescued(device, answered=len(fresh), left=len(commands) - len(receipts))
    done = sum(row.result in (Result.APPLIED, Result.MERGED) for row in fresh)
    if fresh and device.member.is_active:
        _tell_member(device, done, by=by, now=now)
    may_read = _may_read(by, device)
    left = tuple(_left(commands, receipts, device, may_read=may_read))
    return Taken(device, done, len(commands) - done - len(left), left, unreadable, may_read)


def _key_of(device: Device) -> bytes:
    """The phone's data key, from what it left with the province."""
    sealed, private = device.escrow, device.escrow_key.private
    try:
        if sealed and private:
            return unseal(private, base64.b64decode(sealed))
    except ValueError as error:
        raise UnableToOpenRescue(_("The phone had sealed its key in a way that does not open.")) from error
    raise UnableToOpenRescue(_("This phone was away for more than a year: its key is no longer kept."))


def _opened(rescue: Rescue, key: bytes) -> tuple[list[_Found], tuple[int, ...]]:
    """The commands in the phone's order, each once; and the numbers of what does not open."""
    found: dict[UUID, _Found] = {}
    unreadable: list[int] = []
    for number, record in enumerate(rescue.records, start=1):
        content = _content(record, rescue.device, key)
        command_id = id_in(content)
        if content is None or command_id is None:
            unreadable.append(number)
        else:
            found.setdefault(command_id, _Found(number, content, command_id))
    return sorted(found.values(), key=_sequence), tuple(unreadable)


def _content(record: Sealed | None, device: UUID, key: bytes) -> dict[str, Any] | None:
    """The command in a record; a record of the drawer holds its command beside the answer to it."""
    if record is None:
        return None
    try:
        about = f"nhipcau/{record.where}/{device}".encode()
        content = json.loads(open_box(key, record.nonce, record.box, about))
        if record.where.startswith("drawer/"):
            content = content["command"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _sequence(found: _Found) -> tuple[int, int]:
    sequence = found.content.get("seq")
    return (sequence if isinstance(sequence, int) else 0, found.number)


def _deal_with(commands: Sequence[_Found], device: Device, by: Actor, now: datetime) -> dict[UUID, Receipt]:
    """Batch after batch; what waited for something of a later batch comes once more at the end."""
    receipts: dict[UUID, Receipt] = {}
    waiting = list(commands)
    while waiting:
        later: list[_Found] = []
        for start in range(0, len(waiting), MOST_COMMANDS):
            batch = waiting[start : start + MOST_COMMANDS]
            answered = _receive(batch, device, by, now)
            receipts |= answered
            later.extend(each for each in batch if each.id not in answered)
        if len(later) == len(waiting):
            return receipts
        waiting = later
    return receipts


def _receive(batch: Sequence[_Found], device: Device, by: Actor, now: datetime) -> dict[UUID, Receipt]:
    contents = [each.content for each in batch]
    sent = Batch.model_validate(
        {"device_time": now, "language": get_language() or "vi", "commands": contents}
    )
    answer = receive(device_id=device.pk, batch=sent, by=actor_of(device.member, now), now=now, via=by)
    return {row.pk: row for row in answer.receipts}


def _may_read(by: Actor, device: Device) -> bool:
    """Whether names of people may be shown: not to who leads a province."""
    scope = by.scope(Permission.CASES_VIEW_PERSONAL)
    return scope.covers(commune=device.commune_id, province=device.commune.parent_id or "")


def _left(
    commands: Iterable[_Found], receipts: dict[UUID, Receipt], device: Device, *, may_read: bool
) -> Iterator[Left]:
    """What a person must look at, in the order of the phone. Without a receipt: it waits for another."""
    conflicts = dict(
        Conflict.objects.filter(device=device, command__in=receipts).values_list("command", "pk")
    )
    for each in commands:
        row = receipts.get(each.id)
        if row is not None and row.result in DONE:
            continue
        words = row.words if row else _("It needs something else from this phone that is not there.")
        yield Left(
            number=each.number,
            made_at=_moment(each.content.get("made_at")),
            words=words,
            needs_person=row is None or row.result == Result.NEEDS_PERSON,
            conflict=conflicts.get(each.id),
            said=tuple(_said(each.content.get("data"))) if may_read else (),
        )


def _moment(claim: Any) -> datetime | None:
    """When the phone says it was; None when that is no moment."""
    try:
        found = datetime.fromisoformat(claim)
        return found.astimezone(VIETNAM)
    except (TypeError, ValueError, OverflowError):
        return None


def _said(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """What a command says; ids left out, and nothing deeper than our own commands go."""
    for name, value in data.items() if isinstance(data, dict) else ():
        if isinstance(value, dict) and not path:
            yield from _said(value, f"{name}: ")
        elif isinstance(value, str | int | float) and name not in _IDS and value != "":
            yield f"{path}{name}"[:80], str(value)[:2000]


def _tell_member(device: Device, done: int, *, by: Actor, now: datetime) -> None:
    def words() -> tuple[str, str]:
        return (
            _("Work from your phone was handed in"),
            ngettext(
                "%(name)s handed in what your phone had not sent: %(count)d piece of work is saved.",
                "%(name)s handed in what your phone had not sent: %(count)d pieces of work are saved.",
                done,
            )
            % {"name": by.name, "count": done},
        )

    with unit_of_work(by=by, now=now):
        tell(
            [device.member],
            kind=Kind.FIELD,
            words=words,
            link=reverse("devices:mine"),
            about=device.pk,
            now=now,
        )
