"""Whether a person may take a seat at all, whatever else they do: the rules of one person and one need.

Part of the independent check: it shares no code with what builds the solver's model.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from .problem import DAY, Duty, Held, Need, Person, Problem, Window
from .result import Rule

Broken = tuple[Rule, dict[str, int | str]]


def seat_rules(problem: Problem, person: Person, duty: Duty, need: Need) -> Iterator[Broken]:
    """Each rule that keeps this person from this need of this duty, with the figures that say why."""
    yield from _suits(person, need, problem.date_of(duty.day))
    if person.teams and duty.team and duty.team not in person.teams:
        yield Rule.TEAM, {"team": duty.team}
    distance = person.distances.get(duty.post, 0)
    if person.reach is not None and distance > person.reach:
        yield Rule.TRAVEL, {"distance": distance, "reach": person.reach}
    if not is_available(person, duty):
        yield Rule.AVAILABILITY, {"day": duty.day}
    if duty.id in person.forbidden:
        yield Rule.FORBIDDEN, {}


def _suits(person: Person, need: Need, on: date) -> Iterator[Broken]:
    for code in need.qualifications:
        if not holds(person.qualifications, code, on):
            yield Rule.QUALIFICATION, {"qualification": code}
    for language, level in need.languages.items():
        if not speaks(person.languages, language, level):
            yield Rule.LANGUAGE, {"language": language, "level": level}


def holds(held: Iterable[Held], code: str, on: date) -> bool:
    """Whether the qualification is held and valid on that day."""
    return any(
        one.code == code and (one.since is None or one.since <= on) and (one.until is None or on <= one.until)
        for one in held
    )


def speaks(spoken: Mapping[str, int], language: str, level: int) -> bool:
    """Whether the language is spoken at least at this level."""
    return language in spoken and spoken[language] >= level


def is_available(person: Person, duty: Duty) -> bool:
    """Whether the whole duty lies in the person's windows and touches no time they are away."""
    start, end = duty.day * DAY + duty.start, duty.day * DAY + duty.end
    if any(a < end and start < b for a, b in _moments(person.unavailable)):
        return False
    if person.available is None:
        return True
    reached = start
    for a, b in sorted(moment for moment in _moments(person.available) if moment[1] > start):
        if a > reached or reached >= end:
            break
        reached = max(reached, b)
    return reached >= end


def _moments(windows: Iterable[Window]) -> Iterator[tuple[int, int]]:
    return ((one.day * DAY + one.start, one.day * DAY + one.end) for one in windows)
