"""Decided from plain values: parts of a day, what includes what, who may serve, who may check whom."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.core.clock import VIETNAM
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import NATION, Actor
from nhipcau.teams.enums import Permission
from nhipcau.volunteers.enums import EXPERIENCED, PART_STARTS, DayPart, Liking, Refusal
from nhipcau.volunteers.models import Qualification

Edges = Mapping[str, frozenset[str]]

WARN_BEFORE: Final = timedelta(days=30)


LONGEST_AWAY: Final = 366
SHIFTS_A_WEEK: Final = (0, 14)
HOURS_A_DAY: Final = (1, 12)
MOST_KM: Final = 300
LONGEST_CONSENT: Final = timedelta(days=366)
UNANSWERED: Final = timedelta(days=90)
KEPT_AFTER_ANSWER: Final = timedelta(days=30)
KEPT_CONSENT: Final = timedelta(days=365)
KEPT_IMPORT: Final = timedelta(days=1)

# The communes, each with its province, in which a member lives or works today.
Places = frozenset[tuple[str, str]]


class UnableToSpeakFor(UnableTo):
    """The member lives and works outside the places of whoever asks."""

    code = "volunteers.unable_to_speak_for"


class UnableToReview(UnableTo):
    """Nobody decides about themselves, or outside their own places."""

    code = "volunteers.unable_to_review"


class UnableToClaim(UnableTo):
    """This qualification cannot be asked for, or not now."""

    code = "volunteers.unable_to_claim"


class UnableToSetDays(UnableTo):
    """The dates are in the past, in the wrong order, or too many."""

    code = "volunteers.unable_to_set_days"


class UnableToInclude(UnableTo):
    """A qualification would include itself by some way round."""

    code = "volunteers.unable_to_include"


def parts_of(starts_at: datetime, ends_at: datetime) -> tuple[tuple[date, DayPart], ...]:
    """The parts of days that the half-open stretch `[starts_at, ends_at)` touches, in order.

    Days and parts are Vietnam's: the afternoon begins at 12:00, the evening at 17:30.
    """
    touched = []
    day, last = starts_at.astimezone(VIETNAM).date(), ends_at.astimezone(VIETNAM).date()
    while day <= last:
        for part, (begins, ends) in _bounds(day).items():
            if starts_at < ends and begins < ends_at:
                touched.append((day, part))
        day += timedelta(days=1)
    return tuple(touched)


def _bounds(day: date) -> dict[DayPart, tuple[datetime, datetime]]:
    starts = [datetime.combine(day, start, tzinfo=VIETNAM) for start in PART_STARTS.values()]
    ends = [*starts[1:], datetime.combine(day + timedelta(days=1), time.min, tzinfo=VIETNAM)]
    return {part: (starts[row], ends[row]) for row, part in enumerate(PART_STARTS)}


def closure(codes: Iterable[str], edges: Edges) -> frozenset[str]:
    """The codes and everything they include, however many steps away."""
    found: set[str] = set()
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting.extend(edges.get(code, ()))
    return frozenset(found)


def check_includes(code: str, includes: Iterable[str], edges: Edges) -> None:
    """Nothing may include itself, however many steps away: the edges are those of the others."""
    others = {key: value for key, value in edges.items() if key != code}
    if code in closure(includes, others):
        raise UnableToInclude(_("A qualification cannot include itself, not even through others."))


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` until, not including, `end` (None: without an end)."""

    start: date
    end: date | None

    def holds(self, day: date) -> bool:
        """Whether the day lies inside."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Availability:
    """When one member can serve: the usual week, and single days that differ."""

    member: UUID
    weekly: Mapping[tuple[int, DayPart], Liking]
    dates: Mapping[tuple[date, DayPart], bool]

    @property
    def said(self) -> bool:
        """Whether the member has said anything of the usual week. If not, nobody knows: ask."""
        return bool(self.weekly)

    def liking(self, weekday: int, part: DayPart) -> Liking | None:
        """How gladly in the usual week (Monday 0); None: not free, or not said."""
        return self.weekly.get((weekday, part))

    def free(self, day: date, part: DayPart) -> bool:
        """Whether the member has said to be free then; a single day goes before the week."""
        return self.dates.get((day, part), (day.weekday(), part) in self.weekly)

    def away(self, day: date, part: DayPart) -> bool:
        """Whether the member has said not to be there on that very day."""
        return self.dates.get((day, part)) is False

    def liking_on(self, day: date, part: DayPart) -> Liking | None:
        """How gladly on one day; somebody free by exception can."""
        if not self.free(day, part):
            return None
        return self.weekly.get((day.weekday(), part), Liking.CAN)

    def free_during(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether the member has said to be free in every part that a shift touches."""
        return all(self.free(day, part) for day, part in parts_of(starts_at, ends_at))

    def away_during(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether the member has said to be away in a part that a shift touches."""
        return any(self.away(day, part) for day, part in parts_of(starts_at, ends_at))


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides whether one member may serve at all, on any day of a stretch."""

    member: UUID
    active: bool
    minor_until: date | None
    consents: tuple[Span, ...]
    memberships: tuple[tuple[UUID, Span], ...]

    def teams_on(self, day: date) -> frozenset[UUID]:
        """The teams the member is in on that day."""
        return frozenset(team for team, span in self.memberships if span.holds(day))

    def is_minor_on(self, day: date) -> bool:
        """Whether the member is under 18 on that day."""
        return self.minor_until is not None and day < self.minor_until

    def refusal_on(self, day: date) -> Refusal | None:
        """Why the member may not serve on that day; None when they may."""
        if not self.active:
            return Refusal.ACCOUNT_CLOSED
        if not self.teams_on(day):
            return Refusal.IN_NO_TEAM
        if self.is_minor_on(day) and not any(span.holds(day) for span in self.consents):
            return Refusal.NO_GUARDIAN_CONSENT
        return None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one member wants to serve at most, and how far from home."""

    shifts_a_week: int
    hours_a_day: int
    reach_km: int


def reaches(by: Actor, places: Places, permission: str = Permission.VOLUNTEERS_REVIEW) -> bool:
    """Whether one of the places lies where the permission is held."""
    scope = by.scope(permission)
    return scope.nation or any(scope.covers(commune=one, province=other) for one, other in places)


def check_review(by: Actor | None, *, member: UUID, places: Places) -> None:
    """Evidence and consents are recorded by those who answer for the place, never by oneself."""
    if by is None:
        return
    if by.id == member:
        raise UnableToReview(_("You cannot decide about yourself. Ask somebody else who leads here."))
    if not reaches(by, places):
        raise UnableToReview(_("This person does not belong to your places."))


def check_speak_for(by: Actor | None, *, member: UUID, places: Places) -> None:
    """Members say themselves when they can help; for one without a phone those who lead the place do."""
    if by is not None and by.id != member and not reaches(by, places):
        raise UnableToSpeakFor(_("This person does not belong to your places."))


def check_claim(found: Qualification, *, provinces: frozenset[str], evidence: str, own: bool) -> None:
    """Only what is offered where the member is, and with a word on how it can be known."""
    if found.code == EXPERIENCED and own:
        raise UnableToClaim(_("This is given by the programme itself after the first shifts."))
    if not found.active or found.unit_code not in provinces | {NATION}:
        raise UnableToClaim(_("This qualification is not offered here."))
    if found.needs_evidence and not evidence.strip():
        raise UnableToClaim(_("Write how we can know it: a course, a diploma, or who has seen you do it."))


def check_days(first: date, last: date, *, today: date) -> None:
    """From today on, in order, at most a year at once."""
    if first < today:
        raise UnableToSetDays(_("The first day has passed already."))
    if last < first:
        raise UnableToSetDays(_("The last day lies before the first."))
    if (last - first).days >= LONGEST_AWAY:
        raise UnableToSetDays(_("At most one year at once."))


def longest_consent(today: date, minor_until: date | None) -> dict[str, date]:
    """From today, for a year at most and not beyond the eighteenth birthday."""
    latest = today + LONGEST_CONSENT
    grown_up = minor_until if minor_until and minor_until > today else latest
    return {"given_on": today, "valid_until": min(latest, grown_up)}


def is_phone(text: str) -> bool:
    """Digits with the usual separators. Real ranges are not checked: they change."""
    return re.fullmatch(r"\+?[0-9][0-9 .()-]{6,22}", text, re.ASCII) is not None


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or the last one of it; at most the last day there is."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1])) if year <= MAXYEAR else date.max
