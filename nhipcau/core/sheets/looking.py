"""Spreadsheets looked through before they are opened: how large they unfold, formulas, joined cells.

The reader makes a full table of whatever a sheet says it holds, so a small file could fill the memory. A
formula is no fact: its result was worked out by whoever saved the file last. Of joined cells only the first
holds what was typed, so the other rows would lose it without a word.
"""

import posixpath
import re
import zipfile
import zlib
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo

MOST_ROWS = 50_000
MOST_COLUMNS = 60
MOST_BYTES = 400_000_000
MOST_TEXT = 400_000_000
# A spreadsheet cuts longer texts off without a word.
LONGEST_CELL = 32_767
BLOCK = 1 << 16
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"


class UnableToReadFile(UnableTo):
    """The file as a whole cannot be read: not there, damaged, too large, or another kind of file."""

    code = "core.unreadable_file"


def too_large() -> UnableToReadFile:
    """The refusal of a file that unfolds to more than any list of the programme could ever be."""
    return UnableToReadFile(_("This file holds far more than such a list can; it is not read."))


def damaged() -> UnableToReadFile:
    """The refusal of a file that is not whole."""
    return UnableToReadFile(_("This file is damaged or not whole; nothing of it is read."))


@dataclass(slots=True)
class Seen:
    """What stands in the first sheet. `formulas`: row → cell; `joined`: row → range, such as "A5:B7"."""

    formulas: dict[int, str] = field(default_factory=dict)
    joined: dict[int, str] = field(default_factory=dict)


def look_through(path: Path) -> Seen:
    """Looks at every cell of the first sheet without making a table of it. Raises `UnableToReadFile`."""
    try:
        with zipfile.ZipFile(path) as book:
            if sum(part.file_size for part in book.infolist()) > MOST_BYTES:
                raise too_large()
            lengths = _shared_lengths(book)
            return _SheetScan(lengths).run(book, _first_sheet(book))
    except (zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, expat.ExpatError) as error:
        raise damaged() from error
    except (NotImplementedError, RuntimeError, OSError) as error:  # zipfile: a packing it lacks, a password
        raise UnableToReadFile(_("This spreadsheet cannot be opened: is it locked by a password?")) from error


def _parse(stream: IO[bytes], **handlers: Callable[..., None]) -> None:
    """One XML part, block by block. No spreadsheet declares entities of its own: a trap would."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    read = 0
    while block := stream.read(BLOCK):
        read += len(block)
        if read > MOST_BYTES:
            raise too_large()
        parser.Parse(block, False)
    parser.Parse(b"", True)


def _refuse_doctype(*_args: Any) -> None:
    raise damaged()


def _first_sheet(book: zipfile.ZipFile) -> str:
    """The part of the sheet that stands first in the book, which is the one that is read."""
    sheets: list[str] = []
    targets: dict[str, str] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name.endswith(" sheet"):
            sheets.append(attributes[RELATION])

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name.endswith(" Relationship"):
            targets[attributes["Id"]] = attributes["Target"]

    with book.open("xl/workbook.xml") as part:
        _parse(part, StartElementHandler=sheet)
    with book.open("xl/_rels/workbook.xml.rels") as part:
        _parse(part, StartElementHandler=relation)
    if not sheets:
        raise damaged()
    return posixpath.normpath(posixpath.join("/xl", targets[sheets[0]])).lstrip("/")


def _shared_lengths(book: zipfile.ZipFile) -> "array[int]":
    """How long each shared text is: one may stand in a million cells."""
    lengths = array("L")
    if "xl/sharedStrings.xml" not in book.namelist():
        return lengths

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name.endswith(" si"):
            lengths.append(0)

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    with book.open("xl/sharedStrings.xml") as part:
        _parse(part, StartElementHandler=start, CharacterDataHandler=text)
    return lengths


class _SheetScan:
    """One walk over the cells of a sheet."""

    def __init__(self, lengths: "array[int]") -> None:
        self.lengths = lengths
        self.seen = Seen()
        self.text = 0
        self.cells = 0
        self.cell = ""
        self.row = 0
        self.shared = False
        self.value: list[str] | None = None

    def run(self, book: zipfile.ZipFile, name: str) -> Seen:
        with book.open(name) as part:
            _parse(
                part,
                StartElementHandler=self.start,
                EndElementHandler=self.end,
                CharacterDataHandler=self.data,
            )
        return self.seen

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rsplit(" ", 1)[-1]
        if tag == "c":
            self.cell = attributes.get("r", "")
            self.shared = attributes.get("t") == "s"
            self._measure()
        elif tag == "row":
            self.row = int(attributes.get("r") or self.row + 1)
        elif tag == "f":
            self.seen.formulas.setdefault(self.row, self.cell)
        elif tag == "v":
            self.value = []
        elif tag == "mergeCell":
            self._join(attributes.get("ref", ""))

    def _join(self, ref: str) -> None:
        rows = [int(row) for row in re.findall(r"[0-9]{1,7}", ref)]
        if rows and max(rows) > MOST_ROWS + 1:
            raise too_large()
        for row in range(min(rows, default=1), max(rows, default=0) + 1):
            self.seen.joined.setdefault(row, ref)

    def _measure(self) -> None:
        letters = self.cell.rstrip("0123456789")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        self.row = int(self.cell[len(letters) :] or self.row)
        self.cells += 1
        wide = column > MOST_COLUMNS or self.cells > MOST_ROWS * MOST_COLUMNS
        if wide or self.row > MOST_ROWS + 1:
            raise too_large()

    def data(self, data: str) -> None:
        if self.value is not None:
            self.value.append(data)

    def end(self, name: str) -> None:
        if self.value is not None and name.endswith(" v"):
            written = "".join(self.value)
            self.text += self.lengths[int(written)] if self.shared else len(written)
            self.value = None
            if self.text > MOST_TEXT:
                raise too_large()
