"""Runs the solvers on one part of a problem until it is proven, stopped, or out of time.

First the linear relaxation: a bound, and with it where every variable must lie in any roster that costs no
more than a little beyond that bound. Within those narrow limits the search is short: it finds such a roster,
which is then the best of all, or proves that there is none, and the limits widen.
"""

import math
import threading
from collections.abc import Callable

import numpy as np
from ortools.sat.python import cp_model

from planning.rostering.answer import Answer, Found
from planning.rostering.greedy import greedy
from planning.rostering.problem import Problem
from planning.rostering.seats import Seats
from planning.rostering.stop import Stop

from .build import build
from .linear import UNLIMITED, costing_at_most, read
from .record import Record, Value
from .relaxation import Relaxation, relax
from .whole import solve_whole

WATCH_SECONDS = 0.1
# How far beyond the bound a roster is looked for, in turn.
STEPS = (2, 6, 20)
# The work on one such step, in the solver's own time; most need a tenth of it, the others branch and cut.
STEP = 0.4
# What part of the effort the steps, each branch and cut, and the broad search may take.
SHARE = 1 / 3
# Branch and cut looks as far beyond the bound as this part of it, in turn, until a roster is known.
WIDTHS = (0.0, 0.01, 0.1)
# It takes about so many nodes in a second, and at most so many seconds, for each of effort.
NODES = 60
NODES_AT_MOST = 2000
SECONDS = 2.0


def run(
    problem: Problem,
    seats: Seats,
    *,
    seed: int,
    stop: Stop,
    found: Found | None = None,
    effort: float | None = None,
) -> Answer:
    """Solves one part with one thread. `found` hears of every better roster.

    `effort` limits the work in the solvers' own time and nodes, about seconds: the same in every run, unless
    the machine is so slow that branch and cut is ended by the clock. What a search within narrow limits
    cannot prove, a broader one continues from the best roster so far.
    """
    search = _Search(Record(problem, build(problem, seats), found), stop, seed, effort)
    relaxation = relax(read(search.record.draft), stop.remaining())
    if relaxation is not None:
        search.record.raise_bound(relaxation.low)
        search.climb(relaxation)
        if relaxation.linear.exact:
            search.branch(relaxation)
    if search.over():
        return search.record.answer()
    return search.broaden(problem)


class _Search:
    """One part's record with what limits the work on it."""

    def __init__(self, record: Record, stop: Stop, seed: int, effort: float | None) -> None:
        self.record = record
        self._stop = stop
        self._seed = seed
        self._effort = effort

    def over(self) -> bool:
        """Whether there is nothing left to do, or no time to do it."""
        return self.record.proven or self._stop.now()

    def climb(self, relaxation: Relaxation) -> None:
        """Looks for rosters ever further beyond the bound, as long as each search is short."""
        work = STEP if self._effort is None else min(STEP, SHARE * self._effort)
        for step in STEPS:
            if self.over():
                return
            limit = int(min(relaxation.low + step, self.record.lowest - 1))
            model = _narrowed(self.record.draft.cp, relaxation, limit)
            if self._attempt(_quick(self._seed), model, limit, work, 0.5) == cp_model.UNKNOWN:
                return

    def branch(self, relaxation: Relaxation) -> None:
        """Branch and cut near the bound; then, once a roster is known, for anything that costs less."""
        record = self.record
        tried = math.inf
        for width in WIDTHS:
            wide = max(STEPS[0], width * abs(record.low + record.draft.constant))
            limit = int(record.low + wide if record.best is None else record.lowest - 1)
            if self.over() or limit == tried:
                return
            tried = limit
            rows = relaxation.linear if record.best is None else costing_at_most(relaxation.linear, limit)
            whole = solve_whole(rows, *relaxation.within(limit), nodes=self._nodes(), seconds=self._seconds())
            record.take(whole.values)
            record.raise_bound(min(whole.bound, limit + 1))
            if whole.bound <= limit and whole.values is None:
                return

    def _nodes(self) -> int:
        return NODES_AT_MOST if self._effort is None else math.ceil(SHARE * NODES * self._effort)

    def _seconds(self) -> float | None:
        """Half of what is left, for branch and cut; by its effort, no more than it could ever want."""
        remaining = self._stop.remaining()
        limits = [
            *([] if remaining is None else [remaining / 2]),
            *([] if self._effort is None else [SECONDS * self._effort]),
        ]
        return min(limits, default=None)

    def broaden(self, problem: Problem) -> Answer:
        """All strategies on the whole model, from the best roster so far."""
        draft = self.record.draft
        self.record.hint(self.record.best or greedy(problem))
        work = None if self._effort is None else SHARE * self._effort
        status = self._attempt(_broad(self._seed), draft.cp, math.inf, work, 1.0)
        if status == cp_model.INFEASIBLE:
            return Answer(None, 0.0, proven=False, infeasible=True)
        return self.record.answer()

    def _attempt(
        self,
        solver: cp_model.CpSolver,
        model: cp_model.CpModel,
        limit: float,
        work: float | None,
        share: float,
    ) -> int:
        """One run on a model of all rosters that cost at most `limit`, with this share of the seconds."""
        remaining = self._stop.remaining()
        if remaining is not None:
            solver.parameters.max_time_in_seconds = max(0.01, share * remaining)
        if work is not None:
            solver.parameters.max_deterministic_time = work
        with _Watch(solver, self._stop):
            status = solver.solve(model, _Listener(self.record.hear, self._stop))
        if status == cp_model.UNKNOWN and not solver.best_objective_bound:
            return int(status)  # ended before the solver had a bound of its own: it then says 0
        least = math.inf if status == cp_model.INFEASIBLE else solver.best_objective_bound
        if limit < math.inf or status != cp_model.INFEASIBLE:
            self.record.raise_bound(min(least, limit + 1))
        return int(status)


def _narrowed(cp: cp_model.CpModel, relaxation: Relaxation, limit: int) -> cp_model.CpModel:
    """The model of all rosters that cost at most the limit, with the bounds that follow for its variables."""
    lower, upper = relaxation.within(limit)
    narrow = cp.clone()
    proto = narrow.proto
    for at in np.nonzero((lower > relaxation.linear.lower) | (upper < relaxation.linear.upper))[0].tolist():
        domain = proto.variables[at].domain
        domain[0], domain[1] = int(lower[at]), int(upper[at])
    proto.objective.domain.extend([-UNLIMITED, limit])
    return narrow


def _quick(seed: int) -> cp_model.CpSolver:
    """The solver as these models like it: one thread, and a small linear program that holds every rule.

    One worker wants `linearization_level` 2: without it few rosters are proven within seconds. Presolve's
    dual reductions add thousands of implications that only swell the linear program; without them, and with
    all of it in the program from the start, a commune's month is proven in a third of the time. No hints: a
    greedy roster to begin with doubles the time.
    """
    solver = _broad(seed)
    parameters = solver.parameters
    parameters.interleave_search = False
    parameters.add_lp_constraints_lazily = False
    parameters.keep_all_feasible_solutions_in_presolve = True
    parameters.max_presolve_iterations = 1
    parameters.cp_model_probing_level = 0
    parameters.symmetry_level = 0
    parameters.use_sat_inprocessing = False
    return solver


def _broad(seed: int) -> cp_model.CpSolver:
    """All the solver's strategies in turn, in one thread: slower to prove, but always with better rosters."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.linearization_level = 2
    solver.parameters.interleave_search = True
    return solver


class _Listener(cp_model.CpSolverSolutionCallback):
    """Hands on every better roster, and stops the search when asked."""

    def __init__(self, hear: Callable[[float, Value], None], stop: Stop) -> None:
        super().__init__()
        self._hear = hear
        self._stop = stop

    def on_solution_callback(self) -> None:
        self._hear(self.objective_value, self.boolean_value)
        if self._stop.now():
            self.stop_search()


class _Watch:
    """Asks the stop several times a second while the solver runs, from a thread of its own."""

    def __init__(self, solver: cp_model.CpSolver, stop: Stop) -> None:
        self._solver = solver
        self._stop = stop
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(WATCH_SECONDS):
            if self._stop.now():
                self._solver.stop_search()
