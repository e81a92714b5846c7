"""How long a phone may go without having met the server, and how long what opens it is kept."""

from datetime import datetime, timedelta
from typing import Final

# A week in the hills, and the days around it.
LEASE: Final = timedelta(days=10)
# So that not every request writes it again.
RENEW_AFTER: Final = timedelta(hours=6)
# After the end of its lease: until then what a phone holds can be taken in without its PIN.
KEEP_SECRETS: Final = timedelta(days=400)
# The secret of a phone's store, and with it ten more tries at the PIN, is given only to somebody who has just
# typed their password: whoever finds the phone finds the session of its browser, too.
FRESH_SIGN_IN: Final = timedelta(minutes=10)
# A phone that still holds work and was not seen for so long: somebody should ask after it.
LONG_UNSEEN: Final = timedelta(days=3)


def lease_from(now: datetime) -> datetime:
    """The end of a lease that begins now."""
    return now + LEASE


def is_fresh(signed_in_at: datetime | None, now: datetime) -> bool:
    """Whether somebody has shown who they are only just now."""
    return signed_in_at is not None and now - FRESH_SIGN_IN <= signed_in_at <= now + timedelta(seconds=5)


def due_renewal(lease_until: datetime, now: datetime) -> bool:
    """Whether the lease is worth moving on."""
    return lease_from(now) - lease_until >= RENEW_AFTER
