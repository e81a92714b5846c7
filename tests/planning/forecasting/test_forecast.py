"""Forecasts of visitors: the baseline, when something cleverer is chosen, and how many people follow."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.forecasting import Count, Method, Slot, UnableToForecast, forecast, people_needed

MONDAY = date(2026, 6, 1)
USUAL = {0: 40, 1: 20, 2: 25, 3: 20, 4: 35, 5: 60}


def weeks(count, level=lambda day: 1.0, noise=0.0):
    """Counts of `count` weeks, mornings and afternoons, Monday to Saturday."""
    chance = random.Random(7)
    return [
        Count(
            MONDAY + timedelta(days=n),
            part,
            max(0, round(USUAL[n % 7] * size * level(n) + chance.uniform(-noise, noise))),
        )
        for n in range(7 * count)
        if n % 7 in USUAL
        for part, size in (("morning", 1.0), ("afternoon", 0.5))
    ]


def next_week(count):
    return [Slot(MONDAY + timedelta(days=7 * count + n), "morning") for n in range(6)]


def test_the_baseline_gives_back_what_every_week_brings() -> None:
    found = forecast(weeks(8), next_week(8))
    assert [one.visitors for one in found.predictions] == list(USUAL.values())
    assert found.method is Method.SEASONAL
    assert found.seasonal_error == 0
    assert found.held_out > 0


def test_a_level_that_rises_is_followed_and_both_errors_are_told() -> None:
    found = forecast(weeks(16, level=lambda n: 1 + n / 40), next_week(16))
    assert found.method is Method.MOVING_LEVEL
    assert found.moving_level_error is not None
    assert found.seasonal_error is not None
    assert found.moving_level_error < found.seasonal_error
    assert found.predictions[0].visitors > 40 * 3


def test_mere_noise_does_not_make_the_clever_method_win() -> None:
    assert forecast(weeks(12, noise=6), next_week(12)).method is Method.SEASONAL


def test_holidays_and_the_day_after_differ_from_their_weekday() -> None:
    history = []
    for one in weeks(12):
        week, weekday = divmod((one.day - MONDAY).days, 7)
        if week % 3 == 1 and weekday == 1:
            history.append(Count(one.day, one.part, one.visitors // 4, holiday=True))
        elif week % 3 == 1 and weekday == 2:
            history.append(Count(one.day, one.part, one.visitors * 2))
        else:
            history.append(one)
    tuesday = MONDAY + timedelta(days=7 * 12 + 1)
    slots = [Slot(tuesday, "morning", holiday=True), Slot(tuesday + timedelta(days=1), "morning")]
    holiday, after = forecast(history, slots).predictions
    ordinary = forecast(history, [Slot(slot.day, slot.part) for slot in slots]).predictions
    assert holiday.visitors < 0.7 * ordinary[0].visitors
    assert after.visitors > 1.3 * ordinary[1].visitors


def test_the_interval_covers_about_four_of_five_held_out_half_days() -> None:
    history = weeks(14, noise=8)
    known = [one for one in history if one.day < MONDAY + timedelta(days=70)]
    later = {(one.day, one.part): one.visitors for one in history if one not in known}
    found = forecast(known, [Slot(*key) for key in later])
    inside = sum(one.low <= later[one.slot.day, one.slot.part] <= one.high for one in found.predictions)
    assert 0.6 <= inside / len(later) <= 1.0


def test_a_short_history_is_used_without_claiming_an_error() -> None:
    found = forecast(weeks(1), next_week(1))
    assert (found.method, found.seasonal_error, found.held_out) == (Method.SEASONAL, None, 0)


def test_an_unknown_part_or_weekday_falls_back_to_what_is_known() -> None:
    sunday = MONDAY + timedelta(days=62)
    found = forecast(weeks(8), [Slot(sunday, "morning"), Slot(sunday, "evening")])
    assert all(10 <= one.visitors <= 60 for one in found.predictions)


@pytest.mark.parametrize(
    "history",
    [
        [],
        [Count(MONDAY, "morning", 3), Count(MONDAY, "morning", 4)],
        [Count(MONDAY, "morning", -1)],
    ],
)
def test_what_cannot_be_learnt_from_is_refused(history) -> None:
    with pytest.raises(UnableToForecast):
        forecast(history, next_week(1))


def test_people_needed() -> None:
    assert [people_needed(n, 15) for n in (0, 15, 15.1, 31)] == [1, 1, 2, 3]
    assert people_needed(0.3, 0.1) == 3
    with pytest.raises(UnableToForecast):
        people_needed(10, 0)


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=60),
    st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_any_history_gives_a_forecast_within_its_own_interval(visitors, holidays) -> None:
    history = [
        Count(MONDAY + timedelta(days=n // 2), ("morning", "afternoon")[n % 2], count, holidays[n // 2])
        for n, count in enumerate(visitors)
    ]
    found = forecast(history, next_week(9))
    for one in found.predictions:
        assert 0 <= one.low <= one.visitors <= one.high
    assert forecast(reversed(history), next_week(9)) == found
