"""What is known: how many came on which half-days, and what sort of day each was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LARGEST = 1_000_000


class UnableToForecast(ValueError):
    """There is nothing to learn from, or the counts contradict each other. Says what is wrong."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A half-day to forecast: its date, its part such as "morning", and whether the day is a holiday."""

    day: date
    part: str
    holiday: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many visitors came in a half-day that was open. Closed half-days have no count."""

    day: date
    part: str
    visitors: int
    holiday: bool = False


class DayKind(StrEnum):
    """Holidays and the first days after them differ from the same weekday otherwise."""

    ORDINARY = "ordinary"
    HOLIDAY = "holiday"
    AFTER_HOLIDAY = "after_holiday"


def ordered(history: Iterable[Count]) -> list[Count]:
    """The history by time. Raises UnableToForecast when a half-day is there twice or a count cannot be."""
    counts = sorted(history, key=lambda one: (one.day, one.part))
    seen: set[tuple[date, str]] = set()
    for one in counts:
        if (one.day, one.part) in seen:
            raise UnableToForecast(f"{one.day.isoformat()} {one.part} is counted twice")
        if not 0 <= one.visitors <= LARGEST:
            raise UnableToForecast(f"{one.day.isoformat()} {one.part}: {one.visitors} visitors")
        seen.add((one.day, one.part))
    return counts


def day_kind(day: date, holiday: bool, holidays: frozenset[date]) -> DayKind:
    """What sort of day: the first working day (Monday to Friday) after a holiday counts as after it."""
    if holiday or day in holidays:
        return DayKind.HOLIDAY
    before = day - timedelta(days=1)
    while before.weekday() >= 5 and before not in holidays:
        before -= timedelta(days=1)
    return DayKind.AFTER_HOLIDAY if before in holidays else DayKind.ORDINARY
