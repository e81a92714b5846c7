"""The table of states and its page."""

from itertools import product

import pytest

from nhipcau.visits.enums import RESULTS, VisitState
from nhipcau.visits.rules import TRANSITIONS, UnableToMoveVisit, check_move, may_follow, states_page


def test_every_state_has_its_row() -> None:
    assert set(TRANSITIONS) == set(VisitState)
    assert may_follow("", "planned")
    assert not any(may_follow("", state) for state in VisitState if state != VisitState.PLANNED)


@pytest.mark.parametrize(("state", "to"), list(product(VisitState, VisitState)))
def test_moves_are_those_of_the_table(state: VisitState, to: VisitState) -> None:
    if to in TRANSITIONS[state]:
        check_move(state, to)
    else:
        with pytest.raises(UnableToMoveVisit):
            check_move(state, to)


def test_a_result_never_goes_back_to_a_plan() -> None:
    assert all(set(TRANSITIONS[state]) == set(RESULTS) for state in RESULTS)


def test_the_page_shows_every_move() -> None:
    page = states_page()
    for state, targets in TRANSITIONS.items():
        assert all(f"    {state.value} --> {to.value}" in page for to in targets)
