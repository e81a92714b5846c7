"""Solving, checking and explaining rosters: what the core says, as plain facts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from nhipcau.roster.plan.people import IF_NEEDED
from nhipcau.roster.plan.problem import Drawn, assignment, seat_of
from nhipcau.roster.plan.settling import settled
from nhipcau.roster.rules.proposals import Seat
from planning import rostering as core

MOST_SECONDS: Final = 600


@dataclass(frozen=True, slots=True)
class Answer:
    """A roster that keeps every hard rule, and what the solver said of it (JSON with stable keys)."""

    seats: tuple[Seat, ...]
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Review:
    """What stands against a draft, what it leaves open and whom it burdens, by the independent check."""

    report: core.Report
    explanation: core.Explanation

    @property
    def fits(self) -> bool:
        """Whether no hard rule is broken, other than by what was locked."""
        return self.report.ok

    @property
    def hard_wishes(self) -> list[core.BrokenWish]:
        """Those that people would notice: served although only if needed, or although given up."""
        return [one for one in self.explanation.broken_wishes if one.wish.weight >= IF_NEEDED]


def solve(
    drawn: Drawn,
    *,
    seed: int,
    seconds: float,
    stopped: Callable[[], bool],
    told: Callable[[dict[str, Any]], None],
    fewest: bool = False,
) -> Answer:
    """The cheapest roster found in time; `fewest`: the fewest changes to what is published.

    `told` hears the facts of each better roster; `stopped` is asked often, from other threads too.
    """
    stop = core.Stop(min(seconds, MOST_SECONDS), stopped)
    if fewest and drawn.problem.previous is not None:
        mended = core.repair(drawn.problem, seed=seed, stop=stop)
        return Answer(_seats(drawn, mended.result), facts_of(mended.result) | {"fewest": mended.fewest})

    def heard(one: core.Progress) -> None:
        told(facts_of(one.best) | {"done": one.done})

    result = core.solve(drawn.problem, seed=seed, stop=stop, progress=heard)
    return Answer(_seats(drawn, result), facts_of(result))


def _seats(drawn: Drawn, result: core.Result) -> tuple[Seat, ...]:
    return tuple(seat_of(one) for one in settled(drawn.problem, result.assignments))


def facts_of(result: core.Result) -> dict[str, Any]:
    """What is kept of an answer: how good it is, how sure that is, how long it took."""
    return {
        "status": result.status.value,
        "objective": result.objective.total,
        "parts": result.objective.parts(),
        "bound": round(result.bound, 2),
        "gap": round(result.gap, 4),
        "seconds": round(result.seconds, 2),
        "duties": len(result.assignments),
        "components": result.components,
        "proven_components": result.proven_components,
    }


def review(drawn: Drawn, seats: Iterable[Seat]) -> Review:
    """The draft counted again from scratch, and why it is as it is."""
    assignments = [assignment(seat) for seat in seats]
    return Review(core.check(drawn.problem, assignments), core.explain(drawn.problem, assignments))


def against(drawn: Drawn, member: UUID, need: UUID, seats: Iterable[Seat]) -> tuple[str, ...]:
    """The codes of the rules that keep this member from this need beside the draft; empty: they may.

    `("unknown",)` for a member or a need that the problem does not have.
    """
    shift = drawn.shift_of.get(need)
    if shift is None or all(one.id != str(member) for one in drawn.problem.people):
        return (core.Rule.UNKNOWN.value,)
    present = [assignment(seat) for seat in seats]
    return tuple(
        rule.value for rule in core.can_serve(drawn.problem, str(member), str(shift), str(need), present)
    )
