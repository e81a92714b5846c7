"""Runs the solver on one part of a problem until it is proven, stopped, or out of time."""

import threading
from collections.abc import Callable

from ortools.sat.python import cp_model

from planning.rostering.answer import Answer
from planning.rostering.problem import Assignment, Problem
from planning.rostering.seats import Seats
from planning.rostering.stop import Stop

from .build import build
from .draft import Draft

WATCH_SECONDS = 0.1
Found = Callable[[tuple[Assignment, ...]], None]


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

    `effort` limits the work in the solver's own time, about seconds: the same on every machine and run.
    """
    draft = build(problem, seats)
    solver = _solver(seed, stop.remaining())
    if effort is not None:
        solver.parameters.max_deterministic_time = effort
    listener = _Listener(draft, problem, found, stop)
    with _Watch(solver, stop):
        status = solver.solve(draft.cp, listener)
    if status == cp_model.INFEASIBLE:
        return Answer(None, 0.0, proven=False, infeasible=True)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, max(0.0, solver.best_objective_bound + draft.constant), proven=False)
    chosen = _assignments(draft, problem, solver.boolean_value)
    bound = solver.best_objective_bound + draft.constant
    return Answer(chosen, max(0.0, bound), proven=status == cp_model.OPTIMAL)


def _solver(seed: int, seconds: float | None) -> cp_model.CpSolver:
    """The solver as these models like it: one thread, and a small linear program that holds every rule.

    One worker wants `linearization_level` 2: without it few rosters are proven within seconds. Presolve's
    dual reductions add thousands of implications that only swell the linear program; without them, and with
    all of it in the program from the start, a commune's month is proven in a third of the time. No hints: a
    greedy roster to begin with doubles the time.
    """
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.random_seed = seed % 2**31
    parameters.linearization_level = 2
    parameters.add_lp_constraints_lazily = False
    parameters.keep_all_feasible_solutions_in_presolve = True
    parameters.max_presolve_iterations = 1
    parameters.cp_model_probing_level = 0
    parameters.symmetry_level = 0
    parameters.use_sat_inprocessing = False
    if seconds is not None:
        parameters.max_time_in_seconds = max(0.01, seconds)
    return solver


def _assignments(
    draft: Draft, problem: Problem, value: Callable[[cp_model.LiteralT], bool]
) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(problem.people[p].id, problem.duties[d].id, problem.duties[d].needs[n].id)
        for (p, d, n), variable in draft.seats.items()
        if value(variable)
    )


class _Listener(cp_model.CpSolverSolutionCallback):
    """Hands on every better roster, and stops the search when asked."""

    def __init__(self, draft: Draft, problem: Problem, found: Found | None, stop: Stop) -> None:
        super().__init__()
        self._draft = draft
        self._problem = problem
        self._found = found
        self._stop = stop

    def on_solution_callback(self) -> None:
        if self._found is not None:
            self._found(_assignments(self._draft, self._problem, self.boolean_value))
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
