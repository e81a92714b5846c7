"""The independent check: every hard rule and the objective, counted again from the assignments alone.

Responsible for proving what the solver returns and for telling a leader at once what a change by hand would
break. Needs no solver, and shares no code with the one that builds its model.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from .check_person import person_rules
from .check_seat import seat_rules
from .problem import Assignment, Duty, Mixing, Need, Person, Problem
from .recount import recount, unmatched
from .result import Report, Result, Rule, Violation

# These cannot be excused by what is locked: more duties would have mended them.
NEVER_GIVEN = {
    Rule.LOCKED,
    Rule.MINIMUM_MINUTES,
    Rule.MINIMUM_CONSECUTIVE_DAYS,
    Rule.MINIMUM_CONSECUTIVE_DAYS_OFF,
}


def check(problem: Problem, result: Result | Iterable[Assignment]) -> Report:
    """Every broken hard rule of a roster, and its cost. Takes a result or bare assignments."""
    assignments = tuple(result.assignments if isinstance(result, Result) else result)
    found = list(_violations(problem, assignments))
    given = _given(problem) if problem.locked and found else {}
    excused = [one for one in found if one.rule not in NEVER_GIVEN and _size(one) <= given.get(_key(one), -1)]
    new = [one for one in found if not any(one is other for other in excused)]
    return Report(tuple(new), tuple(excused), recount(problem, assignments))


def can_serve(
    problem: Problem, person: str, duty: str, need: str, assignments: Iterable[Assignment] = ()
) -> tuple[Rule, ...]:
    """The rules that keep this person from this need beside the assignments that stand; empty: they may.

    Raises KeyError when there is no such person, duty or need.
    """
    who = {one.id: one for one in problem.people}[person]
    duties = {one.id: one for one in problem.duties}
    seat = {one.id: one for one in duties[duty].needs}[need]
    present = tuple(assignments)
    mine = [duties[one.duty] for one in present if one.person == person and one.duty in duties]
    return binding(problem, who, (duties[duty], seat), mine, [one for one in present if one.duty == duty])


def binding(
    problem: Problem,
    person: Person,
    seat: tuple[Duty, Need],
    mine: Sequence[Duty],
    on_duty: Sequence[Assignment],
) -> tuple[Rule, ...]:
    """As `can_serve`, from the person's own duties `mine` and the assignments of this duty."""
    duty, need = seat
    rules = [rule for rule, _ in seat_rules(problem, person, duty, need)]
    if any(one.id == duty.id for one in mine):
        rules.append(Rule.DUPLICATE)
    else:
        before = list(person_rules(problem, person, mine))
        after = person_rules(problem, person, [*mine, duty])
        rules += [one.rule for one in after if one.rule is not Rule.MINIMUM_MINUTES and one not in before]
    if need.maximum is not None and sum(one.need == need.id for one in on_duty) >= need.maximum:
        rules.append(Rule.FULL)
    if duty.mixing is Mixing.HARD:
        rules += _mixing_with(problem, person, on_duty)
    return tuple(dict.fromkeys(rules))


def _mixing_with(problem: Problem, person: Person, on_duty: Iterable[Assignment]) -> list[Rule]:
    names = {one.person for one in on_duty}
    present = [one for one in problem.people if one.id in names]
    worse = unmatched([*present, person]) > unmatched(present)
    return [Rule.MIXING] if worse else []


def _violations(problem: Problem, assignments: Sequence[Assignment]) -> Iterator[Violation]:
    duties = {duty.id: duty for duty in problem.duties}
    people = {person.id: person for person in problem.people}
    needs = {(duty.id, need.id): need for duty in problem.duties for need in duty.needs}
    mine: dict[str, list[Duty]] = {}
    taken: dict[str, list[Assignment]] = {}
    for one in assignments:
        if one.person not in people or (one.duty, one.need) not in needs:
            yield Violation(Rule.UNKNOWN, one.person, (one.duty,), one.need)
            continue
        duty = duties[one.duty]
        if any(other.id == one.duty for other in mine.get(one.person, ())):
            yield Violation(Rule.DUPLICATE, one.person, (one.duty,), one.need)
            continue
        mine.setdefault(one.person, []).append(duty)
        taken.setdefault(one.duty, []).append(one)
        for rule, data in seat_rules(problem, people[one.person], duty, needs[one.duty, one.need]):
            yield Violation(rule, one.person, (one.duty,), one.need, data)
    for person in problem.people:
        yield from person_rules(problem, person, mine.get(person.id, ()))
    for duty_id, some in taken.items():
        yield from _duty_rules(duties[duty_id], some, [people[one.person] for one in some])
    yield from _locks(problem, set(assignments))


def _duty_rules(duty: Duty, taken: Sequence[Assignment], present: Sequence[Person]) -> Iterator[Violation]:
    on_each = Counter(one.need for one in taken)
    for need in duty.needs:
        if need.maximum is not None and on_each[need.id] > need.maximum:
            data: dict[str, int | str] = {"value": on_each[need.id], "limit": need.maximum}
            yield Violation(Rule.FULL, "", (duty.id,), need.id, data)
    if duty.mixing is Mixing.HARD and (short := unmatched(present)):
        yield Violation(Rule.MIXING, "", (duty.id,), data={"value": short, "limit": 0})


def _locks(problem: Problem, present: set[Assignment]) -> Iterator[Violation]:
    for one in problem.locked:
        if one not in present:
            yield Violation(Rule.LOCKED, one.person, (one.duty,), one.need)


def _given(problem: Problem) -> dict[tuple[object, ...], int]:
    """What the locked duties alone break, and by how much."""
    return {_key(one): _size(one) for one in _violations(problem, problem.locked)}


def _key(one: Violation) -> tuple[object, ...]:
    """Which rule of whom, where: by day, week or kind where it counts something, else by the duties."""
    data = one.data
    if "value" not in data:
        return one.rule, one.person, one.need, one.duties, tuple(sorted(map(str, data.items())))
    where = (data.get("day"), data.get("week"), data.get("kind"))
    return one.rule, one.person, one.need, where, () if one.person else one.duties


def _size(one: Violation) -> int:
    value = one.data.get("value", 0)
    return value if isinstance(value, int) else 0
