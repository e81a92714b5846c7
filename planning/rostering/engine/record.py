"""What is known of one part: the best roster found by any solver, and what any roster costs at least."""

import math
from collections.abc import Callable

from ortools.sat.python import cp_model

from planning.rostering.answer import Answer, Found
from planning.rostering.check import check
from planning.rostering.problem import Assignment, Problem
from planning.rostering.seats import Seat

from .draft import Draft
from .linear import Floats

# Costs are whole numbers: what a solver's bound lies above one by less than this is rounding.
ROUNDING = 1e-4
Value = Callable[[cp_model.LiteralT], bool]


class Record:
    """A model with the best roster so far; `found` hears of every better one.

    `low` and `lowest` are the bound and the best roster's cost as the model counts them, without the draft's
    constant.
    """

    def __init__(self, problem: Problem, draft: Draft, found: Found | None) -> None:
        self.draft = draft
        self.best: tuple[Assignment, ...] | None = None
        self.low = -math.inf
        self.lowest = math.inf
        self._problem = problem
        self._found = found

    @property
    def proven(self) -> bool:
        """Whether no roster costs less than the best one found."""
        return self.lowest <= self.low

    def answer(self) -> Answer:
        """The best roster with the bound."""
        return Answer(self.best, max(0.0, self.low + self.draft.constant), proven=self.proven)

    def raise_bound(self, low: float) -> None:
        """Any roster costs at least this."""
        if self.low < low < math.inf:
            self.low = max(self.low, math.ceil(low - ROUNDING))

    def hear(self, objective: float, value: Value) -> None:
        """A roster that keeps every rule, with what it costs."""
        if round(objective) < self.lowest:
            self._keep(round(objective), tuple(seat for seat, one in self.draft.seats.items() if value(one)))

    def take(self, values: Floats | None) -> None:
        """A roster by the values of all variables, from a solver with tolerances: it is checked."""
        if values is None:
            return
        chosen = tuple(seat for seat, one in self.draft.seats.items() if values[one.index] > 0.5)
        report = check(self._problem, tuple(self._named(seat) for seat in chosen))
        cost = report.objective.total - self.draft.constant
        if report.ok and cost < self.lowest:
            self._keep(cost, chosen)

    def hint(self, roster: tuple[Assignment, ...]) -> None:
        """Where the next attempt on the whole model begins."""
        chosen = set(roster)
        for seat, variable in self.draft.seats.items():
            self.draft.cp.add_hint(variable, self._named(seat) in chosen)

    def _keep(self, cost: int, chosen: tuple[Seat, ...]) -> None:
        self.lowest = cost
        self.best = tuple(self._named(seat) for seat in chosen)
        if self._found is not None:
            self._found(self.best)

    def _named(self, seat: Seat) -> Assignment:
        p, d, n = seat
        duty = self._problem.duties[d]
        return Assignment(self._problem.people[p].id, duty.id, duty.needs[n].id)
