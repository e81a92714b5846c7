"""Writing messages into the outbox, inside the transaction of whatever they tell about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

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


def send(
    *,
    to: UUID,
    kind: Kind,
    subject: str,
    body: str,
    link: str,
    now: datetime,
    about: UUID | None = None,
    urgent: bool = False,
    language: str = "vi",
) -> Message:
    """Tells one member one thing; see `send_all`."""
    draft = Draft(to, kind, subject, body, link, about, urgent, language)
    return send_all(drafts=[draft], now=now)[0]


def send_all(*, drafts: Sequence[Draft], now: datetime) -> list[Message]:
    """Puts messages into the outbox: at once in the inboxes, elsewhere as the worker comes to it.

    Must be called inside the caller's unit of work, so that nobody is told what was rolled back. The
    number of queries does not depend on the number of messages. Urgent ones are sent without waiting
    for others to be gathered with them.
    """
    if not transaction.get_connection().in_atomic_block:
        raise SendingOutsideATransaction("send messages inside the unit of work that they tell about")
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
