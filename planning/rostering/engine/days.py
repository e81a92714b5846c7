"""Rules about whole days: rows of days worked, rows of days off, weekends."""

from collections.abc import Sequence

from ortools.sat.python import cp_model

from planning.rostering.problem import Person, Problem

from .draft import Draft, Taken, Variable, variables

SATURDAY = 5


def add_days(draft: Draft, problem: Problem, person: Person, row: Sequence[Taken]) -> None:
    """Adds what the limits say about days in a row and weekends; nothing when they say nothing."""
    limits = person.limits
    days = Days(draft, person, row)
    if limits.weekends is not None:
        _add_weekends(draft, problem, days, limits.weekends)
    if limits.consecutive_days is not None:
        _add_longest(draft, problem, days, limits.consecutive_days)
    if limits.minimum_consecutive_days is not None:
        _add_shortest(draft, problem, days, limits.minimum_consecutive_days)
    if limits.minimum_consecutive_days_off is not None:
        _add_shortest_off(draft, problem, days, limits.minimum_consecutive_days_off)


class Days:
    """A literal for each day on which the person may work, made when a rule first asks for it."""

    def __init__(self, draft: Draft, person: Person, row: Sequence[Taken]) -> None:
        self._draft = draft
        self._single = person.limits.duties_per_day == 1
        self._literals: dict[int, Variable] = {}
        self.open: dict[int, list[Taken]] = {}
        for one in row:
            self.open.setdefault(one.duty.day, []).append(one)
        self.locked = {day for day, some in self.open.items() if any(one.locked for one in some)}
        self.away = {one.day for one in person.elsewhere}
        self.week_limit = person.limits.duties_per_week

    def own(self, day: int) -> Variable:
        """Whether a duty is served on this day; only for days in `open`."""
        if day not in self._literals:
            self._literals[day] = self._literal(day)
        return self._literals[day]

    def _literal(self, day: int) -> Variable:
        seats = variables(self.open[day])
        if len(seats) == 1:
            return seats[0]
        literal = self._draft.boolean()
        if self._single and day not in self.locked:
            self._draft.cp.add(cp_model.LinearExpr.sum(seats) == literal)
        else:
            self._draft.cp.add_max_equality(literal, seats)
        return literal

    def on(self, day: int) -> cp_model.LiteralT:
        """Whether the day is worked, by a duty or elsewhere."""
        if day in self.away:
            return True
        return self.own(day) if day in self.open else False

    def served(self, some: Sequence[int]) -> list[list[cp_model.LiteralT]]:
        """Lists of literals, one of which is all true when every day is worked and a duty is among that."""
        if not all(day in self.away for day in some):
            possible = all(day in self.away or day in self.open for day in some)
            return [[self.on(day) for day in some]] if possible else []
        return [[self.own(day)] for day in some if day in self.open]


def _add_weekends(draft: Draft, problem: Problem, days: Days, limit: int) -> None:
    weekends: dict[int, list[int]] = {}
    for day in days.open:
        if problem.date_of(day).weekday() >= SATURDAY:
            weekends.setdefault(problem.week_of(day), []).append(day)
    if len(weekends) <= limit:
        return
    counted = []
    for some in weekends.values():
        weekend = days.own(some[0]) if len(some) == 1 else draft.boolean()
        for day in some:
            draft.cp.add_implication(days.own(day), weekend)
        counted.append(weekend)
    given = sum(any(day in days.locked for day in some) for some in weekends.values())
    draft.at_most(counted, max(limit, given))


def _add_longest(draft: Draft, problem: Problem, days: Days, limit: int) -> None:
    for first in range(-limit, problem.days):
        window = range(first, first + limit + 1)
        mine = [day for day in window if day in days.open]
        fixed = sum(day in days.away for day in window)
        if fixed + len(mine) <= limit or not mine or fixed + _most(problem, days, mine) <= limit:
            continue
        if fixed > limit:
            _close(draft, days, mine)
        else:
            some = [day for day in mine if day not in days.away]
            given = sum(day in days.locked for day in some)
            draft.at_most([days.own(day) for day in some], max(limit - fixed, given))


def _most(problem: Problem, days: Days, mine: Sequence[int]) -> int:
    """On how many of these days a duty can be served at most, by the weekly limit; more when it is all."""
    if days.week_limit is None or days.away or days.locked:
        return len(mine)
    weeks: dict[int, int] = {}
    for day in mine:
        weeks[problem.week_of(day)] = weeks.get(problem.week_of(day), 0) + 1
    return sum(min(count, days.week_limit) for count in weeks.values())


def _close(draft: Draft, days: Days, mine: Sequence[int]) -> None:
    """Days in too long a row of work elsewhere already: nothing more on them, but what is locked."""
    for day in mine:
        for one in days.open[day]:
            for seat in one.variables if not one.locked else ():
                draft.cp.add(seat == 0)


def _not(literal: cp_model.LiteralT) -> cp_model.LiteralT:
    if isinstance(literal, cp_model.IntVar):
        return literal.negated()
    return not literal


def _add_shortest(draft: Draft, problem: Problem, days: Days, least: int) -> None:
    """A row of days that starts inside the horizon and ends before it is over has at least `least` days."""
    for first in range(1, problem.days - 1):
        for after in range(first + 1, min(first + least, problem.days)):
            row = range(first, after)
            for served in days.served(row):
                draft.cp.add_bool_or([days.on(first - 1), days.on(after), *map(_not, served)])


def _add_shortest_off(draft: Draft, problem: Problem, days: Days, least: int) -> None:
    """Days off between two days worked are at least `least`."""
    for first in range(1, problem.days - 1):
        for after in range(first + 1, min(first + least, problem.days)):
            row = range(first, after)
            for served in days.served((first - 1, after)):
                draft.cp.add_bool_or([*map(_not, served), *(days.on(day) for day in row)])
