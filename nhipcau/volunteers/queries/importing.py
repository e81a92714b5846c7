"""A table of new members looked through: every wrong cell with its row, and what the right rows make."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nhipcau.core.scope import NATION, Actor
from nhipcau.core.sheets import BadCell, Column, Fault, as_text
from nhipcau.core.text import fold
from nhipcau.places.enums import Level
from nhipcau.places.models import Unit
from nhipcau.teams.enums import Permission, languages
from nhipcau.teams.models import Member, Team
from nhipcau.volunteers.enums import EXPERIENCED
from nhipcau.volunteers.models import MemberImport, Qualification
from nhipcau.volunteers.rules import is_phone

COLUMNS: Final = (
    Column("name", gettext_lazy("Name"), also=("Họ và tên", "Họ tên", "Full name")),
    Column("phone", gettext_lazy("Phone number"), required=False, also=("Điện thoại", "SĐT", "Số ĐT")),
    Column("commune", gettext_lazy("Commune"), also=("Xã", "Xã phường", "Phường", "Nơi ở")),
    Column("team", gettext_lazy("Team"), required=False),
    Column("languages", gettext_lazy("Languages"), required=False),
    Column(
        "qualifications",
        gettext_lazy("Can help with"),
        required=False,
        also=("Năng lực", "Kỹ năng", "Skills"),
    ),
)
TITLES: Final[Mapping[str, Promise | str]] = {column.key: column.title for column in COLUMNS}
PhoneIndex = Callable[[str], str]
LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class NewRow:
    """A right row: what would be registered."""

    number: int
    name: str
    phone: str
    phone_index: str
    commune: Unit
    team: Team | None
    languages: tuple[str, ...]
    qualifications: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """The right rows, and what is wrong with each of the others."""

    right: list[NewRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class _Wrong(Exception):
    """A cell cannot be taken."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key, self.message = key, message


class _WrongRow(Exception):
    """Cells of a row cannot be taken: all of them, so that a file is put right in one go."""

    def __init__(self, cells: Sequence[_Wrong]) -> None:
        super().__init__()
        self.cells = cells


def check_rows(
    actor: Actor, rows: Sequence[tuple[int, Mapping[str, Any]]], *, today: date, phone_index: PhoneIndex
) -> Report:
    """Looks through the rows with a handful of queries, however many they are."""
    checker, report = _Checker(actor, today, phone_index), Report()
    for number, values in rows:
        try:
            report.right.append(checker.row(number, values))
        except _WrongRow as wrong:
            report.faults += [Fault(number, cell.message, TITLES[cell.key]) for cell in wrong.cells]
    known_phones, known_people = _known(report.right)
    taken: set[object] = set()
    right: list[NewRow] = []
    for row in report.right:
        person = (row.commune.code, fold(row.name))
        try:
            _check_once(row, person, known_phones, known_people, taken)
        except _Wrong as wrong:
            report.faults.append(Fault(row.number, wrong.message, TITLES[wrong.key]))
        else:
            right.append(row)
        taken |= {person} | ({row.phone_index} if row.phone_index else set())
    report.right = right
    report.faults.sort(key=lambda fault: fault.row)
    return report


def _known(rows: Iterable[NewRow]) -> tuple[set[str], set[tuple[str, str]]]:
    """Phone numbers and names in a commune that members have already."""
    found = list(rows)
    phones = Member.objects.filter(phone_index__in={row.phone_index for row in found} - {""}, is_active=True)
    people = Member.objects.filter(commune__in={row.commune.code for row in found}, is_active=True)
    return (
        set(phones.values_list("phone_index", flat=True)),
        {(commune or "", fold(name)) for commune, name in people.values_list("commune_id", "name")},
    )


def _check_once(
    row: NewRow,
    person: tuple[str, str],
    phones: set[str],
    people: set[tuple[str, str]],
    taken: set[object],
) -> None:
    if row.phone_index in phones:
        raise _Wrong("phone", _("A member has this phone number already."))
    if row.phone_index and row.phone_index in taken:
        raise _Wrong("phone", _("This phone number stands in an earlier row."))
    if person in taken:
        raise _Wrong("name", _("This name stands in an earlier row of the same commune."))
    if person in people and not row.phone:
        raise _Wrong(
            "name", _("A member of this commune has this name. Add a phone number to tell them apart.")
        )


class _Checker:
    """What cells may name, read once."""

    def __init__(self, actor: Actor, today: date, phone_index: PhoneIndex) -> None:
        scope = actor.scope(Permission.TEAMS_EDIT)
        units = Unit.objects.filter(level=Level.COMMUNE).select_related("parent")
        if not scope.nation:
            units = units.filter(Q(code__in=scope.communes) | Q(parent_id__in=scope.provinces))
        self.phone_index = phone_index
        self.communes = _by_name((unit, (unit.code, unit.name, unit.full_name)) for unit in units)
        teams = Team.objects.active(today).filter(commune__in=units).select_related("commune")
        self.teams = _by_name((team, (team.name,)) for team in teams)
        self.languages = _by_name(
            (one.code, (one.code, one.name_vi, one.name_en, one.name_th, *one.also))
            for one in languages().values()
        )
        offered = Qualification.objects.filter(active=True).exclude(pk=EXPERIENCED)
        self.qualifications = _by_name(
            (row, (row.code, row.name_vi, row.name_en, row.name_th)) for row in offered
        )

    def row(self, number: int, values: Mapping[str, Any]) -> NewRow:
        wrong: list[_Wrong] = []

        def read(part: Callable[[], Any]) -> Any:
            try:
                return part()
            except _Wrong as error:
                wrong.append(error)
                return None

        name, phone = read(lambda: self._name(values)), read(lambda: self._phone(values))
        commune = read(lambda: self._one("commune", self.communes, self._text("commune", values)))
        team = read(lambda: self._team(self._text("team", values), commune))
        spoken = read(lambda: self._many("languages", self.languages, values))
        codes = read(lambda: self._codes(values, commune))
        if wrong:
            raise _WrongRow(wrong)
        index = self.phone_index(phone)
        return NewRow(number, name, phone, index, commune, team, tuple(dict.fromkeys(spoken)), codes)

    def _name(self, values: Mapping[str, Any]) -> str:
        name = self._text("name", values)
        if not name or len(name) > LONGEST_NAME:
            raise _Wrong("name", _("Write the member's name, at most 120 characters."))
        return name

    def _phone(self, values: Mapping[str, Any]) -> str:
        phone = self._text("phone", values)
        if phone and not is_phone(phone):
            raise _Wrong("phone", _("Write the phone number with digits, for example 0263 555 0123."))
        return phone

    def _codes(self, values: Mapping[str, Any], commune: Unit | None) -> tuple[str, ...]:
        can = self._many("qualifications", self.qualifications, values)
        if commune and any(row.unit_code not in (NATION, commune.parent_id) for row in can):
            raise _Wrong("qualifications", _("One of these is not offered in this province."))
        return tuple(dict.fromkeys(row.code for row in can))

    def _text(self, key: str, values: Mapping[str, Any]) -> str:
        value = values.get(key, "")
        try:
            # A spreadsheet that takes a phone number for a number drops the zero it begins with.
            lost = "0" if key == "phone" and isinstance(value, int | float) else ""
            return lost + as_text(value)
        except BadCell as error:
            raise _Wrong(key, str(error)) from error

    def _one(self, key: str, table: Mapping[str, list[Any]], text: str) -> Any:
        found = table.get(fold(text), []) if text else []
        if not text:
            raise _Wrong(key, _("This must not be empty."))
        if not found:
            raise _Wrong(key, _("“%(text)s” is not known in your places.") % {"text": text[:60]})
        if len(found) > 1:
            raise _Wrong(key, _("“%(text)s” may mean several: write its code.") % {"text": text[:60]})
        return found[0]

    def _team(self, text: str, commune: Unit | None) -> Team | None:
        if not text:
            return None
        named = self.teams.get(fold(text), [])
        here = [team for team in named if commune and team.commune_id == commune.code]
        found: Team = self._one("team", {fold(text): here or named}, text)
        return found

    def _many(self, key: str, table: Mapping[str, list[Any]], values: Mapping[str, Any]) -> list[Any]:
        parts = [part.strip() for part in self._text(key, values).replace("|", ";").split(";")]
        return [self._one(key, table, part) for part in parts if part]


def _by_name(rows: Iterable[tuple[Any, Iterable[str]]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row, names in rows:
        for name in {fold(name) for name in names if name}:
            found.setdefault(name, []).append(row)
    return found


def get_import(import_id: UUID, *, for_: Actor) -> MemberImport:
    """A table that the actor has sent and not confirmed yet, or 404."""
    found = MemberImport.objects.filter(pk=import_id, made_by_id=for_.id).first()
    if found is None:
        raise Http404
    return found


def rows_of(found: MemberImport) -> list[tuple[int, dict[str, Any]]]:
    """The readable rows of a table, with their number."""
    return [(number, values) for number, values in json.loads(found.rows)["rows"]]


def faults_of(found: MemberImport) -> list[Fault]:
    """What could not be read of a table at all: formulas, joined cells."""
    return [Fault(number, message) for number, message in json.loads(found.rows)["faults"]]
