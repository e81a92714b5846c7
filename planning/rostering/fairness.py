"""Each person's fair part of the work of a horizon, after what they carried in the weeks before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .problem import Person, Problem
from .seats import open_seats


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody carried, the part of a full share they stand for, and the most they could take now."""

    carried: int
    share: int
    most: int


def share_fairly(problem: Problem) -> Problem:
    """The same problem with `fair_load` and `fair_unpopular` set for everybody.

    The work that all ideal seats ask for is poured out like water: those who carried least (history, by
    their share) are filled first, until all stand at one level; nobody is given more than they could take.
    Parts are whole numbers and add up to the work, or to what people can take when that is less. People who
    share no team are levelled separately: fairness is judged among those who serve together.
    """
    seats = open_seats(problem)
    fair: dict[int, tuple[int, int]] = {}
    for people, duties in _circles(problem, [[d for d, _ in row] for row in seats.open]):
        load = sum(problem.duties[d].load * _ideal(problem, d) for d in duties)
        unpopular = sum(problem.duties[d].unpopular * _ideal(problem, d) for d in duties)
        rows = [[d for d, _ in seats.open[p]] for p in people]
        some = [problem.people[p] for p in people]
        loads = pour(load, [_load_claim(problem, *one) for one in zip(some, rows, strict=True)])
        hard = pour(unpopular, [_unpopular_claim(problem, *one) for one in zip(some, rows, strict=True)])
        fair.update(zip(people, zip(loads, hard, strict=True), strict=True))
    people_now = tuple(
        replace(person, fair_load=fair.get(p, (0, 0))[0], fair_unpopular=fair.get(p, (0, 0))[1])
        for p, person in enumerate(problem.people)
    )
    return replace(problem, people=people_now)


def _ideal(problem: Problem, duty: int) -> int:
    return sum(need.ideal for need in problem.duties[duty].needs)


def _circles(problem: Problem, rows: Sequence[Sequence[int]]) -> list[tuple[list[int], list[int]]]:
    """People grouped by their first team, each duty with its own team's group."""
    circles: dict[str, tuple[list[int], list[int]]] = {}
    for p, person in enumerate(problem.people):
        team = person.teams[0] if person.teams else ""
        if rows[p]:
            circles.setdefault(team, ([], []))[0].append(p)
    for d, duty in enumerate(problem.duties):
        home = circles.get(duty.team) or circles.get("")
        if home:
            home[1].append(d)
    return list(circles.values())


def _load_claim(problem: Problem, person: Person, row: Sequence[int]) -> Claim:
    by_week: dict[int, list[int]] = {}
    for d in row:
        duty = problem.duties[d]
        by_week.setdefault(problem.week_of(duty.day), []).append(duty.load)
    limits = person.limits
    most = sum(_largest(loads, limits.duties_per_week) for loads in by_week.values())
    every = [load for loads in by_week.values() for load in loads]
    return Claim(person.history.load, person.share, min(most, _largest(every, limits.duties)))


def _unpopular_claim(problem: Problem, person: Person, row: Sequence[int]) -> Claim:
    values = [problem.duties[d].unpopular for d in row]
    return Claim(person.history.unpopular, person.share, _largest(values, person.limits.duties))


def _largest(values: Sequence[int], count: int | None) -> int:
    return sum(values if count is None else sorted(values, reverse=True)[:count])


def pour(work: int, claims: Sequence[Claim]) -> list[int]:
    """Whole parts of `work`, given one unit at a time to whoever stands lowest for their share.

    Ties go to the earlier one. The parts add up to `work` or to all that can be taken.
    """
    work = min(work, sum(one.most for one in claims if one.share > 0))
    low, high = 0.0, max((one.carried * 100 / one.share for one in claims if one.share > 0), default=0.0) + 1
    while sum(_filled(one, high) for one in claims) < work:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(_filled(one, middle) for one in claims) <= work else (low, middle)
    parts = [_filled(one, low) for one in claims]
    for at in sorted(range(len(claims)), key=lambda at: (_next_level(claims[at], parts[at]), at)):
        if sum(parts) < work and claims[at].share > 0 and parts[at] < claims[at].most:
            parts[at] += 1
    return parts


def _filled(claim: Claim, level: float) -> int:
    """How many whole units fit below the level."""
    return max(0, min(claim.most, int(level * claim.share / 100 - claim.carried)))


def _next_level(claim: Claim, part: int) -> float:
    return (claim.carried + part + 1) * 100 / claim.share if claim.share > 0 else float("inf")
