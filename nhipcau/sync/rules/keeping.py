"""How long we keep what phones were answered, and both sides of what a person had to decide."""

from datetime import date, datetime, timedelta
from typing import Final

from nhipcau.core.clock import local_date

# Longer than any phone may hold a command.
KEEP_RECEIPTS: Final = timedelta(days=400)
KEEP_CONFLICTS: Final = timedelta(days=365)
KEEP_DECIDED: Final = timedelta(days=90)


def keep_conflict_until(now: datetime, *, decided: bool) -> date:
    """The day after which both sides of a conflict are erased."""
    return local_date(now + (KEEP_DECIDED if decided else KEEP_CONFLICTS))
