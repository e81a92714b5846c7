"""The rules of one person's duties taken together: overlap, rest, limits, rows of days.

Part of the independent check: it shares no code with what builds the solver's model. What was fixed elsewhere
counts where `Stint` says so, but is never itself reported.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .problem import DAY, Duty, Person, Problem
from .result import Rule, Violation

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class _Work:
    """A duty, or a stint elsewhere (`duty` empty), on one axis of minutes."""

    start: int
    end: int
    day: int
    kind: str
    post: str
    duty: str


def person_rules(problem: Problem, person: Person, duties: Sequence[Duty]) -> Iterator[Violation]:
    """Every broken rule among the duties this person would serve."""
    work = [
        _Work(one.day * DAY + one.start, one.day * DAY + one.end, one.day, one.kind, one.post, one.id)
        for one in duties
    ]
    work += [
        _Work(one.day * DAY + one.start, one.day * DAY + one.end, one.day, one.kind, one.post, "")
        for one in person.elsewhere
    ]
    work.sort(key=lambda one: (one.start, one.duty))
    yield from _pairs(problem, person, work)
    yield from _days_and_weeks(problem, person, work)
    yield from _horizon(problem, person, duties)
    yield from _rows(problem, person, work)


def _broken(rule: Rule, person: Person, work: Iterable[_Work], **data: int | str) -> Violation:
    return Violation(rule, person.id, tuple(one.duty for one in work if one.duty), data=data)


def _pairs(problem: Problem, person: Person, work: Sequence[_Work]) -> Iterator[Violation]:
    forbidden = {(one.before, one.after) for one in problem.successions}
    horizon = max(person.limits.rest or 0, person.limits.gap or 0)
    for at, first in enumerate(work):
        for second in work[at + 1 :]:
            if second.start >= first.end + horizon and second.day > first.day + 1:
                break
            if first.duty or second.duty:
                for rule, minutes in _pair(person, first, second, forbidden):
                    yield _broken(rule, person, (first, second), minutes=minutes)


def _pair(
    person: Person, first: _Work, second: _Work, forbidden: set[tuple[str, str]]
) -> Iterator[tuple[Rule, int]]:
    between = second.start - first.end
    rest, gap = person.limits.rest, person.limits.gap
    if between < 0:
        yield Rule.OVERLAP, -between
    elif first.day == second.day and first.post != second.post and gap is not None and between < gap:
        yield Rule.GAP, between
    elif first.day != second.day and rest is not None and between < rest:
        yield Rule.REST, between
    if second.day == first.day + 1 and (first.kind, second.kind) in forbidden:
        yield Rule.SUCCESSION, between


def _days_and_weeks(problem: Problem, person: Person, work: Sequence[_Work]) -> Iterator[Violation]:
    limits = person.limits
    by_day: dict[int, list[_Work]] = {}
    by_week: dict[int, list[_Work]] = {}
    for one in work:
        by_day.setdefault(one.day, []).append(one)
        by_week.setdefault(problem.week_of(one.day), []).append(one)
    for day, some in by_day.items():
        minutes = sum(one.end - one.start for one in some)
        yield from _above(Rule.DUTIES_PER_DAY, person, some, len(some), limits.duties_per_day, day=day)
        yield from _above(Rule.MINUTES_PER_DAY, person, some, minutes, limits.minutes_per_day, day=day)
    for week, some in by_week.items():
        yield from _above(Rule.DUTIES_PER_WEEK, person, some, len(some), limits.duties_per_week, week=week)


def _above(
    rule: Rule, person: Person, work: Sequence[_Work], value: int, limit: int | None, **data: int
) -> Iterator[Violation]:
    if limit is not None and value > limit and any(one.duty for one in work):
        yield _broken(rule, person, work, value=value, limit=limit, **data)


def _horizon(problem: Problem, person: Person, duties: Sequence[Duty]) -> Iterator[Violation]:
    limits = person.limits
    names = tuple(duty.id for duty in duties)
    minutes = sum(duty.minutes for duty in duties)
    kinds = Counter(duty.kind for duty in duties)
    weekends = {problem.week_of(duty.day) for duty in duties if _weekday(problem, duty.day) >= SATURDAY}
    found = [
        (Rule.DUTIES, len(duties), limits.duties, ""),
        (Rule.MAXIMUM_MINUTES, minutes, limits.maximum_minutes, ""),
        (Rule.WEEKENDS, len(weekends), limits.weekends, ""),
        *((Rule.PER_KIND, kinds[kind], limit, kind) for kind, limit in limits.per_kind.items()),
    ]
    for rule, value, limit, kind in found:
        if limit is not None and value > limit:
            yield Violation(rule, person.id, names, data={"value": value, "limit": limit, "kind": kind})
    if limits.minimum_minutes is not None and minutes < limits.minimum_minutes:
        data: dict[str, int | str] = {"value": minutes, "limit": limits.minimum_minutes}
        yield Violation(Rule.MINIMUM_MINUTES, person.id, names, data=data)


def _weekday(problem: Problem, day: int) -> int:
    return problem.date_of(day).weekday()


def _rows(problem: Problem, person: Person, work: Sequence[_Work]) -> Iterator[Violation]:
    limits = person.limits
    rows = _runs(work)
    for row in rows:
        first, last = row[0].day, row[-1].day
        length = last - first + 1
        yield from _above(
            Rule.CONSECUTIVE_DAYS, person, row, length, limits.consecutive_days, day=first
        )  # fmt: skip
        least = limits.minimum_consecutive_days
        inside = first > 0 and last < problem.days - 1
        if least is not None and length < least and inside and any(one.duty for one in row):
            yield _broken(Rule.MINIMUM_CONSECUTIVE_DAYS, person, row, value=length, limit=least, day=first)
    least = limits.minimum_consecutive_days_off
    for before, after in pairwise(rows):
        off = after[0].day - before[-1].day - 1
        ends = (before[-1].day, after[0].day)
        edges = [one for one in (*before, *after) if one.day in ends]
        inside = ends[0] >= 0 and ends[1] < problem.days
        if least is not None and off < least and inside and any(one.duty for one in edges):
            day = ends[0] + 1
            yield _broken(Rule.MINIMUM_CONSECUTIVE_DAYS_OFF, person, edges, value=off, limit=least, day=day)


def _runs(work: Sequence[_Work]) -> list[list[_Work]]:
    """The work grouped into rows of days without a day off between."""
    rows: list[list[_Work]] = []
    for one in sorted(work, key=lambda one: one.day):
        if rows and one.day <= rows[-1][-1].day + 1:
            rows[-1].append(one)
        else:
            rows.append([one])
    return rows
