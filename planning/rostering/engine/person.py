"""What binds one person's duties together, and what they cost that person."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from math import gcd

from ortools.sat.python import cp_model

from planning.rostering.conflicts import Conflicts
from planning.rostering.problem import Person, Problem, Wish

from .days import add_days
from .draft import Draft, Taken, variables, weighted

# Beyond so many steps of load the square of the distance is asked for, with so many tangents.
MOST_STEPS = 400
TANGENTS = 40


def add_person(
    draft: Draft, problem: Problem, conflicts: Conflicts, person: Person, row: Sequence[Taken]
) -> None:
    """Adds all of a person's rules, wishes and fair parts to the model."""
    for one in row:
        if len(one.variables) > 1:
            draft.cp.add_at_most_one(one.variables)
    _add_clashes(draft, conflicts, person, row)
    _add_limits(draft, problem, person, row)
    add_days(draft, problem, person, row)
    _add_travel(draft, problem, person, row)
    for wish in person.wishes:
        _add_wish(draft, wish, problem.weights.wish, row)
    weights = problem.weights
    for loads, fair, price in (
        ([(one, one.duty.load) for one in row], person.fair_load, weights.load),
        ([(one, one.duty.unpopular) for one in row], person.fair_unpopular, weights.unpopular),
    ):
        if fair is not None and price:
            _add_fair(draft, loads, fair, price, _most(problem, person, loads))


def _most(problem: Problem, person: Person, loads: Sequence[tuple[Taken, int]]) -> int:
    """More than this nobody can carry by the limits of duties, by the week or in all."""
    limits = person.limits
    locked = sum(load for one, load in loads if one.locked)
    every = sum(sorted((load for _, load in loads), reverse=True)[: limits.duties])
    weeks: dict[int, list[int]] = {}
    for one, load in loads:
        weeks.setdefault(problem.week_of(one.duty.day), []).append(load)
    weekly = sum(sum(sorted(some, reverse=True)[: limits.duties_per_week]) for some in weeks.values())
    return max(locked, every) if locked else min(every, weekly)


def _add_clashes(draft: Draft, conflicts: Conflicts, person: Person, row: Sequence[Taken]) -> None:
    free = {one.position: one for one in row if not one.locked}
    for clique in conflicts.cliques(person.limits, list(free)):
        draft.cp.add_at_most_one(variables(free[d] for d in clique))


def _add_limits(draft: Draft, problem: Problem, person: Person, row: Sequence[Taken]) -> None:
    limits = person.limits
    _each(draft, person, row, lambda day: day, limits.duties_per_day)
    _each(draft, person, row, problem.week_of, limits.duties_per_week)
    if limits.minutes_per_day is not None:
        for day, some in _groups(row, lambda day: day):
            away = sum(one.end - one.start for one in person.elsewhere if one.day == day)
            _minutes(draft, some, limits.minutes_per_day - away)
    if limits.duties is not None:
        _count(draft, row, limits.duties)
    if limits.maximum_minutes is not None:
        _minutes(draft, row, limits.maximum_minutes)
    if limits.minimum_minutes is not None:
        seats, minutes = weighted(row, (one.duty.minutes for one in row))
        draft.cp.add(cp_model.LinearExpr.weighted_sum(seats, minutes) >= limits.minimum_minutes)
    for kind, limit in limits.per_kind.items():
        _count(draft, [one for one in row if one.duty.kind == kind], limit)


def _groups(row: Iterable[Taken], of: Callable[[int], int]) -> list[tuple[int, list[Taken]]]:
    ordered = sorted(row, key=lambda one: of(one.duty.day))
    return [(key, list(some)) for key, some in groupby(ordered, key=lambda one: of(one.duty.day))]


def _each(
    draft: Draft, person: Person, row: Sequence[Taken], of: Callable[[int], int], limit: int | None
) -> None:
    """The limit holds for each day or week, less what is worked elsewhere then."""
    if limit is None:
        return
    for key, some in _groups(row, of):
        _count(draft, some, limit - sum(of(one.day) == key for one in person.elsewhere))


def _count(draft: Draft, some: Sequence[Taken], limit: int) -> None:
    if len(some) > limit:
        draft.at_most(variables(some), max(0, limit, sum(one.locked for one in some)))


def _minutes(draft: Draft, some: Sequence[Taken], limit: int) -> None:
    locked = sum(one.duty.minutes for one in some if one.locked)
    if sum(one.duty.minutes for one in some) > limit:
        draft.weighted_at_most(*weighted(some, (one.duty.minutes for one in some)), max(0, limit, locked))


def _add_travel(draft: Draft, problem: Problem, person: Person, row: Sequence[Taken]) -> None:
    for one in row:
        price = problem.weights.travel * person.distances.get(one.duty.post, 0)
        for seat in one.variables:
            draft.cost(seat, price)


def _add_wish(draft: Draft, wish: Wish, weight: int, row: Sequence[Taken]) -> None:
    price = wish.weight * weight
    meant = variables(one for one in row if _meant(wish, one))
    if not wish.wanted:
        for seat in meant:
            draft.cost(seat, price)
    elif len(meant) <= 1:
        draft.constant += price
        for seat in meant:
            draft.cost(seat, -price)
    elif price:
        unmet = draft.boolean()
        draft.cp.add_bool_or([*meant, unmet])
        draft.cost(unmet, price)


def _meant(wish: Wish, one: Taken) -> bool:
    duty = one.duty
    asked = ((wish.duty, duty.id), (wish.day, duty.day), (wish.kind, duty.kind), (wish.post, duty.post))
    return all(wanted is None or wanted == actual for wanted, actual in asked)


def _add_fair(draft: Draft, loads: Sequence[tuple[Taken, int]], fair: int, price: int, most: int) -> None:
    """The squared distance from the fair part, as steps whose cost grows.

    What can be reached are multiples of the loads' common unit: 0, 1, 2 … units, and each further one costs
    more than the one before it. Where there would be too many steps, the square itself is asked for.
    """
    unit = gcd(*(load for _, load in loads)) or 1
    units = most // unit
    seats, weights = weighted((one for one, _ in loads), (load // unit for _, load in loads))
    if units > MOST_STEPS:
        total = cp_model.LinearExpr.weighted_sum(seats, [unit * factor for factor in weights])
        _add_square(draft, total, (-fair, unit * units - fair), price)
        return
    middle = min(fair // unit, units)
    costs = [price * (unit * count - fair) ** 2 for count in range(units + 1)]
    draft.constant += costs[middle]
    short = [draft.boolean() for _ in range(middle)]
    beyond = [draft.boolean() for _ in range(units - middle)]
    for k, step in enumerate(short):
        draft.cost(step, costs[middle - k - 1] - costs[middle - k])
    for k, step in enumerate(beyond):
        draft.cost(step, costs[middle + k + 1] - costs[middle + k])
    terms = [*seats, *short, *beyond]
    factors = [*weights, *([1] * len(short)), *([-1] * len(beyond))]
    draft.cp.add(cp_model.LinearExpr.weighted_sum(terms, factors) == middle)


def _add_square(draft: Draft, total: cp_model.LinearExpr, away: tuple[int, int], price: int) -> None:
    """The square of the distance as a product, with tangents, which linear rows can hold.

    `away`: how far below and beyond the fair part the total can lie.
    """
    least, most = away
    distance = draft.integer(least, most)
    square = draft.integer(0, max(least**2, most**2))
    draft.cp.add(total - distance == -least)
    draft.cp.add_multiplication_equality(square, [distance, distance])
    for at in range(TANGENTS + 1):
        touch = least + at * (most - least) // TANGENTS
        draft.cp.add(square - 2 * touch * distance >= -(touch**2))
    draft.cost(square, price)
