"""The problem of one cluster, seen from two sides: with prices for shared people, or with the rest fixed.

Responsible for cutting and pricing exactly. A shared person's own rules and costs belong to the home cluster,
where their duties elsewhere stand as free copies without cover. In the priced view, serving a copy is paid
what the guest cluster pays for it: then the clusters' optima, less the prices paid out, add up to no more
than the whole's optimum (Lagrangian decomposition by copies, Guignard & Kim 1987, 10.1007/BF02592954). In the
fixed view, the duties people serve in other clusters are locked copies, so that every rule still counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .clusters import Cluster, Cut, merge
from .problem import Assignment, Duty, Mixing, Need, Person, Problem, Stint, Wish
from .seats import Seats

COPY = "*"
Prices = Mapping[tuple[int, int], int]


class Views:
    """Makes the clusters' problems. The wishes' common weight is multiplied into the wishes beforehand."""

    def __init__(self, problem: Problem, seats: Seats, cut: Cut) -> None:
        self.problem = _scaled(problem)
        self.cut = cut
        self._seats = seats
        self._position = {duty.id: d for d, duty in enumerate(problem.duties)}
        self._people = {person.id: p for p, person in enumerate(problem.people)}
        self._open = [frozenset(d for d, _ in row) for row in seats.open]

    def merged(self, pairs: Iterable[tuple[int, int]]) -> "Views":
        """The views after each of these pairs of clusters became one."""
        return Views(self.problem, self._seats, merge(self.problem, self._seats, self.cut, pairs))

    def window(self, p: int) -> Cluster:
        """All teams in which this person may serve, with everybody who may serve there."""
        duties = self.problem.duties
        teams = {duties[d].team or duties[d].post for d in self._open[p]}
        inside = frozenset(d for d, duty in enumerate(duties) if (duty.team or duty.post) in teams)
        people = tuple(q for q, row in enumerate(self._open) if not row.isdisjoint(inside))
        return Cluster(tuple(sorted(inside)), people, ())

    def priced(self, cluster: Cluster, prices: Prices) -> tuple[Problem, int]:
        """The cluster's part of the relaxation, and the constant its optimum holds too much."""
        constant = 0
        people = []
        copies = sorted(self._copies(cluster))
        for p in cluster.home:
            person, extra = self._paid(p, copies, prices)
            people.append(person)
            constant += extra
        for p in cluster.guests:
            person, extra = self._hired(p, cluster, prices)
            people.append(person)
            constant += extra
        return self._problem(cluster, people, copies, (), set(cluster.home)), constant

    def copies_of(self, p: int) -> frozenset[int]:
        """The duties that stand as copies in this person's home cluster, whoever they are there for."""
        return self._copies(self.cut.clusters[self.cut.home_of[p]])

    def _copies(self, cluster: Cluster) -> frozenset[int]:
        return frozenset().union(*(self.cut.away.get(p, frozenset()) for p in cluster.home))

    def fixed(
        self, cluster: Cluster, chosen: Iterable[Assignment], keep: Iterable[Assignment] = ()
    ) -> Problem:
        """The cluster with everything else as chosen; those in `keep` stay as well."""
        here = {*cluster.home, *cluster.guests}
        inside = set(cluster.duties)
        others = [
            one
            for one in chosen
            if self._people[one.person] in here and self._position[one.duty] not in inside
        ]
        copies = sorted({self._position[one.duty] for one in others})
        people = [self._closed(p, copies) for p in sorted(here)]
        locks = [Assignment(one.person, one.duty, COPY) for one in others]
        return self._problem(cluster, people, copies, [*locks, *keep], here)

    def _problem(
        self,
        cluster: Cluster,
        people: list[Person],
        copies: list[int],
        locks: Iterable[Assignment],
        owned: set[int],
    ) -> Problem:
        """These people and duties; those in `owned` bear their own costs here, elsewhere's locks too."""
        problem = self.problem
        names = {person.id for person in people}
        inside = {problem.duties[d].id for d in cluster.duties}
        known = inside | {problem.duties[d].id for d in copies}
        duties = [problem.duties[d] for d in cluster.duties]
        duties += [_copy(problem.duties[d]) for d in copies]
        home = {problem.people[p].id for p in owned}
        locked = {(one.person, one.duty): one for one in locks}
        for one in problem.locked:
            if one.person in names and one.duty in known and (one.duty in inside or one.person in home):
                place = one if one.duty in inside else Assignment(one.person, one.duty, COPY)
                locked.setdefault((one.person, one.duty), place)
        previous = problem.previous
        if previous is not None:
            previous = tuple(one for one in previous if one.person in home and one.duty in known)
        return replace(
            problem,
            duties=tuple(duties),
            people=tuple(people),
            locked=tuple(locked.values()),
            previous=previous,
        )

    def _paid(self, p: int, copies: list[int], prices: Prices) -> tuple[Person, int]:
        """Somebody at home: paid the price for serving elsewhere."""
        person = self.problem.people[p]
        mine = self.cut.away.get(p, frozenset())
        closed = tuple(self.problem.duties[d].id for d in copies if d not in mine)
        paid = [(self.problem.duties[d].id, prices.get((p, d), 0)) for d in sorted(mine)]
        wishes = tuple(_wish(duty, -price) for duty, price in paid if price)
        person = replace(
            person, forbidden=(*person.forbidden, *closed), wishes=(*person.wishes, *wishes)
        )  # fmt: skip
        return person, sum(max(0, price) for _, price in paid)

    def _hired(self, p: int, cluster: Cluster, prices: Prices) -> tuple[Person, int]:
        """A guest: costs the price, and nothing of their own; only the rules among these duties bind."""
        person = self.problem.people[p]
        mine = [d for d in cluster.duties if d in self._open[p]]
        closed = tuple(self.problem.duties[d].id for d in cluster.duties if d not in self._open[p])
        addition = self.problem.weights.addition if self.problem.previous is not None else 0
        hired = [(self.problem.duties[d].id, prices.get((p, d), 0) - addition) for d in mine]
        stripped = replace(
            person,
            forbidden=(*person.forbidden, *closed),
            wishes=tuple(_wish(duty, price) for duty, price in hired if price),
            limits=replace(
                person.limits,
                minimum_minutes=None,
                minimum_consecutive_days=None,
                minimum_consecutive_days_off=None,
            ),
            elsewhere=(*person.elsewhere, *self._locked_outside(p, cluster)),
            distances={},
            fair_load=None,
            fair_unpopular=None,
        )
        return stripped, sum(max(0, -price) for _, price in hired)

    def _locked_outside(self, p: int, cluster: Cluster) -> list[Stint]:
        """What is locked in other clusters is work elsewhere to a guest."""
        inside = set(cluster.duties)
        name = self.problem.people[p].id
        places = (self._position[one.duty] for one in self.problem.locked if one.person == name)
        duties = [self.problem.duties[d] for d in places if d not in inside]
        return [Stint(duty.day, duty.start, duty.end, duty.kind, duty.post) for duty in duties]

    def _closed(self, p: int, copies: list[int]) -> Person:
        """Somebody in the fixed view: copies are for those who are locked on them only."""
        person = self.problem.people[p]
        closed = tuple(self.problem.duties[d].id for d in copies)
        return replace(person, forbidden=(*person.forbidden, *closed))


def _wish(duty: str, price: int) -> Wish:
    """Serving the duty costs the price, up to a constant; a price below 0 is paid to the person."""
    return Wish(wanted=price < 0, weight=abs(price), duty=duty)


def _copy(duty: Duty) -> Duty:
    """The same stretch of work without anything to cover."""
    return replace(duty, needs=(Need(COPY, 0, 0, None, over=0),), floors=(), mixing=Mixing.NONE)


def _scaled(problem: Problem) -> Problem:
    weight = problem.weights.wish
    if weight == 1:
        return problem
    people = tuple(
        replace(person, wishes=tuple(replace(one, weight=one.weight * weight) for one in person.wishes))
        for person in problem.people
    )
    return replace(problem, people=people, weights=replace(problem.weights, wish=1))
