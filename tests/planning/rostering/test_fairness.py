"""Fair parts: work poured out to whoever stands lowest."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from planning.rostering import share_fairly
from planning.rostering.fairness import Claim, pour

from .problems import a_problem

CLAIMS = st.lists(
    st.builds(Claim, st.integers(0, 30), st.sampled_from([0, 50, 100]), st.integers(0, 12)), max_size=8
)


@given(st.integers(0, 80), CLAIMS)
def test_all_the_work_that_can_be_taken_is_given_and_no_more(work, claims) -> None:
    parts = pour(work, claims)
    able = sum(one.most for one in claims if one.share)
    assert sum(parts) == min(work, able)
    assert all(0 <= part <= one.most for part, one in zip(parts, claims, strict=True))
    assert all(part == 0 for part, one in zip(parts, claims, strict=True) if not one.share)


@given(st.integers(0, 80), CLAIMS)
def test_nobody_is_filled_above_somebody_who_could_still_take_more(work, claims) -> None:
    parts = pour(work, claims)
    rows = [(one, part) for one, part in zip(claims, parts, strict=True) if one.share]
    for one, part in rows:
        for other, other_part in rows:
            if part > 0 and other_part < other.most:
                level = (one.carried + part) / one.share
                assert level <= (other.carried + other_part + 1) / other.share + 1e-6


def test_those_who_carried_less_are_given_more() -> None:
    assert pour(6, [Claim(4, 100, 9), Claim(0, 100, 9), Claim(2, 100, 9)]) == [0, 4, 2]
    assert pour(6, [Claim(0, 100, 9), Claim(0, 50, 9)]) == [4, 2]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_parts_never_ask_more_than_the_duties_hold(seed) -> None:
    problem = share_fairly(replace(a_problem(seed, people=4, duties=6), locked=()))
    ideal = sum(duty.load * sum(need.ideal for need in duty.needs) for duty in problem.duties)
    assert sum(person.fair_load or 0 for person in problem.people) <= ideal
