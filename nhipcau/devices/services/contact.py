"""A phone has met the server: when, with how much left to send, with which clock."""

from datetime import datetime, timedelta

from nhipcau.devices.models import Device
from nhipcau.devices.rules import due_renewal, lease_from


def note_contact(device: Device, *, now: datetime) -> None:
    """Seen now; its lease moves on. Within a unit of work, the row locked."""
    device.seen_at = now
    if due_renewal(device.lease_until, now):
        device.lease_until = lease_from(now)
    device.save(update_fields=["seen_at", "lease_until"])


def note_rescued(device: Device, *, answered: int, left: int) -> None:
    """So much of what the phone had not sent was handed in by others; so much of that is still open. What it
    made after the file was taken off it still waits. Within a unit of work."""
    row = Device.objects.select_for_update().get(pk=device.pk)
    row.waiting = max(left, row.waiting - answered)
    row.save(update_fields=["waiting"])


def note_outbox(device: Device, *, app: str, waiting: int, skew: timedelta, now: datetime) -> None:
    """As above, and what the phone said of itself; `skew`: the server's clock less the phone's."""
    device.app, device.waiting, device.skew_seconds = app, waiting, round(skew.total_seconds())
    device.save(update_fields=["app", "waiting", "skew_seconds"])
    note_contact(device, now=now)
