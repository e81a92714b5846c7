"""A list from an XLSX or CSV file: its columns by name, its rows with their number, every fault told.

Nothing is guessed: an unknown or doubled column, a formula, joined cells or a cell too many is a fault of its
row (or of the whole file, when the columns themselves cannot be told).
"""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, load_workbook

from nhipcau.core.sheets.looking import Seen, UnableToReadFile, damaged, look_through
from nhipcau.core.text import fold

MOST_BYTES = 8_000_000
# The names of the columns stand in one of the first rows; a title may stand above them.
TITLE_ROWS = 15
ZIP, OLD_SHEET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list. `title` is known in every language of the screens; `also`: other names."""

    key: str
    title: "str | Promise"
    required: bool = True
    also: tuple[str, ...] = ()

    def names(self) -> set[str]:
        """All names it goes by, folded."""
        found = {fold(self.key.replace("_", " ")), *(fold(name) for name in self.also)}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                found.add(fold(str(self.title)))
        return found


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row (numbered as the spreadsheet shows it), in which column if in one."""

    row: int
    message: "str | Promise"
    column: "str | Promise" = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: column key → cell as the file holds it; an empty cell is an empty text."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """The readable rows of a file and the faults of the others."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_table(file: IO[bytes], columns: Sequence[Column], *, most_rows: int = 10_000) -> Table:
    """Reads the first sheet of an XLSX, or a CSV. Raises `UnableToReadFile` when it is no such list.

    Rows that cannot be read are in `faults`; the others are all in `rows`, in their order.
    """
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UnableToReadFile(_("This file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1_000_000})
    if data[:4] == OLD_SHEET:
        raise UnableToReadFile(_("This is an old or locked spreadsheet: save it as XLSX, without password."))
    seen, lines = _sheet(data) if data[:4] == ZIP else (Seen(), _csv(data))
    return _Reader(columns, seen, most_rows).read(lines)


def _sheet(data: bytes) -> tuple[Seen, list[list[Any]]]:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
        copy.write(data)
        copy.flush()
        seen = look_through(Path(copy.name))
        try:
            with load_workbook(copy.name) as book:
                lines: list[list[Any]] = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        except CalamineError as error:
            raise damaged() from error
    return seen, lines


def _csv(data: bytes) -> Iterator[list[Any]]:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        raise UnableToReadFile(_("The letters of this file cannot be read: save it as UTF-8.")) from error
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise UnableToReadFile(
            _("From line %(line)s on this file is no table: a quotation mark is missing or out of place.")
            % {"line": reader.line_num}
        ) from error


class _Reader:
    """One walk over the rows of a file."""

    def __init__(self, columns: Sequence[Column], seen: Seen, most_rows: int) -> None:
        self.columns = columns
        self.seen = seen
        self.most_rows = most_rows
        self.names: list[str | None] | None = None
        self.table = Table()

    def read(self, lines: "Iterator[list[Any]] | list[list[Any]]") -> Table:
        by_name = {name: column.key for column in self.columns for name in column.names()}
        for number, cells in enumerate(lines, 1):
            if self.names is None:
                self._try_header(number, cells, by_name)
            elif any(not _is_empty(cell) for cell in cells):
                self._row(number, cells)
        if self.names is None:
            raise self._no_header()
        return self.table

    def _try_header(self, number: int, cells: list[Any], by_name: dict[str, str]) -> None:
        found = [by_name.get(fold(str(cell))) if not _is_empty(cell) else None for cell in cells]
        keys = [key for key in found if key]
        if number > TITLE_ROWS:
            raise self._no_header()
        if not all(column.key in keys for column in self.columns if column.required):
            return
        twice = [str(column.title) for column in self.columns if keys.count(column.key) > 1]
        if twice:
            raise UnableToReadFile(
                _("Two columns have the same name: %(names)s.") % {"names": ", ".join(twice)}
            )
        strange = [
            str(cell) for cell, key in zip(cells, found, strict=True) if not key and not _is_empty(cell)
        ]
        if strange:
            raise UnableToReadFile(
                _("These columns are not known: %(names)s.") % {"names": ", ".join(strange)[:300]}
            )
        self.names = found

    def _no_header(self) -> UnableToReadFile:
        # Each in quotation marks: a name may hold commas of its own.
        wanted = ", ".join(f"“{column.title}”" for column in self.columns if column.required)
        return UnableToReadFile(
            _("The names of the columns were not found. One row must name at least: %(names)s.")
            % {"names": wanted}
        )

    def _row(self, number: int, cells: list[Any]) -> None:
        if len(self.table.rows) + len(self.table.faults) >= self.most_rows:
            raise UnableToReadFile(
                _("At most %(most)s rows are read at once.")
                % {"most": number_format(self.most_rows, use_l10n=True, force_grouping=True)}
            )
        if number in self.seen.formulas:
            self._fault(number, _("Cell %(cell)s holds a formula: write its result.") % {
                "cell": self.seen.formulas[number]
            })  # fmt: skip
        elif number in self.seen.joined:
            self._fault(number, _("The cells %(cells)s are joined: write each row in full.") % {
                "cells": self.seen.joined[number]
            })  # fmt: skip
        else:
            self._cells(number, cells)

    def _cells(self, number: int, cells: list[Any]) -> None:
        assert self.names is not None
        names = self.names
        if any(not _is_empty(cell) and (at >= len(names) or not names[at]) for at, cell in enumerate(cells)):
            self._fault(number, _("A cell stands outside the named columns."))
            return
        values: dict[str, Any] = {column.key: "" for column in self.columns}
        values |= {key: cell for key, cell in zip(names, cells, strict=False) if key and not _is_empty(cell)}
        self.table.rows.append(Row(number, values))

    def _fault(self, number: int, message: "str | Promise") -> None:
        self.table.faults.append(Fault(number, message))


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
