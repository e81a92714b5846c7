"""Who stays on a shift keeps their role there: exchanges of roles that gain nothing are taken back.

The core counts who serves on which shift, not in which role; a sign-up knows its role, and people are told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from planning import rostering as core

Roster = tuple[core.Assignment, ...]


def settled(problem: core.Problem, roster: Sequence[core.Assignment]) -> Roster:
    """The same people on the same shifts, in their roles of the previous roster where that costs nothing."""
    before = {(one.person, one.duty): one.need for one in problem.previous or ()}
    fixed = {(one.person, one.duty) for one in problem.locked}
    shifts: dict[str, list[core.Assignment]] = {}
    for one in roster:
        shifts.setdefault(one.duty, []).append(one)
    best, cost = tuple(roster), core.check(problem, roster).objective.total
    for duty, some in shifts.items():
        again = _exchanged(some, before, fixed)
        if again == some:
            continue
        tried = (*(one for one in best if one.duty != duty), *again)
        found = core.check(problem, tried)
        if found.ok and found.objective.total <= cost:
            best, cost = tried, found.objective.total
    return tuple(sorted(best))


def _exchanged(
    some: Sequence[core.Assignment], before: dict[tuple[str, str], str], fixed: Iterable[tuple[str, str]]
) -> list[core.Assignment]:
    """The seats of one shift after every exchange of two that gives one of them their role back."""
    rows = list(some)
    for at, one in enumerate(some):
        wanted = before.get((one.person, one.duty))
        if wanted is None or rows[at].need == wanted or (one.person, one.duty) in fixed:
            continue
        for to, other in enumerate(rows):
            content = before.get((other.person, other.duty)) == other.need
            if other.need == wanted and not content and (other.person, other.duty) not in fixed:
                rows[at], rows[to] = replace(rows[at], need=wanted), replace(other, need=rows[at].need)
                break
    return rows
