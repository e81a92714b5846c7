"""How measured time becomes hours that count: one rule for everybody, said to everybody."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

QUARTER: Final = 15
# Time before and after the shift that still counts: preparing the desk, and the people still in the queue.
EARLY: Final = timedelta(minutes=15)
LATE: Final = timedelta(minutes=30)
# A check-in opens so long before the shift.
OPENS: Final = timedelta(minutes=30)
# After the end of the shift nobody is taken to be there any more so much later.
FORGOTTEN_AFTER: Final = timedelta(minutes=45)

RULE_TEXT: Final[Promise] = _(
    "We measure from the moment you come to the moment you leave. At most 15 minutes before the shift and 30 "
    "minutes after it count. The time is rounded to the nearest quarter of an hour. A leader who is not you "
    "approves it."
)


def measured(came: datetime, left: datetime) -> int:
    """Whole minutes between coming and leaving; none when the moments are the wrong way round."""
    return max(0, int((left - came).total_seconds() // 60))


def credited(came: datetime, left: datetime, starts: datetime, ends: datetime) -> int:
    """Minutes that count: inside the shift with its margins, to the nearest quarter of an hour.

    Never negative, never more than `measured` and half a quarter; more time never counts less.
    """
    inside = measured(max(came, starts - EARLY), min(left, ends + LATE))
    return (inside + QUARTER // 2) // QUARTER * QUARTER
