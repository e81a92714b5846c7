"""A model being written: the solver's model with its objective, and a person's seats in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from planning.rostering.problem import Duty
from planning.rostering.seats import Seat

Variable = cp_model.IntVar


@dataclass(slots=True)
class Draft:
    """`cp` with its objective so far: sum of costs times terms, plus `constant`.

    `lower` and `upper` are the bounds of the variables in their order; the solver's library adds one of its
    own for a constant. From the constraint `covers_from` on, all speak of duties; those before, of people.
    """

    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    seats: dict[Seat, Variable] = field(default_factory=dict)
    terms: list[Variable] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    constant: int = 0
    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    covers_from: int = 0

    def boolean(self) -> Variable:
        """A new variable that is 0 or 1."""
        return self.integer(0, 1)

    def integer(self, lower: int, upper: int) -> Variable:
        """A new whole number between these, both included."""
        self.lower.append(lower)
        self.upper.append(upper)
        return self.cp.new_int_var(lower, upper, "")

    def cost(self, variable: Variable, price: int) -> None:
        """Adds price times variable to the objective."""
        if price:
            self.terms.append(variable)
            self.costs.append(price)

    def at_most(self, variables: Sequence[Variable], limit: int) -> None:
        """No more than `limit` of these; written only when it can bind."""
        if limit >= len(variables):
            return
        if limit == 1:
            self.cp.add_at_most_one(variables)
        else:
            self.cp.add_linear_constraint(cp_model.LinearExpr.sum(variables), 0, max(0, limit))

    def weighted_at_most(self, variables: Sequence[Variable], weights: Sequence[int], limit: int) -> None:
        """The weights of those taken add up to no more than `limit`; written only when it can bind."""
        if sum(weights) > limit:
            self.cp.add(cp_model.LinearExpr.weighted_sum(variables, weights) <= limit)


@dataclass(slots=True)
class Taken:
    """A person's seats on one duty: at most one of the variables is true."""

    position: int
    duty: Duty
    variables: tuple[Variable, ...]
    locked: bool


def variables(taken: Iterable[Taken]) -> list[Variable]:
    """All seats of these duties."""
    return [one for some in taken for one in some.variables]


def weighted(taken: Iterable[Taken], weights: Iterable[int]) -> tuple[list[Variable], list[int]]:
    """All seats with the weight of their duty."""
    pairs = [(one, w) for some, w in zip(taken, weights, strict=True) for one in some.variables]
    return [one for one, _ in pairs], [w for _, w in pairs]
