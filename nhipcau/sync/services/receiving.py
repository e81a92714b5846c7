"""Commands come in: each is done once and answered once, whatever the road did to it on the way.

A batch is one transaction; each command in it stands or falls alone (a savepoint). The receipt is written
with what it answers for: either both are there or neither. Batches of one phone follow each other, so the
same command on two roads at once is done by the first and answered again to the second.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo, is_database_away
from nhipcau.core.scope import Actor
from nhipcau.devices.models import Device
from nhipcau.devices.services.contact import note_outbox
from nhipcau.sync.enums import DONE, ConflictState, Keep, Result
from nhipcau.sync.models import Conflict, Receipt
from nhipcau.sync.operations import OPERATIONS as OF_ROOMS
from nhipcau.sync.operations.former import not_yours
from nhipcau.sync.queries.conflicts import settled
from nhipcau.sync.rules.commands import (
    Batch,
    Command,
    Done,
    Envelope,
    Held,
    Operation,
    UnableToApply,
    digest_of_command,
    id_in,
    moment_of,
    read_command,
    read_envelope,
)
from nhipcau.sync.rules.keeping import keep_conflict_until
from nhipcau.sync.services.announcing import tell_deciders
from nhipcau.sync.services.deciding import DECIDE, withdraw

# All that a phone may send.
OPERATIONS: Mapping[str, Operation] = {**OF_ROOMS, DECIDE.name: DECIDE}

logger = logging.getLogger(__name__)
_LONGEST_WORDS = 300
# So often a person says one thing anew before it can be done.
_MOST_TIMES_ANEW = 10


_Sent = tuple[Any, Envelope | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """Receipts in the order of the commands, and the ids of those that wait for one they need."""

    receipts: tuple[Receipt, ...]
    later: tuple[UUID, ...]
    lease_until: datetime


@dataclass(slots=True)
class _Desk:
    """What is known while one batch is dealt with."""

    device: Device
    by: Actor
    now: datetime
    skew: timedelta
    receipts: dict[UUID, Receipt]
    # Answered but not kept, and of no weight for what needs them.
    unkept: dict[UUID, Receipt]
    # Ids under which another phone sent something.
    taken: frozenset[UUID]
    # What other commands need.
    needs: frozenset[UUID]
    # Of commands that were done instead of others: by the id of the other.
    instead: dict[UUID, Receipt]
    # Commands about which a person has decided since, and what was kept.
    settled: dict[UUID, str]
    fresh: list[Receipt]
    conflicts: list[Conflict]


def receive(*, device_id: UUID, batch: Batch, by: Actor, now: datetime, via: Actor | None = None) -> Answer:
    """Does what is new in a batch and answers all of it. `via`: a coordinator who hands in a rescued phone.

    `by` is always the member who wrote the commands, with the roles they hold now.
    """
    sent = [(content, read_envelope(content)) for content in batch.commands]
    language = batch.language if batch.language in {"vi", "th", "en"} else "vi"
    with translation.override(language), unit_of_work(by=by, now=now):
        device = Device.objects.select_for_update().get(pk=device_id)
        skew = now - batch.device_time if via is None else timedelta(seconds=device.skew_seconds)
        desk = _open_desk(device, sent, skew, by, now)
        order = _order(sent, desk)
        later = _deal_with(order, desk)
        Receipt.objects.bulk_create(desk.fresh)
        Conflict.objects.bulk_create(desk.conflicts)
        withdraw(commands=_said_anew(desk), by=by, now=now)
        tell_deciders(desk.conflicts, now=now)
        ids = dict.fromkeys(found for content, _e in sent if (found := id_in(content)))
        told = {**desk.receipts, **desk.unkept}
        answered = tuple(told[each] for each in ids if each in told)
        if via is None:
            app = "".join(filter(str.isprintable, batch.app))
            waiting = max(0, batch.waiting - len(answered))
            note_outbox(device, app=app, waiting=waiting, skew=desk.skew, now=now)
        return Answer(answered, later, device.lease_until)


def _open_desk(device: Device, sent: Sequence[_Sent], skew: timedelta, by: Actor, now: datetime) -> _Desk:
    ids = {found for content, _envelope in sent if (found := id_in(content))}
    needs = frozenset(need for _content, envelope in sent if envelope for need in envelope.needs)
    kept = Receipt.objects.filter(pk__in=ids | needs).in_bulk()
    # Nobody is answered with the receipt of another phone.
    mine = {key: row for key, row in kept.items() if row.device_id == device.pk}
    return _Desk(
        device=device,
        by=by,
        now=now,
        skew=skew,
        receipts=mine,
        unkept={},
        taken=frozenset(kept) - frozenset(mine),
        needs=needs,
        instead=_done_instead(needs, by),
        settled=settled(needs),
        fresh=[],
        conflicts=[],
    )


def _done_instead(needs: frozenset[UUID], by: Actor) -> dict[UUID, Receipt]:
    """What was done in place of these, also where it took more than one try to say it. A decision replaces
    nothing: it is made about what it names."""
    done: dict[UUID, Receipt] = {}
    tried = {need: need for need in needs}
    for _time in range(_MOST_TIMES_ANEW):
        if not tried:
            break
        rows = Receipt.objects.filter(replaces__in=tried, device__member_id=by.id).order_by(
            "received_at", "id"
        )
        anew = [(tried[row.replaces], row) for row in rows if row.replaces]
        done |= {need: row for need, row in anew if _stands(row)}
        tried = {row.pk: need for need, row in anew if need not in done}
    return done


def _stands(receipt: Receipt) -> bool:
    return receipt.result in DONE and receipt.name != DECIDE.name


def _order(sent: Sequence[_Sent], desk: _Desk) -> list[Command]:
    """The commands to deal with, in the phone's order. What can be answered at once is answered here."""
    commands: dict[UUID, Command] = {}
    for content, envelope in sent:
        if envelope is None:
            found = id_in(content)
            if found in commands or found in desk.receipts:
                _refuse_reused(found, desk)
            elif found:
                _refuse_unreadable(found, desk)
            continue
        digest = digest_of_command(envelope)
        before = commands.get(envelope.id) or desk.receipts.get(envelope.id)
        if envelope.id in desk.taken | desk.unkept.keys() or (before and before.digest != digest):
            _refuse_reused(envelope.id, desk)
        if before or envelope.id in desk.taken:
            continue
        try:
            at = moment_of(envelope, skew=desk.skew, enrolled_at=desk.device.enrolled_at, now=desk.now)
            commands[envelope.id] = read_command(
                envelope, OPERATIONS, digest=digest, at=at, device=desk.device.pk
            )
        except UnableToApply as error:
            _keep(
                _envelope_receipt(
                    envelope, digest, desk, Done(Result.REFUSED, code=error.why, words=str(error))
                ),
                desk,
            )
    return sorted(commands.values(), key=lambda command: command.sequence)


def _deal_with(order: list[Command], desk: _Desk) -> tuple[UUID, ...]:
    """Runs that can be done at once first – nothing they need comes after them –, then one by one."""
    waiting: list[UUID] = []
    single: list[Command] = []
    for name, run in _runs(order).items():
        operation = OPERATIONS[name]
        done = _try_many(run, desk) if operation.apply_many and len(run) > 1 else None
        if done is None:
            single.extend(run)
            continue
        for command, one in zip(run, done, strict=True):
            _keep(_receipt(command, desk, one), desk)
    for command in sorted(single, key=lambda each: each.sequence):
        if _must_wait(command, desk):
            waiting.append(command.id)
        else:
            _keep(_receipt(command, desk, _apply(command, desk)), desk)
    return tuple(waiting)


def _runs(order: list[Command]) -> Mapping[str, list[Command]]:
    """The commands by name, each run in the phone's order."""
    runs: dict[str, list[Command]] = {}
    for command in order:
        runs.setdefault(command.name, []).append(command)
    return runs


def _try_many(run: list[Command], desk: _Desk) -> Sequence[Done] | None:
    """None: at least one of them is not like the others; each is then looked at alone."""
    many = OPERATIONS[run[0].name].apply_many
    if many is None or any(command.needs for command in run):
        return None
    try:
        with transaction.atomic():
            done = many(run, desk.by, desk.now)
            if done is None:
                transaction.set_rollback(True)  # what it wrote before it saw that, too
            return done
    except Exception as error:
        if is_database_away(error):
            raise
        return None  # whichever of them it was is found, and told, one by one


def _must_wait(command: Command, desk: _Desk) -> bool:
    """A command it needs has no receipt yet, or waits for a person itself."""
    return any(_came_about(need, desk) is None for need in command.needs)


def _came_about(need: UUID, desk: _Desk) -> bool | None:
    """Whether what a command needs was done: itself, what was said in its place, or by a person who decided
    for it. None: that is still open."""
    if need in desk.instead:
        return True
    if need in desk.settled:
        return desk.settled[need] == Keep.PHONE
    kept = desk.receipts.get(need)
    return None if kept is None or kept.result == Result.NEEDS_PERSON else kept.result in DONE


def _apply(command: Command, desk: _Desk) -> Done:
    if not all(_came_about(need, desk) for need in command.needs):
        return Done(Result.REFUSED, code="sync.need_refused", words=_("What this belongs to was not saved."))
    try:
        with transaction.atomic():
            return OPERATIONS[command.name].apply(command, desk.by, desk.now)
    except (UnableTo, Http404) as error:
        return _was_theirs(command, desk) or _refused(error)
    except Exception as error:
        if is_database_away(error):
            raise  # the whole batch comes again
        # A fault of ours in one command never stops the others; what it said stays on the phone.
        logger.exception("a command failed", extra={"command": command.name, "id": str(command.id)})
        return Done(
            Result.REFUSED,
            code="sync.failed",
            words=_("Something went wrong on our side. Send it again later."),
        )


def _was_theirs(command: Command, desk: _Desk) -> Done | None:
    """Work that is somebody else's by now is kept for who leads there; whoever guesses ids learns nothing."""
    lost = OPERATIONS[command.name].lost
    try:
        held = lost(command, desk.by, desk.now) if lost else None
    except UnableToApply as error:
        return _refused(error)
    return not_yours(held) if held else None


def _refused(error: UnableTo | Http404) -> Done:
    if isinstance(error, Http404):
        return Done(Result.REFUSED, code="sync.not_found", words=_("This is not there, or is not yours."))
    why = error.why if isinstance(error, UnableToApply) else error.code
    return Done(Result.REFUSED, code=why, words=str(error))


def _receipt(command: Command, desk: _Desk, done: Done) -> Receipt:
    if done.held is not None:
        desk.conflicts.append(_conflict(command, done.held, desk))
    return Receipt(
        id=command.id,
        device=desk.device,
        sequence=command.sequence,
        name=command.name,
        version=command.version,
        digest=command.digest,
        result=done.result,
        code=done.code,
        words=str(done.words)[:_LONGEST_WORDS],
        about=done.about,
        replaces=command.replaces,
        made_at=command.at,
        received_at=desk.now,
    )


def _conflict(command: Command, held: Held, desk: _Desk) -> Conflict:
    content = {
        "version": OPERATIONS[command.name].version,
        "data": command.raw,
        "base": command.base,
        "skew": command.skew.total_seconds(),
        "chosen": command.chosen,
        "fields": [
            {"name": each.name, "base": each.base, "theirs": each.theirs, "mine": each.mine}
            for each in held.fields
        ],
    }
    return Conflict(
        command=command.id,
        device=desk.device,
        member_id=desk.by.id,
        name=command.name,
        commune_id=held.commune,
        entity=held.entity,
        entity_id=held.entity_id,
        reason=held.reason,
        content=json.dumps(content, ensure_ascii=False, default=str),
        state=ConflictState.OPEN,
        made_at=command.at,
        raised_at=desk.now,
        keep_until=min(keep_conflict_until(desk.now, decided=False), held.agreed_until or date.max),
        phone_index=held.phone_index,
    )


def _envelope_receipt(envelope: Envelope, digest: str, desk: _Desk, done: Done) -> Receipt:
    return Receipt(
        id=envelope.id,
        device=desk.device,
        sequence=envelope.seq,
        name=envelope.name,
        version=envelope.v,
        digest=digest,
        result=done.result,
        code=done.code,
        words=str(done.words)[:_LONGEST_WORDS],
        replaces=envelope.replaces,
        made_at=None,
        received_at=desk.now,
    )


def _refuse_reused(id: UUID, desk: _Desk) -> None:
    """Something else came under an id: whatever was done under it stays done, and its receipt is kept."""
    words = _("Another piece of work came under the same number.")
    desk.unkept[id] = Receipt(id=id, result=Result.REFUSED, code="sync.id_reused", words=words)


def _refuse_unreadable(id: UUID, desk: _Desk) -> None:
    """What is no command has nothing that could be done twice."""
    words = _("This cannot be read.")
    desk.unkept[id] = Receipt(id=id, result=Result.REFUSED, code="sync.unreadable_command", words=words)


def _said_anew(desk: _Desk) -> list[UUID]:
    """Commands in whose place others were done now."""
    fresh = {each.pk for each in desk.fresh}
    return [old for old, receipt in desk.instead.items() if receipt.pk in fresh]


def _keep(receipt: Receipt, desk: _Desk) -> None:
    desk.receipts[receipt.pk] = receipt
    desk.fresh.append(receipt)
    if _stands(receipt):
        desk.instead |= dict.fromkeys(_stands_for(receipt, desk), receipt)
    elif receipt.name == DECIDE.name:
        desk.settled = settled(desk.needs)


def _stands_for(receipt: Receipt, desk: _Desk) -> Iterator[UUID]:
    """What a command was sent instead of, and what that had been sent instead of."""
    old = receipt.replaces
    for _time in range(_MOST_TIMES_ANEW):
        if old is None:
            return
        yield old
        before = (
            desk.receipts.get(old) or Receipt.objects.filter(pk=old, device__member_id=desk.by.id).first()
        )
        old = before.replaces if before else None
