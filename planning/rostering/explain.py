"""Why a roster is as it is: what keeps people from each open seat, everybody's load, the wishes it breaks."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .check import binding
from .problem import Assignment, Duty, Need, Person, Problem, Wish
from .recount import broken
from .result import Result, Rule


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A need below its ideal number. `missing` counts to the minimum, `short` to the ideal number.

    `rules` counts the people each rule keeps away (one person may meet several); `able` are those whom no
    rule keeps away: the roster costs less without them.
    """

    duty: str
    need: str
    missing: int
    short: int
    rules: Mapping[Rule, int]
    kept: Mapping[str, tuple[Rule, ...]]
    able: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """What one person would carry, against their fair part and with the weeks before."""

    person: str
    duties: int
    minutes: int
    load: int
    unpopular: int
    fair_load: int | None
    fair_unpopular: int | None
    carried: int
    carried_unpopular: int


@dataclass(frozen=True, slots=True)
class BrokenWish:
    """A wish the roster does not keep, and what that costs before the common weight."""

    person: str
    wish: Wish
    cost: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """All of it."""

    uncovered: tuple[Uncovered, ...]
    loads: tuple[Load, ...]
    broken_wishes: tuple[BrokenWish, ...]


def explain(problem: Problem, result: Result | Iterable[Assignment]) -> Explanation:
    """Explains a roster; takes a result or bare assignments. Uncovered needs come in order of duties."""
    assignments = tuple(result.assignments if isinstance(result, Result) else result)
    duties = {duty.id: duty for duty in problem.duties}
    mine: dict[str, list[Duty]] = {person.id: [] for person in problem.people}
    on: dict[str, list[Assignment]] = {duty.id: [] for duty in problem.duties}
    for one in assignments:
        if one.person in mine and one.duty in duties:
            mine[one.person].append(duties[one.duty])
            on[one.duty].append(one)
    loads = tuple(_load(person, mine[person.id]) for person in problem.people)
    uncovered = tuple(
        _uncovered(problem, duty, need, mine, on[duty.id])
        for duty in problem.duties
        for need in duty.needs
        if _count(on[duty.id], need) < need.ideal
    )
    wishes = tuple(
        BrokenWish(person.id, wish, cost)
        for person in problem.people
        for wish in person.wishes
        if (cost := broken(wish, mine[person.id]))
    )
    return Explanation(uncovered, loads, wishes)


def _count(on: Iterable[Assignment], need: Need) -> int:
    return sum(one.need == need.id for one in on)


def _uncovered(
    problem: Problem, duty: Duty, need: Need, mine: Mapping[str, list[Duty]], on: list[Assignment]
) -> Uncovered:
    kept: dict[str, tuple[Rule, ...]] = {}
    able = []
    present = {one.person for one in on}
    for person in problem.people:
        if person.id in present:
            continue
        rules = binding(problem, person, (duty, need), mine[person.id], on)
        if rules:
            kept[person.id] = rules
        else:
            able.append(person.id)
    counted = Counter(rule for rules in kept.values() for rule in rules)
    count = _count(on, need)
    missing = max(0, need.minimum - count)
    return Uncovered(duty.id, need.id, missing, need.ideal - count, counted, kept, tuple(able))


def _load(person: Person, duties: Iterable[Duty]) -> Load:
    some = list(duties)
    return Load(
        person.id,
        len(some),
        sum(duty.minutes for duty in some),
        sum(duty.load for duty in some),
        sum(duty.unpopular for duty in some),
        person.fair_load,
        person.fair_unpopular,
        person.history.load,
        person.history.unpopular,
    )
