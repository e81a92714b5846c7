"""How long a phone may go without having met the server, and how long we keep what it was answered."""

from datetime import date, datetime, timedelta
from typing import Final

from nhipcau.core.clock import local_date

# A week in the hills, and the days around it.
LEASE: Final = timedelta(days=10)
# So that not every request writes it again.
RENEW_AFTER: Final = timedelta(hours=6)
# Longer than any phone may hold a command.
KEEP_RECEIPTS: Final = timedelta(days=400)
# After the end of its lease: until then what a phone holds can be taken in without its PIN.
KEEP_SECRETS: Final = timedelta(days=400)
# A phone that still holds work and was not seen for so long: somebody should ask after it.
LONG_UNSEEN: Final = timedelta(days=3)
KEEP_CONFLICTS: Final = timedelta(days=365)
KEEP_DECIDED: Final = timedelta(days=90)


def lease_from(now: datetime) -> datetime:
    """The end of a lease that begins now."""
    return now + LEASE


def due_renewal(lease_until: datetime, now: datetime) -> bool:
    """Whether the lease is worth moving on."""
    return lease_from(now) - lease_until >= RENEW_AFTER


def keep_conflict_until(now: datetime, *, decided: bool) -> date:
    """The day after which both sides of a conflict are erased."""
    return local_date(now + (KEEP_DECIDED if decided else KEEP_CONFLICTS))
