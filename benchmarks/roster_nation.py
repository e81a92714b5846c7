"""A nation of invented teams to make rosters for: the same for the same seed.

Communes stand in rows within provinces. Each has thirty members and one post with two half-days, Monday to
Saturday. Members have skills with dates, languages, free half-days, wishes, weekly limits and a ledger of the
twelve weeks before; some serve in the next commune too, so that communes hang together in chains.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from planning.rostering import (
    Duty,
    Experience,
    Floor,
    Held,
    History,
    Limits,
    Mixing,
    Need,
    Person,
    Problem,
    Succession,
    Window,
    Wish,
    share_fairly,
)

START = date(2026, 11, 23)
COMMUNES, PROVINCES, MEMBERS, DAYS = 3321, 34, 30, 28
PARTS = {"morning": (420, 690), "afternoon": (810, 1020), "evening": (1110, 1260)}
LANGUAGES = ("kho", "chu", "mnong", "tay", "hmong", "khmer")
SUNDAY = 6


@dataclass(frozen=True)
class Group:
    """Communes that share people, in a row; most stand alone."""

    seed: int
    communes: tuple[int, ...]
    shared: tuple[int, ...]


def groups(seed: int, communes: int = COMMUNES, sharing: float = 0.3) -> Iterator[Group]:
    """All communes, grouped: each shares one or two people with the next of its province, or nobody."""
    chance = Random(seed)
    size = COMMUNES // PROVINCES
    row: list[int] = []
    shared: list[int] = []
    for commune in range(communes):
        row.append(commune)
        last = (commune + 1) % size == 0 or commune == communes - 1
        if last or chance.random() >= sharing:
            yield Group(seed, tuple(row), tuple(shared))
            row, shared = [], []
        else:
            shared.append(chance.randint(1, 2))


def problem(group: Group, *, days: int = DAYS, every_rule: bool = False) -> Problem:
    """The group's roster to make. `every_rule` adds a second post, evenings, and all the rules there are."""
    duties: list[Duty] = []
    people: list[Person] = []
    for at, commune in enumerate(group.communes):
        chance = Random(f"{group.seed}/{commune}")
        spoken = chance.sample(LANGUAGES, chance.choice([0, 0, 0, 1, 1, 2]))
        posts = ("centre", "village") if every_rule else ("centre",)
        for post in posts:
            duties += _duties(chance, f"{commune}/{post}", commune, spoken, days)
        members = [
            _member(chance, f"{commune}-{n}", spoken, days, every_rule=every_rule) for n in range(MEMBERS)
        ]
        if at < len(group.shared):
            beyond = group.communes[at + 1]
            members[: group.shared[at]] = [
                replace(
                    one,
                    teams=(*one.teams, f"t{beyond}"),
                    distances={f"{beyond}/centre": chance.randint(4, 15)},
                )
                for one in members[: group.shared[at]]
            ]
        people += members
    rules = (Succession("evening", "morning"),) if every_rule else ()
    return share_fairly(Problem(START, days, tuple(duties), tuple(people), successions=rules))


def _duties(chance: Random, post: str, commune: int, spoken: list[str], days: int) -> Iterator[Duty]:
    village = post.endswith("village")
    for day in range(days):
        weekday = (START + timedelta(days=day)).weekday()
        if weekday == SUNDAY and not village:
            continue
        for part in ("evening",) if village else ("morning", "afternoon"):
            start, end = PARTS[part]
            least = 2 if village else chance.choice([5, 5, 5, 6])
            ideal = least if village else least + chance.choice([0, 0, 1])
            floors = [
                Floor("skilled", 1 if village else 2, ("procedures",)),
                Floor("old", 1, experienced=True),
            ]
            floors += [Floor(one, 1, languages={one: 2}) for one in spoken]
            yield Duty(
                f"{post}/{day}{part[0]}",
                day,
                start,
                end,
                (Need("member", least, ideal, ideal + 1),),
                post=post,
                team=f"t{commune}",
                kind=part,
                unpopular=int(weekday >= SUNDAY - 1 or part == "evening"),
                floors=tuple(floors),
                mixing=Mixing.SOFT if not village else Mixing.HARD,
            )


def _member(chance: Random, name: str, spoken: list[str], days: int, *, every_rule: bool) -> Person:
    until = START + timedelta(days=chance.randrange(-10, 200))
    free = tuple(Window(day, *PARTS[part]) for day in range(days) for part in PARTS if chance.random() < 0.6)
    limits = Limits(duties_per_week=chance.randint(2, 4), rest=660, consecutive_days=5)
    if every_rule:
        limits = replace(
            limits,
            duties_per_week=5,
            minutes_per_day=480,
            gap=30,
            weekends=3,
            duties=16,
            per_kind={"evening": 6},
        )
    commune = name.partition("-")[0]
    return Person(
        name,
        teams=(f"t{commune}",),
        qualifications=(Held("procedures", None, until),) if chance.random() < 0.55 else (),
        languages={one: 3 for one in spoken if chance.random() < 0.35},
        experience=chance.choices(list(Experience), [2, 4, 4])[0],
        available=free,
        wishes=tuple(
            Wish(chance.random() < 0.4, chance.randint(2, 8), day=chance.randrange(days)) for _ in range(3)
        ),
        limits=limits,
        reach=20,
        distances={f"{commune}/village": chance.randint(1, 8)} if every_rule else {},
        history=History(chance.randint(15, 45), chance.randint(0, 8)),
    )
