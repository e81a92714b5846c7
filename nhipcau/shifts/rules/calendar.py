"""On which dates the rules of posts come round, and what stands against one: holidays, closures, shifts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Protocol
from uuid import UUID

from django.utils.translation import get_language
from holidays import country_holidays

from nhipcau.core.clock import VIETNAM
from nhipcau.shifts.enums import LeftOut, Reason, ShiftState
from nhipcau.shifts.models import Closure, PostRule

MOST_DAYS: Final = 62
# The languages of our screens as the table of holidays calls them.
_SPOKEN: Final = {"vi": "vi", "th": "th"}


@lru_cache(maxsize=32)
def _year(year: int, language: str) -> dict[date, str]:
    return dict(country_holidays("VN", years=year, language=language))


def holidays_between(start: date, end: date, language: str = "") -> dict[date, str]:
    """Public holidays of Viet Nam, lunar ones and days in lieu too: day → name in the screen's language."""
    spoken = _SPOKEN.get((language or get_language() or "vi")[:2], "en_US")
    years = range(start.year, end.year + 1)
    return {
        day: name for year in years for day, name in sorted(_year(year, spoken).items()) if start <= day < end
    }


@lru_cache(maxsize=32)
def _swaps(year: int) -> dict[date, date]:
    """The table of holidays names the days worked, and each day off names the one worked for it."""
    table = country_holidays("VN", years=(year - 1, year, year + 1), language="vi")
    worked = (day for day in table.weekend_workdays if day.year == year)
    return {day: off for day in worked for off, name in table.items() if f"{day:%d/%m/%Y}" in name}


def worked_in_lieu(start: date, end: date) -> dict[date, date]:
    """Days of the weekend in `[start, end)` on which Viet Nam works: day → the day off it is worked for."""
    years = range(start.year, end.year + 1)
    return {day: off for year in years for day, off in sorted(_swaps(year).items()) if start <= day < end}


def span(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """The moments between which a shift of that day lasts; times of day are Viet Nam's."""
    return datetime.combine(day, starts, tzinfo=VIETNAM), datetime.combine(day, ends, tzinfo=VIETNAM)


class Made(Protocol):
    """What must be known of a shift that is there already."""

    post_id: UUID
    rule_id: UUID | None
    day: date
    starts_at: datetime
    ends_at: datetime
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A date on which a rule comes round. `why` says what stands against a shift; `detail` names it.

    `in_lieu_of`: the day off for which people work on this day of the weekend.
    """

    rule: PostRule
    day: date
    starts_at: datetime
    ends_at: datetime
    why: LeftOut | None = None
    detail: str = ""
    in_lieu_of: date | None = None

    @property
    def key(self) -> str:
        """The name of the date in a form."""
        return f"{self.rule.pk}:{self.day:%Y-%m-%d}"

    @property
    def can_be_made(self) -> bool:
        """Whether a leader may ask for it; with a doubt only by a tick of their own."""
        return self.why in (None, *DOUBTS)

    @property
    def ticked(self) -> bool:
        """Whether it is proposed."""
        return self.why is None


# Reasons that only warn: the leader decides.
DOUBTS: Final = (LeftOut.OVERLAPS, LeftOut.CALLED_OFF)


def days_of(rule: PostRule, start: date, end: date, in_lieu: Mapping[date, date]) -> Iterator[date]:
    """The days of `[start, end)` on which a rule comes round, as far as rule, post and team last.

    A day worked in lieu of another is served as that other day would have been, and as its own weekday is.
    """
    post, team = rule.post, rule.post.team
    first = max(start, rule.valid_from, post.active_from, team.starts_on)
    ends = (rule.valid_until, post.active_until, team.ends_on)
    last = min((end, *(day for day in ends if day is not None)))
    for offset in range(max(0, (last - first).days)):
        day = first + timedelta(days=offset)
        if {day.weekday(), in_lieu.get(day, day).weekday()} & set(rule.weekdays):
            yield day


def closure_on(closures: Iterable[Closure], *, commune: str, point: UUID | None, day: date) -> Closure | None:
    """What closes a post of that commune and point on a day; None when it is open."""
    for closure in closures:
        here = closure.commune_id == commune and closure.point_id in (None, point)
        if here and closure.starts_on <= day < closure.ends_on:
            return closure
    return None


@dataclass(frozen=True, slots=True)
class Calendar:
    """What makes and unmakes a date: days worked in lieu, holidays, closures, shifts there, the present."""

    holidays: Mapping[date, str]
    closures: tuple[Closure, ...]
    now: datetime
    in_lieu: Mapping[date, date] = field(default_factory=dict)

    def plan(self, rules: Iterable[PostRule], made: Iterable[Made], *, start: date, end: date) -> list[Dated]:
        """Every date of the rules in `[start, end)`, by time; each rule comes with post, team and needs."""
        there: dict[tuple[UUID, date], list[Made | Dated]] = {}
        for row in made:
            there.setdefault((row.post_id, row.day), []).append(row)
        wanted = [
            Dated(rule, day, *span(day, rule.starts, rule.ends), in_lieu_of=self.in_lieu.get(day))
            for rule in rules
            for day in days_of(rule, start, end, self.in_lieu)
        ]
        # Of two rules that begin together, the one that lasts longer brings the shift.
        wanted.sort(
            key=lambda one: (one.starts_at, one.rule.post.name, -one.ends_at.timestamp(), str(one.rule.pk))
        )
        found = []
        for one in wanted:
            beside = there.setdefault((one.rule.post_id, one.day), [])
            judged = self._judge(one, beside)
            if judged.why is None:
                beside.append(judged)
            found.append(judged)
        return found

    def _judge(self, one: Dated, beside: list["Made | Dated"]) -> Dated:
        post = one.rule.post
        why, detail = _beside(one, beside), ""
        closed = closure_on(self.closures, commune=post.commune_id, point=post.point_id, day=one.day)
        if why is LeftOut.MADE:
            return replace(one, why=why)
        if one.starts_at <= self.now:
            why = LeftOut.PAST
        elif closed is not None:
            why, detail = LeftOut.CLOSED, closed.get_reason_display()
        elif one.day in self.holidays and not one.rule.on_holidays:
            why, detail = LeftOut.HOLIDAY, self.holidays[one.day]
        elif not one.rule.needs.all():
            why = LeftOut.NOBODY
        return replace(one, why=why, detail=detail)


def _beside(one: Dated, beside: Iterable["Made | Dated"]) -> LeftOut | None:
    """What the shifts of the same post and day say: there already, called off by somebody, in the way."""
    found: LeftOut | None = None
    for other in beside:
        same = other.starts_at == one.starts_at or (
            not isinstance(other, Dated) and other.rule_id == one.rule.pk
        )
        if not isinstance(other, Dated) and other.state == ShiftState.CANCELLED:
            # Called off by a closure, it may come back once the closure is over; by a person, they decide.
            if same and other.reason != Reason.POST_CLOSED:
                found = LeftOut.CALLED_OFF
        elif same:
            return LeftOut.MADE
        elif other.starts_at < one.ends_at and one.starts_at < other.ends_at:
            found = LeftOut.OVERLAPS
    return found
