"""A table of shifts comes in: every row is checked first, then all that it asks for is done, or nothing.

New shifts become drafts; what was changed in a row is changed as on the shift's own page, and people are
told. What is not in the table stays as it is.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.core.sheets import BadCell, Fault, Row, as_day, read_table
from nhipcau.shifts.models import Shift, ShiftNeed
from nhipcau.shifts.queries.shifts import closures_over, shifts_of_table
from nhipcau.shifts.services import NeedSpec, check_edit_roster, closure_on, span
from nhipcau.signups.queries.people import people_on
from nhipcau.staffing.services.changing import move_shift, set_seats
from nhipcau.staffing.services.sheets.columns import ALL_COLUMNS
from nhipcau.staffing.services.sheets.reading import Planned, There, as_code, reader_for
from nhipcau.teams.models import Team

MOST_ROWS = 2000


class UnableToImport(UnableTo):
    """Somebody made one of the shifts a moment ago."""

    code = "staffing.unable_to_import"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a table: the faults; or how many shifts were made and changed, how many rows say what is
    there already, the first day concerned; and by row what was passed over.
    """

    faults: tuple[Fault, ...] = ()
    made: int = 0
    changed: int = 0
    same: int = 0
    first: date | None = None
    passed: tuple[Fault, ...] = ()


def import_shifts(*, by: Actor | None, now: datetime, team: Team, file: IO[bytes]) -> Imported:
    """Does what a table asks for: all of it, or nothing and every fault with its row.

    Raises `core.sheets.UnableToReadFile` when it is no such table.
    """
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, team.commune)
        table = read_table(file, ALL_COLUMNS, most_rows=MOST_ROWS)
        there = _there(team, table.rows)
        reader = reader_for(team, now=now, today=local_date(now), there=there)
        for row in table.rows:
            reader.take(row)
        wanted = [one for one in reader.shifts.values() if one.asks]
        faults = [*table.faults, *reader.faults, *_in_the_way(team, wanted, there)]
        if not table.rows and not faults:
            faults = [Fault(1, _("There is no row below the names of the columns."))]
        faults = faults or _done(wanted, by, now)
        if faults:
            return Imported(tuple(sorted(faults, key=lambda fault: fault.row)))
        made = sum(one.there is None for one in wanted)
        first = min((one.day for one in wanted), default=None)
        return Imported((), made, len(wanted) - made, reader.same, first, tuple(reader.passed))


def _there(team: Team, rows: Iterable[Row]) -> There:
    """The shifts that the rows name by their code, and all on the days the rows speak of: three queries."""
    codes, days = set(), set()
    for row in rows:
        if code := as_code(row.values["code"]):
            codes.add(code)
        with suppress(BadCell):
            days.add(as_day(row.values["date"]))
    shifts = tuple(shifts_of_table(team, codes, days))
    people: dict[UUID, list[str]] = {}
    for one in people_on([shift.pk for shift in shifts]):
        people.setdefault(one.need_id, []).append(str(one.member))
    return There(shifts, people)


def _in_the_way(team: Team, wanted: Iterable[Planned], there: There) -> list[Fault]:
    """What stands against a new or a moved shift: one there already, a closure, another of the table."""
    rows = [one for one in wanted if one.there is None or one.moves]
    if not rows:
        return []
    start, end = min(row.day for row in rows), max(row.day for row in rows) + timedelta(days=1)
    closures = list(closures_over([team.commune_id], start=start, end=end))
    moved = {row.there.pk for row in rows if row.there is not None}
    spans: dict[tuple[UUID, date], list[tuple[datetime, datetime]]] = {}
    for shift in there.standing.values():
        if shift.pk not in moved:
            spans.setdefault((shift.post_id, shift.day), []).append((shift.starts_at, shift.ends_at))
    faults = []
    for row in rows:
        begins, ends = span(row.day, row.starts, row.ends)
        closed = closure_on(closures, commune=team.commune_id, point=row.post.point_id, day=row.day)
        beside = spans.setdefault((row.post.pk, row.day), [])
        if closed is not None and row.there is None:
            words = gettext("Closed on this day: %(reason)s.") % {"reason": closed.get_reason_display()}
            faults.append(Fault(row.row, words))
        elif any(begins < other_ends and other < ends for other, other_ends in beside):
            faults.append(Fault(row.row, _("This post has another shift at this time.")))
        beside.append((begins, ends))
    return faults


def _done(wanted: Iterable[Planned], by: Actor | None, now: datetime) -> list[Fault]:
    """Writes everything; what cannot be is a fault of its row, and then nothing is written."""
    rows = list(wanted)
    try:
        with transaction.atomic():
            _save([one for one in rows if one.there is None], now)
            faults = [
                fault for one in rows if one.there is not None for fault in _change(one, one.there, by, now)
            ]
            transaction.set_rollback(bool(faults))
    except IntegrityError as error:
        raise UnableToImport(_("Somebody made one of these shifts a moment ago. Try again.")) from error
    return faults


def _change(planned: Planned, shift: Shift, by: Actor | None, now: datetime) -> list[Fault]:
    faults = []
    if planned.moves:
        try:
            move_shift(by=by, now=now, shift=shift, starts=planned.starts, ends=planned.ends, note=shift.note)
        except UnableTo as error:
            faults.append(Fault(planned.row, str(error)))
    for row, spec in planned.needs:
        try:
            set_seats(by=by, now=now, shift=shift, need=spec)
        except UnableTo as error:
            faults.append(Fault(row, str(error)))
    return faults


def _save(shifts: Iterable[Planned], now: datetime) -> None:
    made, needs = [], []
    for planned in shifts:
        begins, ends = span(planned.day, planned.starts, planned.ends)
        shift = Shift(
            id=new_id(now),
            post=planned.post,
            team_id=planned.post.team_id,
            commune_id=planned.post.commune_id,
            day=planned.day,
            starts_at=begins,
            ends_at=ends,
            open_to=planned.post.open_to,
            made_at=now,
        )
        made.append(shift)
        needs += [_need(shift, position, spec, now) for position, (_row, spec) in enumerate(planned.needs)]
    Shift.objects.bulk_create(made, batch_size=1000)
    ShiftNeed.objects.bulk_create(needs, batch_size=1000)


def _need(shift: Shift, position: int, spec: NeedSpec, now: datetime) -> ShiftNeed:
    return ShiftNeed(id=new_id(now), shift=shift, position=position, **spec.seats)
