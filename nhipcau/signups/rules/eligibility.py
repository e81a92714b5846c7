"""Who may take which place: facts of a member and of a need in, reasons against it out. Pure.

One truth for signing up, the list "shifts for me", the call list, waiting offers, put-on by a leader,
reinforcement and the proposed roster. What a member said of their free hours is advice, not a reason:
they may sign up at any time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Final
from uuid import UUID

from nhipcau.core.clock import VIETNAM, local_date
from nhipcau.shifts.enums import OpenTo, ShiftState
from nhipcau.signups.enums import HARD, Refusal
from nhipcau.signups.rules.states import LATE
from nhipcau.teams.enums import LanguageLevel
from nhipcau.volunteers.enums import EXPERIENCED, PART_STARTS, DayPart
from nhipcau.volunteers.queries import Availability

_LEVELS: Final = {level.value: rank for rank, level in enumerate(LanguageLevel)}
_EARTH_KM: Final = 6371.0


@dataclass(frozen=True, slots=True)
class Days:
    """From a day until, not including, another; `until` None: for good."""

    starts_on: date
    until: date | None = None

    def hold(self, day: date) -> bool:
        """Whether the day lies inside."""
        return self.starts_on <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Spell:
    """A member's time in a team of a commune."""

    team: UUID
    commune: str
    days: Days


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift the member is on (or was)."""

    shift: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What the rules need to know of a member. `qualifications`: code -> when it holds, inclusions told.

    `free_hours`: what they said of when they can serve; None where nobody asked for it.
    """

    id: UUID
    active: bool = True
    commune: str = ""
    latitude: float | None = None
    longitude: float | None = None
    spells: tuple[Spell, ...] = ()
    reach_km: int = 15
    shifts_a_week: int = 4
    hours_a_day: int = 8
    minor_until: date | None = None
    consents: tuple[Days, ...] = ()
    languages: Mapping[str, str] = field(default_factory=dict)
    qualifications: Mapping[str, tuple[Days, ...]] = field(default_factory=dict)
    duties: tuple[Duty, ...] = ()
    attended: int = 0
    free_hours: Availability | None = None

    def has(self, qualification: str, day: date) -> bool:
        """Whether a qualification holds on that day."""
        return any(days.hold(day) for days in self.qualifications.get(qualification, ()))

    def is_experienced(self, shift: "ShiftFacts") -> bool:
        """Known at the work: after so many shifts attended, or found so by the programme."""
        return self.attended >= shift.experienced_after or self.has(EXPERIENCED, shift.day)


@dataclass(frozen=True, slots=True)
class ShiftFacts:
    """What the rules need to know of a shift and of how its team signs up."""

    id: UUID
    team: UUID
    commune: str
    day: date
    starts_at: datetime
    ends_at: datetime
    state: str = ShiftState.OPEN
    open_to: str = OpenTo.TEAM
    adults_only: bool = False
    latitude: float | None = None
    longitude: float | None = None
    release_days: int = 21
    most_ahead: int = 8
    rest_hours: int = 10
    experienced_after: int = 3
    needs_confirming: bool = False
    offer_minutes: int = 120


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """Places on a shift: `reserved` are offered to others in line, `waiting` wait without an offer.

    `experienced` and `newcomers` count who is on already.
    """

    id: UUID
    shift: ShiftFacts
    maximum: int = 1
    taken: int = 0
    reserved: int = 0
    waiting: int = 0
    qualifications: tuple[str, ...] = ()
    languages: Mapping[str, str] = field(default_factory=dict)
    pairs_newcomers: bool = True
    experienced: int = 0
    newcomers: int = 0


def refusals(member: MemberFacts, need: NeedFacts, now: datetime) -> list[Refusal]:
    """Every reason why the member cannot sign up for the need now; empty: they may."""
    return [*of_member(member, need, now), *of_places(member, need, now)]


def of_member(member: MemberFacts, need: NeedFacts, now: datetime) -> list[Refusal]:
    """The reasons that have nothing to do with how many places are left."""
    shift = need.shift
    found = [] if member.active else [Refusal.ACCOUNT_CLOSED]
    found += _of_moment(shift, now)
    found += _of_person(member, need)
    found += _of_reach(member, shift)
    found += _of_duties(member, shift, now)
    return found


def of_places(member: MemberFacts, need: NeedFacts, now: datetime) -> list[Refusal]:
    """The reasons that others are the cause of: places taken, offered, or kept for the experienced."""
    left = need.maximum - need.taken
    if left <= 0:
        return [Refusal.FULL]
    if left <= need.reserved:
        return [Refusal.IN_LINE]
    if need.pairs_newcomers and not member.is_experienced(need.shift):
        # Close to the shift somebody experienced must be on already; before, a place kept for one will do.
        late = need.shift.starts_at - LATE < now
        beside = need.experienced + (0 if late else left - 1)
        if need.newcomers + 1 > beside:
            return [Refusal.NEWCOMER]
    return []


# Kept against hoarding by those who sign up of their own accord; who is asked does not hoard.
AGAINST_HOARDING: Final[tuple[Refusal, ...]] = (Refusal.TOO_EARLY, Refusal.ENOUGH_AHEAD)


def when_asked(found: Iterable[Refusal]) -> list[Refusal]:
    """What is left of the reasons for somebody who is asked to come, or comes instead of another."""
    return [refusal for refusal in found if refusal not in AGAINST_HOARDING]


def hard(found: Iterable[Refusal]) -> list[Refusal]:
    """Those that a leader may not pass over either."""
    return [refusal for refusal in found if refusal in HARD]


def _of_moment(shift: ShiftFacts, now: datetime) -> list[Refusal]:
    if shift.state == ShiftState.CANCELLED:
        return [Refusal.CALLED_OFF]
    found = [] if shift.state == ShiftState.OPEN else [Refusal.NOT_OPEN]
    if now >= shift.ends_at:
        found.append(Refusal.OVER)
    elif now >= shift.starts_at:
        found.append(Refusal.STARTED)
    elif shift.day > last_day_released(shift.release_days, now):
        found.append(Refusal.TOO_EARLY)
    return found


def last_day_released(release_days: int, now: datetime) -> date:
    """The last day whose shifts can be taken now."""
    return local_date(now) + timedelta(days=release_days)


def _of_person(member: MemberFacts, need: NeedFacts) -> Iterator[Refusal]:
    day = need.shift.day
    if member.minor_until is not None and day < member.minor_until:
        if need.shift.adults_only:
            yield Refusal.ADULTS_ONLY
        if not any(days.hold(day) for days in member.consents):
            yield Refusal.NO_CONSENT
    if not all(member.has(code, day) for code in need.qualifications):
        yield Refusal.QUALIFICATION
    if not all(_speaks(member, code, level) for code, level in need.languages.items()):
        yield Refusal.LANGUAGE


def _speaks(member: MemberFacts, language: str, least: str) -> bool:
    return _LEVELS.get(member.languages.get(language, ""), -1) >= _LEVELS.get(least, 0)


def _of_reach(member: MemberFacts, shift: ShiftFacts) -> list[Refusal]:
    at_work = [spell for spell in member.spells if spell.days.hold(shift.day)]
    if any(spell.team == shift.team for spell in at_work):
        return []
    if shift.open_to != OpenTo.TEAM and any(spell.commune == shift.commune for spell in at_work):
        return []
    if shift.open_to != OpenTo.REACH:
        return [Refusal.OTHER_TEAM]
    if not at_work:  # whoever can come this far, but a volunteer: their badge holds only within a team
        return [Refusal.NO_TEAM]
    away = distance_km(member, shift)
    return [] if away is not None and away <= member.reach_km else [Refusal.TOO_FAR]


def distance_km(member: MemberFacts, shift: ShiftFacts) -> float | None:
    """As the crow flies from the home commune to the post; 0 within the commune; None when unknown."""
    if member.commune and member.commune == shift.commune:
        return 0.0
    if None in (member.latitude, member.longitude, shift.latitude, shift.longitude):
        return None
    return between_km(
        (member.latitude or 0.0, member.longitude or 0.0), (shift.latitude or 0.0, shift.longitude or 0.0)
    )


def between_km(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Great-circle distance of two points given as latitude and longitude (haversine)."""
    here, there = radians(one[0]), radians(two[0])
    half = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(radians(two[1] - one[1]) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half))


def _of_duties(member: MemberFacts, shift: ShiftFacts, now: datetime) -> Iterator[Refusal]:
    if any(duty.shift == shift.id for duty in member.duties):
        yield Refusal.ALREADY_ON
    others = [duty for duty in member.duties if duty.shift != shift.id]
    if any(duty.starts_at < shift.ends_at and shift.starts_at < duty.ends_at for duty in others):
        yield Refusal.OVERLAP
    week = shift.day.isocalendar()[:2]
    if sum(_day(duty).isocalendar()[:2] == week for duty in others) >= member.shifts_a_week:
        yield Refusal.WEEK_FULL
    same_day = [(duty.starts_at, duty.ends_at) for duty in others if _day(duty) == shift.day]
    hours = sum((end - start for start, end in [*same_day, (shift.starts_at, shift.ends_at)]), timedelta())
    if hours > timedelta(hours=member.hours_a_day):
        yield Refusal.DAY_FULL
    if any(_too_short(duty, shift) for duty in others):
        yield Refusal.NO_REST
    if sum(duty.starts_at > now for duty in others) >= shift.most_ahead:
        yield Refusal.ENOUGH_AHEAD


def _day(duty: Duty) -> date:
    return local_date(duty.starts_at)


def _too_short(duty: Duty, shift: ShiftFacts) -> bool:
    """Whether an evening on one of the two days leaves too little rest before the other."""
    first, second = sorted([(duty.starts_at, duty.ends_at), (shift.starts_at, shift.ends_at)])
    if local_date(first[0]) == local_date(second[0]):
        return False
    evening = first[1].astimezone(VIETNAM).time() > PART_STARTS[DayPart.EVENING]
    return evening and second[0] - first[1] < timedelta(hours=shift.rest_hours)


def said_free(member: MemberFacts, shift: ShiftFacts) -> bool | None:
    """What the member said of that time: free, not free, or None for nothing said."""
    hours = member.free_hours
    if hours is None or not (hours.said or hours.dates):
        return None
    if hours.away_during(shift.starts_at, shift.ends_at):
        return False
    return hours.free_during(shift.starts_at, shift.ends_at) or (None if not hours.said else False)
