"""Visitors per half-day from dated counts: the seasonal baseline, or a moving level where that proved better.

The moving level is simple exponential smoothing of the ratio of what came to what is usual (the
multiplicative seasonal form of Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed.,
chapter 8).
It is chosen only when it beats the baseline on days held out from both, and both errors are told.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .baseline import Profile, learn
from .history import Count, Slot, UnableToForecast, ordered

# The last so many days are held out, at most a third of the days known.
HELD_OUT_DAYS = 28
# The cleverer method must be better by this part: within it, chance decides and the simple one is kept.
MARGIN = 0.02
SMOOTHING = (0.05, 0.1, 0.2, 0.3, 0.5)
CLIP = (0.2, 5.0)
COVERAGE = 0.8


class Method(StrEnum):
    """How the forecast is made."""

    SEASONAL = "seasonal"
    MOVING_LEVEL = "moving_level"


@dataclass(frozen=True, slots=True)
class Prediction:
    """Visitors expected in a half-day; four of five times the number should lie from `low` to `high`."""

    slot: Slot
    visitors: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """The predictions and how they were made.

    The errors are mean absolute errors in visitors per half-day over the `held_out` half-days; both None
    when the history is too short to hold anything out, and the baseline is used then.
    """

    predictions: tuple[Prediction, ...]
    method: Method
    seasonal_error: float | None
    moving_level_error: float | None
    held_out: int


def forecast(history: Iterable[Count], slots: Iterable[Slot]) -> Forecast:
    """Predictions for half-days after the history. Raises UnableToForecast without a single count."""
    counts = ordered(history)
    if not counts:
        raise UnableToForecast("there are no counts to learn from")
    wanted = sorted(slots)
    holidays = frozenset(one.day for one in counts if one.holiday)
    holidays |= frozenset(one.day for one in wanted if one.holiday)
    known, held = _hold_out(counts)
    seasonal = _errors(known, held, holidays, None)
    smoothing, moving = _best_smoothing(known, held, holidays)
    better = bool(held) and _mean(moving) < (1 - MARGIN) * _mean(seasonal)
    errors = moving if better else seasonal
    profile = learn(counts, counts[-1].day, holidays)
    level = _level(counts, profile, smoothing) if better else 1.0
    spread = _spread(errors, counts, profile)
    predictions = tuple(_prediction(slot, level * profile.expected(slot), spread) for slot in wanted)
    return Forecast(
        predictions,
        Method.MOVING_LEVEL if better else Method.SEASONAL,
        _mean(seasonal) if held else None,
        _mean(moving) if held else None,
        len(held),
    )


def people_needed(visitors: float, per_person_per_half_day: float, minimum: int = 1) -> int:
    """People for so many visitors, when one can help so many in a half-day; at least `minimum`.

    Raises UnableToForecast when a person is said to help nobody.
    """
    if per_person_per_half_day <= 0:
        raise UnableToForecast("a person must be able to help somebody in a half-day")
    return max(minimum, math.ceil(round(visitors / per_person_per_half_day, 9)))


def _hold_out(counts: Sequence[Count]) -> tuple[list[Count], list[Count]]:
    """What is learnt from, and the last days that only judge; nothing is held out of less than two weeks."""
    first, last = counts[0].day, counts[-1].day
    days = (last - first).days + 1
    if days < 14:
        return list(counts), []
    border = last - timedelta(days=min(HELD_OUT_DAYS, days // 3))
    return [one for one in counts if one.day <= border], [one for one in counts if one.day > border]


def _best_smoothing(
    known: Sequence[Count], held: Sequence[Count], holidays: frozenset[date]
) -> tuple[float, list[float]]:
    """The smoothing that would have done best before the held-out days, and its errors on them."""
    if not held:
        return SMOOTHING[0], []
    earlier, later = _hold_out(known)
    if later:
        best = min(SMOOTHING, key=lambda one: _mean(_errors(earlier, later, holidays, one)))
    else:
        best = SMOOTHING[len(SMOOTHING) // 2]
    return best, _errors(known, held, holidays, best)


def _errors(
    known: Sequence[Count], held: Sequence[Count], holidays: frozenset[date], smoothing: float | None
) -> list[float]:
    """What came less what was expected on each held-out half-day, with nothing learnt from those days."""
    if not held:
        return []
    profile = learn(known, known[-1].day, holidays)
    level = 1.0 if smoothing is None else _level(known, profile, smoothing)
    return [
        one.visitors - level * profile.expected(Slot(one.day, one.part, one.holiday)) for one in held
    ]  # fmt: skip


def _level(counts: Sequence[Count], profile: Profile, smoothing: float) -> float:
    """How the recent days stand to what is usual; 1 is as usual."""
    level = 1.0
    for one in counts:
        expected = profile.expected(Slot(one.day, one.part, one.holiday))
        if expected > 0:
            ratio = min(max(one.visitors / expected, CLIP[0]), CLIP[1])
            level += smoothing * (ratio - level)
    return level


def _mean(errors: Sequence[float]) -> float:
    return sum(abs(one) for one in errors) / len(errors) if errors else 0.0


def _spread(errors: Sequence[float], counts: Sequence[Count], profile: Profile) -> float:
    """How far off four of five forecasts were; without held-out days, how far the history itself lies."""
    some = errors or [
        one.visitors - profile.expected(Slot(one.day, one.part, one.holiday)) for one in counts
    ]  # fmt: skip
    sizes = sorted(abs(one) for one in some)
    return sizes[min(len(sizes) - 1, math.ceil(COVERAGE * len(sizes)) - 1)]


def _prediction(slot: Slot, visitors: float, spread: float) -> Prediction:
    return Prediction(slot, visitors, max(0.0, visitors - spread), visitors + spread)
