"""The whole model of a problem, built so that its linear relaxation is tight.

What locked duties alone break is given: limits widen to what is locked, and no further.
"""

from collections.abc import Sequence

from ortools.sat.python import cp_model

from planning.rostering.conflicts import Conflicts
from planning.rostering.problem import Problem
from planning.rostering.seats import Seats

from .cover import Open, add_cover
from .draft import Draft, Taken
from .person import add_person


def build(problem: Problem, seats: Seats) -> Draft:
    """The model; its objective plus `constant` is the roster's objective, exactly."""
    draft = Draft()
    rows = [_row(draft, problem, seats, p) for p in range(len(problem.people))]
    present: list[list[Open]] = [[] for _ in problem.duties]
    conflicts = Conflicts(problem)
    for p, (person, row) in enumerate(zip(problem.people, rows, strict=True)):
        add_person(draft, problem, conflicts, person, row)
        for one, (_, needs) in zip(row, seats.open[p], strict=True):
            for n, variable in zip(needs, one.variables, strict=True):
                present[one.position].append(Open(person, n, variable, one.locked))
    draft.covers_from = len(draft.cp.proto.constraints)
    for duty, some in zip(problem.duties, present, strict=True):
        add_cover(draft, problem, duty, some)
    _add_changes(draft, problem, rows)
    draft.cp.minimize(cp_model.LinearExpr.weighted_sum(draft.terms, draft.costs))
    return draft


def _row(draft: Draft, problem: Problem, seats: Seats, p: int) -> list[Taken]:
    row = []
    for d, needs in seats.open[p]:
        variables = tuple(draft.boolean() for _ in needs)
        for n, variable in zip(needs, variables, strict=True):
            draft.seats[p, d, n] = variable
        locked = (p, d, needs[0]) in seats.locked
        if locked:
            draft.cp.add(variables[0] == 1)
        row.append(Taken(d, problem.duties[d], variables, locked))
    return row


def _add_changes(draft: Draft, problem: Problem, rows: Sequence[Sequence[Taken]]) -> None:
    """A previous duty that is not kept costs a change, a new one an addition."""
    if problem.previous is None:
        return
    weights = problem.weights
    known = {duty.id for duty in problem.duties}
    people = {person.id for person in problem.people}
    kept = {(a.person, a.duty) for a in problem.previous if a.person in people and a.duty in known}
    draft.constant += weights.change * len(kept)
    for person, row in zip(problem.people, rows, strict=True):
        for one in row:
            price = -weights.change if (person.id, one.duty.id) in kept else weights.addition
            for variable in one.variables:
                draft.cost(variable, price)
