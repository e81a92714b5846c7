"""The fewest changes that mend a published roster after an absence, a closure or a new rule."""

from dataclasses import dataclass, replace

from .problem import Assignment, Problem
from .result import Result
from .solve import solve
from .stop import Stop


@dataclass(frozen=True, slots=True)
class Repair:
    """A mended roster. `dropped` and `added` are its changes; `fewest`: no mended roster has fewer."""

    result: Result
    dropped: tuple[Assignment, ...]
    added: tuple[Assignment, ...]
    fewest: bool


def repair(problem: Problem, *, seed: int = 0, stop: Stop | None = None) -> Repair:
    """Mends `problem.previous`. Raises ValueError when there is no previous roster."""
    if problem.previous is None:
        raise ValueError("there is no previous roster to repair")
    weights = replace(problem.weights, change=60, addition=60)
    result = solve(replace(problem, weights=weights), seed=seed, stop=stop)
    before = {(one.person, one.duty) for one in problem.previous}
    after = {(one.person, one.duty) for one in result.assignments}
    dropped = tuple(one for one in problem.previous if (one.person, one.duty) not in after)
    added = tuple(one for one in result.assignments if (one.person, one.duty) not in before)
    return Repair(result, dropped, added, result.proven)
