"""Random small problems with every rule in them, and the best roster found by trying all."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random

from planning.rostering import (
    Assignment,
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
    Stint,
    Succession,
    Weights,
    Window,
    Wish,
    check,
    share_fairly,
)

MONDAY = date(2026, 11, 23)
KINDS = {"morning": (420, 690), "afternoon": (810, 1020), "evening": (1140, 1320), "night": (1320, 1700)}


def maybe(chance, value, otherwise=None, likely=0.3):
    return value() if chance.random() < likely else otherwise


def a_need(chance, name):
    minimum = chance.randint(0, 2)
    ideal = minimum + chance.randint(0, 1)
    return Need(
        name,
        minimum,
        ideal,
        maybe(chance, lambda: ideal + chance.randint(0, 1), likely=0.6),
        qualifications=maybe(chance, lambda: ("permit",), ()),
        languages=maybe(chance, lambda: {"kho": 2}, {}, 0.15),
        over=maybe(chance, lambda: chance.randint(0, 30)),
    )


def a_duty(chance, at, days, most_needs):
    kind = chance.choice(sorted(KINDS))
    start, end = KINDS[kind]
    needs = tuple(a_need(chance, f"n{n}") for n in range(chance.randint(1, most_needs)))
    floors = [
        Floor("old", 1, experienced=True),
        Floor("kho", 1, languages={"kho": 1}),
        Floor("p", 2, ("permit",)),
    ]
    return Duty(
        f"d{at}",
        chance.randrange(days),
        start,
        end,
        needs,
        post=chance.choice(["hall", "village"]),
        team=maybe(chance, lambda: chance.choice(["red", "blue"]), ""),
        kind=kind,
        load=chance.choice([1, 1, 2]),
        unpopular=chance.choice([0, 0, 1, 2]),
        floors=maybe(chance, lambda: (chance.choice(floors),), ()),
        mixing=maybe(chance, lambda: chance.choice([Mixing.SOFT, Mixing.HARD]), Mixing.NONE),
    )


def some_limits(chance):
    return Limits(
        duties=maybe(chance, lambda: chance.randint(0, 3), likely=0.15),
        duties_per_week=maybe(chance, lambda: chance.randint(1, 2)),
        duties_per_day=maybe(chance, lambda: 1),
        minutes_per_day=maybe(chance, lambda: chance.choice([250, 480]), likely=0.2),
        minimum_minutes=maybe(chance, lambda: 200, likely=0.05),
        maximum_minutes=maybe(chance, lambda: 600, likely=0.15),
        rest=maybe(chance, lambda: chance.choice([660, 900])),
        gap=maybe(chance, lambda: chance.choice([60, 150]), likely=0.2),
        consecutive_days=maybe(chance, lambda: chance.randint(1, 2), likely=0.2),
        minimum_consecutive_days=maybe(chance, lambda: 2, likely=0.1),
        minimum_consecutive_days_off=maybe(chance, lambda: 2, likely=0.15),
        weekends=maybe(chance, lambda: chance.randint(0, 1), likely=0.15),
        per_kind=maybe(chance, lambda: {chance.choice(sorted(KINDS)): 1}, {}, 0.15),
    )


def a_wish(chance, days, duties):
    wish = Wish(chance.random() < 0.5, chance.randint(1, 60))
    sort = chance.choice(["duty", "day", "kind", "post"])
    value = {
        "duty": lambda: chance.choice(duties).id,
        "day": lambda: chance.randrange(days),
        "kind": lambda: chance.choice(sorted(KINDS)),
        "post": lambda: "hall",
    }[sort]()
    return replace(wish, **{sort: value})


def a_person(chance, at, days, duties):
    until = maybe(chance, lambda: MONDAY + timedelta(days=chance.randrange(days)))
    windows = tuple(Window(day, 0, 2000) for day in range(days) if chance.random() < 0.8)
    return Person(
        f"p{at}",
        teams=maybe(chance, lambda: ("red",), (), 0.2),
        qualifications=maybe(chance, lambda: (Held("permit", None, until),), (), 0.6),
        languages=maybe(chance, lambda: {"kho": chance.randint(1, 3)}, {}),
        experience=chance.choice(list(Experience)),
        available=maybe(chance, lambda: windows, likely=0.4),
        unavailable=maybe(chance, lambda: (Window(chance.randrange(days), 500, 900),), ()),
        elsewhere=maybe(chance, lambda: (Stint(chance.randint(-1, days - 1), 420, 690, "night"),), (), 0.2),
        forbidden=maybe(chance, lambda: (chance.choice(duties).id,), (), 0.1),
        wishes=tuple(a_wish(chance, days, duties) for _ in range(chance.randint(0, 2))),
        limits=some_limits(chance),
        reach=maybe(chance, lambda: 10, likely=0.2),
        distances=maybe(chance, lambda: {"village": chance.choice([5, 20])}, {}),
        share=chance.choice([100, 100, 50]),
        history=History(chance.randint(0, 5), chance.randint(0, 3)),
    )


def a_problem(seed, people=3, duties=3, days=7, most_needs=1):
    """A problem with every sort of rule somewhere; the same for the same seed."""
    chance = Random(seed)
    days = chance.randint(2, days)
    rows = tuple(a_duty(chance, at, days, most_needs) for at in range(duties))
    members = tuple(a_person(chance, at, days, rows) for at in range(people))
    every = [Assignment(p.id, d.id, d.needs[0].id) for p in members for d in rows]
    weights = Weights(wish=chance.choice([1, 2]), addition=chance.choice([0, 15]))
    problem = Problem(
        MONDAY + timedelta(days=chance.randrange(7)),
        days,
        rows,
        members,
        weights,
        successions=maybe(chance, lambda: (Succession("night", "morning"),), ()),
        locked=maybe(chance, lambda: tuple(chance.sample(every, 1)), (), 0.2),
        previous=maybe(chance, lambda: tuple(chance.sample(every, min(3, len(every))))),
    )
    return share_fairly(problem) if chance.random() < 0.7 else problem


def every_roster(problem):
    """All rosters there are, each person in one seat of a duty or none."""
    choices = [
        [None, *(Assignment(person.id, duty.id, need.id) for need in duty.needs)]
        for person in problem.people
        for duty in problem.duties
    ]
    for chosen in product(*choices):
        yield tuple(one for one in chosen if one is not None)


def lawful_rosters(problem):
    """(roster, objective) of all rosters that keep the hard rules."""
    for roster in every_roster(problem):
        report = check(problem, roster)
        if report.ok:
            yield roster, report.objective
