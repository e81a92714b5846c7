"""Hours, states, codes and names: for whatever times and texts may come."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.attendance.enums import AttendanceState
from nhipcau.attendance.rules.codes import code_at, is_fresh, post_in, seconds_left
from nhipcau.attendance.rules.hours import EARLY, LATE, QUARTER, credited, measured
from nhipcau.attendance.rules.names import board_name
from nhipcau.attendance.rules.states import (
    FIRST,
    TRANSITIONS,
    UnableToMoveAttendance,
    check_move,
    may_follow,
    needs_reason,
    states_page,
)
from nhipcau.core.ids import new_id
from tests.factories.cast import NOW

START = datetime(2025, 7, 7, 0, 0, tzinfo=UTC)  # 7:00 in Vietnam
END = START + timedelta(hours=4, minutes=30)
moments = st.timedeltas(timedelta(hours=-4), timedelta(hours=10)).map(lambda gap: START + gap)
codes = st.builds(new_id, st.just(NOW), st.integers(0, 2**74 - 1))


@given(moments, moments)
def test_hours_are_never_negative_and_never_more_than_measured_and_rounded(
    came: datetime, left: datetime
) -> None:
    counted = credited(came, left, START, END)
    assert 0 <= counted <= measured(came, left) + QUARTER // 2
    assert counted % QUARTER == 0
    assert counted <= (END + LATE - (START - EARLY)).total_seconds() / 60


@given(moments, moments, st.timedeltas(timedelta(0), timedelta(hours=3)))
def test_more_time_never_counts_less(came: datetime, left: datetime, more: timedelta) -> None:
    counted = credited(came, left, START, END)
    assert credited(came, left + more, START, END) >= counted
    assert credited(came - more, left, START, END) >= counted


@given(st.timedeltas(timedelta(0), timedelta(hours=5)))
def test_inside_the_shift_rounding_is_the_nearest_quarter(stay: timedelta) -> None:
    stay = min(stay, END - START)
    whole = int(stay.total_seconds() // 60)
    assert abs(credited(START, START + stay, START, END) - whole) <= QUARTER / 2


@pytest.mark.parametrize(
    ("came", "left", "minutes"),
    [
        (0, 270, 270),  # as planned
        (-120, 270, 285),  # two hours early: a quarter counts
        (0, 500, 300),  # hours later: half an hour counts
        (0, 7, 0),
        (0, 8, 15),
        (22, 270, 255),  # late: what is missing does not count
        (300, 330, 0),  # came after the margin
        (60, 30, 0),
    ],
)
def test_examples_of_hours(came: int, left: int, minutes: int) -> None:
    at = [START + timedelta(minutes=value) for value in (came, left)]
    assert credited(at[0], at[1], START, END) == minutes


@given(st.sampled_from(["", *AttendanceState.values]), st.sampled_from(AttendanceState.values), st.text())
def test_a_state_follows_only_by_the_table(state: str, to: str, reason: str) -> None:
    allowed = to in (TRANSITIONS[AttendanceState(state)] if state else FIRST)
    assert may_follow(state, to) == allowed
    if allowed and (reason.strip() or not needs_reason(state, to)):
        check_move(state, to, reason=reason)
    else:
        with pytest.raises(UnableToMoveAttendance):
            check_move(state, to, reason=reason)


def test_every_state_is_reached_and_left() -> None:
    reached = {*FIRST, *(to for targets in TRANSITIONS.values() for to in targets)}
    assert reached == set(AttendanceState) == set(TRANSITIONS)
    assert all(TRANSITIONS.values())
    page = states_page()
    assert all(f" {state.value}\n" in page or f"| {state.name[0]}" in page for state in AttendanceState)


@given(codes, st.integers(0, 10**9))
def test_a_code_is_good_for_its_half_minute_and_the_next(post: UUID, seconds: int) -> None:
    shown = datetime.fromtimestamp(1_700_000_000 + seconds, UTC)
    code = code_at(post, shown)
    assert post_in(code) == post
    assert is_fresh(code, shown)
    assert is_fresh(code, shown + timedelta(seconds=30))
    assert not is_fresh(code, shown + timedelta(seconds=60))
    assert not is_fresh(code, shown - timedelta(seconds=30))
    assert 1 <= seconds_left(shown) <= 30
    assert code_at(post, shown + timedelta(seconds=seconds_left(shown))) != code


@given(st.text(max_size=60))
def test_no_other_text_is_a_good_code(text: str) -> None:
    assert not is_fresh(text, NOW)


@given(codes, codes, st.integers(0, 37), st.sampled_from("abcXYZ019_-"))
def test_a_changed_code_is_refused(post: UUID, other: UUID, place: int, sign: str) -> None:
    code = code_at(post, NOW)
    changed = code[:place] + sign + code[place + 1 :]
    # The last sign before the proof has bits that say nothing; the post it names is what counts.
    assert not is_fresh(changed, NOW) or post_in(changed) == post
    if other != post:
        assert not is_fresh(code_at(other, NOW)[:22] + code[22:], NOW)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Nguyễn Văn An", "An N."), ("Đỗ Hà", "Hà Đ."), ("K’Brêu", "K’Brêu"), (" ", ""), ("lê thị bé", "bé L.")],
)
def test_names_on_a_wall(name: str, shown: str) -> None:
    assert board_name(name) == shown
