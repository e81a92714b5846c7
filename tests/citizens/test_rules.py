"""Phone numbers and names as people write them; what must never be written down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.citizens.rules import (
    UnableToReadName,
    UnableToReadPhone,
    UnableToWriteDown,
    check_no_long_number,
    read_name,
    read_phone,
)


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("0633 000 111", "+84633000111"),
        ("0633.000.111", "+84633000111"),
        ("+84 633 000 111", "+84633000111"),
        ("+84 (0)633-000-111", "+84633000111"),
        ("84633000111", "+84633000111"),
        ("0084633000111", "+84633000111"),
        ("0263 300 0111", "+842633000111"),
        ("024 0000 0111", "+842400000111"),
        ("+66 2 000 0111", "+6620000111"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_numbers_are_read(typed: str, canonical: str) -> None:
    assert read_phone(typed) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "113",
        "1022",
        "0",
        "+",
        "không có",
        "0633 000 11x",
        "06330001112222",
        "٠٦٣٣٠٠٠١١١",
        "0" * 10_000,
        "00000000000",
        " " * 9999,
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(UnableToReadPhone):
        read_phone(typed)


@given(st.from_regex(r"[1-9][0-9]{8,9}", fullmatch=True), st.lists(st.integers(0, 9), max_size=4))
def test_writing_does_not_matter(national: str, gaps: list[int]) -> None:
    spaced = national
    for gap in gaps:
        spaced = spaced[:gap] + " " + spaced[gap:]
    assert read_phone(f"0{spaced}") == read_phone(f"+84{spaced}") == f"+84{national}"


@given(st.text(max_size=80))
def test_reading_is_total_and_idempotent(text: str) -> None:
    try:
        number = read_phone(text)
    except UnableToReadPhone:
        return
    assert read_phone(number) == number


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  Nguyễn   Văn  Mẫu ", "Nguyễn Văn Mẫu"),
        ("K’ Mẫu", "K’ Mẫu"),
        ("Nguye\u0302\u0303n Ma\u0302\u0303u", "Nguyễn Mẫu"),
        ("<b>Mẫu</b>", "<b>Mẫu</b>"),
        ("สมมุติ", "สมมุติ"),
    ],
)
def test_names_are_read(typed: str, read: str) -> None:
    assert read_name(typed) == read


@pytest.mark.parametrize(
    "typed", ["", "   ", "123", "!!", "\U0001f600", "A" * 81, "A" * 10_240, "Mẫu\x00", "Mẫu\x07", "\ud800a"]
)
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(UnableToReadName):
        read_name(typed)


@pytest.mark.parametrize("text", ["Mẫu 068000000000", "068 000 000 000", "số 068.000.000.000", "123456789"])
def test_long_numbers_are_never_written_down(text: str) -> None:
    with pytest.raises(UnableToWriteDown):
        check_no_long_number(text)


@pytest.mark.parametrize(
    "text", ["Đã nộp G22.99.08-260921-896048", "hẹn 30/07/2025 lúc 8:00", "000.00.12.H62-201105-0004"]
)
def test_dates_and_dossier_codes_are_fine(text: str) -> None:
    check_no_long_number(text)
