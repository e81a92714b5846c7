"""Reading places, periods and daily facts: plain numbers by unit, day and name."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Sum
from django.db.models.functions import TruncMonth
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import NATION
from nhipcau.places.models import Unit
from nhipcau.reports.models import DailyFact

LONGEST_PERIOD = timedelta(days=1100)
LAST_DAY = date.max - timedelta(days=1)  # so that every period has a day after it


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


def place(code: str) -> Place:
    """The place of a code (`VN`, two digits, five digits); raises `UnableToReadFigures`."""
    nation = (NATION, _("Vietnam"))
    if code.upper() == NATION:
        return Place(NATION, nation[1])
    unit = Unit.objects.select_related("parent").filter(code=code[:6]).first() if code.isalnum() else None
    if unit is None:
        raise UnableToReadFigures(_("There is no province or commune with this code."))
    if unit.parent is None:
        return Place(unit.code, unit.full_name, unit.code, (nation,))
    above = (nation, (unit.parent.code, unit.parent.full_name))
    return Place(unit.code, unit.full_name, unit.parent.code, above)


def period(first: date, last: date) -> Period:
    """A period of at most three years, checked; raises `UnableToReadFigures`."""
    last = min(last, LAST_DAY)
    if last < first:
        raise UnableToReadFigures(_("The last day is before the first day."))
    if last - first > LONGEST_PERIOD:
        raise UnableToReadFigures(_("A period can be three years long at most."))
    return Period(first, last)


def latest_day(unit: str) -> date | None:
    """The last day on which somebody was helped in a unit, else on which anything was counted.

    Rosters are counted for days on which nobody has written down any help yet.
    """
    facts = DailyFact.objects.filter(unit=unit)
    helped: date | None = facts.filter(indicator="sessions").aggregate(last=Max("day"))["last"]
    return helped or facts.aggregate(last=Max("day"))["last"]


def usual_period(unit: str, today: date) -> Period:
    """Thirty days up to the last day with figures, or up to today when there are none."""
    last = latest_day(unit) or today
    return Period(last - timedelta(days=29), last)


def counts_by_day(where: Place, when: Period) -> dict[date, dict[str, int]]:
    """Day -> indicator name -> number, days without anything left out."""
    result: dict[date, dict[str, int]] = defaultdict(dict)
    facts = DailyFact.objects.filter(unit=where.code, day__gte=when.first, day__lt=when.end)
    for day, name, value in facts.order_by("day", "id").values_list("day", "indicator", "value"):
        result[day][name] = value
    return dict(result)


def counts_by_month(where: Place, when: Period) -> dict[date, dict[str, int]]:
    """First day of a month -> indicator name -> number of the days of that month in the period."""
    result: dict[date, dict[str, int]] = defaultdict(dict)
    facts = (
        DailyFact.objects.filter(unit=where.code, day__gte=when.first, day__lt=when.end)
        .order_by()
        .values_list(TruncMonth("day"), "indicator")
        .annotate(total=Sum("value"))
    )
    for month, name, total in facts:
        result[month][name] = total
    return dict(result)


def counts_below(where: Place, when: Period) -> dict[str, dict[str, int]]:
    """Code of a unit one level down -> indicator name -> number of the whole period."""
    result: dict[str, dict[str, int]] = defaultdict(dict)
    facts = (
        DailyFact.objects.filter(parent=where.code, day__gte=when.first, day__lt=when.end)
        .order_by()
        .values_list("unit", "indicator")
        .annotate(total=Sum("value"))
    )
    for unit, name, total in facts:
        result[unit][name] = total
    return dict(result)


def units_below(where: Place) -> list[Unit]:
    """The units one level down, in the order of their names."""
    if where.is_commune:
        return []
    parent = None if where.is_nation else where.code
    return list(Unit.objects.filter(parent_id=parent).order_by("search_key", "code"))
