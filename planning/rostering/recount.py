"""The objective of a roster, counted from the assignments alone.

Part of the independent check: it shares no code with what builds the solver's model.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .check_seat import holds, speaks
from .problem import Assignment, Duty, Experience, Floor, Mixing, Person, Problem, Weights, Wish
from .result import Objective


def recount(problem: Problem, assignments: Iterable[Assignment]) -> Objective:
    """What the roster costs, part by part. Assignments of unknown people, duties or needs are not counted."""
    duties = {duty.id: duty for duty in problem.duties}
    people = {person.id: person for person in problem.people}
    seats = {(duty.id, need.id) for duty in problem.duties for need in duty.needs}
    known = {one for one in assignments if one.person in people and (one.duty, one.need) in seats}
    by_duty: dict[str, list[Assignment]] = {}
    by_person: dict[str, list[Duty]] = {}
    for one in known:
        by_duty.setdefault(one.duty, []).append(one)
        by_person.setdefault(one.person, []).append(duties[one.duty])
    cover = Counter[str]()
    for duty in problem.duties:
        cover.update(duty_cost(problem, people, duty, by_duty.get(duty.id, ())))
    for person in problem.people:
        cover.update(_person(problem, person, by_person.get(person.id, ())))
    return Objective(**cover, changes=_changes(problem, known, people, duties))


def _or(own: int | None, common: int) -> int:
    return common if own is None else own


def duty_cost(
    problem: Problem, people: Mapping[str, Person], duty: Duty, taken: Sequence[Assignment]
) -> dict[str, int]:
    """What one duty costs with these assignments: the parts of the objective that belong to duties."""
    weights = problem.weights
    on_each = Counter(one.need for one in taken)
    cost = dict.fromkeys(("under_minimum", "under_ideal", "over", "floors", "mixing"), 0)
    for need in duty.needs:
        count = on_each[need.id]
        short = max(0, need.minimum - count)
        cost["under_minimum"] += short * _or(need.under_minimum, weights.under_minimum)
        below = max(0, need.ideal - max(count, need.minimum))
        cost["under_ideal"] += below * _or(need.under_ideal, weights.under_ideal)
        cost["over"] += max(0, count - need.ideal) * _or(need.over, weights.over)
    present = [people[one.person] for one in taken]
    for floor in duty.floors:
        short = max(0, floor.count - sum(fits(problem, person, duty, floor) for person in present))
        cost["floors"] += short * _or(floor.weight, weights.floor)
    if duty.mixing is Mixing.SOFT:
        cost["mixing"] = unmatched(present) * weights.mixing
    return cost


def fits(problem: Problem, person: Person, duty: Duty, floor: Floor) -> bool:
    """Whether this person counts for the floor on the duty's date."""
    on = problem.date_of(duty.day)
    return (
        (not floor.experienced or person.experience is Experience.EXPERIENCED)
        and all(holds(person.qualifications, code, on) for code in floor.qualifications)
        and all(speaks(person.languages, language, level) for language, level in floor.languages.items())
    )


def unmatched(present: Iterable[Person]) -> int:
    """How many newcomers are there without an experienced person for each."""
    sorts = Counter(person.experience for person in present)
    return max(0, sorts[Experience.NEWCOMER] - sorts[Experience.EXPERIENCED])


def _person(problem: Problem, person: Person, duties: Sequence[Duty]) -> dict[str, int]:
    weights = problem.weights
    return {
        "load": weights.load * _square(person.fair_load, sum(duty.load for duty in duties)),
        "unpopular": weights.unpopular
        * _square(person.fair_unpopular, sum(duty.unpopular for duty in duties)),
        "wishes": weights.wish * sum(broken(wish, duties) for wish in person.wishes),
        "travel": travel(person, duties, weights),
    }


def _square(fair: int | None, actual: int) -> int:
    return 0 if fair is None else (actual - fair) ** 2


def travel(person: Person, duties: Iterable[Duty], weights: Weights) -> int:
    """What this person's ways to the duties cost."""
    return weights.travel * sum(person.distances.get(duty.post, 0) for duty in duties)


def broken(wish: Wish, duties: Iterable[Duty]) -> int:
    """What a wish costs with these duties: 0 when it is kept."""
    served = sum(meant(wish, duty) for duty in duties)
    return wish.weight * (served == 0 if wish.wanted else served)


def meant(wish: Wish, duty: Duty) -> bool:
    """Whether the wish speaks of this duty."""
    return (
        (wish.duty is None or wish.duty == duty.id)
        and (wish.day is None or wish.day == duty.day)
        and (wish.kind is None or wish.kind == duty.kind)
        and (wish.post is None or wish.post == duty.post)
    )


def _changes(
    problem: Problem, now: Iterable[Assignment], people: Mapping[str, Person], duties: Mapping[str, Duty]
) -> int:
    if problem.previous is None:
        return 0
    before = {(a.person, a.duty) for a in problem.previous if a.person in people and a.duty in duties}
    after = {(a.person, a.duty) for a in now}
    weights = problem.weights
    return weights.change * len(before - after) + weights.addition * len(after - before)
