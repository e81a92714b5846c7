"""The seats open to each person, for the solver: an index made once, so that models are quick to build.

Responsible for which (person, duty, need) may be chosen at all. Locked seats are open whatever the rules say;
duties in the way of a locked one, or of work fixed elsewhere, are closed where that is certain.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .conflicts import Conflicts
from .problem import DAY, Duty, Need, Person, Problem, Window

Seat = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Seats:
    """`open[p]` lists (duty, needs) by position for each person; `locked` holds (person, duty, need)."""

    open: tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]
    locked: frozenset[Seat]


def open_seats(problem: Problem) -> Seats:
    """Which seats each person may take. Positions are those of the problem's own tuples."""
    locked = locked_seats(problem)
    mine: dict[int, dict[int, int]] = {}
    for p, d, n in locked:
        mine.setdefault(p, {})[d] = n
    asked = [_asked(duty) for duty in problem.duties]
    dates = [problem.date_of(day) for day in range(problem.days)]
    conflicts = Conflicts(problem)
    found = []
    for p, person in enumerate(problem.people):
        fixed = mine.get(p, {})
        row = tuple(_of_person(problem, person, asked, dates, fixed))
        if fixed or person.elsewhere:
            others = [d for d, _ in row if d not in fixed]
            closed = conflicts.closed(person, list(fixed), others)
            row = tuple(one for one in row if one[0] not in closed)
        found.append(row)
    return Seats(tuple(found), locked)


def locked_seats(problem: Problem) -> frozenset[Seat]:
    """The locked assignments by position."""
    people = {person.id: p for p, person in enumerate(problem.people)}
    duties = {duty.id: d for d, duty in enumerate(problem.duties)}
    return frozenset(
        (people[one.person], duties[one.duty], _need(problem.duties[duties[one.duty]], one.need))
        for one in problem.locked
    )


def _need(duty: Duty, name: str) -> int:
    return next(at for at, need in enumerate(duty.needs) if need.id == name)


def _asked(duty: Duty) -> tuple[tuple[int, Need], ...]:
    return tuple((n, need) for n, need in enumerate(duty.needs) if need.maximum != 0)


def _of_person(
    problem: Problem,
    person: Person,
    asked: Sequence[tuple[tuple[int, Need], ...]],
    dates: Sequence[date],
    locked: dict[int, int],
) -> Iterable[tuple[int, tuple[int, ...]]]:
    free = _Free(person)
    forbidden = frozenset(person.forbidden)
    held = _HeldOn(person)
    teams = frozenset(person.teams)
    for d, duty in enumerate(problem.duties):
        if d in locked:
            yield d, (locked[d],)
            continue
        if teams and duty.team and duty.team not in teams:
            continue
        if duty.id in forbidden or not free.covers(duty) or _too_far(person, duty):
            continue
        codes = held.on(dates[duty.day])
        if needs := tuple(n for n, need in asked[d] if _suits(need, codes, person)):
            yield d, needs


def _too_far(person: Person, duty: Duty) -> bool:
    return person.reach is not None and person.distances.get(duty.post, 0) > person.reach


def _suits(need: Need, codes: frozenset[str], person: Person) -> bool:
    return codes.issuperset(need.qualifications) and all(
        person.languages.get(language, level - 1) >= level for language, level in need.languages.items()
    )


class _HeldOn:
    """A person's qualifications by date."""

    def __init__(self, person: Person) -> None:
        self._held = person.qualifications
        self._always = frozenset(one.code for one in self._held)
        self._dated = any(one.since or one.until for one in self._held)

    def on(self, when: date) -> frozenset[str]:
        if not self._dated:
            return self._always
        return frozenset(
            one.code
            for one in self._held
            if (one.since or when) <= when <= (one.until or when)
        )  # fmt: skip


class _Free:
    """A person's free time as merged stretches of minutes."""

    def __init__(self, person: Person) -> None:
        self._always = person.available is None
        self._by_day: dict[int, list[tuple[int, int]]] = {}
        for a, b in _merged(person.available or ()):
            for day in range(a // DAY, (b - 1) // DAY + 1):
                self._by_day.setdefault(day, []).append((a, b))
        self._away = _merged(person.unavailable)

    def covers(self, duty: Duty) -> bool:
        start, end = duty.day * DAY + duty.start, duty.day * DAY + duty.end
        if any(a < end and start < b for a, b in self._away):
            return False
        return self._always or any(a <= start and end <= b for a, b in self._by_day.get(duty.day, ()))


def _merged(windows: Iterable[Window]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for a, b in sorted((one.day * DAY + one.start, one.day * DAY + one.end) for one in windows):
        if merged and a <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(b, merged[-1][1]))
        else:
            merged.append((a, b))
    return merged
