"""Rules about whole days: rows of days worked, rows of days off, weekends."""

from collections.abc import Mapping, Sequence

from ortools.sat.python import cp_model

from planning.rostering.problem import Person, Problem

from .draft import Draft, Taken, Variable, variables

SATURDAY = 5


def add_days(draft: Draft, problem: Problem, person: Person, row: Sequence[Taken]) -> None:
    """Adds what the limits say about days in a row and weekends; nothing when they say nothing."""
    limits = person.limits
    asked = (
        limits.consecutive_days,
        limits.minimum_consecutive_days,
        limits.minimum_consecutive_days_off,
        limits.weekends,
    )
    if all(one is None for one in asked):
        return
    by_day: dict[int, list[Taken]] = {}
    for one in row:
        by_day.setdefault(one.duty.day, []).append(one)
    locked = {day for day, some in by_day.items() if any(one.locked for one in some)}
    own = {day: _worked(draft, person, some) for day, some in by_day.items()}
    if limits.weekends is not None:
        _add_weekends(draft, problem, own, locked, limits.weekends)
    worked = _Days(own, {one.day for one in person.elsewhere})
    if limits.consecutive_days is not None:
        _add_longest(draft, worked, locked, range(problem.days), limits.consecutive_days)
    if limits.minimum_consecutive_days is not None:
        _add_shortest(draft, problem, worked, limits.minimum_consecutive_days)
    if limits.minimum_consecutive_days_off is not None:
        _add_shortest_off(draft, problem, worked, limits.minimum_consecutive_days_off)


def _worked(draft: Draft, person: Person, some: Sequence[Taken]) -> Variable:
    """Whether the person works on this day."""
    seats = variables(some)
    if len(seats) == 1:
        return seats[0]
    day = draft.cp.new_bool_var("")
    if person.limits.duties_per_day == 1 and not any(one.locked for one in some):
        draft.cp.add(cp_model.LinearExpr.sum(seats) == day)
    else:
        draft.cp.add_max_equality(day, seats)
    return day


def _add_weekends(
    draft: Draft, problem: Problem, own: Mapping[int, Variable], locked: set[int], limit: int
) -> None:
    weekends: dict[int, list[int]] = {}
    for day in own:
        if problem.date_of(day).weekday() >= SATURDAY:
            weekends.setdefault(problem.week_of(day), []).append(day)
    if len(weekends) <= limit:
        return
    counted = []
    for days in weekends.values():
        weekend = own[days[0]] if len(days) == 1 else draft.cp.new_bool_var("")
        for day in days:
            draft.cp.add_implication(own[day], weekend)
        counted.append(weekend)
    draft.at_most(counted, max(limit, sum(any(day in locked for day in some) for some in weekends.values())))


def _add_longest(draft: Draft, worked: "_Days", locked: set[int], days: range, limit: int) -> None:
    own, away = worked.own, worked.away
    for first in range(-limit, len(days)):
        window = range(first, first + limit + 1)
        some = [own[day] for day in window if day in own and day not in away]
        fixed = sum(day in away for day in window)
        given = sum(day in locked and day not in away for day in window)
        mine = [own[day] for day in window if day in own]
        if fixed + len(some) > limit and mine:
            if fixed > limit:
                _close(draft, mine, [own[day] for day in window if day in locked])
            else:
                draft.at_most(some, max(limit - fixed, given))


def _close(draft: Draft, days: Sequence[Variable], locked: Sequence[Variable]) -> None:
    """Days that are worked elsewhere in too long a row already: nothing more on them, but what is locked."""
    kept = {one.index for one in locked}
    for day in days:
        if day.index not in kept:
            draft.cp.add(day == 0)


class _Days:
    """A literal for each day: worked by a duty or elsewhere; None where nothing can be worked."""

    def __init__(self, own: Mapping[int, Variable], away: set[int]) -> None:
        self.own = own
        self.away = away

    def on(self, day: int) -> cp_model.LiteralT:
        if day in self.away:
            return True
        return self.own.get(day, False)


def _not(literal: cp_model.LiteralT) -> cp_model.LiteralT:
    if isinstance(literal, cp_model.IntVar):
        return literal.negated()
    return not literal


def _add_shortest(draft: Draft, problem: Problem, worked: _Days, least: int) -> None:
    """A row of days that starts inside the horizon and ends before it is over has at least `least` days."""
    for first in range(1, problem.days - 1):
        for length in range(1, least):
            after = first + length
            if after > problem.days - 1:
                break
            row = range(first, after)
            if any(day in worked.own for day in row):
                rule = [worked.on(first - 1), worked.on(after), *(_not(worked.on(day)) for day in row)]
                draft.cp.add_bool_or(rule)


def _add_shortest_off(draft: Draft, problem: Problem, worked: _Days, least: int) -> None:
    """Days off between two days worked are at least `least`."""
    for first in range(1, problem.days - 1):
        for length in range(1, least):
            after = first + length
            if after > problem.days - 1:
                break
            row = range(first, after)
            edges = (first - 1, after)
            if any(day in worked.own for day in edges):
                rule = [*(_not(worked.on(day)) for day in edges), *(worked.on(day) for day in row)]
                draft.cp.add_bool_or(rule)
