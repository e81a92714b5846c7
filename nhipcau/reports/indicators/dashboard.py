"""All that a dashboard shows of a place and period, worked out from the daily facts."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise

from nhipcau.core.cells import hidden_among, is_small
from nhipcau.core.scope import NATION
from nhipcau.reports import queries
from nhipcau.reports.indicators import COUNTED, DERIVED
from nhipcau.reports.queries import Period, Place

# What is added up over the rows of a count tells as much as the count, and is hidden with it.
SUMS = {"minutes": "sessions", "stars": "ratings", "volunteer_minutes": "volunteers_active"}


@dataclass(frozen=True, slots=True)
class Values:
    """Counted numbers of one unit; `hidden` are those a public page must not show."""

    counted: dict[str, int]
    hidden: frozenset[str] = frozenset()

    def get(self, name: str) -> float | int | None:
        """The number of an indicator; None where there is none or it is hidden."""
        if name in COUNTED:
            return None if name in self.hidden else self.counted.get(name, 0)
        derived = DERIVED[name]
        if {derived.numerator, derived.denominator} & self.hidden:
            return None
        return derived.of(self.counted)

    def as_dict(self) -> dict[str, float | int | None]:
        """Every indicator by name."""
        return {name: self.get(name) for name in (*COUNTED, *DERIVED)}


@dataclass(frozen=True, slots=True)
class Line:
    """A unit of the level below, with its numbers."""

    code: str
    name: str
    values: Values


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a dashboard shows of one place and period."""

    place: Place
    period: Period
    values: Values
    by_day: dict[date, dict[str, int]] = field(default_factory=dict)
    below: tuple[Line, ...] = ()


def figures(where: Place, when: Period, *, public: bool) -> Figures:
    """Totals, days and the level below. With `public`, small groups are hidden everywhere."""
    by_day = queries.counts_by_day(where, when)
    totals = {name: sum(counts.get(name, 0) for counts in by_day.values()) for name in COUNTED}
    if not public:
        return Figures(where, when, Values(totals), by_day, _below(where, when))
    hidden = _hidden_total(where, when, totals)
    return Figures(where, when, Values(totals, hidden), {}, _below(where, when, hidden, public=True))


def daily(result: Figures, name: str) -> list[tuple[date, int]]:
    """The numbers of one indicator for every day of the period, zeros included."""
    return [(day, result.by_day.get(day, {}).get(name, 0)) for day in result.period.days()]


MONTHS = 6


def months(where: Place, last: date) -> list[tuple[Period, Values]]:
    """The months up to that of `last`, at most six, from the first one with figures on: for before and after.

    Exact: only for those who may see every number of the place.
    """
    latest = last.year * 12 + last.month - 1
    spans = [_month(number) for number in range(max(12, latest - MONTHS + 1), latest + 1)]
    counted = queries.counts_by_month(where, Period(spans[0].first, spans[-1].last))
    begun = [span for span in spans if counted and span.first >= min(counted)]
    return [(span, Values(counted.get(span.first, {}))) for span in begun]


def _month(number: int) -> Period:
    """The days of a month, counted from year 0; within what a calendar can say."""
    year, month = number // 12, number % 12 + 1
    last = date(year, month, monthrange(year, month)[1])
    return Period(date(year, month, 1), min(last, queries.LAST_DAY))


def _hidden_total(where: Place, when: Period, totals: dict[str, int]) -> frozenset[str]:
    """Names not shown of a place: small ones, and all that a table above hides of it or of its province.

    Else the page of a commune would show what the table of its province hides.
    """
    hidden = _with_sums(name for name, value in totals.items() if is_small(value))
    if where.is_nation:
        return hidden
    hidden |= _hidden(queries.counts_below(Place(NATION, ""), when)).get(where.province, frozenset())
    if where.is_commune:
        above = queries.counts_below(Place(where.province, ""), when)
        hidden |= _hidden(above).get(where.code, frozenset())
    return hidden


def _below(
    where: Place, when: Period, hidden_total: frozenset[str] = frozenset(), *, public: bool = False
) -> tuple[Line, ...]:
    """The level below. Where the total is hidden its parts are: added up they would show it."""
    counted = queries.counts_below(where, when)
    hidden = _hidden(counted) if public else {}
    return tuple(
        Line(
            unit.code,
            unit.full_name,
            Values(counted.get(unit.code, {}), hidden.get(unit.code, frozenset()) | hidden_total),
        )
        for unit in queries.units_below(where)
    )


def _with_sums(names: Iterable[str]) -> frozenset[str]:
    """Counts to hide, and what is added up over them. A sum has no smallness of its own."""
    counts = frozenset(names) - SUMS.keys()
    return counts | {total for total, count in SUMS.items() if count in counts}


def _hidden(counted: dict[str, dict[str, int]]) -> dict[str, frozenset[str]]:
    """Unit -> names of the indicators to hide, for a table that shows totals as well."""
    result: dict[str, set[str]] = defaultdict(set)
    for name in COUNTED:
        for unit in hidden_among({unit: values.get(name, 0) for unit, values in counted.items()}):
            result[unit].add(name)
    return {unit: _with_sums(names) for unit, names in result.items()}


def definitions(names: Iterable[str]) -> list[tuple[str, "str | Promise", "str | Promise"]]:
    """(name, label, definition) of the named indicators."""
    found = [COUNTED[name] if name in COUNTED else DERIVED[name] for name in names]
    return [(indicator.name, indicator.label, indicator.definition) for indicator in found]
