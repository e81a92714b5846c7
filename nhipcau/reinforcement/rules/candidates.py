"""Who could be sent: what speaks for a person and for a team, and the order of teams. Plain values only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo
from nhipcau.teams.enums import LanguageLevel
from nhipcau.volunteers.enums import DayPart

_LEVELS: Final[Mapping[str, int]] = {
    LanguageLevel.SOME: 1,
    LanguageLevel.GOOD: 2,
    LanguageLevel.NATIVE: 3,
}
# A team further than this is still shown when it is made to travel, others not.
FAR_KM: Final = 60.0


class UnableToOffer(UnableTo):
    """These people cannot be offered."""

    code = "reinforcement.unable_to_offer"


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a day that is asked for."""

    day: date
    part: DayPart


def slots_of(starts_on: date, ends_on: date, parts: Iterable[str]) -> tuple[Slot, ...]:
    """The parts of days of a request, in order of time."""
    ordered = [part for part in DayPart if part in set(parts)]
    days = (starts_on + timedelta(days=step) for step in range((ends_on - starts_on).days))
    return tuple(Slot(day, part) for day in days for part in ordered)


def speaks(held: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """Whether every language asked for is held at its level or above."""
    return all(_LEVELS.get(held.get(code, ""), 0) >= _LEVELS[level] for code, level in asked.items())


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a team that could send: what fits and in how many of the parts of days asked for."""

    id: UUID
    name: str
    may_serve: bool
    qualified: bool
    speaks: bool
    said: bool
    free: int
    busy: int
    slots: int
    promised: bool = False

    @property
    def fits(self) -> bool:
        """Everything that was asked for, free at least once, and not spoken for elsewhere."""
        return self.is_able and self.free > 0 and not self.promised

    @property
    def is_able(self) -> bool:
        """May serve, has the skills, and is not taken throughout."""
        return self.may_serve and self.qualified and self.speaks and self.busy < self.slots

    @property
    def can_be_offered(self) -> bool:
        """Whether it makes sense to ask: nobody is promised to two places for the same days."""
        return self.is_able and not self.promised

    @property
    def rank(self) -> tuple[int, int, str]:
        """The order within a team: who fits, who is free most often, by name."""
        return (-int(self.fits), -self.free, self.name)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A team that could send: how far, who fits, and how many it can spare."""

    team: UUID
    name: str
    place: str
    kind: str
    distance: float
    travels: bool
    people: tuple[Person, ...]
    own_short: int
    promised: int

    @property
    def fitting(self) -> int:
        """How many people fit."""
        return sum(person.fits for person in self.people)

    @property
    def spare(self) -> int:
        """How many may go, so that the team's own place does not fall below what it needs at least.

        Those free, less one for each seat still empty at home at these times, less those promised
        elsewhere for these days.
        """
        free = sum(person.is_able for person in self.people)
        return max(0, free - self.own_short - self.promised)

    @property
    def useful(self) -> int:
        """How many who fit may go."""
        return min(self.spare, self.fitting)

    @property
    def rank(self) -> tuple[int, float, int, str]:
        """Teams with somebody useful first, near before far, and by how many; those made to travel are
        taken to be half as far as they are."""
        away = self.distance / 2 if self.travels else self.distance
        return (-int(self.useful > 0), round(away / 5), -self.useful, self.name)


def lacking(short: Mapping[Slot, int], slots: Sequence[Slot]) -> int:
    """The seats lacking at home in the parts of days asked for, all together."""
    return sum(short.get(slot, 0) for slot in slots)


def check_offer(candidate: Candidate | None, members: Iterable[UUID]) -> None:
    """Raises `UnableToOffer` unless the team can spare exactly these of its members."""
    chosen = set(members)
    if candidate is None:
        raise UnableToOffer(_("This team cannot be asked for this request."))
    if not chosen:
        raise UnableToOffer(_("Choose at least one person."))
    can = {person.id for person in candidate.people if person.can_be_offered}
    if chosen - can:
        raise UnableToOffer(_("Somebody you chose cannot serve in these days. Look at the list again."))
    if len(chosen) > candidate.spare:
        raise UnableToOffer(_("So many people would leave their own commune with too few."))
