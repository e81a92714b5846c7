"""Files of the national catalogue, row by row: JSON Lines (plain or .gz), CSV, XLSX.

What kind a file is shows in its first bytes, not in its name. A row that cannot be read is given back with
its number and the reason, and the next one is read; a file that is not whole is refused as a whole.
"""

import csv
import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, load_workbook

from nhipcau.catalogue.services.rows import BadRow, column_of
from nhipcau.core.sheets import looking
from nhipcau.core.sheets.looking import UnableToReadFile, damaged, too_large

LONGEST_ROW = 4_000_000
BLOCK = 1 << 20
_CODE = re.compile(r'"code"\s*:\s*"([^"\\]{1,20})"')
GZIP, ZIP, OLD_SHEET = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file. `reason`: why it could not be read; `code`: what it is about, if that shows."""

    number: int
    values: dict[str, Any]
    reason: str = ""
    code: str = ""
    # Cells of a table hold lists as JSON text and may have lost the zeros of a number.
    cells: bool = False


def digest_of(path: Path) -> str:
    """SHA-256 of the file. Raises `UnableToReadFile`."""
    with _opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_rows(path: Path) -> Iterator[Row]:
    """All rows of a file, in its order. Raises `UnableToReadFile`, also after some rows."""
    with _opened(path) as file:
        start = file.read(4)
        file.seek(0)
        if start == ZIP:
            yield from _sheet_rows(path)
        elif start == OLD_SHEET:
            raise UnableToReadFile(
                _("This is an old or locked spreadsheet: save it as XLSX, without password.")
            )
        else:
            yield from _text_rows(file, packed=start[:2] == GZIP)


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedReader]:
    try:
        if not path.is_file():
            raise UnableToReadFile(_("There is no such file."))
        with path.open("rb") as file:
            yield file
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            raise damaged() from error
        raise UnableToReadFile(_("This file cannot be opened.")) from error


class _Measured(io.RawIOBase):
    """A stream that refuses to unfold without end."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data: bytes = self.source.read(len(buffer))
        self.read_bytes += len(data)
        if self.read_bytes > looking.MOST_BYTES:
            raise too_large()
        buffer[: len(data)] = data
        return len(data)


def _text_rows(file: BinaryIO, *, packed: bool) -> Iterator[Row]:
    stream = io.BufferedReader(_Measured(gzip.GzipFile(fileobj=file) if packed else file), BLOCK)
    try:
        start = stream.peek(BLOCK)
        encoding = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        text = io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="\n")
        lines = _Lines(text)
        # The first line of JSON Lines may be the broken one: then a later line shows what the file is.
        later = b"\n{" in start and not _names_columns(lines.first)
        is_json = later or lines.first.lstrip()[:1] in ("{", "[", "")
        yield from _json_rows(lines) if is_json else _csv_rows(lines)
    except (EOFError, zlib.error) as error:
        raise damaged() from error


def _delimiter(line: str) -> str:
    """Commas; or what spreadsheets write where the comma is the decimal sign."""
    return max(",;\t|", key=line.count)


def _names_columns(line: str) -> bool:
    cells = line.split(_delimiter(line))
    return {"code", "name"} <= {column_of(cell.strip().strip('"')) for cell in cells}


class _Lines:
    """The lines of a text, none longer than `LONGEST_ROW`: of a longer one only the beginning is kept."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.number = 0
        self.whole = True
        self.ended = True
        self.first = self._next()
        self.waiting = bool(self.first)

    def _next(self) -> str:
        try:
            line = self.text.readline(LONGEST_ROW)
            self.whole = len(line) < LONGEST_ROW or line.endswith("\n")
            last = line
            while last and not last.endswith("\n") and len(last) == LONGEST_ROW:
                last = self.text.readline(LONGEST_ROW)
        except UnicodeError as error:
            raise UnableToReadFile(_("The letters of this file cannot be read: save it as UTF-8.")) from error
        self.ended = not line or (last or line).endswith("\n")
        return line

    def __iter__(self) -> Iterator[str]:
        while True:
            line = self.first if self.waiting else self._next()
            self.waiting = False
            if not line:
                return
            self.number += 1
            yield line


# ---- JSON Lines ------------------------------------------------------------------------------------


def _json_rows(lines: _Lines) -> Iterator[Row]:
    if lines.first.lstrip().startswith("["):
        raise UnableToReadFile(_("This is one JSON list. Write one record on each line (JSON Lines)."))
    for line in lines:
        if not line.strip():
            continue
        seen = _CODE.search(line[:2000])
        code = seen.group(1) if seen else ""
        try:
            if not lines.whole:
                raise BadRow("the line is longer than a record can be")
            yield Row(lines.number, _json_object(line), code=code)
        except BadRow as bad:
            yield Row(lines.number, {}, bad.reason, code)
        except json.JSONDecodeError as error:
            stops = error.pos >= len(line.rstrip()) or error.msg.startswith("Unterminated")
            if stops and not lines.ended:
                raise UnableToReadFile(
                    _("The last line stops in the middle: this file is not whole, and nothing of it is read.")
                ) from error
            yield Row(lines.number, {}, f"not readable as JSON: {error.msg} at letter {error.pos + 1}", code)


def _json_object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line, object_pairs_hook=_no_repeats, parse_constant=_no_constant)
    except RecursionError:
        raise BadRow("lists within lists without end") from None
    except json.JSONDecodeError:
        raise
    except ValueError:
        raise BadRow("a number that is too long") from None
    if not isinstance(found, dict):
        raise BadRow("not a record: a JSON object is needed")
    return found


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadRow("a field stands there twice")
    return found


def _no_constant(name: str) -> None:
    raise BadRow(f"{name} is not a value")


# ---- tables ----------------------------------------------------------------------------------------


def _header(cells: list[Any]) -> list[str]:
    names = [column_of(str(cell)) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if "code" not in names or "name" not in names:
        raise UnableToReadFile(
            _("The first row must name the columns, at least “code” and “name”. This is no catalogue.")
        )
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise UnableToReadFile(_("Two columns have the same name: %(names)s.") % {"names": ", ".join(twice)})
    return names


def _table_row(number: int, names: list[str], cells: list[Any]) -> Row | None:
    values = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    if all(cell in ("", None) for cell in cells):
        return None
    code = values.get("code")
    seen = code.strip() if isinstance(code, str) else ""
    if len(cells) < len(names):
        return Row(number, {}, f"{len(cells)} cells where {len(names)} are named", seen)
    if any(cell not in ("", None) for cell in cells[len(names) :]):
        return Row(number, {}, f"more cells than the {len(names)} that are named", seen)
    return Row(number, values, code=seen, cells=True)


def _csv_rows(lines: _Lines) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_ROW)
    reader = csv.reader(iter(lines), delimiter=_delimiter(lines.first), strict=True)
    names: list[str] = []
    start = 1
    try:
        # Rows are numbered as a spreadsheet shows them; a cell of several lines does not count twice.
        for number, cells in enumerate(reader, 1):
            start = reader.line_num + 1
            if not lines.whole:
                raise too_large()
            if not names:
                names = _header(cells)
                continue
            if len(cells) < len(names) and not lines.ended:
                raise damaged()
            row = _table_row(number, names, cells)
            if row is not None:
                yield row
    except csv.Error as error:
        raise UnableToReadFile(
            _("From line %(line)s on this file is no table: a quotation mark is missing or out of place.")
            % {"line": start}
        ) from error


def _sheet_rows(path: Path) -> Iterator[Row]:
    formulas = looking.look_through(path).formulas
    try:
        with load_workbook(path) as book:
            table = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise damaged() from error
    names: list[str] = []
    for number, cells in enumerate(table, 1):
        if not names:
            if any(cell not in ("", None) for cell in cells):
                names = _header(cells)
            continue
        row = _table_row(number, names, cells)
        if row is not None and number in formulas:
            row = Row(number, {}, f"cell {formulas[number]} holds a formula", row.code)
        if row is not None:
            yield row
    if not names:
        _header([])
