"""Writing down how many people came to a point, and taking over what a forecast suggests."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import IO, Any, Final
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.core.sheets import BadCell, Column, Fault, Row, as_day, as_number, as_text, read_table
from nhipcau.core.text import fold
from nhipcau.places.models import ServicePoint
from nhipcau.roster.enums import CountSource
from nhipcau.roster.models import VisitorCount
from nhipcau.roster.queries.demand import served_at
from nhipcau.roster.rules.demand import MOST_VISITORS, HalfDay
from nhipcau.shifts.models.posts import MOST_SEATS
from nhipcau.shifts.services import check_edit_roster
from nhipcau.signups.services.seats import lock_need
from nhipcau.teams.models import Team
from nhipcau.volunteers.enums import DayPart

COUNT_COLUMNS: Final = (
    Column("date", _("Date")),
    Column("part", _("Part of the day")),
    Column("visitors", _("Visitors")),
)


class UnableToCount(UnableTo):
    """The day lies ahead, or the number is no number of visitors."""

    code = "roster.unable_to_count"


def set_counts(
    *,
    by: Actor | None,
    now: datetime,
    point: ServicePoint,
    counts: Mapping[HalfDay, int | None],
    source: CountSource = CountSource.COUNTED,
) -> int:
    """Visitors by half-day, in place of what was known; None forgets a number. Returns how many changed."""
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, point.commune)
        today = local_date(now)
        for (day, _part), visitors in counts.items():
            if day > today or not 0 <= (visitors or 0) <= MOST_VISITORS:
                raise UnableToCount(_("Write numbers from 0 to 5000, for days up to today."))
        days = {day for day, _part in counts}
        rows = VisitorCount.objects.select_for_update().filter(point=point, day__in=days)
        known = {(row.day, DayPart(row.part)): row for row in rows}
        changed = {key: value for key, value in counts.items() if _differs(known.get(key), value, source)}
        gone = [known[key].pk for key, value in changed.items() if value is None]
        VisitorCount.objects.filter(pk__in=gone).delete()
        VisitorCount.objects.bulk_create(
            [
                VisitorCount(id=new_id(now), point=point, day=day, part=part, visitors=value, source=source)
                for (day, part), value in changed.items()
                if value is not None
            ],
            update_conflicts=True,
            unique_fields=["point", "day", "part"],
            update_fields=["visitors", "source"],
        )
        return len(changed)


def _differs(row: VisitorCount | None, value: int | None, source: CountSource) -> bool:
    if row is None or value is None:
        return (row is None) != (value is None)
    return (row.visitors, row.source) != (value, source)


def _parts() -> dict[str, DayPart]:
    found = {part.value: part for part in DayPart}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {fold(str(part.label)): part for part in DayPart}
    return found


def import_counts(
    *, by: Actor | None, now: datetime, point: ServicePoint, file: IO[bytes]
) -> tuple[list[Fault], int]:
    """Counts from a list: all rows, or none and every fault with its row. Returns faults and rows saved.

    Raises `core.sheets.UnableToReadFile` when it is no such list.
    """
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, point.commune)
        table = read_table(file, COUNT_COLUMNS, most_rows=5000)
        faults, counts, parts = list(table.faults), dict[HalfDay, int | None](), _parts()
        for row in table.rows:
            try:
                key, visitors = _read(row, parts, local_date(now))
            except BadCell as error:
                faults.append(Fault(row.number, error.message))
                continue
            if key in counts:
                faults.append(Fault(row.number, _("This half-day stands in the list twice.")))
            counts[key] = visitors
        if not counts and not faults:
            faults.append(Fault(1, _("There is no row below the names of the columns.")))
        if not faults:
            set_counts(by=by, now=now, point=point, counts=counts)
        return sorted(faults, key=lambda fault: fault.row), 0 if faults else len(counts)


def _read(row: Row, parts: Mapping[str, DayPart], today: date) -> tuple[HalfDay, int]:
    values: dict[str, Any] = row.values
    day = as_day(values["date"])
    if not date(2020, 1, 1) <= day <= today:
        raise BadCell(_("Choose a day up to today."))
    part = parts.get(fold(as_text(values["part"])))
    if part is None:
        raise BadCell(_("Write morning, afternoon or evening."))
    return (day, part), as_number(values["visitors"], most=MOST_VISITORS)


def accept_demand(
    *,
    by: Actor | None,
    now: datetime,
    team: Team,
    point: ServicePoint,
    wanted: Mapping[HalfDay, int],
) -> int:
    """The shifts of these half-days ask for so many people in all; returns how many roles changed.

    The first role of the half-day takes the difference; its least number and those on it stay.
    """
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, team.commune)
        if not wanted:
            return 0
        days = [day for day, _part in wanted]
        served = served_at(team, point, start=min(days), end=date.fromordinal(max(days).toordinal() + 1))
        changed: list[UUID] = []
        for key, people in wanted.items():
            if key not in served or served[key].needs[0].shift.starts_at <= now:
                continue
            need = lock_need(served[key].needs[0].pk)
            ideal = min(served[key].proposed(people), MOST_SEATS)
            if ideal == need.ideal:
                continue
            need.ideal, need.maximum = ideal, max(need.maximum, ideal)
            need.save(update_fields=["ideal", "maximum"])
            changed.append(need.pk)
        return len(changed)
