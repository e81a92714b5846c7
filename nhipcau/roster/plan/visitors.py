"""Visitors to come, from those who came: the core's forecast with the errors it made on days held out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nhipcau.roster.rules.demand import HalfDay
from nhipcau.shifts.models.posts import MOST_SEATS
from nhipcau.shifts.services import holidays_between
from nhipcau.volunteers.enums import DayPart
from planning import forecasting as core

BASELINE: "Promise" = _("What the same half-day of the week usually brings")
METHODS: "Mapping[core.Method, Promise]" = {
    core.Method.SEASONAL: BASELINE,
    core.Method.MOVING_LEVEL: _("The same, moved up or down as lately more or fewer people came"),
}


@dataclass(frozen=True, slots=True)
class Expected:
    """Visitors of a half-day; four of five times the number should lie from `low` to `high`."""

    visitors: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected and how far off this way of forecasting was on the half-days held out.

    Errors are mean absolute errors in people a half-day; None when nothing could be held out.
    """

    expected: Mapping[HalfDay, Expected]
    method: "Promise"
    error: float | None
    baseline_error: float | None
    held_out: int

    @property
    def is_baseline(self) -> bool:
        """Whether nothing cleverer was better than the baseline."""
        return self.method is BASELINE


def forecast_visitors(history: Mapping[HalfDay, int], *, start: date, end: date) -> Outlook:
    """Visitors of every half-day of `[start, end)` whose part of the day the history (not empty) knows."""
    parts = sorted({part for _day, part in history})
    known_from = min(day for day, _part in history)
    holidays = holidays_between(known_from, end)
    days = [start + timedelta(days=offset) for offset in range((end - start).days)]
    done = core.forecast(
        [core.Count(day, part.value, number, day in holidays) for (day, part), number in history.items()],
        [core.Slot(day, part.value, day in holidays) for day in days for part in parts],
    )
    moving = done.method is core.Method.MOVING_LEVEL
    return Outlook(
        expected={
            (one.slot.day, DayPart(one.slot.part)): Expected(one.visitors, one.low, one.high)
            for one in done.predictions
        },
        method=METHODS[done.method],
        error=done.moving_level_error if moving else done.seasonal_error,
        baseline_error=done.seasonal_error,
        held_out=done.held_out,
    )


def people_for(visitors: float, per_person: int) -> int:
    """How many serve so many visitors: at least one, never more than a shift may have."""
    return min(MOST_SEATS, core.people_needed(visitors, per_person))
