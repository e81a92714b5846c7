"""The inbox, what a member wishes, and forgetting."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from nhipcau.messaging.models import Address, Message, OptOut, Preference
from nhipcau.messaging.queries import message_of
from nhipcau.messaging.rules import KEEP, Wishes, can_decline

BATCH = 1000


def open_message(*, recipient: UUID, message_id: UUID, now: datetime) -> Message | None:
    """One's own message, read from now on; None when it is not there."""
    with transaction.atomic():
        found = message_of(recipient, message_id)
        if found is not None and found.read_at is None:
            Message.objects.filter(pk=found.pk, read_at__isnull=True).update(read_at=now)
    return found


def read_all(*, recipient: UUID, now: datetime) -> int:
    """Marks everything in one's inbox as read; how many were not."""
    with transaction.atomic():
        unread = Message.objects.filter(to=recipient, shown_at__isnull=False, read_at__isnull=True)
        return unread.update(read_at=now)


def set_wishes(*, recipient: UUID, wishes: Wishes, declined: Iterable[tuple[str, str]]) -> None:
    """When a member wants peace, and which kinds they do not want by which channel.

    What may not be turned off (`rules.can_decline`) is left out silently: the form never offers it.
    """
    rows = [
        OptOut(recipient=recipient, kind=kind, channel=channel)
        for kind, channel in sorted(set(declined))
        if can_decline(kind, channel)
    ]
    with transaction.atomic():
        Preference.objects.update_or_create(
            recipient=recipient,
            defaults={
                "quiet_from": wishes.quiet_from,
                "quiet_until": wishes.quiet_until,
                "urgent_at_night": wishes.urgent_at_night,
                "daily_ceiling": wishes.daily_ceiling,
            },
        )
        OptOut.objects.filter(recipient=recipient).delete()
        OptOut.objects.bulk_create(rows)


def forget(*, recipient: UUID) -> None:
    """Deletes all that is held about a person here. Rooms that close an account call it in their unit."""
    with transaction.atomic():
        for model, column in ((Address, "recipient"), (OptOut, "recipient"), (Preference, "recipient")):
            model.objects.filter(**{column: recipient}).delete()
        Message.objects.filter(to=recipient).delete()


def forget_old(*, now: datetime) -> int:
    """Deletes up to a thousand messages older than half a year; how many. Safe to repeat."""
    with transaction.atomic():
        old = Message.objects.filter(created_at__lt=now - KEEP).order_by("created_at", "id")
        ids = list(old.values_list("pk", flat=True)[:BATCH])
        Message.objects.filter(pk__in=ids).delete()
    return len(ids)
