"""Mending a published roster: first who is missing, then the fewest changes."""

import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.rostering import Assignment, Window, check, repair, solve

from .problems import a_problem, lawful_rosters


def changes(before, roster):
    return len({(a.person, a.duty) for a in before} ^ {(a.person, a.duty) for a in roster})


def missing(objective):
    return objective.under_minimum + objective.floors + objective.mixing


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 2))
def test_no_roster_mends_with_fewer_changes(seed, who) -> None:
    problem = replace(a_problem(seed, 3, 3), previous=None, locked=())
    published = solve(problem).assignments
    absent = replace(problem.people[who], unavailable=(Window(0, 0, 1440 * problem.days),))
    people = tuple(absent if n == who else one for n, one in enumerate(problem.people))
    broken = replace(problem, people=people, previous=published)
    best = min(
        ((missing(cost), changes(published, roster)) for roster, cost in lawful_rosters(broken)), default=None
    )
    if best is None:
        return
    found = repair(broken)
    report = check(broken, found.result)
    assert report.ok
    assert found.fewest
    assert (missing(report.objective), changes(published, found.result.assignments)) == best
    assert len(found.dropped) + len(found.added) == best[1]
    assert report.objective == found.result.objective


def test_nothing_is_touched_when_nothing_happened() -> None:
    problem = a_problem(12, people=6, duties=8)
    published = solve(problem).assignments
    found = repair(replace(problem, previous=published))
    assert (found.dropped, found.added) == ((), ())


def test_a_closed_duty_only_leaves_the_roster() -> None:
    problem = replace(a_problem(12, people=6, duties=8), previous=None, locked=())
    published = solve(problem).assignments
    closed = published[0].duty
    rest = tuple(duty for duty in problem.duties if duty.id != closed)
    found = repair(replace(problem, duties=rest, previous=published))
    assert {one.duty for one in found.dropped} >= {closed}
    assert check(replace(problem, duties=rest), found.result).ok


def test_a_part_too_large_for_one_model_is_mended_around_the_damage(monkeypatch) -> None:
    monkeypatch.setattr(sys.modules["planning.rostering.repair"], "SEATS_IN_ONE_MODEL", 5)
    problem = replace(a_problem(31, people=6, duties=8), previous=None, locked=())
    published = solve(problem).assignments
    who = published[0].person
    people = tuple(
        replace(one, unavailable=(Window(0, 0, 1440 * problem.days),)) if one.id == who else one
        for one in problem.people
    )
    broken = replace(problem, people=people, previous=published)
    found = repair(broken)
    assert check(broken, found.result).ok
    assert who not in {one.person for one in found.result.assignments}


def test_there_must_be_something_to_mend() -> None:
    with pytest.raises(ValueError, match="no previous roster"):
        repair(replace(a_problem(1), previous=None))


def test_previous_names_that_are_gone_do_no_harm() -> None:
    problem = a_problem(12, people=6, duties=8)
    published = (*solve(problem).assignments, Assignment("gone", "d0", "n0"), Assignment("p0", "gone", "n0"))
    found = repair(replace(problem, previous=published))
    assert check(problem, found.result).ok
