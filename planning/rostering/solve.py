"""Solves a problem part by part and puts the parts' rosters, costs and bounds together.

Responsible for splitting, seeds, progress and stopping. The solver's library is loaded when a run begins, not
when this module is, so that whoever only checks rosters never pays for it.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from .answer import Answer
from .clusters import cut
from .components import components
from .coordinate import coordinate
from .greedy import greedy
from .problem import Assignment, Problem
from .recount import recount
from .result import Progress, Result, Status
from .seats import Seats, open_seats
from .shared import Views
from .sound import check_sound
from .stop import Stop

# A cluster that is not proven after this is left as it is: its bound still counts.
CLUSTER_EFFORT = 2.0
# Where a deadline holds for several parts, each has this at first; those left open share the rest.
FIRST_EFFORT = 1.0
Report = Callable[[Progress], None]


@dataclass(slots=True)
class _Part:
    """One part of the problem with its best roster so far."""

    problem: Problem
    seats: Seats | None = None
    first: tuple[Assignment, ...] | None = None
    best: tuple[Assignment, ...] | None = None
    lowest: float = math.inf
    bound: float = 0.0
    proven: bool = False
    infeasible: bool = False
    done: bool = False

    def roster(self) -> tuple[Assignment, ...]:
        """The best so far; while the solver has none, a greedy one, which may miss minimums of minutes."""
        if self.best is not None:
            return self.best
        if self.first is None:
            self.first = greedy(self.problem)
        return self.first

    def take(self, answer: Answer) -> None:
        """What a run found, as far as it is better than what was known."""
        self.infeasible = answer.infeasible
        self.bound = max(self.bound, answer.bound)
        if answer.assignments is not None:
            self.improve(answer.assignments)
            self.proven = answer.proven

    def improve(self, found: tuple[Assignment, ...]) -> bool:
        """Keeps what was found when it costs less than the best so far; whether it does."""
        cost = recount(self.problem, found).total
        if cost >= self.lowest:
            return False
        self.best, self.lowest = found, cost
        return True


@dataclass(slots=True)
class _Run:
    """A run over all parts."""

    problem: Problem
    parts: Sequence[_Part]
    seed: int
    progress: Report | None
    began: float = field(default_factory=time.monotonic)

    def result(self) -> Result:
        """The best so far."""
        return _result(self)

    def tell(self) -> None:
        """Reports where the run stands, if anybody wants to know."""
        if self.progress is not None:
            done = sum(part.done for part in self.parts)
            self.progress(Progress(self.result(), done, len(self.parts)))


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    stop: Stop | None = None,
    progress: Report | None = None,
    effort: float | None = None,
) -> Result:
    """The cheapest roster found that keeps every hard rule, with a bound on what any roster costs.

    The same problem and seed give the same roster, unless the run is stopped before it is proven. `progress`
    is told after the first roster, and whenever a better one is found. When no roster can keep every rule
    (minimums of minutes or of days in a row can make it so), the status is INFEASIBLE and there are no
    assignments.
    `effort` limits the work on each part in the solver's own time, about seconds, the same in every run
    unless the machine is very slow.
    Raises UnableToReadProblem when the problem's parts do not fit together.
    """
    check_sound(problem)
    seats = open_seats(problem)
    parts = [_Part(one, seats if one is problem else None) for one in components(problem, seats)]
    run = _Run(problem, parts, seed, progress)
    run.tell()
    stop = stop or Stop()
    if effort is not None or stop.remaining() is None or len(parts) == 1:
        _solve_parts(run, stop, effort)
    else:
        _solve_parts(run, stop, FIRST_EFFORT)
        _solve_parts(run, stop, None)
    for part in parts:
        part.done = True
    run.tell()
    return run.result()


def _solve_parts(run: _Run, stop: Stop, effort: float | None) -> None:
    """All parts that are open; without an effort each has its share of the seconds left."""
    left = [part for part in run.parts if not part.proven and not part.infeasible]
    for at, part in enumerate(left):
        if stop.now():
            return
        _solve_part(run, part, stop if effort is not None else stop.part(len(left) - at), effort)
        part.done = part.proven
        run.tell()


def _solve_part(run: _Run, part: _Part, stop: Stop, effort: float | None) -> None:
    from .engine.prices import opening_prices  # noqa: PLC0415 - as below
    from .engine.run import run as run_engine  # noqa: PLC0415 - half a second, only for those who solve

    def better(found: tuple[Assignment, ...]) -> None:
        if part.improve(found):
            run.tell()

    part.seats = seats = part.seats or open_seats(part.problem)
    listen = better if run.progress is not None else None
    clusters = cut(part.problem, seats)
    if clusters is None:
        answer = run_engine(part.problem, seats, seed=run.seed, stop=stop, found=listen, effort=effort)
    else:
        solve_one = partial(_solve_cluster, run.seed, stop, effort)
        views = Views(part.problem, seats, clusters)
        prices = opening_prices(views.problem, seats, clusters.away, stop.remaining())
        answer = coordinate(views, solve_one, stop, listen, prices)
    part.take(answer)


def _solve_cluster(seed: int, stop: Stop, effort: float | None, problem: Problem) -> Answer:
    from .engine.run import run as run_engine  # noqa: PLC0415 - as above

    effort = CLUSTER_EFFORT if effort is None else min(CLUSTER_EFFORT, effort)
    return run_engine(problem, open_seats(problem), seed=seed, stop=stop, effort=effort)


def _result(run: _Run) -> Result:
    seconds = time.monotonic() - run.began
    proven = sum(part.proven for part in run.parts)
    if any(part.infeasible for part in run.parts):
        nothing = recount(run.problem, ())
        return Result(
            (), nothing, 0.0, Status.INFEASIBLE, seconds, run.seed, len(run.parts), proven
        )  # fmt: skip
    assignments = tuple(sorted(one for part in run.parts for one in part.roster()))
    status = Status.OPTIMAL if proven == len(run.parts) else Status.FEASIBLE
    bound = sum(part.bound for part in run.parts) + _apart(run)
    objective = recount(run.problem, assignments)
    return Result(assignments, objective, bound, status, seconds, run.seed, len(run.parts), proven)


def _apart(run: _Run) -> int:
    """What previous duties cost whose person cannot serve them any more: they belong to no part."""
    people = {person.id for person in run.problem.people}
    duties = {duty.id for duty in run.problem.duties}
    before = {
        (a.person, a.duty) for a in run.problem.previous or () if a.person in people and a.duty in duties
    }
    within = {(a.person, a.duty) for part in run.parts for a in part.problem.previous or ()}
    return run.problem.weights.change * len(before - within)
