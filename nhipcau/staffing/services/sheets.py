"""Shifts from a list that somebody brings: every row is checked first, then all become drafts or none.

Rows of the same post, day and beginning are the roles of one shift.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import IO, Any, Final, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.core.sheets import BadCell, Column, Fault, Row, as_day, as_number, as_text, as_time, read_table
from nhipcau.core.text import fold
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Post, Shift, ShiftNeed
from nhipcau.shifts.models.posts import MOST_SEATS
from nhipcau.shifts.queries.posts import posts_of_team, qualifications_for
from nhipcau.shifts.queries.shifts import closures_over, team_shifts
from nhipcau.shifts.services import (
    NeedSpec,
    UnableToSetNeeds,
    check_edit_roster,
    check_needs,
    closure_on,
    span,
)
from nhipcau.teams.enums import LanguageLevel, languages
from nhipcau.teams.models import Team

SHIFT_COLUMNS: Final = (
    Column("date", _("Date")),
    Column("from", pgettext_lazy("time of day", "From")),
    Column("until", pgettext_lazy("time of day", "Until")),
    Column("post", _("Post")),
    Column("role", _("Role")),
    Column("at_least", _("At least")),
    Column("best", _("Best")),
    Column("at_most", _("At most")),
    Column("qualifications", _("Skills"), required=False),
    Column("languages", _("Languages"), required=False),
)
FARTHEST: Final = timedelta(days=366)
Value = TypeVar("Value")
Key = tuple[UUID, date, time]


class UnableToImport(UnableTo):
    """Somebody made one of the shifts a moment ago."""

    code = "staffing.unable_to_import"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list: the faults, or the number of shifts and their first day."""

    faults: tuple[Fault, ...] = ()
    shifts: int = 0
    first: date | None = None


@dataclass(slots=True)
class _Planned:
    """A shift of the list with its roles and the row in which it began."""

    post: Post
    day: date
    starts: time
    ends: time
    row: int
    needs: list[NeedSpec] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """The rows of one list, against the posts of the team and what skills and languages there are."""

    posts: dict[str, Post]
    skills: dict[str, str]
    tongues: dict[str, str]
    levels: dict[str, str]
    today: date
    faults: list[Fault] = field(default_factory=list)
    shifts: dict[Key, _Planned] = field(default_factory=dict)

    def take(self, row: Row) -> None:
        """One row becomes a role, or faults."""
        before = len(self.faults)
        post = self._cell(row, "post", self._post)
        day = self._cell(row, "date", self._day)
        starts, ends = self._cell(row, "from", as_time), self._cell(row, "until", as_time)
        need = self._need(row)
        if len(self.faults) > before or not (post and day and starts is not None and ends and need):
            return
        if ends <= starts:
            self._fault(row, _("A shift ends after it begins, on the same day."), "until")
            return
        key = (post.pk, day, starts)
        shift = self.shifts.setdefault(key, _Planned(post, day, starts, ends, row.number))
        if shift.ends != ends:
            self._fault(
                row, gettext("Row %(row)s says that this shift ends at another time.") % {"row": shift.row}
            )
            return
        try:
            check_needs([*shift.needs, need], known=self.skills.values())
        except UnableToSetNeeds as error:
            self._fault(row, str(error))
        else:
            shift.needs.append(need)

    def _need(self, row: Row) -> NeedSpec | None:
        title = self._cell(row, "role", lambda value: as_text(value, longest=60))
        numbers = [self._cell(row, key, _seats) for key in ("at_least", "best", "at_most")]
        skills = self._cell(row, "qualifications", self._skills)
        spoken = self._cell(row, "languages", self._languages)
        if None in (title, skills, spoken, *numbers):
            return None
        least, best, most = (int(number or 0) for number in numbers)
        return NeedSpec(str(title), least, best, most, tuple(skills or ()), dict(spoken or {}))

    def _cell(self, row: Row, key: str, read: Callable[[Any], Value]) -> Value | None:
        try:
            return read(row.values[key])
        except BadCell as error:
            self._fault(row, error.message, key)
            return None

    def _fault(self, row: Row, message: "str | Promise", key: str = "") -> None:
        title = next((column.title for column in SHIFT_COLUMNS if column.key == key), "")
        self.faults.append(Fault(row.number, message, title))

    def _post(self, value: Any) -> Post:
        found = self.posts.get(fold(as_text(value)))
        if found is None:
            raise BadCell(_("This team has no such post."))
        return found

    def _day(self, value: Any) -> date:
        day = as_day(value)
        if not self.today < day <= self.today + FARTHEST:
            raise BadCell(_("Choose a day from tomorrow until a year from now."))
        return day

    def _skills(self, value: Any) -> list[str]:
        return [_known(self.skills, part, _("There is no such skill: %(name)s.")) for part in _parts(value)]

    def _languages(self, value: Any) -> dict[str, str]:
        found = {}
        for part in _parts(value):
            name, _bracket, level = part.partition("(")
            code = _known(self.tongues, name, _("There is no such language: %(name)s."))
            level = level.rstrip(") ").strip()
            unknown = _("There is no such level of a language: %(name)s.")
            found[code] = _known(self.levels, level, unknown) if level else LanguageLevel.GOOD.value
        return found


def _seats(value: Any) -> int:
    return as_number(value, most=MOST_SEATS)


def _parts(value: Any) -> list[str]:
    return [part.strip() for part in as_text(value).replace(",", ";").split(";") if part.strip()]


def _known(names: dict[str, str], text: str, refusal: "str | Promise") -> str:
    found = names.get(fold(text))
    if found is None:
        raise BadCell(str(refusal) % {"name": text.strip()[:60]})
    return found


def _levels() -> dict[str, str]:
    found = {level.value: level.value for level in LanguageLevel}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {fold(str(level.label)): level.value for level in LanguageLevel}
    return found


def _reader(team: Team, today: date) -> _Reader:
    skills: dict[str, str] = {}
    for row in qualifications_for(team.commune.parent_id or ""):
        skills |= {fold(name): row.pk for name in (row.pk, row.name_vi, row.name_en, row.name_th) if name}
    tongues: dict[str, str] = {}
    for code, one in languages().items():
        names = (code, one.name_vi, one.name_en, one.name_th)
        tongues |= {fold(name): code for name in names if name}
    posts = {fold(post.name): post for post in posts_of_team(team, today=today)}
    return _Reader(posts, skills, tongues, _levels(), today)


def import_shifts(*, by: Actor | None, now: datetime, team: Team, file: IO[bytes]) -> Imported:
    """The shifts of a list as drafts: all of them, or none and every fault with its row.

    Raises `core.sheets.UnableToReadFile` when it is no such list.
    """
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, team.commune)
        table = read_table(file, SHIFT_COLUMNS, most_rows=2000)
        reader = _reader(team, local_date(now))
        for row in table.rows:
            reader.take(row)
        shifts = list(reader.shifts.values())
        faults = [*table.faults, *reader.faults, *_in_the_way(team, shifts)]
        if not shifts and not faults:
            faults = [Fault(1, _("There is no row below the names of the columns."))]
        if faults:
            return Imported(tuple(sorted(faults, key=lambda fault: fault.row)))
        try:
            with transaction.atomic():
                _save(shifts, now)
        except IntegrityError as error:
            raise UnableToImport(_("Somebody made one of these shifts a moment ago. Try again.")) from error
        return Imported((), len(shifts), min(shift.day for shift in shifts))


def _in_the_way(team: Team, shifts: Iterable[_Planned]) -> list[Fault]:
    """What stands against a shift: one there already, a closure, another of the list."""
    rows = list(shifts)
    if not rows:
        return []
    start, end = min(row.day for row in rows), max(row.day for row in rows) + timedelta(days=1)
    closures = list(closures_over([team.commune_id], start=start, end=end))
    there: dict[tuple[UUID, date], list[tuple[datetime, datetime]]] = {}
    for shift in team_shifts(team, start=start, end=end).exclude(state=ShiftState.CANCELLED):
        there.setdefault((shift.post_id, shift.day), []).append((shift.starts_at, shift.ends_at))
    faults = []
    for row in rows:
        begins, ends = span(row.day, row.starts, row.ends)
        closed = closure_on(closures, commune=team.commune_id, point=row.post.point_id, day=row.day)
        beside = there.setdefault((row.post.pk, row.day), [])
        if closed is not None:
            words = gettext("Closed on this day: %(reason)s.") % {"reason": closed.get_reason_display()}
            faults.append(Fault(row.row, words))
        elif any(begins < other_ends and other < ends for other, other_ends in beside):
            faults.append(Fault(row.row, _("This post has another shift at this time.")))
        beside.append((begins, ends))
    return faults


def _save(shifts: Iterable[_Planned], now: datetime) -> None:
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
        needs += [_need(shift, position, spec, now) for position, spec in enumerate(planned.needs)]
    Shift.objects.bulk_create(made, batch_size=1000)
    ShiftNeed.objects.bulk_create(needs, batch_size=1000)


def _need(shift: Shift, position: int, spec: NeedSpec, now: datetime) -> ShiftNeed:
    return ShiftNeed(id=new_id(now), shift=shift, position=position, **spec.seats)
