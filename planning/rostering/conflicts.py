"""Which duties nobody can serve together, for the solver: an index by duty for each pair of limits."""

from collections.abc import Sequence

from .problem import DAY, Duty, Limits, Person, Problem, Stint

Work = Duty | Stint


def clash(first: Work, second: Work, limits: Limits, successions: frozenset[tuple[str, str]]) -> bool:
    """Whether `first` and `second` cannot both be served; `first` starts no later."""
    between = second.day * DAY + second.start - first.day * DAY - first.end
    if between < 0:
        return True
    if first.day == second.day:
        return limits.gap is not None and first.post != second.post and between < limits.gap
    if limits.rest is not None and between < limits.rest:
        return True
    return second.day == first.day + 1 and (first.kind, second.kind) in successions


def starts(work: Work) -> tuple[int, int]:
    """Orders work by its start."""
    return work.day * DAY + work.start, work.day * DAY + work.end


class Conflicts:
    """Later duties that clash with each duty, for people with the same rest and gap."""

    def __init__(self, problem: Problem) -> None:
        self._duties = problem.duties
        self._successions = frozenset((one.before, one.after) for one in problem.successions)
        self._order = sorted(range(len(problem.duties)), key=lambda d: (starts(problem.duties[d]), d))
        self._found: dict[tuple[int | None, int | None], dict[int, frozenset[int]]] = {}

    def of(self, limits: Limits) -> dict[int, frozenset[int]]:
        """Duty position to the positions of all duties that clash with it and come later in time."""
        key = (limits.rest, limits.gap)
        if key not in self._found:
            self._found[key] = self._find(limits)
        return self._found[key]

    def _find(self, limits: Limits) -> dict[int, frozenset[int]]:
        reach = max(limits.rest or 0, limits.gap or 0)
        found: dict[int, frozenset[int]] = {}
        for at, d in enumerate(self._order):
            first = self._duties[d]
            end = first.day * DAY + first.end + reach
            clashing = []
            for e in self._order[at + 1 :]:
                second = self._duties[e]
                if second.day * DAY + second.start >= end and second.day > first.day + 1:
                    break
                if clash(first, second, limits, self._successions):
                    clashing.append(e)
            if clashing:
                found[d] = frozenset(clashing)
        return found

    def cliques(self, limits: Limits, duties: Sequence[int]) -> list[list[int]]:
        """Sets of these duties of which only one can be served; together they hold every clash."""
        later = self.of(limits)
        mine = set(duties)
        rank = {d: at for at, d in enumerate(self._order)} if later else {}
        covered: set[tuple[int, int]] = set()
        found = []
        for d in sorted(mine & later.keys(), key=rank.__getitem__):
            rest = sorted(later[d] & mine, key=rank.__getitem__)
            for e in rest:
                if (d, e) in covered:
                    continue
                clique = [d, e]
                for f in rest:
                    if f != e and all(_joined(later, f, g, rank) for g in clique[1:]):
                        clique.append(f)
                covered.update((d, f) for f in clique[1:])
                covered.update((f, g) for f in clique[1:] for g in clique[1:])
                found.append(clique)
        return found

    def closed(self, person: Person, fixed: Sequence[int], duties: Sequence[int]) -> set[int]:
        """Those of these duties that clash with the person's fixed duties or their work elsewhere."""
        others: list[Work] = [*person.elsewhere, *(self._duties[d] for d in fixed)]
        closed = set()
        for d in duties:
            mine = self._duties[d]
            for other in others:
                first, second = (mine, other) if starts(mine) <= starts(other) else (other, mine)
                if other is not mine and clash(first, second, person.limits, self._successions):
                    closed.add(d)
                    break
        return closed


def _joined(later: dict[int, frozenset[int]], a: int, b: int, rank: dict[int, int]) -> bool:
    first, second = (a, b) if rank[a] < rank[b] else (b, a)
    return second in later.get(first, frozenset())
