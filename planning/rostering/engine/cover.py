"""The cover of duties: seats filled against need, floors, and newcomers accompanied."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ortools.sat.python import cp_model

from planning.rostering.problem import Duty, Experience, Floor, Mixing, Need, Person, Problem, Weights

from .draft import Draft, Variable


@dataclass(slots=True)
class Open:
    """A person who may take a seat of a duty: the need's position, its variable, and whether it is locked."""

    person: Person
    need: int
    variable: Variable
    locked: bool


def add_cover(draft: Draft, problem: Problem, duty: Duty, seats: Sequence[Open]) -> None:
    """Adds one duty's needs, floors and mixing; `seats` are all that are open on it."""
    for n, need in enumerate(duty.needs):
        mine = [one.variable for one in seats if one.need == n]
        locked = sum(one.locked for one in seats if one.need == n)
        _add_need(draft, problem.weights, need, mine, locked)
    on = problem.date_of(duty.day)
    for floor in duty.floors:
        _add_floor(draft, problem.weights, floor, [one.variable for one in seats if _fits(one, floor, on)])
    if duty.mixing is not Mixing.NONE:
        _add_mixing(draft, problem.weights, duty.mixing, seats)


def _or(own: int | None, common: int) -> int:
    return common if own is None else own


def _add_need(draft: Draft, weights: Weights, need: Need, seats: Sequence[Variable], locked: int) -> None:
    """Seats taken + short of minimum + short of ideal - beyond ideal = ideal."""
    prices = (
        _or(need.under_minimum, weights.under_minimum),
        _or(need.under_ideal, weights.under_ideal),
        _or(need.over, weights.over),
    )
    if not seats:
        draft.constant += need.minimum * prices[0] + (need.ideal - need.minimum) * prices[1]
        return
    most = len(seats) if need.maximum is None else min(len(seats), max(need.maximum, locked))
    if need.ideal == 0 and most == len(seats):
        for seat in seats:
            draft.cost(seat, prices[2])
        return
    bounds = (need.minimum, need.ideal - need.minimum, max(0, most - need.ideal))
    slack = [draft.integer(0, bound) for bound in bounds]
    for variable, price in zip(slack, prices, strict=True):
        draft.cost(variable, price)
    factors = [*([1] * len(seats)), 1, 1, -1]
    draft.cp.add(cp_model.LinearExpr.weighted_sum([*seats, *slack], factors) == need.ideal)


def _fits(one: Open, floor: Floor, on: date) -> bool:
    person = one.person
    if floor.experienced and person.experience is not Experience.EXPERIENCED:
        return False
    if not all(
        person.languages.get(language, level - 1) >= level for language, level in floor.languages.items()
    ):
        return False
    if not floor.qualifications:
        return True
    valid = {
        held.code
        for held in person.qualifications
        if (held.since or on) <= on <= (held.until or on)
    }  # fmt: skip
    return valid.issuperset(floor.qualifications)


def _add_floor(draft: Draft, weights: Weights, floor: Floor, seats: Sequence[Variable]) -> None:
    price = _or(floor.weight, weights.floor)
    if not floor.count or not price:
        return
    if not seats:
        draft.constant += price * floor.count
        return
    short = draft.integer(0, floor.count)
    draft.cp.add(cp_model.LinearExpr.sum([*seats, short]) >= floor.count)
    draft.cost(short, price)


def _add_mixing(draft: Draft, weights: Weights, mixing: Mixing, seats: Sequence[Open]) -> None:
    """Newcomers less experienced people is at most 0, or at most what is paid for."""
    new = [one for one in seats if one.person.experience is Experience.NEWCOMER]
    old = [one for one in seats if one.person.experience is Experience.EXPERIENCED]
    if not new:
        return
    terms = [*_variables(new), *_variables(old)]
    factors = [*([1] * len(new)), *([-1] * len(old))]
    if mixing is Mixing.HARD:
        given = max(0, sum(one.locked for one in new) - sum(one.locked for one in old))
        draft.cp.add(cp_model.LinearExpr.weighted_sum(terms, factors) <= given)
        return
    alone = draft.integer(0, len(new))
    draft.cp.add(cp_model.LinearExpr.weighted_sum([*terms, alone], [*factors, -1]) <= 0)
    draft.cost(alone, weights.mixing)


def _variables(seats: Iterable[Open]) -> list[Variable]:
    return [one.variable for one in seats]
