"""Reading the inbox."""

from uuid import UUID

from django.db.models import QuerySet

from nhipcau.messaging.models import Message


def inbox(recipient: UUID) -> QuerySet[Message]:
    """What a member was told and may read here, newest first."""
    return Message.objects.filter(to=recipient, shown_at__isnull=False).order_by("-created_at", "-id")


def unread_count(recipient: UUID) -> int:
    """How many messages wait to be read."""
    return Message.objects.filter(to=recipient, shown_at__isnull=False, read_at__isnull=True).count()
