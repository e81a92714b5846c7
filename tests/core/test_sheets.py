"""Lists people bring: every fault is told with its row, nothing is guessed; lists they take."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from django.utils.translation import gettext_lazy as _
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.core.sheets import (
    BadCell,
    Column,
    Sheet,
    UnableToReadFile,
    as_day,
    as_number,
    as_text,
    as_time,
    read_table,
    write_book,
)

COLUMNS = (
    Column("name", _("name")),
    Column("phone", _("phone number"), also=("mobile",)),
    Column("note", "Note", required=False),
)


def book(rows: list[list[Any]], change: Callable[[Any], None] = lambda page: None) -> io.BytesIO:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as file:
        page = file.add_worksheet()
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
        change(page)
    return io.BytesIO(buffer.getvalue())


def test_columns_are_known_in_every_language_and_order() -> None:
    table = read_table(book([["Số điện thoại", "", "Name"], ["0912", None, "Lan"]]), COLUMNS)
    assert [(row.number, row.values) for row in table.rows] == [
        (2, {"name": "Lan", "phone": "0912", "note": ""})
    ]


def test_a_title_and_empty_rows_do_not_matter() -> None:
    rows = [["Danh sách"], [], ["name", "mobile"], [], ["Lan", 912], ["", ""], ["Huệ", 913]]
    table = read_table(book(rows, lambda page: page.merge_range("A1:C1", "Danh sách")), COLUMNS)
    assert [(row.number, as_text(row.values["phone"])) for row in table.rows] == [(5, "912"), (7, "913")]
    assert table.faults == []


def test_formulas_joined_cells_and_loose_cells_are_faults_of_their_rows() -> None:
    def change(page: Any) -> None:
        page.write_formula("B3", "=1+1")
        page.merge_range("A4:A5", "Lan")
        page.write_string("F6", "?")

    rows = [["name", "phone"], *([f"P{n}", "1"] for n in range(6))]
    table = read_table(book(rows, change), COLUMNS)
    assert [row.number for row in table.rows] == [2, 7]
    assert [fault.row for fault in table.faults] == [3, 4, 5, 6]
    assert "B3" in str(table.faults[0].message)
    assert "A4:A5" in str(table.faults[1].message)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (["name"], "“tên”, “số điện thoại”"),
        (["name", "phone", "Mobile"], "số điện thoại"),
        (["name", "phone", "salary"], "salary"),
        ([], "“tên”, “số điện thoại”"),
    ],
)
def test_a_list_with_other_columns_is_refused_whole(header: list[str], says: str) -> None:
    with pytest.raises(UnableToReadFile) as refusal:
        read_table(book([header, ["Lan", "1", "2"]]), COLUMNS)
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 not a book",
        b"\xd0\xcf\x11\xe0old",
        b"\xff\xfe\x00",
        b'name,phone\n"Lan,1\n',
        b"\x00" * 50,
    ],
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(UnableToReadFile):
        read_table(io.BytesIO(data), COLUMNS)


@pytest.mark.parametrize("data", ["name;phone\nLan;1\n", "\ufeffname,phone\r\nLan,1", "name\tphone\nLan\t1"])
def test_csv_of_any_spreadsheet(data: str) -> None:
    table = read_table(io.BytesIO(data.encode()), COLUMNS)
    assert [row.values["name"] for row in table.rows] == ["Lan"]


def test_ten_thousand_rows_and_not_one_more() -> None:
    rows = [["name", "phone"], *([f"Người {n}", str(n)] for n in range(10_000))]
    assert len(read_table(book(rows), COLUMNS).rows) == 10_000
    with pytest.raises(UnableToReadFile, match=r"10[.,]000"):
        read_table(book([*rows, ["một", "1"]]), COLUMNS)


def test_what_is_written_reads_back_and_never_calculates() -> None:
    day, time = dt.date(2026, 11, 22), dt.time(7, 30)
    data = write_book([Sheet("Danh sách [1]", ["name", "phone", "note"], [["=1+1", day, time]], ["Ghi chú"])])
    with pytest.raises(UnableToReadFile):
        read_table(io.BytesIO(data), (Column("other", "other"),))
    table = read_table(io.BytesIO(data), COLUMNS)
    first = table.rows[0].values
    assert first["name"] == "=1+1"
    assert as_day(first["phone"]) == day
    assert as_time(first["note"]) == time


@pytest.mark.parametrize("text", ["31/12/2026", "31-12-2026", "31.12.2026", "2026-12-31"])
def test_days_as_people_write_them(text: str) -> None:
    assert as_day(text) == dt.date(2026, 12, 31)


@pytest.mark.parametrize("text", ["31/2/2026", "2026", "12/31/2026", "", "tomorrow", "1/1/26"])
def test_no_such_day(text: str) -> None:
    with pytest.raises(BadCell):
        as_day(text)


@given(st.times())
def test_times_as_people_write_them(time: dt.time) -> None:
    whole = time.replace(second=0, microsecond=0, fold=0)
    for text in (f"{whole:%H:%M}", f"{whole:%H}h{whole:%M}", f"{whole.hour}:{whole:%M}"):
        assert as_time(text) == whole
    assert as_time((whole.hour * 60 + whole.minute) / 1440) == whole


@pytest.mark.parametrize("text", ["24:00", "7:60", "seven", "", "-1:00", "7"])
def test_no_such_time(text: str) -> None:
    with pytest.raises(BadCell):
        as_time(text)


@pytest.mark.parametrize("value", ["x", 1.5, "", "nan", "inf", -1, 1_000_001])
def test_no_such_number(value: object) -> None:
    with pytest.raises(BadCell):
        as_number(value)


def test_texts_are_one_line_of_letters() -> None:
    assert as_text("  Nguyễn \n Văn  A ") == "Nguyễn Văn A"
    assert as_text(12.0) == "12"
    with pytest.raises(BadCell):
        as_text("x" * 301)
    with pytest.raises(BadCell):
        as_text("a\x07b")
