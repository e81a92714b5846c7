"""Whether the parts of a problem fit together: unique names, references that exist, sensible ranges."""

from collections.abc import Iterable, Iterator
from datetime import date

from .errors import UnableToReadProblem
from .problem import DAY, Assignment, Duty, Limits, Need, Person, Problem, Weights

LONGEST_HORIZON = 400
Fault = tuple[str, str]


def check_sound(problem: Problem) -> None:
    """Raises UnableToReadProblem for the first fault found."""
    for where, fault in faults(problem):
        raise UnableToReadProblem(f"{where}: {fault}")


def faults(problem: Problem) -> Iterator[Fault]:
    """Every fault as (place, what is wrong)."""
    if not 1 <= problem.days <= LONGEST_HORIZON:
        yield "days", f"expected 1 to {LONGEST_HORIZON}"
    elif problem.start.toordinal() + problem.days - 1 > date.max.toordinal():
        yield "start", "the last day is beyond the calendar"
    yield from _twice("duties", (duty.id for duty in problem.duties))
    yield from _twice("people", (person.id for person in problem.people))
    for at, duty in enumerate(problem.duties):
        yield from _duty(f"duties[{at}]", duty, problem)
    for at, person in enumerate(problem.people):
        yield from _person(f"people[{at}]", person)
    yield from _negative("weights", problem.weights, Weights.__slots__)
    yield from _references("locked", problem.locked, problem)
    yield from _locks(problem)


def _twice(where: str, ids: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, one in enumerate(ids):
        if one in seen:
            yield f"{where}[{at}].id", f"{one!r} is there twice"
        seen.add(one)


def _negative(where: str, thing: object, names: Iterable[str]) -> Iterator[Fault]:
    for name in names:
        value = getattr(thing, name)
        if isinstance(value, int) and value < 0:
            yield f"{where}.{name}", "must not be negative"


def _duty(where: str, duty: Duty, problem: Problem) -> Iterator[Fault]:
    if not 0 <= duty.day < problem.days:
        yield f"{where}.day", f"expected 0 to {problem.days - 1}"
    if not 0 <= duty.start < DAY:
        yield f"{where}.start", f"expected 0 to {DAY - 1}"
    if not duty.start < duty.end <= duty.start + DAY:
        yield f"{where}.end", "must be after start, at most a day later"
    if not duty.needs:
        yield f"{where}.needs", "a duty has at least one need"
    yield from _negative(where, duty, ("load", "unpopular"))
    yield from _twice(f"{where}.needs", (need.id for need in duty.needs))
    yield from _twice(f"{where}.floors", (floor.id for floor in duty.floors))
    for at, need in enumerate(duty.needs):
        yield from _need(f"{where}.needs[{at}]", need, problem.weights)
    for at, floor in enumerate(duty.floors):
        yield from _negative(f"{where}.floors[{at}]", floor, ("count", "weight"))


def _need(where: str, need: Need, weights: Weights) -> Iterator[Fault]:
    yield from _negative(where, need, ("minimum", "under_minimum", "under_ideal", "over"))
    if need.ideal < need.minimum:
        yield f"{where}.ideal", "must not be below minimum"
    if need.maximum is not None and need.maximum < need.ideal:
        yield f"{where}.maximum", "must not be below ideal"
    lower = weights.under_minimum if need.under_minimum is None else need.under_minimum
    upper = weights.under_ideal if need.under_ideal is None else need.under_ideal
    if need.ideal > need.minimum and lower < upper:
        yield f"{where}.under_minimum", "must not be below under_ideal: the first seats matter most"


def _person(where: str, person: Person) -> Iterator[Fault]:
    yield from _negative(where, person, ("reach", "share", "fair_load", "fair_unpopular"))
    yield from _negative(f"{where}.limits", person.limits, Limits.__slots__)
    yield from _negative(f"{where}.history", person.history, ("load", "unpopular"))
    for name, numbers in (("distances", person.distances), ("limits.per_kind", person.limits.per_kind)):
        if any(number < 0 for number in numbers.values()):
            yield f"{where}.{name}", "must not be negative"
    for at, wish in enumerate(person.wishes):
        yield from _negative(f"{where}.wishes[{at}]", wish, ("weight",))
    for windows in ("available", "unavailable", "elsewhere"):
        for at, window in enumerate(getattr(person, windows) or ()):
            if not window.start < window.end:
                yield f"{where}.{windows}[{at}].end", "must be after start"


def _references(where: str, assignments: Iterable[Assignment], problem: Problem) -> Iterator[Fault]:
    people = {person.id for person in problem.people}
    seats = {(duty.id, need.id) for duty in problem.duties for need in duty.needs}
    for at, one in enumerate(assignments):
        if one.person not in people:
            yield f"{where}[{at}].person", f"{one.person!r} is not among the people"
        if (one.duty, one.need) not in seats:
            yield f"{where}[{at}]", f"there is no need {one.need!r} on a duty {one.duty!r}"


def _locks(problem: Problem) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for at, one in enumerate(problem.locked):
        if (one.person, one.duty) in seen:
            yield f"locked[{at}]", "this person is locked on this duty twice"
        seen.add((one.person, one.duty))
