"""The table of moves: what may follow what, by whom, with which reason, at which moment."""

from datetime import timedelta
from itertools import product

import pytest

from nhipcau.signups.enums import HOLDING, SignUpState
from nhipcau.signups.rules.states import (
    FIRST,
    TRANSITIONS,
    Mover,
    UnableToMoveSignUp,
    check_moment,
    check_move,
    is_late,
    may_follow,
    needs_reason,
    states_page,
)
from tests.factories.cast import NOW

S = SignUpState


def test_every_state_is_in_the_table_and_can_be_reached() -> None:
    assert set(TRANSITIONS) == set(SignUpState)
    reached = set(FIRST)
    for _round in SignUpState:
        reached |= {to for state in reached for to in TRANSITIONS[state]}
    assert reached == set(SignUpState)


def test_what_is_over_stays_over() -> None:
    assert [state for state in S if not TRANSITIONS[state]] == [S.SWAPPED, S.CANCELLED]


@pytest.mark.parametrize("to", SignUpState)
def test_only_the_system_swaps_and_nobody_marks_themselves(to: SignUpState) -> None:
    for state in SignUpState:
        if to in (S.SWAPPED,):
            assert not any(may_follow(state, to, part) for part in (Mover.MEMBER, Mover.LEADER, Mover.POST))
        if to in (S.ATTENDED, S.EXCUSED, S.NO_SHOW):
            assert not may_follow(state, to, Mover.MEMBER)


def test_what_was_decided_is_undone_by_a_leader_with_a_reason() -> None:
    for state, to in product((S.ATTENDED, S.NO_SHOW, S.EXCUSED), repeat=2):
        if state != to:
            assert TRANSITIONS[state][to] == (Mover.LEADER,)
            assert needs_reason(state, to)
            with pytest.raises(UnableToMoveSignUp):
                check_move(state, to, Mover.LEADER)
            check_move(state, to, Mover.LEADER, reason="mistake")


def test_a_new_sign_up_begins_only_in_some_states() -> None:
    assert may_follow("", S.CONFIRMED, Mover.MEMBER)
    assert not may_follow("", S.ATTENDED, Mover.MEMBER)
    assert not may_follow("", S.CANCELLED, Mover.LEADER)


def test_moments() -> None:
    start = NOW
    for to in (S.CANCELLED, S.STAND_IN_SOUGHT):
        check_moment(to, Mover.MEMBER, starts_at=start, now=start - timedelta(minutes=1))
        check_moment(to, Mover.LEADER, starts_at=start, now=start + timedelta(hours=1))
        with pytest.raises(UnableToMoveSignUp):
            check_moment(to, Mover.MEMBER, starts_at=start, now=start)
    check_moment(S.ATTENDED, Mover.POST, starts_at=start, now=start - timedelta(hours=2))
    for to in (S.NO_SHOW, S.EXCUSED):
        with pytest.raises(UnableToMoveSignUp):
            check_moment(to, Mover.LEADER, starts_at=start, now=start - timedelta(seconds=1))


def test_late_is_within_a_day() -> None:
    assert not is_late(NOW, NOW - timedelta(hours=24))
    assert is_late(NOW, NOW - timedelta(hours=23, minutes=59))


def test_the_page_shows_every_move_once() -> None:
    page = states_page()
    for state, moves in TRANSITIONS.items():
        for to in moves:
            assert page.count(f"    {state.value} --> {to.value}\n") == 1
    for state in HOLDING:
        assert f"`{state.value}`" in page
