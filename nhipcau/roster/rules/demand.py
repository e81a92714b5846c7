"""Half-days, and which history a forecast of visitors may learn from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from nhipcau.core.clock import VIETNAM
from nhipcau.volunteers.enums import PART_STARTS, DayPart

# Fewer days with numbers than this teach nothing about weekdays.
LEAST_DAYS: Final = 28
MOST_VISITORS: Final = 5000
# What one volunteer manages in half a day, until the leader says otherwise.
USUAL_PER_PERSON: Final = 12

HalfDay = tuple[date, DayPart]


@dataclass(frozen=True, slots=True)
class History:
    """Visitors by half-day. `counted`: somebody counted; else help sessions, which are only "at least"."""

    values: Mapping[HalfDay, int]
    counted: bool

    @property
    def days(self) -> int:
        """On how many days something is known."""
        return len({day for day, _part in self.values})

    @property
    def is_enough(self) -> bool:
        """Whether a forecast may be made of it."""
        return self.days >= LEAST_DAYS


def history_of(counted: Mapping[HalfDay, int], sessions: Mapping[HalfDay, int]) -> History:
    """Counts when there are enough of them, else help sessions when those are enough, else what there is.

    The two are never mixed: sessions are fewer than visitors, and a mixture would look like a trend.
    """
    by_count, by_session = History(counted, counted=True), History(sessions, counted=False)
    return by_session if by_session.is_enough and not by_count.is_enough else by_count


def half_day(moment: datetime) -> HalfDay:
    """The local day and part of a moment."""
    local = moment.astimezone(VIETNAM)
    part = max((start, part) for part, start in PART_STARTS.items() if start <= local.time())[1]
    return local.date(), part
