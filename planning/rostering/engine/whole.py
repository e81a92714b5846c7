"""The same rows solved in whole numbers by branch and cut: for the months a constraint solver finds hard.

Responsible for one run within given bounds. Limits are counted in nodes, so that a run is the same on every
machine, unless its seconds are over first.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt

from .linear import Floats, Linear, write

# What the solver may be off by in its own bound: rosters' costs are whole, so that less than 1 is exact.
TOLERANCE = 1e-4
# The solver hears of no stop while it runs: it is never left alone for longer.
LONGEST_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Found:
    """The best values of the variables (None: none were found) and what any within the bounds cost."""

    values: Floats | None
    bound: float


def solve_whole(linear: Linear, lower: Floats, upper: Floats, *, nodes: int, seconds: float | None) -> Found:
    """The cheapest whole numbers within these bounds; the bound is infinite when there are none."""
    model = mathopt.Model.from_model_proto(write(linear, lower, upper, whole=True))
    limit = LONGEST_SECONDS if seconds is None else min(seconds, LONGEST_SECONDS)
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=limit),
        node_limit=nodes,
        relative_gap_tolerance=0.0,
        absolute_gap_tolerance=1 - 10 * TOLERANCE,
    )
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    if result.termination.reason is mathopt.TerminationReason.INFEASIBLE:
        return Found(None, np.inf)
    bound = float(np.ceil(result.termination.objective_bounds.dual_bound - TOLERANCE))
    if not result.has_primal_feasible_solution():
        return Found(None, bound)
    return Found(np.rint(np.array(result.variable_values(list(model.variables())))), bound)
