"""Days that stand in an address: read as written, and nothing else taken for a day."""

from datetime import date

import pytest

from nhipcau.core.fields import read_day, read_week

TODAY = date(2025, 7, 3)


@pytest.mark.parametrize("text", ["", "x", "\0", "2025-02-30", "03/07/2025", "2019-12-31", "2101-01-01"])
def test_what_is_no_day_near_us_is_none(text: str) -> None:
    assert read_day(text) is None
    assert read_week(text, today=TODAY) == date(2025, 6, 30)


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2025, 7, 13), date(2100, 12, 31)])
def test_a_day_is_read_and_its_week_begins_on_monday(day: date) -> None:
    assert read_day(day.isoformat()) == day
    monday = read_week(day.isoformat(), today=TODAY)
    assert (monday.weekday(), (day - monday).days) == (0, day.weekday())
