"""The seasonal baseline: what this half-day of this weekday usually brings, holidays apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from .history import Count, DayKind, Slot, day_kind

# A count this many days older weighs half: habits of a season, not of the year before last.
HALF_LIFE = 42.0
# Fewer ordinary counts than this of a weekday and part, and the part of all weekdays is asked instead.
ENOUGH = 2
# A holiday factor is drawn towards 1 as if this many half-days without an effect had been seen as well.
CAUTION = 2.0


@dataclass(frozen=True, slots=True)
class Profile:
    """Usual visitors by (weekday, part), by part, over all; and factors by the sort of day."""

    by_slot: dict[tuple[int, str], float]
    by_part: dict[str, float]
    overall: float
    factors: dict[DayKind, float]
    holidays: frozenset[date]

    def usual(self, day: date, part: str) -> float:
        """What an ordinary day like this brings."""
        found = self.by_slot.get((day.weekday(), part))
        return found if found is not None else self.by_part.get(part, self.overall)

    def expected(self, slot: Slot) -> float:
        """What this half-day brings, holidays and the days after them taken into account."""
        kind = day_kind(slot.day, slot.holiday, self.holidays)
        return self.usual(slot.day, slot.part) * self.factors.get(kind, 1.0)


def learn(counts: Sequence[Count], today: date, holidays: frozenset[date]) -> Profile:
    """The profile of these counts (at least one), the recent ones weighing more."""
    kinds = [day_kind(one.day, one.holiday, holidays) for one in counts]
    ordinary = [
        one for one, kind in zip(counts, kinds, strict=True) if kind is DayKind.ORDINARY
    ] or list(counts)  # fmt: skip
    by_slot: dict[tuple[int, str], list[Count]] = {}
    by_part: dict[str, list[Count]] = {}
    for one in ordinary:
        by_slot.setdefault((one.day.weekday(), one.part), []).append(one)
        by_part.setdefault(one.part, []).append(one)
    usual = Profile(
        {key: _middle(some, today) for key, some in by_slot.items() if len(some) >= ENOUGH},
        {part: _middle(some, today) for part, some in by_part.items()},
        _middle(ordinary, today),
        {},
        holidays,
    )
    for kind in (DayKind.HOLIDAY, DayKind.AFTER_HOLIDAY):
        some = [one for one, its in zip(counts, kinds, strict=True) if its is kind]
        usual.factors[kind] = _factor(some, usual)
    return usual


def _middle(counts: Sequence[Count], today: date) -> float:
    """The weighted median: half of the recent weight lies on either side; one odd day does not move it."""
    if len(counts) == 1:
        return float(counts[0].visitors)
    ranked = sorted((one.visitors, 0.5 ** ((today - one.day).days / HALF_LIFE)) for one in counts)
    half = sum(weight for _, weight in ranked) / 2
    reached = 0.0
    for at, (visitors, weight) in enumerate(ranked):
        reached += weight
        if reached > half * (1 + 1e-9):
            return float(visitors)
        if reached >= half * (1 - 1e-9):
            return (visitors + ranked[min(at + 1, len(ranked) - 1)][0]) / 2
    return float(ranked[-1][0])


def _factor(counts: Sequence[Count], usual: Profile) -> float:
    """How such days compare with ordinary ones, drawn towards no difference when few were seen."""
    ratios = [
        one.visitors / expected for one in counts if (expected := usual.usual(one.day, one.part)) > 0
    ]  # fmt: skip
    if not ratios:
        return 1.0
    return (median(ratios) * len(ratios) + CAUTION) / (len(ratios) + CAUTION)
