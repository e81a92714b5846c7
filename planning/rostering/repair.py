"""The fewest changes that mend a published roster after an absence, a closure or a new rule."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .check import check
from .clusters import SEATS_IN_ONE_MODEL, Cluster, Cut
from .components import components
from .problem import Assignment, Duty, Person, Problem, Weights
from .recount import duty_cost, fits, recount
from .result import Objective, Result, Status
from .seats import Seats, open_seats
from .shared import Views
from .solve import solve
from .stop import Stop

NO_CUT = Cut((), {}, {}, {}, {}, {})
# What a change costs when all other costs count as well: far more than they can gain by it.
LARGE = 1000
# The solver's work on the fewest changes, and on the cheapest roster among those with as few.
MENDING, CHOOSING = 4.0, 0.4


@dataclass(frozen=True, slots=True)
class Repair:
    """A mended roster. `dropped` and `added` are its changes; `fewest`: no mended roster has fewer.

    `result.objective` counts what the roster costs by the problem's own weights; `result.bound` is 0 and its
    status FEASIBLE, because the aim was another one.
    """

    result: Result
    dropped: tuple[Assignment, ...]
    added: tuple[Assignment, ...]
    fewest: bool


@dataclass(slots=True)
class _Mended:
    roster: tuple[Assignment, ...]
    fewest: bool
    seconds: float = 0.0


def repair(problem: Problem, *, seed: int = 0, stop: Stop | None = None) -> Repair:
    """Mends `problem.previous`: first as few people missing, then the fewest changes, then the least cost.

    Missing means short of a minimum, a floor, or company for newcomers. A change is a duty taken from
    somebody or given to somebody; what can no longer stand (absence, closure, broken rule) is dropped
    anyway. Parts that nothing is wrong with stay as they are. Raises ValueError without a previous roster.
    """
    if problem.previous is None:
        raise ValueError("there is no previous roster to repair")
    stop = stop or Stop()
    parts = list(components(problem, open_seats(problem)))
    mended = [_mend(one, seed, stop) for one in parts]
    roster = tuple(sorted(one for some in mended for one in some.roster))
    before = {(one.person, one.duty) for one in problem.previous}
    after = {(one.person, one.duty) for one in roster}
    return Repair(
        Result(
            roster,
            recount(problem, roster),
            0.0,
            Status.FEASIBLE,
            sum(one.seconds for one in mended),
            seed,
            len(parts),
        ),
        tuple(one for one in problem.previous if (one.person, one.duty) not in after),
        tuple(one for one in roster if (one.person, one.duty) not in before),
        all(one.fewest for one in mended),
    )


def _mend(problem: Problem, seed: int, stop: Stop) -> _Mended:
    """One part: left alone when nothing is wrong, solved whole, or around the damage when it is large."""
    kept = _kept(problem)
    seats = open_seats(problem)
    wrong = _wrong(problem, seats, kept)
    if wrong is None:
        return _Mended(kept, fewest=True)
    if sum(len(row) for row in seats.open) <= SEATS_IN_ONE_MODEL:
        return _mend_whole(problem, seed, stop)
    cluster = _around(problem, seats, wrong)
    inside = {problem.duties[d].id for d in cluster.duties}
    window = Views(problem, seats, NO_CUT).fixed(cluster, kept)
    mended = _mend_whole(window, seed, stop)
    here = tuple(one for one in mended.roster if one.duty in inside)
    others = tuple(one for one in kept if one.duty not in inside)
    return _Mended((*here, *others), fewest=False, seconds=mended.seconds)


def _kept(problem: Problem) -> tuple[Assignment, ...]:
    """What of the previous roster still names people and needs that exist, with all that is locked."""
    people = {person.id for person in problem.people}
    needs = {(duty.id, need.id) for duty in problem.duties for need in duty.needs}
    locked = {(one.person, one.duty): one for one in problem.locked}
    kept = {
        (one.person, one.duty): one
        for one in problem.previous or ()
        if one.person in people and (one.duty, one.need) in needs
    }
    return tuple(sorted((kept | locked).values()))


def _wrong(problem: Problem, seats: Seats, kept: tuple[Assignment, ...]) -> set[str] | None:
    """The duties with something wrong; None when all is well, as far as it ever could be."""
    report = check(problem, kept)
    duties = {duty for one in report.violations for duty in one.duties}
    short = _missing(report.objective) > _unavoidable(problem, seats)
    if report.ok and not short:
        return None
    people = {person.id: person for person in problem.people}
    by_duty: dict[str, list[Assignment]] = {}
    for one in kept:
        by_duty.setdefault(one.duty, []).append(one)
    for duty in problem.duties:
        cost = duty_cost(problem, people, duty, by_duty.get(duty.id, ()))
        if short and cost["under_minimum"] + cost["floors"] + cost["mixing"]:
            duties.add(duty.id)
    return duties


def _missing(cost: Objective) -> int:
    return cost.under_minimum + cost.floors + cost.mixing


def _unavoidable(problem: Problem, seats: Seats) -> int:
    """What floors cost that not enough people could ever meet."""
    able: list[list[Person]] = [[] for _ in problem.duties]
    for person, row in zip(problem.people, seats.open, strict=True):
        for d, _ in row:
            able[d].append(person)
    total = 0
    for duty, people in zip(problem.duties, able, strict=True):
        for floor in duty.floors:
            count = sum(fits(problem, person, duty, floor) for person in people)
            total += _or(floor.weight, problem.weights.floor) * max(0, floor.count - count)
    return total


def _around(problem: Problem, seats: Seats, wrong: set[str]) -> Cluster:
    """The teams with damage, and everybody who may serve there."""
    teams = {duty.team or duty.post for duty in problem.duties if duty.id in wrong}
    inside = [d for d, duty in enumerate(problem.duties) if (duty.team or duty.post) in teams]
    members = frozenset(inside)
    people = tuple(p for p, row in enumerate(seats.open) if any(d in members for d, _ in row))
    return Cluster(tuple(inside), people, ())


def _mend_whole(problem: Problem, seed: int, stop: Stop) -> _Mended:
    """Fewest missing, then fewest changes; then the cheapest such roster, when it is found as well."""
    first = solve(_tiers(problem, change=1, bare=True), seed=seed, stop=stop, effort=MENDING)
    second = solve(_tiers(problem, change=LARGE, bare=False), seed=seed, stop=stop, effort=CHOOSING)
    best = second if _rank(problem, second) <= _rank(problem, first) else first
    return _Mended(best.assignments, first.proven, first.seconds + second.seconds)


def _rank(problem: Problem, result: Result) -> tuple[int, int, int]:
    counted = replace(problem, weights=replace(problem.weights, change=1, addition=1))
    cost = recount(counted, result.assignments)
    return _missing(cost), cost.changes, cost.total


def _tiers(problem: Problem, *, change: int, bare: bool) -> Problem:
    """The same problem with one person missing dearer than all changes there could be.

    Bare: nothing else costs anything. Otherwise all else costs what it does, far less than a change.
    """
    weights = problem.weights
    prices = [price for price in _prices(problem) if price]
    most = 2 * len(problem.previous or ()) + sum(_seats(duty) for duty in problem.duties)
    factor = change * (most // min(prices, default=1) + 1)
    tiers = replace(weights, mixing=weights.mixing * factor, change=change, addition=change)
    if bare:
        tiers = replace(tiers, load=0, unpopular=0, wish=0, travel=0)
    duties = tuple(_priced(duty, weights, factor, bare) for duty in problem.duties)
    return replace(problem, weights=tiers, duties=duties)


def _prices(problem: Problem) -> Iterator[int]:
    yield problem.weights.mixing
    for duty in problem.duties:
        yield from (_or(need.under_minimum, problem.weights.under_minimum) for need in duty.needs)
        yield from (_or(floor.weight, problem.weights.floor) for floor in duty.floors)


def _priced(duty: Duty, weights: Weights, factor: int, bare: bool) -> Duty:
    needs = tuple(
        replace(
            need,
            under_minimum=factor * _or(need.under_minimum, weights.under_minimum),
            under_ideal=0 if bare else need.under_ideal,
            over=0 if bare else need.over,
        )
        for need in duty.needs
    )
    floors = tuple(
        replace(floor, weight=factor * _or(floor.weight, weights.floor)) for floor in duty.floors
    )  # fmt: skip
    return replace(duty, needs=needs, floors=floors)


def _or(own: int | None, common: int) -> int:
    return common if own is None else own


def _seats(duty: Duty) -> int:
    return sum(need.minimum for need in duty.needs) + sum(floor.count for floor in duty.floors)
