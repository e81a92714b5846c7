"""Splits a problem into parts that have nothing to do with each other, each a problem of its own."""

from collections.abc import Iterator
from dataclasses import replace

from .problem import Problem
from .seats import Seats


def components(problem: Problem, seats: Seats) -> Iterator[Problem]:
    """The parts, in the order of their first person or duty. A duty nobody may serve is a part alone.

    People and duties are linked by an open seat. Every cost belongs to exactly one part, so that the parts'
    objectives and bounds add up to the whole's.
    """
    parent = list(range(len(problem.people) + len(problem.duties)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    offset = len(problem.people)
    for p, row in enumerate(seats.open):
        for d, _ in row:
            a, b = root(p), root(offset + d)
            parent[max(a, b)] = min(a, b)
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for at in range(len(parent)):
        people, duties = groups.setdefault(root(at), ([], []))
        people.append(at) if at < offset else duties.append(at - offset)
    for people, duties in groups.values():
        yield part(problem, people, duties)


def part(problem: Problem, people: list[int], duties: list[int]) -> Problem:
    """The problem of these people and duties only, with what is locked and previous among them."""
    if len(people) == len(problem.people) and len(duties) == len(problem.duties):
        return problem
    who = {problem.people[p].id for p in people}
    what = {problem.duties[d].id for d in duties}
    previous = problem.previous
    return replace(
        problem,
        people=tuple(problem.people[p] for p in people),
        duties=tuple(problem.duties[d] for d in duties),
        locked=tuple(one for one in problem.locked if one.person in who and one.duty in what),
        previous=None
        if previous is None
        else tuple(one for one in previous if one.person in who and one.duty in what),
    )
