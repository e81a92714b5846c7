"""The relaxation: bounds that hold whatever prices they come from, and limits no good roster lies beyond."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.rostering import Duty, Need, Person, Problem, Status, Stop, check, solve
from planning.rostering.engine.build import build
from planning.rostering.engine.linear import read
from planning.rostering.engine.relaxation import priced, relax
from planning.rostering.engine.whole import solve_whole
from planning.rostering.seats import open_seats

from .problems import a_problem, lawful_rosters

SEEDS = st.integers(0, 10**6)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(0, 10**6))
def test_any_prices_of_the_rows_give_a_bound_that_no_roster_beats(seed, chance) -> None:
    problem = a_problem(seed, 2, 4, most_needs=1)
    costs = [objective.total for _, objective in lawful_rosters(problem)]
    draft = build(problem, open_seats(problem))
    linear = read(draft)
    prices = np.random.default_rng(chance).normal(0, 50, len(linear.low))
    for relaxation in (priced(linear, prices), relax(linear, None)):
        if relaxation is not None and costs:
            assert relaxation.low + draft.constant <= min(costs)


@pytest.mark.parametrize(("ideal", "of_duties"), [(0, 0), (1, 2)])
def test_rows_of_people_are_never_read_as_rows_of_duties(ideal, of_duties) -> None:
    duties = tuple(Duty(name, 0, 420, 690, (Need("n", 0, ideal),)) for name in "ab")
    problem = Problem(date(2026, 11, 2), 1, duties, (Person("x"),))
    linear = read(build(problem, open_seats(problem)))
    assert len(linear.low) - linear.covers_from == of_duties
    assert linear.covers_from == 1  # nobody is in two places at once


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(0, 30))
def test_the_limits_keep_every_roster_that_costs_no_more(seed, beyond) -> None:
    problem = a_problem(seed, 2, 4, most_needs=1)
    rosters = list(lawful_rosters(problem))
    draft = build(problem, open_seats(problem))
    linear = read(draft)
    relaxation = relax(linear, None)
    if relaxation is None:
        return
    lower, upper = relaxation.within(relaxation.low + beyond)
    for roster, objective in rosters:
        if objective.total - draft.constant > relaxation.low + beyond:
            continue
        chosen = {(one.person, one.duty, one.need) for one in roster}
        for (p, d, n), variable in draft.seats.items():
            duty = problem.duties[d]
            taken = (problem.people[p].id, duty.id, duty.needs[n].id) in chosen
            assert lower[variable.index] <= taken <= upper[variable.index]


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_the_rows_in_whole_numbers_are_the_problem(seed) -> None:
    problem = a_problem(seed, 2, 4, most_needs=1)
    costs = [objective.total for _, objective in lawful_rosters(problem)]
    draft = build(problem, open_seats(problem))
    linear = read(draft)
    found = solve_whole(linear, linear.lower, linear.upper, nodes=10_000, seconds=None)
    if not costs:
        assert found.values is None
        return
    assert found.values is not None
    assert round(float((found.values * linear.cost).sum())) + draft.constant == min(costs)


def in_minutes(problem, minutes):
    """The same problem with loads in minutes; fair parts as far from reach as before."""
    duties = tuple(replace(one, load=one.load * minutes) for one in problem.duties)
    people = tuple(
        replace(one, fair_load=None if one.fair_load is None else one.fair_load * minutes)
        for one in problem.people
    )
    return replace(problem, duties=duties, people=people)


@pytest.mark.parametrize("seed", [3, 8, 21])
def test_loads_in_minutes_cost_no_more_steps_than_in_half_days(seed) -> None:
    problem = a_problem(seed, people=6, duties=10, days=7)
    fine = in_minutes(problem, 240)
    plain, result = solve(problem), solve(fine)
    assert result.status is plain.status
    assert check(fine, result).ok
    variables = [len(build(one, open_seats(one)).upper) for one in (problem, fine)]
    assert variables[0] == variables[1]


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_loads_too_fine_for_steps_are_solved_by_their_squares(seed) -> None:
    problem = a_problem(seed, 2, 4, most_needs=1)
    odd = replace(problem, duties=tuple(replace(one, load=one.load * 997 + 1) for one in problem.duties))
    costs = [objective.total for _, objective in lawful_rosters(odd)]
    result = solve(odd, stop=Stop(20))
    if not costs:
        assert result.status is Status.INFEASIBLE
        return
    assert result.objective.total == min(costs)
