"""A command as it comes from a phone: its shape, the moment it was made, what may be answered to it."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from nhipcau.core.crypto import blind_index
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.sync.enums import ConflictReason, Result

MOST_COMMANDS: Final = 200
MOST_BYTES: Final = 512 * 1024
CLOCK_SKEW: Final = timedelta(minutes=10)
# As for help sessions: older work is brought in by other ways.
OLDEST: Final = timedelta(days=92)
# A class that is closed needs everybody who was counted in it.
_MOST_NEEDS: Final = 1000
_DEEPEST: Final = 12
# Half of a pair of UTF-16: no text that could be kept.
_HALF: Final = re.compile("[\ud800-\udfff]")


class UnableToReadBatch(UnableTo):
    """What was sent is not a batch of commands at all."""

    code = "sync.unreadable"


class UnableToTakeSoMuch(UnableTo):
    """More at once than we take; the phone sends smaller batches."""

    code = "sync.too_large"
    status: ClassVar[int] = 413


class UnableToApply(UnableTo):
    """A command is refused before its use case is asked. `why` is the stable code."""

    code = "sync.refused"

    def __init__(self, why: str, message: str | Promise) -> None:
        super().__init__(message)
        self.why = why


class Shape(BaseModel):
    """Base of every command's data: nothing that is not named, nothing of another kind."""

    model_config = ConfigDict(extra="forbid", str_max_length=4000, frozen=True)


class Envelope(BaseModel):
    """What every command carries, whatever it is about."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: UUID
    seq: int = Field(ge=1, lt=2**53)
    name: str = Field(max_length=40)
    v: int = Field(ge=1, lt=1000)
    made_at: AwareDatetime
    # A person chose this moment, as the clock of the phone had been wrong.
    chosen: bool = False
    needs: list[UUID] = Field(default_factory=list, max_length=_MOST_NEEDS)
    replaces: UUID | None = None
    base: dict[str, Any] | None = None
    data: dict[str, Any]


class Batch(BaseModel):
    """One request of a phone. Commands are read one by one: a bad one spoils no other."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    device_time: AwareDatetime
    app: str = Field("", max_length=20)
    waiting: int = Field(0, ge=0, lt=2**31)
    language: str = Field("vi", max_length=5)
    commands: list[Any] = Field(max_length=MOST_COMMANDS)


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field that two people changed: what the phone had seen, what stands now, what it sends."""

    name: str
    base: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True, slots=True)
class Command:
    """A command that was read. `at`: when it was made, as far as can be known; `data` in the shape of now.

    Only where a person decided for it later: `author` is who wrote it, `held` the fields decided about.
    """

    id: UUID
    sequence: int
    name: str
    version: int
    at: datetime
    data: Any
    raw: Mapping[str, Any]
    base: Mapping[str, Any]
    digest: str
    # The phone that sent it.
    device: UUID
    needs: tuple[UUID, ...] = ()
    replaces: UUID | None = None
    # How far the phone's clock was out.
    skew: timedelta = timedelta(0)
    # A person chose `at`: no other moment that the phone noted is worth anything.
    chosen: bool = False
    author: UUID | None = None
    held: tuple[FieldConflict, ...] = ()

    def corrected(self, claim: datetime) -> datetime:
        """Another moment that the same phone noted with it, put right in the same way; never after `at`."""
        return self.at if self.chosen else min(_shifted(claim, self.skew) or claim, self.at)


@dataclass(frozen=True, slots=True)
class Held:
    """What a person has to decide about a command."""

    reason: ConflictReason
    entity: str
    entity_id: UUID
    commune: str
    fields: tuple[FieldConflict, ...] = ()
    # Where it names a person: the last day to which they agreed; we keep no conflict longer than others.
    agreed_until: date | None = None
    # Where it names somebody who is no citizen yet: the blind index of their number.
    phone_index: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a command. `held`: for the two-column page; without it the phone itself asks."""

    result: Result = Result.APPLIED
    about: UUID | None = None
    code: str = ""
    words: str | Promise = ""
    held: Held | None = None


Apply = Callable[[Command, Actor, datetime], Done]
Lost = Callable[[Command, Actor, datetime], Held | None]
ApplyMany = Callable[[Sequence[Command], Actor, datetime], Sequence[Done] | None]
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """A command's name, its shape now, and the use case it stands for.

    `upgrades` brings the data of the version before into the shape of now; older ones are refused.
    `apply_many` does a whole run at once, or answers None: then they are done one by one.
    `take`: a person decided for what the phone sent, `by` is who decided; None: nothing to take.
    `lost`: asked before a refusal: whether this was the sender's work and no longer is; it may raise why not.
    """

    name: str
    version: int
    shape: type[Shape]
    apply: Apply
    upgrades: Mapping[int, Callable[[Data], Data]] = field(default_factory=dict)
    apply_many: ApplyMany | None = None
    take: Apply | None = None
    lost: Lost | None = None


def read_batch(body: bytes) -> Batch:
    """Raises `UnableToTakeSoMuch`, `UnableToReadBatch`."""
    if len(body) > MOST_BYTES:
        raise UnableToTakeSoMuch(_("Too much at once. Send less at a time."))
    try:
        content = json.loads(body)
        commands = content["commands"]
        if isinstance(commands, list) and len(commands) > MOST_COMMANDS:
            raise UnableToTakeSoMuch(_("Too much at once. Send less at a time."))
        return Batch.model_validate(content)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UnableToReadBatch(_("This is not a batch of commands.")) from error


def read_envelope(content: Any) -> Envelope | None:
    """None: not a command; nothing can be answered to it but that."""
    try:
        return Envelope.model_validate(content) if _is_plain(content) else None
    except (ValidationError, RecursionError):
        return None


def _is_plain(content: Any, depth: int = 0) -> bool:
    """Whether it goes no deeper than any command, and holds only text that can be written down."""
    if isinstance(content, str):
        return "\x00" not in content and not _HALF.search(content)
    if isinstance(content, dict):
        return depth < _DEEPEST and all(
            _is_plain(name) and _is_plain(value, depth + 1) for name, value in content.items()
        )
    return not isinstance(content, list) or (
        depth < _DEEPEST and all(_is_plain(value, depth + 1) for value in content)
    )


def id_in(content: Any) -> UUID | None:
    """The id of something that is otherwise no command."""
    try:
        found = content["id"]
        return UUID(found) if isinstance(found, str) else None
    except (TypeError, KeyError, ValueError):
        return None


# What a command says. A field that the envelope gets later does not make one sent before it another one.
_SAID: Final = {"id", "seq", "name", "v", "made_at", "needs", "replaces", "base", "data"}


def digest_of_command(envelope: Envelope) -> str:
    """The same for the same command, whichever version of the server reads it."""
    said = envelope.model_dump(mode="json", include=_SAID)
    return digest_of({**said, "chosen": True} if envelope.chosen else said)


def digest_of(content: Mapping[str, Any]) -> str:
    """Keyed, so that a copy of the receipts tells nothing of what was said."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return blind_index(text, purpose="sync.command")


def moment_of(envelope: Envelope, *, skew: timedelta, enrolled_at: datetime, now: datetime) -> datetime:
    """When a command was made: the phone's claim, put right by how wrong its clock is now.

    A clock that was set right in the meantime: then the claim itself, when it can be; so is what a person
    chose. A phone makes nothing before it was signed in. Raises `UnableToApply` when neither can be.
    """
    claim = envelope.made_at
    earliest = max(enrolled_at, now - OLDEST) - CLOCK_SKEW
    for moment in (claim,) if envelope.chosen else (_shifted(claim, skew), claim):
        if moment is not None and earliest <= moment <= now + CLOCK_SKEW:
            return min(moment, now)
    # Before the phone was signed in nothing was made: a clock that was wrong then and is right by now.
    was_there = enrolled_at - CLOCK_SKEW <= claim < now - OLDEST
    if was_there and (envelope.chosen or abs(skew) <= CLOCK_SKEW):
        raise UnableToApply(
            "sync.too_old", _("This is older than 92 days; it can no longer be recorded here.")
        )
    raise UnableToApply("sync.impossible_time", _("The clock of the phone was wrong. Choose the day it was."))


def _shifted(claim: datetime, skew: timedelta) -> datetime | None:
    try:
        return claim + skew
    except OverflowError:
        return None


def read_command(
    envelope: Envelope, operations: Mapping[str, Operation], *, digest: str, at: datetime, device: UUID
) -> Command:
    """Raises `UnableToApply`: unknown name, version too old or not known yet, data of another shape."""
    operation = operations.get(envelope.name)
    if operation is None or envelope.v > operation.version:
        raise UnableToApply(
            "sync.unknown_command", _("The server does not know this yet. Keep it and try again later.")
        )
    data, read = read_data(operation, envelope.v, envelope.data)
    return Command(
        id=envelope.id,
        sequence=envelope.seq,
        name=envelope.name,
        version=envelope.v,
        at=at,
        data=read,
        raw=data,
        base=envelope.base or {},
        digest=digest,
        needs=tuple(envelope.needs),
        replaces=envelope.replaces,
        skew=at - envelope.made_at,
        chosen=envelope.chosen,
        device=device,
    )


def read_data(operation: Operation, version: int, data: Data) -> tuple[Data, Shape]:
    """The data in the shape of now. Raises `UnableToApply`."""
    if version < operation.version:
        upgrade = operation.upgrades.get(version)
        if upgrade is None:
            raise UnableToApply("sync.old_version", _("This was written by a version that is too old."))
        data = upgrade(dict(data))
    try:
        return data, operation.shape.model_validate(data)
    except (ValidationError, RecursionError) as error:
        raise UnableToApply("sync.unreadable_command", _("This cannot be read.")) from error
