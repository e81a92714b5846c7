"""Lists as XLSX: a frozen row of names, sensible widths, text that is never taken for a formula."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

LONGEST_NAME = 31
WIDEST = 48


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the names of its columns, its rows. `notes` stand below the rows."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    notes: Sequence[str] = field(default_factory=tuple)


def write_book(sheets: Sequence[Sheet]) -> bytes:
    """An XLSX file. Cells may be text, numbers, dates, times; everything else is written as its text."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "day": book.add_format({"num_format": "dd/mm/yyyy"}),
            "time": book.add_format({"num_format": "hh:mm"}),
            "note": book.add_format({"italic": True}),
        }
        for sheet in sheets:
            _write(book.add_worksheet(_name(sheet.name)), sheet, formats)
    return buffer.getvalue()


def _name(name: str) -> str:
    """A name that spreadsheets accept."""
    return "".join(" " if letter in r"[]:*?/\\" else letter for letter in name).strip("'")[:LONGEST_NAME]


def _write(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    page.freeze_panes(1, 0)
    page.write_row(0, 0, [str(name) for name in sheet.columns], formats["head"])
    for at, row in enumerate(sheet.rows, 1):
        for column, value in enumerate(row):
            _cell(page, at, column, value, formats)
    for at, note in enumerate(sheet.notes, len(sheet.rows) + 2):
        page.write_string(at, 0, str(note), formats["note"])
    for column, name in enumerate(sheet.columns):
        longest = max((len(str(row[column])) for row in sheet.rows[:500] if column < len(row)), default=0)
        page.set_column(column, column, min(WIDEST, max(len(str(name)), longest, 8) + 2))


def _cell(page: Any, row: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    if isinstance(value, dt.datetime):
        page.write_datetime(row, column, value.replace(tzinfo=None), formats["day"])
    elif isinstance(value, dt.date):
        page.write_datetime(row, column, value, formats["day"])
    elif isinstance(value, dt.time):
        page.write_datetime(row, column, value, formats["time"])
    elif isinstance(value, int | float) and not isinstance(value, bool):
        page.write_number(row, column, value)
    else:
        page.write_string(row, column, "" if value is None else str(value))
