"""When a point is open, and who may change it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.core.clock import VIETNAM
from nhipcau.places.rules import DEFAULT_HOURS, Span, opening_at


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """July 2025: the 7th is a Monday."""
    return datetime(2025, 7, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("at", "until", "following"),
    [
        (moment(7, 7), moment(7, 11, 30), None),
        (moment(7, 11, 29), moment(7, 11, 30), None),
        (moment(7, 11, 30), None, moment(7, 13, 30)),
        (moment(7, 17), None, moment(8, 7)),
        (moment(11, 17), None, moment(14, 7)),
        (moment(12, 9), None, moment(14, 7)),
        (moment(7, 3), None, moment(7, 7)),
    ],
)
def test_usual_hours(at: datetime, until: datetime | None, following: datetime | None) -> None:
    found = opening_at(DEFAULT_HOURS, at.astimezone(UTC))
    assert (found.until, found.next_start) == (until, following)
    assert found.is_open == (until is not None)


def test_without_hours_nothing_is_promised() -> None:
    found = opening_at([], moment(7, 9))
    assert not found.is_open
    assert found.next_start is None


def test_a_weekly_stretch_just_missed_comes_again_in_a_week() -> None:
    span = Span(0, time(8), time(9))
    assert opening_at([span], moment(7, 9)).next_start == moment(14, 8)


@given(st.integers(0, 5 * 365 * 24 * 3600))
def test_when_closed_it_is_open_at_the_next_start_and_not_before(seconds: int) -> None:
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    found = opening_at(DEFAULT_HOURS, at)
    if found.next_start is None:
        assert found.is_open
        return
    assert at < found.next_start <= at + timedelta(days=7)
    assert opening_at(DEFAULT_HOURS, found.next_start).is_open
    assert not opening_at(DEFAULT_HOURS, found.next_start - timedelta(seconds=1)).is_open
