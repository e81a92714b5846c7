"""Problems and results as files: what `nhipcau roster` reads and writes. No names of people in either."""

from collections.abc import Callable
from typing import Any

from nhipcau.roster.plan.problem import Drawn
from nhipcau.roster.plan.solving import facts_of
from planning import rostering as core

UnableToReadProblem = core.UnableToReadProblem
UnableToReadResult = core.UnableToReadResult


def written(drawn: Drawn) -> str:
    """The problem as a JSON document."""
    return core.to_json(drawn.problem)


def solve_document(
    text: bytes, *, seconds: float, seed: int, told: Callable[[dict[str, Any]], None]
) -> tuple[str, dict[str, Any]]:
    """A problem's document in, a result's document and its facts out. Raises UnableToReadProblem."""
    problem = core.from_json(text)
    result = core.solve(
        problem, seed=seed, stop=core.Stop(seconds), progress=lambda one: told(facts_of(one.best))
    )
    return core.result_to_json(result), facts_of(result)


def check_documents(problem: bytes, result: bytes) -> dict[str, Any]:
    """What the independent check says of a result: violations one by one, and the cost counted again.

    Raises UnableToReadProblem or UnableToReadResult.
    """
    claimed = core.result_from_json(result)
    report = core.check(core.from_json(problem), claimed)
    counted = report.objective.total
    return {
        "ok": report.ok and counted == claimed.objective.total,
        "violations": [_told(one) for one in report.violations],
        "given": [_told(one) for one in report.given],
        "objective": counted,
        "claimed": claimed.objective.total,
        "parts": report.objective.parts(),
    }


def _told(one: core.Violation) -> dict[str, Any]:
    found = {"rule": one.rule.value, "person": one.person, "duties": list(one.duties), "need": one.need}
    return found | {"data": dict(one.data)}
