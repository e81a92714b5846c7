"""Reading a table of shifts row by row: what each row asks for, what is wrong in it, what is passed over.

A row that says what is there already asks for nothing. Rows of the same post, day and beginning are the roles
of one shift.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final, TypeVar
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.core.sheets import BadCell, Fault, Row, as_day, as_number, as_text, as_time
from nhipcau.core.text import fold
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Post, Shift, ShiftNeed
from nhipcau.shifts.models.posts import MOST_SEATS
from nhipcau.shifts.queries.posts import posts_of_team, qualifications_for
from nhipcau.shifts.services import NeedSpec, UnableToSetNeeds, check_needs
from nhipcau.shifts.services.posts import spec_of
from nhipcau.staffing.services.sheets.columns import (
    ALL_COLUMNS,
    PASSED_COLUMNS,
    People,
    passed_words,
    read_cells,
)
from nhipcau.teams.enums import LanguageLevel, languages
from nhipcau.teams.models import Team

FARTHEST: Final = timedelta(days=366)
Value = TypeVar("Value")
Key = tuple[UUID, date, time]


@dataclass(slots=True)
class Planned:
    """A shift as the table wants it, and the row in which it began. `there`: it stands already.

    `needs`: the roles to be written, each with its row; those that stay as they are, are not among them.
    """

    post: Post
    day: date
    starts: time
    ends: time
    row: int
    there: Shift | None = None
    needs: list[tuple[int, NeedSpec]] = field(default_factory=list)
    rows: set[UUID] = field(default_factory=set)

    @property
    def moves(self) -> bool:
        """Whether a shift that is there gets other times."""
        if self.there is None:
            return False
        return (self.starts, self.ends) != times_of(self.there)

    @property
    def asks(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.needs) or self.moves


@dataclass(frozen=True)
class There:
    """The shifts of the team that stand already, with their roles, and who is on each role."""

    shifts: tuple[Shift, ...]
    people: People

    @cached_property
    def needs(self) -> dict[UUID, ShiftNeed]:
        """The roles by their code."""
        return {need.pk: need for shift in self.shifts for need in shift.needs.all()}

    @cached_property
    def standing(self) -> dict[Key, Shift]:
        """Those not called off, by post, day and beginning."""
        return {
            (shift.post_id, shift.day, times_of(shift)[0]): shift
            for shift in self.shifts
            if shift.state != ShiftState.CANCELLED
        }


@dataclass(slots=True)
class Reader:
    """The rows of one table, against the posts of the team and what skills and languages there are."""

    posts: dict[str, Post]
    skills: dict[str, str]
    tongues: dict[str, str]
    levels: dict[str, str]
    now: datetime
    today: date
    there: There
    faults: list[Fault] = field(default_factory=list)
    passed: list[Fault] = field(default_factory=list)
    shifts: dict[Key | UUID, Planned] = field(default_factory=dict)
    same: int = 0

    def take(self, row: Row) -> None:
        """One row becomes a role to be written, or one that stays, or faults."""
        need = self._known(row)
        if need is not None and self._is_over(row, need.shift):
            return
        before = len(self.faults)
        planned = self._shift(row, need)
        need = need or self._role_there(row, planned)
        spec = self._need(row, need)
        if planned is None or spec is None or len(self.faults) > before:
            return
        self._say_passed(row, need)
        if need is not None and need.pk in planned.rows:
            self._fault(row, _("Another row says this role already."), "role")
        elif need is not None and spec == spec_of(need):
            planned.rows.add(need.pk)
            self.same += not planned.moves
        else:
            self._write(row, planned, spec)

    def _write(self, row: Row, planned: Planned, spec: NeedSpec) -> None:
        try:
            check_needs([*(one for _row, one in planned.needs), spec], known=self._skills_of(spec))
        except UnableToSetNeeds as error:
            self._fault(row, str(error))
            return
        planned.needs.append((row.number, spec))
        if spec.id is not None:
            planned.rows.add(spec.id)

    def _skills_of(self, spec: NeedSpec) -> set[str]:
        """What may be asked for; a skill no longer in use stays where it is asked for already."""
        kept = self.there.needs[spec.id].qualifications if spec.id is not None else ()
        return {*self.skills.values(), *kept}

    def _known(self, row: Row) -> ShiftNeed | None:
        """The role whose code the row bears."""
        code = as_code(row.values["code"])
        return self.there.needs.get(code) if code else None

    def _is_over(self, row: Row, shift: Shift) -> bool:
        if shift.state == ShiftState.CANCELLED:
            self._pass(row, _("This shift is called off: the row was passed over."))
        elif shift.starts_at <= self.now:
            self._pass(row, _("This shift has begun or is over: the row was passed over."))
        else:
            return False
        return True

    def _shift(self, row: Row, need: ShiftNeed | None) -> Planned | None:
        starts, ends = self._cell(row, "from", as_time), self._cell(row, "until", as_time)
        if need is not None:
            post, day = self._unmoved(row, need)
        else:
            if str(row.values["code"]).strip():
                self._fault(
                    row, _("There is no such row in this team. Empty the cell for a new one."), "code"
                )
            post, day = self._cell(row, "post", self._post), self._cell(row, "date", self._day)
        if post is None or day is None or starts is None or ends is None:
            return None
        if ends <= starts:
            self._fault(row, _("A shift ends after it begins, on the same day."), "until")
            return None
        there = need.shift if need is not None else self.there.standing.get((post.pk, day, starts))
        name = there.pk if there is not None else (post.pk, day, starts)
        found = self.shifts.setdefault(name, Planned(post, day, starts, ends, row.number, there))
        if (found.starts, found.ends) != (starts, ends):
            words = gettext("Row %(row)s says that this shift has other times.") % {"row": found.row}
            self._fault(row, words)
            return None
        return found

    def _unmoved(self, row: Row, need: ShiftNeed) -> tuple[Post | None, date | None]:
        """A shift keeps its post and its day."""
        post, day = need.shift.post, self._cell(row, "date", as_day)
        if day not in (None, need.shift.day) or fold(str(row.values["post"])) != fold(post.name):
            words = _("A shift keeps its day and its post. For a new shift empty the cell with its row code.")
            self._fault(row, words, "code")
            return None, None
        return post, day

    def _role_there(self, row: Row, planned: Planned | None) -> ShiftNeed | None:
        """The role of that name, where the shift is there and the row bears no code."""
        if planned is None or planned.there is None:
            return None
        roles = planned.there.needs.all()
        return next((one for one in roles if _is_same(row.values["role"], one.title)), None)

    def _need(self, row: Row, need: ShiftNeed | None) -> NeedSpec | None:
        """The role the row describes; a cell left as it went out stays as it is, whatever it holds."""
        found: dict[str, Any] = {}
        for key, (name, read) in self._readers().items():
            if need is not None and _is_same(row.values[key], read_cells(need.shift, need)[key]):
                found[name] = getattr(spec_of(need), name)
            else:
                found[name] = self._cell(row, key, read)
        if None in found.values():
            return None
        return replace(spec_of(need), **found) if need is not None else NeedSpec(**found)

    def _readers(self) -> dict[str, tuple[str, Callable[[Any], Any]]]:
        return {
            "role": ("title", lambda value: as_text(value, longest=60)),
            "at_least": ("minimum", _seats),
            "best": ("ideal", _seats),
            "at_most": ("maximum", _seats),
            "qualifications": ("qualifications", self._skills),
            "languages": ("languages", self._languages),
        }

    def _say_passed(self, row: Row, need: ShiftNeed | None) -> None:
        """Says it where a column that is not read holds something else than what is so."""
        filled = [column for column in PASSED_COLUMNS if str(row.values[column.key]).strip()]
        now = passed_words(need.shift, need, self.there.people) if need is not None and filled else {}
        for column in filled:
            if _plain(row.values[column.key]) not in now.get(column.key, ()):
                self._pass(row, _("This column is not read: nothing was changed by it."), column.key)

    def _cell(self, row: Row, key: str, read: Callable[[Any], Value]) -> Value | None:
        try:
            return read(row.values[key])
        except BadCell as error:
            self._fault(row, error.message, key)
            return None

    def _fault(self, row: Row, message: "str | Promise", key: str = "") -> None:
        self.faults.append(Fault(row.number, message, _title(key)))

    def _pass(self, row: Row, message: "str | Promise", key: str = "") -> None:
        self.passed.append(Fault(row.number, message, _title(key)))

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

    def _skills(self, value: Any) -> tuple[str, ...]:
        refusal = _("There is no such skill: %(name)s.")
        return tuple(_found(self.skills, part, refusal) for part in _parts(value))

    def _languages(self, value: Any) -> dict[str, str]:
        found = {}
        for part in _parts(value):
            name, _bracket, level = part.partition("(")
            code = _found(self.tongues, name, _("There is no such language: %(name)s."))
            level = level.rstrip(") ").strip()
            unknown = _("There is no such level of a language: %(name)s.")
            found[code] = _found(self.levels, level, unknown) if level else LanguageLevel.GOOD.value
        return found


def times_of(shift: Shift) -> tuple[time, time]:
    """When a shift begins and ends by the clock of Viet Nam."""
    return localtime(shift.starts_at).time(), localtime(shift.ends_at).time()


def as_code(value: Any) -> UUID | None:
    """The code of a row, if it is one."""
    try:
        return UUID(str(value).strip())
    except ValueError:
        return None


def _title(key: str) -> "str | Promise":
    return next((column.title for column in ALL_COLUMNS if column.key == key), "")


def _is_same(cell: Any, value: object) -> bool:
    """Whether a cell says what went out, but for spaces and the ".0" of numbers."""
    if isinstance(value, int):
        return bool(cell == value)
    return " ".join(str(cell).split()) == " ".join(str(value).split())


def _plain(cell: Any) -> str:
    return fold(str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell))


def _seats(value: Any) -> int:
    return as_number(value, most=MOST_SEATS)


def _parts(value: Any) -> list[str]:
    return [part.strip() for part in as_text(value).replace(",", ";").split(";") if part.strip()]


def _found(names: dict[str, str], text: str, refusal: "str | Promise") -> str:
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


def reader_for(team: Team, *, now: datetime, today: date, there: There) -> Reader:
    """A reader that knows the names of the team's posts, of skills and of languages."""
    skills: dict[str, str] = {}
    for row in qualifications_for(team.commune.parent_id or ""):
        skills |= {fold(name): row.pk for name in (row.pk, row.name_vi, row.name_en, row.name_th) if name}
    tongues: dict[str, str] = {}
    for code, one in languages().items():
        names = (code, one.name_vi, one.name_en, one.name_th)
        tongues |= {fold(name): code for name in names if name}
    posts = {fold(post.name): post for post in posts_of_team(team, today=today)}
    return Reader(posts, skills, tongues, _levels(), now, today, there)
