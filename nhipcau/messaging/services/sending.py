"""Writing messages into the outbox, inside the transaction of whatever they tell about."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from nhipcau.core.clock import day_bounds, local_date
from nhipcau.core.ids import new_id
from nhipcau.core.jobs import enqueue
from nhipcau.messaging.channels import outward
from nhipcau.messaging.enums import Channel, DeliveryState, Kind
from nhipcau.messaging.models import Address, Delivery, Message, OptOut
from nhipcau.messaging.rules import GATHERING, is_inner_link
from nhipcau.messaging.services.steps import step

LONGEST_SUBJECT = 200


class SendingOutsideATransaction(RuntimeError):
    """The caller would tell people of something that may never become true: a fault in our code."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One thing to tell one member, already in their language. `link` is a path of ours, or empty."""

    to: UUID
    kind: Kind
    subject: str
    body: str = ""
    link: str = ""
    about: UUID | None = None
    urgent: bool = False
    language: str = "vi"


def send_all(*, drafts: Sequence[Draft], now: datetime) -> list[Message]:
    """Puts messages into the outbox: at once in the inboxes, elsewhere as the worker comes to it.

    Must be called inside the caller's unit of work, so that nobody is told what was rolled back. The
    number of queries does not depend on the number of messages. Urgent ones are sent without waiting
    for others to be gathered with them.
    """
    _check_inside()
    if not drafts:
        return []
    messages = [_message(draft, now) for draft in drafts]
    people = {message.to for message in messages}
    channels = outward()
    declined = set(OptOut.objects.filter(recipient__in=people).values_list("recipient", "kind", "channel"))
    reachable = _reachable(people, channels)
    deliveries = [
        _delivery(message, channel, (message.to, message.kind, channel) in declined, now)
        for message in messages
        for channel in (Channel.IN_APP, *channels)
        if channel == Channel.IN_APP or (message.to, channel) in reachable
    ]
    Message.objects.bulk_create(messages, batch_size=1000)
    Delivery.objects.bulk_create(deliveries, batch_size=1000)
    if any(row.urgent and row.state == DeliveryState.QUEUED for row in deliveries):
        enqueue("messaging.deliver_now")
    return messages


def send_once_a_day(
    *, to: Collection[UUID], kind: Kind, drafts: Callable[[], Sequence[Draft]], now: datetime
) -> None:
    """Tells people of what adds up: one message of a kind for each person and day of Vietnam.

    The first is sent as usual; what comes later that day is written into it: it is new again in the inbox,
    and where it has not gone out yet, it goes with the later words. `drafts`, one for each of `to`, is
    asked for when nobody else writes to these people, so that what it counts is right. Inside the
    caller's unit of work.
    """
    _check_inside()
    _one_at_a_time(to)
    start, end = day_bounds(local_date(now))
    today = Message.objects.filter(to__in=list(to), kind=kind, created_at__gte=start, created_at__lt=end)
    told = {row.to: row for row in today.order_by("created_at", "id")}
    # Whoever has turned the kind off since the morning is left in peace.
    off = OptOut.objects.filter(recipient__in=list(told), kind=kind, channel=Channel.IN_APP)
    silent = set(off.values_list("recipient", flat=True))
    asked = drafts()
    for draft in asked:
        if draft.to in told and draft.to not in silent:
            _write_into(told[draft.to], _message(draft, now))
    fields = ["subject", "body", "link", "language", "created_at", "read_at"]
    Message.objects.bulk_update(told.values(), fields, batch_size=1000)
    send_all(drafts=[draft for draft in asked if draft.to not in told], now=now)


def _check_inside() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise SendingOutsideATransaction("send messages inside the unit of work that they tell about")


def _one_at_a_time(people: Iterable[UUID]) -> None:
    """The same lock as the worker's, always in one order: it neither sends nor counts half of it."""
    keys = sorted(f"messaging:{person}" for person in people)
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _write_into(row: Message, later: Message) -> None:
    row.subject, row.body, row.link, row.language = later.subject, later.body, later.link, later.language
    row.created_at, row.read_at = later.created_at, None


def _message(draft: Draft, now: datetime) -> Message:
    if draft.link and not is_inner_link(draft.link):
        raise ValueError("a message links to our own pages only, by path")
    return Message(
        id=new_id(now),
        to=draft.to,
        kind=draft.kind,
        subject=" ".join(draft.subject.split())[:LONGEST_SUBJECT],
        body=draft.body.strip(),
        link=draft.link,
        about=draft.about,
        language=draft.language,
        urgent=draft.urgent,
        created_at=now,
    )


def _delivery(message: Message, channel: Channel, declined: bool, now: datetime) -> Delivery:
    """The way by one channel as it begins. The inbox is reached here and now."""
    waits = channel != Channel.IN_APP and not message.urgent
    row = Delivery(
        message=message,
        recipient=message.to,
        urgent=message.urgent,
        channel=channel,
        next_try_at=now + GATHERING if waits else now,
    )
    if declined:
        step(row, DeliveryState.DECLINED, now=now)
    elif channel == Channel.IN_APP:
        step(row, DeliveryState.SENDING, now=now)
        step(row, DeliveryState.DELIVERED, now=now)
        message.shown_at = now
    return row


def _reachable(people: Iterable[UUID], channels: Sequence[Channel]) -> set[tuple[UUID, str]]:
    """Who has a confirmed address for which channel."""
    if not channels:
        return set()
    found = Address.objects.filter(recipient__in=people, channel__in=channels, verified_at__isnull=False)
    return set(found.values_list("recipient", "channel"))
