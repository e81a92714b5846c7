"""How many of whom a post asks for: checked values, whether a shift is covered, and the starters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from itertools import groupby
from typing import Any, Final, Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo
from nhipcau.places.models import OpeningHours
from nhipcau.shifts.enums import Cover, Starter
from nhipcau.shifts.models.posts import MOST_SEATS
from nhipcau.teams.enums import LanguageLevel, languages

LONGEST_TITLE: Final = 60
MOST_NEEDS: Final = 8


class UnableToSetNeeds(UnableTo):
    """The numbers, qualifications or languages asked for do not fit."""

    code = "shifts.unable_to_set_needs"


@dataclass(frozen=True, slots=True)
class NeedSpec:
    """One role of a rule or a shift. `id` names the one it replaces; `languages`: code → least level."""

    title: str
    minimum: int = 1
    ideal: int = 1
    maximum: int = 1
    qualifications: tuple[str, ...] = ()
    languages: Mapping[str, str] = field(default_factory=dict)
    pairs_newcomers: bool = True
    id: UUID | None = None

    @property
    def seats(self) -> dict[str, Any]:
        """The fields of `models.Seats` that say it."""
        return {
            "title": self.title.strip(),
            "minimum": self.minimum,
            "ideal": self.ideal,
            "maximum": self.maximum,
            "qualifications": list(self.qualifications),
            "languages": dict(self.languages),
            "pairs_newcomers": self.pairs_newcomers,
        }


def check_needs(specs: Iterable[NeedSpec], *, known: Iterable[str]) -> list[NeedSpec]:
    """The roles with tidy titles; `known` are the qualifications that exist. Raises `UnableToSetNeeds`."""
    rows, codes = list(specs), set(known)
    if len(rows) > MOST_NEEDS:
        raise UnableToSetNeeds(_("A shift has at most 8 roles."))
    titles = [row.title.strip().casefold() for row in rows]
    if len(set(titles)) < len(titles):
        raise UnableToSetNeeds(_("Two roles have the same name."))
    for row in rows:
        _check_one(row, codes)
    return rows


def _check_one(row: NeedSpec, known: set[str]) -> None:
    if not row.title.strip() or len(row.title.strip()) > LONGEST_TITLE:
        raise UnableToSetNeeds(_("Give the role a name of at most 60 letters."))
    if not 0 <= row.minimum <= row.ideal <= row.maximum <= MOST_SEATS or row.maximum < 1:
        raise UnableToSetNeeds(
            _("“At least” is not more than “best”, “best” not more than “at most”, and “at most” 1 to 60.")
        )
    if not set(row.qualifications) <= known:
        raise UnableToSetNeeds(_("One of the skills asked for does not exist."))
    if not row.languages.keys() <= languages().keys() or not set(row.languages.values()) <= set(
        LanguageLevel.values
    ):
        raise UnableToSetNeeds(_("One of the languages asked for does not exist."))


class Counted(Protocol):
    """A need with the seats taken."""

    minimum: int
    maximum: int
    taken: int


def cover_of(need: Counted) -> Cover:
    """Full when no seat is left, short below the least number, else enough."""
    if need.taken < need.minimum:
        return Cover.SHORT
    return Cover.FULL if need.taken >= need.maximum else Cover.ENOUGH


def cover_of_all(needs: Iterable[Counted]) -> Cover:
    """Short when one role is, full when all are."""
    found = {cover_of(need) for need in needs}
    if Cover.SHORT in found:
        return Cover.SHORT
    return Cover.FULL if found == {Cover.FULL} else Cover.ENOUGH


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """Weekdays and times of day of a rule, before it has dates."""

    weekdays: tuple[int, ...]
    starts: time
    ends: time


_FIXED: Final = {
    Starter.EVENINGS: (RuleSpec((0, 1, 2, 3, 4), time(18, 30), time(20, 30)),),
    Starter.WEEKENDS: (
        RuleSpec((5, 6), time(7, 30), time(11, 0)),
        RuleSpec((5, 6), time(14, 0), time(16, 30)),
    ),
}


def starter_rules(starter: Starter, hours: Iterable[OpeningHours]) -> tuple[RuleSpec, ...]:
    """The rules of a starter; `hours` are the opening hours of the point."""
    if starter is not Starter.OPENING:
        return _FIXED[starter]
    rows = sorted((span.opens, span.closes, span.weekday) for span in hours)
    return tuple(
        RuleSpec(tuple(weekday for _opens, _closes, weekday in same), opens, closes)
        for (opens, closes), same in groupby(rows, key=lambda row: row[:2])
    )
