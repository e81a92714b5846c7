"""A first roster at once, without a solver: seats filled one by one with whoever costs least now.

Responsible for a roster that keeps every hard upper rule (what is locked stays), as a start for the solver
and as what somebody gets who takes the answer immediately. It does not try to meet minimums of minutes or of
days in a row.
"""

from collections import Counter

from .check import binding
from .problem import Assignment, Duty, Need, Person, Problem
from .seats import open_seats


def greedy(problem: Problem) -> tuple[Assignment, ...]:
    """A roster made by filling the scarcest seats first, to their minimum and then to their ideal number."""
    return _Filling(problem).fill()


class _Filling:
    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._mine: dict[str, list[Duty]] = {person.id: [] for person in problem.people}
        self._on: dict[str, list[Assignment]] = {duty.id: [] for duty in problem.duties}
        duties = {duty.id: duty for duty in problem.duties}
        for one in problem.locked:
            self._take(one, duties[one.duty])
        self._able: dict[tuple[str, str], list[Person]] = {}
        for person, row in zip(problem.people, open_seats(problem).open, strict=True):
            for d, needs in row:
                for n in needs:
                    duty = problem.duties[d]
                    self._able.setdefault((duty.id, duty.needs[n].id), []).append(person)

    def fill(self) -> tuple[Assignment, ...]:
        needs = [(duty, need) for duty in self._problem.duties for need in duty.needs]
        needs.sort(
            key=lambda one: (len(self._candidates(*one)), one[0].day, one[0].start, one[0].id, one[1].id)
        )
        for enough in ("minimum", "ideal"):
            for duty, need in needs:
                self._fill_need(duty, need, getattr(need, enough))
        return tuple(sorted(one for some in self._on.values() for one in some))

    def _candidates(self, duty: Duty, need: Need) -> list[Person]:
        return self._able.get((duty.id, need.id), [])

    def _fill_need(self, duty: Duty, need: Need, enough: int) -> None:
        taken = Counter(one.need for one in self._on[duty.id])[need.id]
        for person in sorted(self._candidates(duty, need), key=self._burden):
            if taken >= enough:
                return
            if not binding(self._problem, person, (duty, need), self._mine[person.id], self._on[duty.id]):
                self._take(Assignment(person.id, duty.id, need.id), duty)
                taken += 1

    def _take(self, one: Assignment, duty: Duty) -> None:
        self._mine[one.person].append(duty)
        self._on[duty.id].append(one)

    def _burden(self, person: Person) -> tuple[int, int]:
        """Those furthest below their fair part come first."""
        load = sum(duty.load for duty in self._mine[person.id])
        return load - (person.fair_load or 0), load
