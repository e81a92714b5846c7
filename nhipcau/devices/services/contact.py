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


def note_outbox(device: Device, *, app: str, waiting: int, skew: timedelta, now: datetime) -> None:
    """As above, and what the phone said of itself; `skew`: the server's clock less the phone's."""
    device.app, device.waiting, device.skew_seconds = app, waiting, round(skew.total_seconds())
    device.save(update_fields=["app", "waiting", "skew_seconds"])
    note_contact(device, now=now)
