"""Runs the solver on one part of a problem until it is proven, stopped, or out of time."""

import threading
from collections.abc import Callable

from ortools.sat.python import cp_model

from planning.rostering.answer import Answer
from planning.rostering.greedy import greedy
from planning.rostering.problem import Assignment, Problem
from planning.rostering.seats import Seat, Seats
from planning.rostering.stop import Stop

from .build import build
from .draft import Draft

WATCH_SECONDS = 0.1
# The quick search proves most months with far less than this.
QUICK = 4.0
Found = Callable[[tuple[Assignment, ...]], None]
Value = Callable[[cp_model.LiteralT], bool]
Hear = Callable[[float, Value], None]


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

    `effort` limits the work in the solver's own time, about seconds: the same on every machine and run. What
    the quick search cannot prove with half of it, a broader one continues from the best roster so far.
    """
    search = _Search(problem, build(problem, seats), stop, found)
    quick = _quick(seed)
    quick.parameters.max_deterministic_time = QUICK if effort is None else min(QUICK, effort / 2)
    answer = search.attempt(quick, share=0.5)
    if answer.proven or answer.infeasible or stop.now():
        return answer
    search.hint(answer.assignments or greedy(problem))
    broad = _broad(seed)
    if effort is not None:
        broad.parameters.max_deterministic_time = max(effort / 2, effort - QUICK)
    second = search.attempt(broad, share=1.0)
    if second.infeasible:
        return second
    bound = max(answer.bound, second.bound)
    return Answer(search.best, bound, second.proven)


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


class _Search:
    """A model with the best roster found in any attempt."""

    def __init__(self, problem: Problem, draft: Draft, stop: Stop, found: Found | None) -> None:
        self.best: tuple[Assignment, ...] | None = None
        self.lowest = float("inf")
        self._problem = problem
        self._draft = draft
        self._stop = stop
        self._found = found

    def attempt(self, solver: cp_model.CpSolver, share: float) -> Answer:
        """One run of a solver with at most this share of the seconds left."""
        remaining = self._stop.remaining()
        if remaining is not None:
            solver.parameters.max_time_in_seconds = max(0.01, share * remaining)
        with _Watch(solver, self._stop):
            status = solver.solve(self._draft.cp, _Listener(self._hear, self._stop))
        if status == cp_model.INFEASIBLE:
            return Answer(None, 0.0, proven=False, infeasible=True)
        bound = max(0.0, solver.best_objective_bound + self._draft.constant)
        return Answer(self.best, bound, proven=status == cp_model.OPTIMAL)

    def hint(self, roster: tuple[Assignment, ...]) -> None:
        """Where the next attempt begins."""
        chosen = set(roster)
        for seat, variable in self._draft.seats.items():
            self._draft.cp.add_hint(variable, _named(self._problem, seat) in chosen)

    def _hear(self, objective: float, value: Value) -> None:
        if objective >= self.lowest:
            return
        self.lowest = objective
        self.best = tuple(
            _named(self._problem, seat) for seat, variable in self._draft.seats.items() if value(variable)
        )
        if self._found is not None:
            self._found(self.best)


def _named(problem: Problem, seat: Seat) -> Assignment:
    p, d, n = seat
    duty = problem.duties[d]
    return Assignment(problem.people[p].id, duty.id, duty.needs[n].id)


class _Listener(cp_model.CpSolverSolutionCallback):
    """Hands on every better roster, and stops the search when asked."""

    def __init__(
        self, hear: Callable[[float, Callable[[cp_model.LiteralT], bool]], None], stop: Stop
    ) -> None:
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
