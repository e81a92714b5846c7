"""What phones have sent."""

from datetime import datetime
from uuid import UUID

from nhipcau.sync.models import Receipt


def has_sent(device_id: UUID, *, after: datetime, until: datetime) -> bool:
    """Whether the phone sent anything in `[after, until)`."""
    sent = Receipt.objects.filter(device_id=device_id, received_at__gte=after, received_at__lt=until)
    return sent.exists()
