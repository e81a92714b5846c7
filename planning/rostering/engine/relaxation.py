"""The linear relaxation of a model: what any roster costs at least, and what each choice adds to that.

Responsible for a bound that is right whatever the solver's tolerances: only the prices of the rows (duals)
are taken from it, and bound and reduced costs are computed anew from them (weak duality holds for any prices
of the right sign). From the bound and a variable's reduced cost follows where the variable must lie in every
roster that costs no more than a given number (reduced-cost fixing, Dantzig, Fulkerson & Johnson 1954,
10.1287/opre.2.4.393); most choices of a month are settled that way before any search begins.
"""

import math
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt

from .linear import Floats, Linear, write

# What rounding of the bound's own sums may be off by; costs are whole numbers.
ROUNDING = 1e-6
# No linear program of a roster takes longer; beyond, the search goes on without one.
LONGEST_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Relaxation:
    """`low`: what any solution costs at least, a whole number; `reduced`: each variable's reduced cost.

    `duals` are the rows' prices, `bound` the value before it is rounded up.
    """

    linear: Linear
    duals: Floats
    reduced: Floats
    bound: float

    @property
    def low(self) -> int:
        """The least whole number that any solution may cost."""
        return math.ceil(self.bound - ROUNDING)

    def within(self, cost: int) -> tuple[Floats, Floats]:
        """Lower and upper bounds of the variables in all solutions that cost no more than this."""
        slack = cost - self.bound + ROUNDING
        steps = np.floor(slack / np.maximum(np.abs(self.reduced), ROUNDING))
        lower, upper = self.linear.lower, self.linear.upper
        most = np.where(self.reduced > 0, np.minimum(upper, lower + steps), upper)
        least = np.where(self.reduced < 0, np.maximum(lower, upper - steps), lower)
        return least, most


def relax(linear: Linear, seconds: float | None) -> Relaxation | None:
    """The relaxation; None when it is not solved within these seconds, or has no solution."""
    model = mathopt.Model.from_model_proto(write(linear, linear.lower, linear.upper, whole=False))
    limit = LONGEST_SECONDS if seconds is None else min(seconds, LONGEST_SECONDS)
    parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=limit))
    only_duals = mathopt.ModelSolveParameters(
        variable_values_filter=mathopt.VariableFilter(filtered_items=()),
        reduced_costs_filter=mathopt.VariableFilter(filtered_items=()),
    )
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters, model_params=only_duals)
    found = result.termination.reason is mathopt.TerminationReason.OPTIMAL
    if not found or not result.has_dual_feasible_solution():
        return None
    return priced(linear, np.array(result.dual_values(list(model.linear_constraints())), float))


def priced(linear: Linear, duals: Floats) -> Relaxation:
    """The bound and the reduced costs that follow from prices of the rows, whatever these are."""
    duals = duals.copy()
    duals[(duals > 0) & np.isinf(linear.low)] = 0
    duals[(duals < 0) & np.isinf(linear.high)] = 0
    paid = linear.factor * duals[linear.row]
    reduced = linear.cost - np.bincount(linear.column, weights=paid, minlength=len(linear.cost))
    sides = np.where(duals > 0, linear.low, np.where(duals < 0, linear.high, 0))
    least = np.where(reduced > 0, linear.lower, linear.upper)
    return Relaxation(linear, duals, reduced, float((sides * duals).sum() + (reduced * least).sum()))
