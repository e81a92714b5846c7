"""Solves a part that is too large for one model: cluster by cluster, with prices for shared people.

Responsible for a roster that keeps every rule and for a valid bound. Each round solves the priced clusters;
their optima together bound the whole from below. Where a guest cluster and a home disagree about a shared
person, the guest's duties stand and the home is solved again around them. Then each cluster is improved with
the others fixed, and prices move: up where a guest is wanted and not offered, down where it is the reverse.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .answer import Answer, Found
from .check import check
from .check_person import person_rules
from .clusters import Cluster, Cut
from .greedy import greedy
from .problem import Assignment, Duty, Problem
from .result import Rule
from .shared import Views
from .stop import Stop

ROUNDS = 16
# A roster is looked for in these rounds only: later prices mend the bound more than the roster.
LOOKED_FOR = {0, 1, 4, 8, 12, 15}
# A price begins with this step, doubled while it keeps its direction and halved when it turns.
FIRST_STEP = 8
# In every so many rounds, from the first, clusters that differ become one where that is not too large.
MERGED_EVERY = 3
TOLERANCE = 1e-6
# No further rounds once the roster costs at most this part more than the bound.
CLOSE = 0.0005
ONLY_AT_HOME = {Rule.MINIMUM_MINUTES, Rule.MINIMUM_CONSECUTIVE_DAYS, Rule.MINIMUM_CONSECUTIVE_DAYS_OFF}


Solver = Callable[[Problem], Answer]


@dataclass(slots=True)
class _Work:
    """What stands: the best answer of each priced cluster, the prices, the roster and the best bound."""

    views: Views
    solve: Solver
    prices: dict[tuple[int, int], int] = field(default_factory=dict)
    steps: dict[tuple[int, int], int] = field(default_factory=dict)
    answers: dict[Cluster, tuple[Answer, int]] = field(default_factory=dict)
    roster: dict[str, list[Assignment]] = field(default_factory=dict)
    bound: float = 0.0
    best: tuple[Assignment, ...] | None = None
    lowest: float = math.inf
    problem: Problem = field(init=False)
    position: Mapping[str, int] = field(init=False)
    people: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.problem = self.views.problem
        self.position = {duty.id: d for d, duty in enumerate(self.problem.duties)}
        self.people = {person.id: p for p, person in enumerate(self.problem.people)}

    @property
    def cut(self) -> Cut:
        """The clusters as they are now."""
        return self.views.cut

    def chosen(self) -> list[Assignment]:
        """The roster of all duties."""
        return [one for some in self.roster.values() for one in some]


def coordinate(
    views: Views,
    solve: Solver,
    stop: Stop,
    found: Found | None = None,
    prices: Mapping[tuple[int, int], int] | None = None,
) -> Answer:
    """The best roster and bound after a few rounds, or when stopped. `solve` solves one model exactly.

    `prices` are those of shared people's duties outside their home to begin with; none named is 0.
    """
    work = _Work(views, solve, dict(prices or {}))
    moved = set(range(len(views.cut.clusters)))
    for number in range(ROUNDS):
        if not _price(work, moved):
            return Answer(None, 0.0, proven=False, infeasible=True)
        if number in LOOKED_FOR:
            _look(work, stop, found)
        if work.lowest - work.bound <= max(TOLERANCE, CLOSE * work.lowest) or stop.now():
            break
        moved = _move(work) if number % MERGED_EVERY else _merge(work)
    return Answer(work.best, work.bound, proven=work.lowest <= work.bound + TOLERANCE)


def _look(work: _Work, stop: Stop, found: Found | None) -> None:
    """A roster from what the priced clusters would do; kept when it is lawful and the best."""
    differing = _settle(work)
    _improve(work, {p for p, _ in differing}, stop)
    now = tuple(work.chosen())
    report = check(work.problem, now)
    total = report.objective.total
    if report.ok and total < work.lowest:
        work.best, work.lowest = now, total
        if found is not None:
            found(now)


def _price(work: _Work, moved: Iterable[int]) -> bool:
    """Solves the priced clusters whose prices moved, and takes the bound; False: one has no roster."""
    for c in sorted(moved):
        cluster = work.cut.clusters[c]
        priced, constant = work.views.priced(cluster, work.prices)
        answer = work.solve(priced)
        if answer.infeasible:
            return False
        work.answers[cluster] = (answer, constant)
    answers = (work.answers[cluster] for cluster in work.cut.clusters)
    bound = sum(answer.bound - constant for answer, constant in answers) + _lost(work)
    work.bound = max(work.bound, bound)
    return True


def _lost(work: _Work) -> int:
    """What previous duties cost that no priced cluster knows of: those closed to the person now."""
    if work.problem.previous is None:
        return 0
    lost = {
        (p, d)
        for one in work.problem.previous
        if (p := work.people.get(one.person)) is not None and (d := work.position.get(one.duty)) is not None
        if p not in work.cut.home_of
        or (work.cut.home_of[p] != work.cut.cluster_of[d] and d not in work.views.copies_of(p))
    }
    return work.problem.weights.change * len(lost)


def _settle(work: _Work) -> set[tuple[int, int]]:
    """A roster from the priced answers: guests' duties stand where they fit, homes give way.

    Returns the (person, duty) about which home and guest cluster did not agree.
    """
    for cluster in work.cut.clusters:
        _take(work, cluster, work.answers[cluster][0].assignments or ())
    for p in work.cut.away:
        _withdraw_unfit(work, p)
    offered, wanted = _offers(work)
    differing = offered ^ wanted
    for c in sorted({work.cut.home_of[p] for p, _ in differing}):
        cluster = work.cut.clusters[c]
        guests = {work.problem.people[p].id for p in cluster.guests}
        names = {work.problem.duties[d].id for d in cluster.duties}
        keep = [one for one in work.chosen() if one.person in guests and one.duty in names]
        if not _solve_fixed(work, cluster, keep):
            _take(work, cluster, greedy(work.views.fixed(cluster, work.chosen(), keep)))
    return differing


def _take(work: _Work, cluster: Cluster, chosen: Iterable[Assignment]) -> None:
    """Puts these assignments in the place of all that stood in the cluster; copies are left out."""
    for d in cluster.duties:
        work.roster[work.problem.duties[d].id] = []
    inside = {work.problem.duties[d].id for d in cluster.duties}
    for one in chosen:
        if one.duty in inside:
            work.roster[one.duty].append(one)


def _withdraw_unfit(work: _Work, p: int) -> None:
    """Takes a guest off duties in several clusters that do not go together."""
    person = work.problem.people[p]
    mine: list[Duty] = []
    for d in sorted(work.cut.away[p]):
        duty = work.problem.duties[d]
        for one in [one for one in work.roster[duty.id] if one.person == person.id]:
            if any(one.rule not in ONLY_AT_HOME for one in person_rules(work.problem, person, [*mine, duty])):
                work.roster[duty.id].remove(one)
            else:
                mine.append(duty)


def _offers(work: _Work) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Shared people's duties outside their home: those their homes offer, those guest clusters want."""
    offered: set[tuple[int, int]] = set()
    wanted: set[tuple[int, int]] = set()
    for c, cluster in enumerate(work.cut.clusters):
        for one in work.answers[cluster][0].assignments or ():
            p, d = work.people[one.person], work.position[one.duty]
            if d in work.cut.away.get(p, ()):
                (offered if work.cut.home_of[p] == c else wanted).add((p, d))
    return offered, wanted


def _improve(work: _Work, people: Iterable[int], stop: Stop) -> None:
    """Solves the teams of each of these shared people together, around what all others do."""
    windows = {work.views.window(p) for p in people}
    for window in sorted(windows, key=lambda one: one.duties):
        if stop.now():
            return
        _solve_fixed(work, window, ())


def _solve_fixed(work: _Work, cluster: Cluster, keep: Sequence[Assignment]) -> bool:
    """Whether the cluster has a roster with everything else as chosen; it is taken."""
    answer = work.solve(work.views.fixed(cluster, work.chosen(), keep))
    if answer.assignments is None:
        return False
    _take(work, cluster, answer.assignments)
    return True


def _move(work: _Work) -> set[int]:
    """Moves the prices where home and guest cluster differ; returns the clusters concerned."""
    offered, wanted = _offers(work)
    moved = set()
    for key in offered ^ wanted:
        sign = 1 if key in wanted else -1
        last = work.steps.get(key, 0)
        same = last * sign > 0
        size = FIRST_STEP if not last else abs(last) * 2 if same else max(1, abs(last) // 2)
        work.steps[key] = sign * size
        work.prices[key] = work.prices.get(key, 0) + sign * size
        moved |= {work.cut.home_of[key[0]], work.cut.cluster_of[key[1]]}
    return moved


def _merge(work: _Work) -> set[int]:
    """Makes one cluster of those that still differ; the others' prices move. Returns those concerned."""
    offered, wanted = _offers(work)
    pairs = sorted({(work.cut.home_of[p], work.cut.cluster_of[d]) for p, d in offered ^ wanted})
    moved = {work.cut.clusters[c].duties for c in _move(work)}
    work.views = work.views.merged(pairs)
    work.prices = {
        key: price for key, price in work.prices.items() if key[1] in work.cut.away.get(key[0], ())
    }
    return {
        c
        for c, cluster in enumerate(work.cut.clusters)
        if cluster not in work.answers or cluster.duties in moved
    }
