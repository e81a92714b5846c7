"""Rebuilding the daily facts from the rows beneath. They may be rebuilt at any time, in any order."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import connection

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.scope import NATION
from nhipcau.places.models import Unit
from nhipcau.reports.indicators import COUNTED, DERIVED, OF_ROSTERS
from nhipcau.reports.models import DailyFact

_LOCK = 7_266_825  # any number of our own: rebuilding the same days twice at once waits here


def rebuild_facts(*, start: date, end: date, now: datetime, names: Collection[str] = tuple(COUNTED)) -> int:
    """Counts the days `[start, end)` anew, for every unit; returns the number of facts written.

    Idempotent: the old facts of those days are replaced in the same transaction. `names`: only these.
    """
    with unit_of_work(by=None, now=now):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        DailyFact.objects.filter(day__gte=start, day__lt=end, indicator__in=names).delete()
        facts = list(_facts(start, end, names))
        DailyFact.objects.bulk_create(facts, batch_size=5000)
    return len(facts)


def rebuild_days(*, days: Iterable[date], now: datetime) -> int:
    """The same for single days, each in a transaction of its own."""
    return sum(rebuild_facts(start=day, end=day + timedelta(days=1), now=now) for day in sorted(set(days)))


def _facts(start: date, end: date, names: Collection[str]) -> Iterator[DailyFact]:
    province_of = dict(
        Unit.objects.filter(parent__isnull=False).order_by("code").values_list("code", "parent_id")
    )
    for name in names:
        indicator = COUNTED[name]
        totals: dict[tuple[str, str, date], int] = defaultdict(int)
        counted = (
            indicator.rows(start, end)
            .order_by()
            .annotate(fact_day=indicator.day)
            .values_list(indicator.commune, "fact_day")
            .annotate(fact_value=indicator.measure)
        )
        for commune, day, value in counted:
            province = province_of[commune]
            totals[commune, province, day] += value
            totals[province, NATION, day] += value
            totals[NATION, "", day] += value
        for (unit, parent, day), value in totals.items():
            yield DailyFact(unit=unit, parent=parent, day=day, indicator=name, value=value)


def rebuild_rosters(*, days: int, now: datetime) -> int:
    """Counts what the rosters say of the last so many days, today included; for the hours."""
    after = local_date(now) + timedelta(days=1)
    return rebuild_facts(start=after - timedelta(days=days), end=after, now=now, names=OF_ROSTERS)


def rebuild_recent(*, days: int, now: datetime) -> int:
    """Counts everything of the last so many days anew, today included, a transaction a day."""
    today = local_date(now)
    return rebuild_days(days=(today - timedelta(days=back) for back in range(days)), now=now)


def describe_indicators() -> str:
    """`docs/reference/indicators.md`: the dictionary of indicators, written from its files."""
    lines = [
        "# Indicators",
        "",
        "Written from `nhipcau/reports/indicators/`; do not edit by hand.",
        "",
        "| Name | Label | Definition | Unit | How |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{one.name}` | {one.label} | {one.definition} | {one.unit} | counted |"
        for one in COUNTED.values()
    ]
    for derived in DERIVED.values():
        how = " / ".join(f"`{name}`" for name in (derived.numerator, derived.denominator) if name)
        how += f" × {derived.scale}" if derived.scale > 1 else " / 60" if derived.scale < 1 else ""
        lines.append(
            f"| `{derived.name}` | {derived.label} | {derived.definition} | {derived.unit} | {how} |"
        )
    return "\n".join(lines) + "\n"
