"""Taking messages out: claimed in one transaction, sent outside any, settled in another.

Whoever claims marks the delivery as being sent, with a lease. A worker killed on the way leaves it so;
when the lease is over the next worker tries again. A mail may then come twice, with the same identifier;
the inbox never holds anything twice, because its part is done in the sender's own transaction.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from nhipcau.core.clock import day_bounds, local_date
from nhipcau.messaging.channels import channel
from nhipcau.messaging.channels.protocol import (
    AddressGone,
    DeliveryTrouble,
    Item,
    Notice,
    TemporaryTrouble,
)
from nhipcau.messaging.enums import DeliveryState, Trouble
from nhipcau.messaging.models import Address, Delivery, OptOut
from nhipcau.messaging.queries import (
    confirmed_addresses,
    gathered_with,
    next_due,
    sent_between,
    waiting_with,
    wishes_of,
)
from nhipcau.messaging.rules import MOST_ATTEMPTS, USEFUL_FOR, held_until, pause_after
from nhipcau.messaging.services.steps import CHANGED, step

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours to send: nobody else touches it until its lease is over."""

    delivery: UUID
    attempt: int
    channel: str
    notice: Notice
    addresses: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """How the sending went, all addresses together."""

    trouble: Trouble = Trouble.NONE
    temporary: bool = False
    retry_after: int = 0
    receipt: str = ""
    gone: tuple[UUID, ...] = ()


def deliver_next(*, now: datetime) -> bool:
    """Takes out, holds back or gives up what has waited longest; False when nothing is due."""
    busy: set[UUID] = set()
    while (recipient := next_due(now, without=busy)) is not None:
        with transaction.atomic():
            mine = _take_person(recipient)
            claims = _claim(recipient, now) if mine else []
        for claim in claims:
            _settle(claim, carry(claim), now)
        if mine:
            return True
        busy.add(recipient)
    return False


def carry(claim: Claim) -> Result:
    """Takes a notice to every address of its channel; one that took it is enough."""
    sender = channel(claim.channel)
    gone: list[UUID] = []
    troubles: list[DeliveryTrouble] = []
    receipts: list[str] = []
    for address, value in claim.addresses:
        try:
            receipts.append(sender.deliver(claim.notice, value).text)
        except AddressGone as trouble:
            gone.append(address)
            troubles.append(trouble)
        except DeliveryTrouble as trouble:
            troubles.append(trouble)
        except Exception as error:
            # One message that breaks a channel must not stop all others; its text is not logged.
            logger.error("channel %s broke: %s", claim.channel, type(error).__name__)
            troubles.append(TemporaryTrouble(Trouble.INTERRUPTED))
    if receipts:
        return Result(receipt=receipts[0], gone=tuple(gone))
    worst = next((trouble for trouble in troubles if isinstance(trouble, TemporaryTrouble)), troubles[0])
    return Result(
        trouble=worst.trouble,
        temporary=isinstance(worst, TemporaryTrouble),
        retry_after=worst.retry_after,
        gone=tuple(gone),
    )


def _take_person(recipient: UUID) -> bool:
    """Only one worker at a time looks at what waits for a person, or they would be told twice as much."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"messaging:{recipient}"]
        )
        return bool(cursor.fetchone()[0])


def _claim(recipient: UUID, now: datetime) -> list[Claim]:
    """Everything due for a person, at most one notice for each channel; the rest is put where it belongs."""
    rows = list(waiting_with(recipient, now))
    _recover(rows, now)
    _drop(recipient, rows, now)
    found = []
    for name in dict.fromkeys(row.channel for row in rows):
        waiting = [row for row in rows if row.channel == name and row.is_waiting]
        due = [row for row in waiting if row.next_try_at <= now]
        if due and (claim := _claim_channel(recipient, due, waiting, now)) is not None:
            found.append(claim)
        Delivery.objects.bulk_update([row for row in rows if row.channel == name], CHANGED)
    return found


def _recover(rows: Iterable[Delivery], now: datetime) -> None:
    """Whatever a dead worker was sending may be tried again."""
    for row in rows:
        if row.state == DeliveryState.SENDING:
            _fail(row, Result(Trouble.INTERRUPTED, temporary=True), now, pause=timedelta())


def _drop(recipient: UUID, rows: Iterable[Delivery], now: datetime) -> None:
    """What nobody wants any more: turned off meanwhile, or too old."""
    declined = set(OptOut.objects.filter(recipient=recipient).values_list("kind", "channel"))
    for row in rows:
        if not row.is_waiting:
            continue
        if row.is_fresh and (row.message.kind, row.channel) in declined:
            step(row, DeliveryState.DECLINED, now=now)
        elif row.message.created_at < now - USEFUL_FOR:
            step(row, DeliveryState.GIVEN_UP, now=now, trouble=Trouble.TOO_OLD)


def _claim_channel(
    recipient: UUID, due: Sequence[Delivery], waiting: Sequence[Delivery], now: datetime
) -> Claim | None:
    """One notice of a channel: what failed before goes as it was, all else that waits goes together."""
    tried = [row for row in due if not row.is_fresh]
    group = [tried[0]] if tried else [row for row in waiting if row.is_fresh]
    group.sort(key=lambda row: (not row.urgent, row.message.created_at, row.pk))
    lead, others = group[0], group[1:]
    if not channel(lead.channel).is_on():
        _put_all(group, DeliveryState.GIVEN_UP, now, trouble=Trouble.CHANNEL_OFF)
        return None
    addresses = tuple(confirmed_addresses(recipient, lead.channel))
    if not addresses:
        _put_all(group, DeliveryState.GIVEN_UP, now, trouble=Trouble.NO_ADDRESS)
        return None
    start, end = day_bounds(local_date(now))
    sent = sent_between(recipient, start, end, without=lead.message_id)
    until = held_until(now, wishes_of(recipient), urgent=lead.urgent, sent_today=sent)
    if until is not None:
        _put_all(group, DeliveryState.HELD, now, again_at=until)
        return None
    step(lead, DeliveryState.SENDING, now=now)
    for row in others:
        step(row, DeliveryState.GATHERED, now=now)
        row.gathered_into = lead
    messages = [row.message for row in (*group, *gathered_with(lead))]
    items = tuple(Item(message.subject, message.body, message.link) for message in messages)
    notice = Notice(lead.pk, lead.message.language, lead.urgent, items)
    return Claim(lead.pk, lead.attempts, lead.channel, notice, addresses)


def _put_all(
    rows: Iterable[Delivery],
    state: DeliveryState,
    now: datetime,
    *,
    again_at: datetime | None = None,
    trouble: Trouble = Trouble.NONE,
) -> None:
    for row in rows:
        step(row, state, now=now, again_at=again_at, trouble=trouble)


def _settle(claim: Claim, result: Result, now: datetime) -> None:
    """Writes down how it went, unless the lease was over and somebody else has it."""
    with transaction.atomic():
        if result.gone:
            Address.objects.filter(pk__in=result.gone).delete()
        row = Delivery.objects.select_for_update().filter(pk=claim.delivery).first()
        if row is None or row.state != DeliveryState.SENDING or row.attempts != claim.attempt:
            return
        if result.trouble == Trouble.NONE:
            step(row, DeliveryState.DELIVERED, now=now, receipt=result.receipt)
        else:
            _fail(row, result, now, pause=pause_after(row.attempts))
        row.save(update_fields=CHANGED)


def _fail(row: Delivery, result: Result, now: datetime, *, pause: timedelta) -> None:
    if not result.temporary or row.attempts >= MOST_ATTEMPTS:
        step(row, DeliveryState.GIVEN_UP, now=now, trouble=result.trouble)
        return
    asked = timedelta(seconds=min(result.retry_after, 24 * 3600))
    step(row, DeliveryState.FAILED, now=now, trouble=result.trouble, again_at=now + max(pause, asked))
