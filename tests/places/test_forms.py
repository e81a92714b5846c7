"""Opening hours and Zalo pages as people type them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.places.forms import HoursForm, PointForm, read_hours
from nhipcau.places.rules import DEFAULT_HOURS, Span


@pytest.mark.parametrize(
    "text",
    [
        "7:00-11:30, 13:30-17:00",
        "7h-11h30; 13h30-17h",
        "07.00 – 11.30,13.30 – 17.00",
        "7 - 11g30, 13g30 đến 17",
    ],
)
def test_hours_are_read(text: str) -> None:
    assert read_hours(text, 0) == [
        Span(0, time(7), time(11, 30)),
        Span(0, time(13, 30), time(17)),
    ]


def test_an_empty_line_is_a_closed_day() -> None:
    assert read_hours("  ", 6) == []


@pytest.mark.parametrize(
    "text", ["7", "11:30-7:00", "7:00-25:00", "8:00-12:00, 11:00-13:00", "abc", "7:00-7:00"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_hours(text, 0)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    form = HoursForm({"day_0": text})
    if form.is_valid():
        assert all(span.weekday == 0 for span in form.spans)
    else:
        assert "day_0" in form.errors


def test_the_form_shows_what_it_reads() -> None:
    shown = HoursForm(spans=DEFAULT_HOURS)
    again = HoursForm({name: field.initial for name, field in shown.fields.items()})
    assert again.is_valid()
    assert tuple(again.spans) == DEFAULT_HOURS


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("https://zalo.me/123456", True),
        ("zalo.me/123456", True),
        ("", True),
        ("https://zalo.me.example.com/1", False),
        ("http://zalo.me/1", False),
        ("javascript:alert(1)", False),
    ],
)
def test_only_zalo_pages(address: str, fine: bool) -> None:
    form = PointForm({"kind": "centre", "name": "Trung tâm", "zalo_url": address})
    assert form.is_valid() == fine
