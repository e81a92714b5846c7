"""Reading figures: totals, days and the units below, all from the same daily facts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Max, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import NATION
from nhipcau.places.models import Unit
from nhipcau.reports.indicators import COUNTED, DERIVED
from nhipcau.reports.models import DailyFact
from nhipcau.reports.rules import hidden_among, is_small

LONGEST_PERIOD = timedelta(days=1100)


class UnableToReadFigures(UnableTo):
    """The place is unknown or the period makes no sense."""

    code = "reports.no_figures"


@dataclass(frozen=True, slots=True)
class Place:
    """The nation, a province or a commune, as figures know it. `above` runs from the nation down."""

    code: str
    name: "str | Promise"
    province: str = ""
    above: tuple[tuple[str, "str | Promise"], ...] = ()

    @property
    def is_commune(self) -> bool:
        return len(self.code) == 5

    @property
    def is_nation(self) -> bool:
        return self.code == NATION


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included, as people say it."""

    first: date
    last: date

    @property
    def end(self) -> date:
        """The day after, for half-open comparisons."""
        return self.last + timedelta(days=1)

    def days(self) -> list[date]:
        return [self.first + timedelta(days=step) for step in range((self.end - self.first).days)]


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


def place(code: str) -> Place:
    """The place of a code (`VN`, two digits, five digits); raises `UnableToReadFigures`."""
    nation = (NATION, _("Viet Nam"))
    if code.upper() == NATION:
        return Place(NATION, nation[1])
    unit = Unit.objects.select_related("parent").filter(code=code[:6]).first() if code.isascii() else None
    if unit is None:
        raise UnableToReadFigures(_("There is no province or commune with this code."))
    if unit.parent is None:
        return Place(unit.code, unit.full_name, unit.code, (nation,))
    above = (nation, (unit.parent.code, unit.parent.full_name))
    return Place(unit.code, unit.full_name, unit.parent.code, above)


def period(first: date, last: date) -> Period:
    """A period of at most three years, checked; raises `UnableToReadFigures`."""
    if last < first:
        raise UnableToReadFigures(_("The last day is before the first day."))
    if last - first > LONGEST_PERIOD:
        raise UnableToReadFigures(_("A period can be three years long at most."))
    return Period(first, last)


def latest_day(unit: str) -> date | None:
    """The last day on which anything was counted in a unit."""
    found: date | None = DailyFact.objects.filter(unit=unit).aggregate(last=Max("day"))["last"]
    return found


def usual_period(unit: str, today: date) -> Period:
    """Thirty days up to the last day with figures, or up to today when there are none."""
    last = latest_day(unit) or today
    return Period(last - timedelta(days=29), last)


def figures(where: Place, when: Period, *, public: bool) -> Figures:
    """Totals, days and the level below. With `public`, small groups are hidden everywhere."""
    by_day: dict[date, dict[str, int]] = defaultdict(dict)
    totals: dict[str, int] = dict.fromkeys(COUNTED, 0)
    facts = DailyFact.objects.filter(unit=where.code, day__gte=when.first, day__lt=when.end)
    for day, name, value in facts.order_by("day", "id").values_list("day", "indicator", "value"):
        if name in COUNTED:
            by_day[day][name] = value
            totals[name] += value
    below = () if where.is_commune else _below(where, when, public=public)
    hidden = frozenset(name for name, value in totals.items() if is_small(value)) if public else frozenset()
    shown_days = {} if public else dict(by_day)
    return Figures(where, when, Values(totals, hidden), shown_days, below)


def daily(result: Figures, name: str) -> list[tuple[date, int]]:
    """The numbers of one indicator for every day of the period, zeros included."""
    return [(day, result.by_day.get(day, {}).get(name, 0)) for day in result.period.days()]


def _below(where: Place, when: Period, *, public: bool) -> tuple[Line, ...]:
    parent = None if where.is_nation else where.code
    units = Unit.objects.filter(parent_id=parent).order_by("search_key", "code")
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    facts = (
        DailyFact.objects.filter(parent=where.code, day__gte=when.first, day__lt=when.end)
        .order_by()
        .values_list("unit", "indicator")
        .annotate(total=Sum("value"))
    )
    for unit, name, total in facts:
        counted[unit][name] = total
    hidden = _hidden(counted) if public else {}
    return tuple(
        Line(
            unit.code, unit.full_name, Values(counted.get(unit.code, {}), hidden.get(unit.code, frozenset()))
        )
        for unit in units
    )


def _hidden(counted: dict[str, dict[str, int]]) -> dict[str, frozenset[str]]:
    """Unit -> names of the indicators to hide, for a table that shows totals as well."""
    result: dict[str, set[str]] = defaultdict(set)
    for name in COUNTED:
        for unit in hidden_among({unit: values.get(name, 0) for unit, values in counted.items()}):
            result[unit].add(name)
    return {unit: frozenset(names) for unit, names in result.items()}


def definitions(names: Iterable[str]) -> list[tuple[str, "str | Promise", "str | Promise"]]:
    """(name, label, definition) of the named indicators."""
    found = [COUNTED[name] if name in COUNTED else DERIVED[name] for name in names]
    return [(indicator.name, indicator.label, indicator.definition) for indicator in found]
