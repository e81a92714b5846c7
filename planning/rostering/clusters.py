"""Cuts a part that is too large for one model into clusters of teams, and finds the people the cuts share.

Responsible for who belongs where: every duty lies in one cluster, every person has one home cluster, and
people with open seats in further clusters are guests there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .problem import Problem
from .seats import Seats

# Up to four communes' months are one model; beyond, clusters of one, merged where they differ.
SEATS_IN_ONE_MODEL = 4000
SEATS_IN_A_CLUSTER = 1000
SEATS_IN_A_MERGER = 8000


@dataclass(frozen=True, slots=True)
class Cluster:
    """Positions of the duties, of the people at home here, and of the guests."""

    duties: tuple[int, ...]
    home: tuple[int, ...]
    guests: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """The clusters; `away[p]` holds the open duties of a shared person outside their home cluster.

    `group` gives each team's cluster, `size` the open seats of each team.
    """

    clusters: tuple[Cluster, ...]
    home_of: Mapping[int, int]
    cluster_of: Mapping[int, int]
    away: Mapping[int, frozenset[int]]
    group: Mapping[str, int]
    size: Mapping[str, int]


def cut(problem: Problem, seats: Seats) -> Cut | None:
    """The clusters of a part; None when one model can hold it or it is a single team."""
    size = sum(len(needs) for row in seats.open for _, needs in row)
    teams = [duty.team or duty.post for duty in problem.duties]
    if size <= SEATS_IN_ONE_MODEL or len(set(teams)) < 2:
        return None
    links, seats_of = _links(teams, seats)
    group = _group(teams, seats_of, links)
    return _cut(problem, seats, group, seats_of) if len(set(group.values())) > 1 else None


def merge(problem: Problem, seats: Seats, old: Cut, pairs: Iterable[tuple[int, int]]) -> Cut:
    """The same cut with each of these pairs of clusters made one, as far as one model can hold them."""
    size: Counter[int] = Counter()
    for team, c in old.group.items():
        size[c] += old.size[team]
    into = list(range(len(old.clusters)))
    for a, b in pairs:
        one, other = sorted((into[a], into[b]))
        if one != other and size[one] + size[other] <= SEATS_IN_A_MERGER:
            size[one] += size[other]
            into = [one if c == other else c for c in into]
    numbers = {c: at for at, c in enumerate(sorted(set(into)))}
    group = {team: numbers[into[c]] for team, c in old.group.items()}
    return _cut(problem, seats, group, old.size)


def _cut(problem: Problem, seats: Seats, group: Mapping[str, int], size: Mapping[str, int]) -> Cut:
    teams = [duty.team or duty.post for duty in problem.duties]
    cluster_of = {d: group[team] for d, team in enumerate(teams)}
    home_of: dict[int, int] = {}
    away: dict[int, frozenset[int]] = {}
    for p, row in enumerate(seats.open):
        if row:
            home_of[p] = group[_home(problem, p, Counter(teams[d] for d, _ in row))]
        if outside := frozenset(d for d, _ in row if cluster_of[d] != home_of[p]):
            away[p] = outside
    clusters = _clusters(len(set(group.values())), cluster_of, home_of, away)
    return Cut(clusters, home_of, cluster_of, away, group, size)


def _links(teams: Sequence[str], seats: Seats) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """How many people each pair of teams shares, and the open seats of each team."""
    links: dict[str, Counter[str]] = {team: Counter() for team in teams}
    size: Counter[str] = Counter()
    for row in seats.open:
        mine = Counter(teams[d] for d, _ in row)
        size.update(mine)
        for a in mine:
            links[a].update(b for b in mine if b != a)
    return links, size


def _home(problem: Problem, p: int, counts: Counter[str]) -> str:
    """The person's first team when they have open seats there, else the team with most."""
    first = problem.people[p].teams[:1]
    return first[0] if first and counts[first[0]] else max(sorted(counts), key=counts.__getitem__)


def _group(
    teams: Sequence[str], size: Mapping[str, int], links: Mapping[str, Counter[str]]
) -> dict[str, int]:
    """Teams to clusters: each grows by the team it shares most people with, until it is full."""
    group: dict[str, int] = {}
    for team in _in_order(teams, links):
        if team not in group:
            number = len(set(group.values()))
            group.update(dict.fromkeys(_grown(team, set(group), size, links), number))
    return group


def _in_order(teams: Sequence[str], links: Mapping[str, Counter[str]]) -> list[str]:
    """Teams from the ends of chains inward: fewest neighbours first, then along the links."""
    order: list[str] = []
    seen: set[str] = set()
    for start in sorted(dict.fromkeys(teams), key=lambda team: len(links[team])):
        waiting = [start]
        while waiting:
            team = waiting.pop()
            if team not in seen:
                seen.add(team)
                order.append(team)
                waiting += sorted(links[team].keys() - seen)
    return order


def _grown(
    team: str, taken: set[str], size: Mapping[str, int], links: Mapping[str, Counter[str]]
) -> list[str]:
    """The team with those nearest to it that fit into one cluster."""
    members, total = [team], size[team]
    while True:
        strength: Counter[str] = Counter()
        for member in members:
            strength.update(links[member])
        fitting = [
            other
            for other in sorted(strength)
            if other not in taken and other not in members and total + size[other] <= SEATS_IN_A_CLUSTER
        ]
        if not fitting:
            return members
        best = max(fitting, key=strength.__getitem__)
        members.append(best)
        total += size[best]


def _clusters(
    count: int,
    cluster_of: Mapping[int, int],
    home_of: Mapping[int, int],
    away: Mapping[int, frozenset[int]],
) -> tuple[Cluster, ...]:
    duties: list[list[int]] = [[] for _ in range(count)]
    home: list[list[int]] = [[] for _ in range(count)]
    guests: list[list[int]] = [[] for _ in range(count)]
    for d, c in cluster_of.items():
        duties[c].append(d)
    for p, c in home_of.items():
        home[c].append(p)
    for p, outside in away.items():
        for c in sorted({cluster_of[d] for d in outside}):
            guests[c].append(p)
    rows = zip(duties, home, guests, strict=True)
    return tuple(Cluster(tuple(a), tuple(b), tuple(c)) for a, b, c in rows)
