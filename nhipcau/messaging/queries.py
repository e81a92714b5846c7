"""Reading the inbox, a person's wishes and addresses, and what waits to be sent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from nhipcau.messaging.enums import WAITING, Channel, DeliveryState
from nhipcau.messaging.models import Address, Delivery, Message, OptOut, Preference
from nhipcau.messaging.rules import USEFUL_FOR, Wishes


def inbox(recipient: UUID) -> QuerySet[Message]:
    """What a member was told and may read here, newest first."""
    return Message.objects.filter(to=recipient, shown_at__isnull=False).order_by("-created_at", "-id")


def message_of(recipient: UUID, message_id: UUID) -> Message | None:
    """One message of a member's inbox; None when it is not there or somebody else's."""
    return inbox(recipient).filter(pk=message_id).first()


def _unread(recipient: UUID) -> QuerySet[Message]:
    return Message.objects.filter(to=recipient, shown_at__isnull=False, read_at__isnull=True)


def unread_count(recipient: UUID) -> int:
    """How many messages wait to be read, in one query."""
    return _unread(recipient).count()


def unread_beside(recipient: UUID) -> Coalesce:
    """The same as a column of somebody else's query: the database counts once, however many rows."""
    counted = _unread(recipient).values("to").annotate(number=Count("id")).values("number")
    return Coalesce(Subquery(counted), 0)


def wishes_of(recipient: UUID) -> Wishes:
    """When a member wants peace: the usual, unless they said otherwise."""
    row = Preference.objects.filter(pk=recipient).first()
    if row is None:
        return Wishes()
    return Wishes(row.quiet_from, row.quiet_until, row.urgent_at_night, row.daily_ceiling)


def declined_by(recipient: UUID) -> set[tuple[str, str]]:
    """Kinds a member turned off, each with its channel."""
    return set(OptOut.objects.filter(recipient=recipient).values_list("kind", "channel"))


def addresses_of(recipient: UUID) -> list[Address]:
    """A member's e-mail address and browsers, oldest first, confirmed or not."""
    return list(Address.objects.filter(recipient=recipient).order_by("created_at", "id"))


def confirmed_addresses(recipient: UUID, channel: str) -> list[tuple[UUID, str]]:
    """Where a member may be reached by a channel: identifier and address."""
    found = Address.objects.filter(recipient=recipient, channel=channel, verified_at__isnull=False)
    return list(found.order_by("created_at", "id").values_list("id", "value"))


def next_due(now: datetime, *, without: Collection[UUID]) -> UUID | None:
    """The person for whom something has been due longest, leaving out those others look after."""
    found = Delivery.objects.filter(
        state__in=[*WAITING, DeliveryState.SENDING], next_try_at__lte=now
    ).exclude(recipient__in=list(without))
    return found.order_by("next_try_at", "id").values_list("recipient", flat=True).first()


def waiting_with(recipient: UUID, now: datetime) -> QuerySet[Delivery]:
    """What waits for a person, and what a dead worker was sending, oldest first.

    The rows are locked; those in other hands are left out.
    """
    abandoned = Q(state=DeliveryState.SENDING, next_try_at__lte=now)
    return (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(Q(state__in=WAITING) | abandoned, recipient=recipient)
        .select_related("message")
        .order_by("next_try_at", "id")
    )


def gathered_with(lead: Delivery) -> QuerySet[Delivery]:
    """What goes together with a delivery that was tried before."""
    return lead.others.select_related("message").order_by("message__created_at", "id")


def sent_between(recipient: UUID, start: datetime, end: datetime, *, without: UUID) -> int:
    """Messages taken out to a person, outside the site, in `[start, end)`; by two channels counts once.

    `without` leaves out one message: the one about to go by a second channel.
    """
    found = Delivery.objects.filter(
        recipient=recipient,
        started_at__gte=start,
        started_at__lt=end,
        state__in=[DeliveryState.SENDING, DeliveryState.DELIVERED],
    ).exclude(channel=Channel.IN_APP)
    found = found.exclude(message_id=without)
    return found.values("message_id").distinct().count()


def given_up(now: datetime) -> QuerySet[Delivery]:
    """What did not get through, newest first: nothing that says to whom, or what, is read.

    `again`: whether it is worth another try.
    """
    young = ExpressionWrapper(Q(message__created_at__gte=now - USEFUL_FOR), output_field=BooleanField())
    return (
        Delivery.objects.filter(state=DeliveryState.GIVEN_UP)
        .select_related("message")
        .only("message", "message__kind", "channel", "trouble", "settled_at")
        .annotate(again=young)
        .order_by("-settled_at", "-id")
    )


def is_delivery(delivery_id: UUID) -> bool:
    """Whether there is such a delivery, in whatever state."""
    return Delivery.objects.filter(pk=delivery_id).exists()


def worth_another_try(now: datetime) -> QuerySet[Delivery]:
    """Given up, but not yet too old to be of use to anybody."""
    return Delivery.objects.filter(state=DeliveryState.GIVEN_UP, message__created_at__gte=now - USEFUL_FOR)


@dataclass(frozen=True, slots=True)
class Lost:
    """What did not get through by one channel, and how much of it is worth another try."""

    channel: Channel
    count: int
    again: int


def lost_by_channel(now: datetime) -> list[Lost]:
    """Each channel by which something was given up, in one query."""
    young = Count("id", filter=Q(message__created_at__gte=now - USEFUL_FOR))
    rows = Delivery.objects.filter(state=DeliveryState.GIVEN_UP).values("channel")
    found = rows.annotate(count=Count("id"), again=young).order_by("channel")
    return [Lost(Channel(row["channel"]), row["count"], row["again"]) for row in found]
