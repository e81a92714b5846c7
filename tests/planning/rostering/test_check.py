"""The independent check: each kind of violation is caught when it is put in, and only that."""

from dataclasses import replace
from datetime import date

import pytest

from planning.rostering import (
    Assignment,
    Duty,
    Experience,
    Floor,
    Held,
    Limits,
    Mixing,
    Need,
    Person,
    Problem,
    Rule,
    Stint,
    Succession,
    Weights,
    Window,
    Wish,
    can_serve,
    check,
    explain,
)

MONDAY = date(2026, 11, 23)
PARTS = {"morning": (420, 690), "afternoon": (810, 1020), "evening": (1140, 1320), "night": (1320, 1500)}


def duty(name, day=0, part="morning", **more):
    start, end = PARTS[part]
    more.setdefault("needs", (Need("n", 0, 0, over=0),))
    return Duty(name, day, start, end, kind=part, post=more.pop("post", "hall"), **more)


def world(*duties, people=None, days=14, **more):
    return Problem(MONDAY, days, duties, people or (Person("an"),), **more)


def limited(**limits):
    return (Person("an", limits=Limits(**limits)),)


WEEK = [duty(f"d{n}", n) for n in range(6)]
STRICT = replace(duty("a"), needs=(Need("n", qualifications=("permit",), languages={"kho": 2}),))
EXPIRED = (Held("permit", None, date(2026, 11, 22)),)
# Rule, problem, and the duties An is put on; without the last one the rule is kept.
CASES = {
    "overlap": (Rule.OVERLAP, world(duty("a"), replace(duty("b"), start=600)), ("a", "b")),
    "overlap with work elsewhere": (
        Rule.OVERLAP,
        world(duty("a"), people=(Person("an", elsewhere=(Stint(0, 600, 900),)),)),
        ("a",),
    ),
    "rest": (
        Rule.REST,
        world(duty("a", 0, "evening"), duty("b", 1), people=limited(rest=660)),
        ("a", "b"),
    ),
    "rest after work before the first day": (
        Rule.REST,
        world(duty("b"), people=(Person("an", elsewhere=(Stint(-1, 1200, 1400),), limits=Limits(rest=660)),)),
        ("b",),
    ),
    "gap": (
        Rule.GAP,
        world(duty("a"), duty("b", part="afternoon", post="village"), people=limited(gap=180)),
        ("a", "b"),
    ),
    "succession": (
        Rule.SUCCESSION,
        world(duty("a", 0, "evening"), duty("b", 1), successions=(Succession("evening", "morning"),)),
        ("a", "b"),
    ),
    "duties a day": (
        Rule.DUTIES_PER_DAY,
        world(duty("a"), duty("b", part="afternoon"), people=limited(duties_per_day=1)),
        ("a", "b"),
    ),
    "minutes a day": (
        Rule.MINUTES_PER_DAY,
        world(duty("a"), duty("b", part="afternoon"), people=limited(minutes_per_day=400)),
        ("a", "b"),
    ),
    "duties a week": (
        Rule.DUTIES_PER_WEEK,
        world(*WEEK, people=limited(duties_per_week=2)),
        ("d0", "d2", "d4"),
    ),
    "duties": (Rule.DUTIES, world(*WEEK, duty("e", 9), people=limited(duties=2)), ("d0", "d2", "e")),
    "minutes": (Rule.MAXIMUM_MINUTES, world(*WEEK, people=limited(maximum_minutes=600)), ("d0", "d2", "d4")),
    "kind": (Rule.PER_KIND, world(*WEEK, people=limited(per_kind={"morning": 1})), ("d0", "d2")),
    "days in a row": (
        Rule.CONSECUTIVE_DAYS,
        world(*WEEK, people=limited(consecutive_days=2)),
        ("d1", "d2", "d3"),
    ),
    "weekends": (
        Rule.WEEKENDS,
        world(duty("a", 5), duty("b", 13), people=limited(weekends=1)),
        ("a", "b"),
    ),
    "days off": (
        Rule.MINIMUM_CONSECUTIVE_DAYS_OFF,
        world(*WEEK, people=limited(minimum_consecutive_days_off=2)),
        ("d1", "d3"),
    ),
    "too short a row": (
        Rule.MINIMUM_CONSECUTIVE_DAYS,
        world(*WEEK, people=limited(minimum_consecutive_days=2)),
        ("d2",),
    ),
    "team": (
        Rule.TEAM,
        world(replace(duty("a"), team="red"), people=(Person("an", teams=("blue",)),)),
        ("a",),
    ),
    "qualification": (
        Rule.QUALIFICATION,
        world(STRICT, people=(Person("an", languages={"kho": 2}),)),
        ("a",),
    ),
    "expired qualification": (
        Rule.QUALIFICATION,
        world(STRICT, people=(Person("an", languages={"kho": 2}, qualifications=EXPIRED),)),
        ("a",),
    ),
    "language": (
        Rule.LANGUAGE,
        world(STRICT, people=(Person("an", languages={"kho": 1}, qualifications=(Held("permit"),)),)),
        ("a",),
    ),
    "travel": (
        Rule.TRAVEL,
        world(duty("a"), people=(Person("an", reach=5, distances={"hall": 6}),)),
        ("a",),
    ),
    "not available": (
        Rule.AVAILABILITY,
        world(duty("a"), people=(Person("an", available=(Window(0, 420, 600),)),)),
        ("a",),
    ),
    "away": (
        Rule.AVAILABILITY,
        world(duty("a"), people=(Person("an", unavailable=(Window(0, 600, 610),)),)),
        ("a",),
    ),
    "forbidden": (Rule.FORBIDDEN, world(duty("a"), people=(Person("an", forbidden=("a",)),)), ("a",)),
    "newcomer alone": (
        Rule.MIXING,
        world(replace(duty("a"), mixing=Mixing.HARD), people=(Person("an", experience=Experience.NEWCOMER),)),
        ("a",),
    ),
    "full": (Rule.FULL, world(replace(duty("a"), needs=(Need("n", 0, 0, 0),))), ("a",)),
}


@pytest.mark.parametrize("case", CASES)
def test_each_rule_is_caught_alone_and_told_before(case) -> None:
    rule, problem, names = CASES[case]
    roster = [Assignment("an", name, "n") for name in names]
    before, last = roster[:-1], roster[-1]
    assert {one.rule for one in check(problem, roster).violations} == {rule}
    assert check(problem, before).ok
    assert can_serve(problem, "an", last.duty, "n", before) == (rule,)


def test_names_that_do_not_exist_and_doubles_are_caught() -> None:
    problem = world(duty("a"))
    rows = [Assignment("an", "a", "n"), Assignment("an", "a", "n"), Assignment("who", "a", "n")]
    rows += [Assignment("an", "b", "n"), Assignment("an", "a", "m")]
    found = [one.rule for one in check(problem, rows).violations]
    assert sorted(found) == [Rule.DUPLICATE, Rule.UNKNOWN, Rule.UNKNOWN, Rule.UNKNOWN]


def test_a_lock_that_is_gone_and_too_few_minutes_are_caught() -> None:
    problem = world(duty("a"), locked=(Assignment("an", "a", "n"),), people=limited(minimum_minutes=1000))
    assert {one.rule for one in check(problem, []).violations} == {Rule.LOCKED, Rule.MINIMUM_MINUTES}


def test_what_locks_break_is_given_but_may_not_grow() -> None:
    people = limited(duties_per_week=1)
    locked = (Assignment("an", "d0", "n"), Assignment("an", "d2", "n"))
    problem = world(*WEEK, people=people, locked=locked)
    report = check(problem, locked)
    assert (report.ok, [one.rule for one in report.given]) == (True, [Rule.DUTIES_PER_WEEK])
    worse = check(problem, [*locked, Assignment("an", "d4", "n")])
    assert [one.rule for one in worse.violations] == [Rule.DUTIES_PER_WEEK]


def test_the_objective_is_counted_part_by_part() -> None:
    needs = (Need("n", 2, 3, 5), Need("m", 0, 0))
    busy = replace(
        duty("a", needs=needs), unpopular=3, floors=(Floor("old", 1, experienced=True),), mixing=Mixing.SOFT
    )
    people = (
        Person(
            "an",
            experience=Experience.NEWCOMER,
            distances={"hall": 7},
            fair_load=0,
            fair_unpopular=1,
            wishes=(Wish(False, 4, day=0), Wish(True, 6, day=1), Wish(True, 9, kind="morning")),
        ),
        Person("binh", fair_load=2),
    )
    problem = world(
        busy, people=people, previous=(Assignment("binh", "a", "n"),), weights=Weights(addition=5)
    )
    parts = check(problem, [Assignment("an", "a", "n")]).objective.parts()
    assert parts == {
        "under_minimum": 1000,
        "under_ideal": 100,
        "over": 0,
        "floors": 300,
        "mixing": 300,
        "load": 2 * (1 + 4),
        "unpopular": 2 * 4,
        "wishes": 10,
        "travel": 7,
        "changes": 45,
    }
    assert check(problem, [Assignment("an", "a", "m")]).objective.over == 20


def test_why_a_seat_stays_open_is_told_and_counted() -> None:
    people = (
        Person("an", unavailable=(Window(0),)),
        Person("binh", limits=Limits(duties_per_week=1)),
        Person("chi", qualifications=(Held("permit"),), wishes=(Wish(False, duty="a"),)),
    )
    wanting = duty("a", needs=(Need("n", 2, 3, qualifications=("permit",)),))
    problem = world(wanting, duty("b", 1), people=people)
    roster = [Assignment("binh", "b", "n")]
    found = explain(problem, roster)
    (seat,) = found.uncovered
    assert (seat.duty, seat.need, seat.missing, seat.short) == ("a", "n", 2, 3)
    assert seat.rules == {Rule.QUALIFICATION: 2, Rule.AVAILABILITY: 1, Rule.DUTIES_PER_WEEK: 1}
    assert seat.kept["binh"] == (Rule.QUALIFICATION, Rule.DUTIES_PER_WEEK)
    assert seat.able == ("chi",)
    assert [one.duties for one in found.loads] == [0, 1, 0]
    served = explain(problem, [Assignment("chi", "a", "n")])
    assert [(one.person, one.cost) for one in served.broken_wishes] == [("chi", 10)]
