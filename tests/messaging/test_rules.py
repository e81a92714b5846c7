"""Quiet hours, the ceiling, pauses and links, without a database."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.core.clock import VIETNAM
from nhipcau.messaging.enums import Channel, DeliveryState, Kind
from nhipcau.messaging.rules import (
    LONGEST_PAUSE,
    TRANSITIONS,
    IllegalStep,
    Wishes,
    can_decline,
    check_step,
    held_until,
    is_inner_link,
    next_morning,
    pause_after,
    quiet_end,
    states_page,
)

START = datetime(2024, 1, 1, tzinfo=VIETNAM)
MOMENTS = st.integers(0, 6 * 366 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))
HOURS = st.times().map(lambda value: value.replace(microsecond=0))
USUAL = Wishes()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 7, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        (at(3, 20, 59), None),
        (at(3, 21), at(4, 6, 30)),
        (at(3, 23, 59), at(4, 6, 30)),
        (at(4, 0), at(4, 6, 30)),
        (at(4, 6, 29), at(4, 6, 30)),
        (at(4, 6, 30), None),
        (at(4, 12), None),
    ],
)
def test_quiet_hours_go_over_midnight(moment: datetime, end: datetime | None) -> None:
    assert quiet_end(moment, quiet_from=time(21), quiet_until=time(6, 30)) == end


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = {"quiet_from": time(11, 30), "quiet_until": time(13, 30)}
    assert quiet_end(at(3, 12), **noon) == at(3, 13, 30)
    assert quiet_end(at(3, 13, 30), **noon) is None
    assert quiet_end(at(3, 11, 29), **noon) is None
    assert quiet_end(at(3, 3), quiet_from=time(6), quiet_until=time(6)) is None


@given(moment=MOMENTS, start=HOURS, end=HOURS)
def test_the_end_of_quiet_is_soon_and_loud(moment: datetime, start: time, end: time) -> None:
    until = quiet_end(moment, quiet_from=start, quiet_until=end)
    if until is not None:
        assert moment < until <= moment + timedelta(days=1)
        assert quiet_end(until, quiet_from=start, quiet_until=end) is None


@given(
    moment=MOMENTS, start=HOURS, end=HOURS, sent=st.integers(0, 9), urgent=st.booleans(), night=st.booleans()
)
def test_whatever_waits_may_go_when_its_time_comes(
    moment: datetime, start: time, end: time, sent: int, urgent: bool, night: bool
) -> None:
    wishes = Wishes(start, end, night, 5)
    until = held_until(moment, wishes, urgent=urgent, sent_today=sent)
    if until is not None:
        assert until > moment
        # On the next day nothing was sent yet; on the same day the count is what it was.
        later = 0 if until.date() > moment.date() else sent
        again = held_until(until, wishes, urgent=urgent, sent_today=later)
        assert again is None or later >= 5
    if urgent and night:
        assert until is None


def test_the_ceiling_holds_until_the_next_morning_and_spares_what_is_urgent() -> None:
    assert held_until(at(3, 12), USUAL, urgent=False, sent_today=4) is None
    assert held_until(at(3, 12), USUAL, urgent=False, sent_today=5) == at(4, 6, 30)
    assert held_until(at(3, 12), USUAL, urgent=True, sent_today=5) is None
    assert held_until(at(3, 22), USUAL, urgent=True, sent_today=0) == at(4, 6, 30)
    assert next_morning(at(3, 12), quiet_from=time(12), quiet_until=time(13)) == at(4, 0)


def test_pauses_double_up_to_a_limit() -> None:
    assert [pause_after(tries) for tries in (1, 2, 3)] == [timedelta(minutes=m) for m in (1, 2, 4)]
    assert pause_after(1000) == LONGEST_PAUSE


def test_the_table_of_states_ends_everywhere() -> None:
    """From every state a final one can be reached; what was given up leaves it only to be tried again."""
    final = {state for state, steps in TRANSITIONS.items() if not steps}
    assert final == {"delivered", "gathered", "declined"}
    assert set(TRANSITIONS[DeliveryState.GIVEN_UP]) == {"queued", "failed"}
    for state in DeliveryState:
        seen, ahead = {state}, {state}
        while ahead:
            ahead = {step for here in ahead for step in TRANSITIONS[here]} - seen
            seen |= ahead
        assert seen & final
    with pytest.raises(IllegalStep):
        check_step("delivered", DeliveryState.SENDING)


def test_what_can_be_turned_off() -> None:
    assert can_decline(Kind.SHIFT_CHANGE, Channel.EMAIL)
    assert not can_decline(Kind.SHIFT_CHANGE, Channel.IN_APP)
    assert not any(can_decline(Kind.ACCOUNT, channel) for channel in Channel)


@pytest.mark.parametrize(
    "link", ["https://x.vn/", "//x.vn/", "/\\x.vn", "javascript:alert(1)", "", "/a\nb", "x"]
)
def test_links_that_lead_away_are_none_of_ours(link: str) -> None:
    assert not is_inner_link(link)
    assert is_inner_link("/roster/shifts/?day=2025-07-03#now")


def test_the_diagram_has_every_step() -> None:
    page = states_page()
    for state, steps in TRANSITIONS.items():
        assert f"`{state.value}`" in page
        assert all(f"    {state.value} --> {to.value}\n" in page for to in steps)
    for state in (*(end for end, steps in TRANSITIONS.items() if not steps), DeliveryState.GIVEN_UP):
        assert f"    {state.value} --> [*]\n" in page
