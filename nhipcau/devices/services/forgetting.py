"""What opens a phone's store is not kept longer than the phone's work can be of use."""

from datetime import datetime
from typing import Final

from nhipcau.audit.services import unit_of_work
from nhipcau.devices.models import Device, ProvinceKey
from nhipcau.devices.rules import KEEP_SECRETS

MOST_AT_ONCE: Final = 500


def forget_secrets(*, now: datetime) -> int:
    """Empties what opens phones that were away for too long, and the private halves of retired keys to which
    no phone is sealed any more. The rows stay: receipts point at them. How many, at most 500."""
    with unit_of_work(by=None, now=now):
        due = Device.objects.filter(lease_until__lt=now - KEEP_SECRETS).exclude(escrow="")
        phones = list(due.order_by("lease_until", "id").values_list("pk", flat=True)[:MOST_AT_ONCE])
        emptied = Device.objects.filter(pk__in=phones).update(lease_secret="", escrow="")
        sealed = Device.objects.exclude(escrow="").values("escrow_key")
        unused = ProvinceKey.objects.filter(retired_at__lt=now - KEEP_SECRETS).exclude(pk__in=sealed)
        # What is encrypted cannot be asked for by the database.
        keys = [key.pk for key in unused.order_by("id") if key.private]
        return emptied + ProvinceKey.objects.filter(pk__in=keys).update(private="")
