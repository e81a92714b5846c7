"""`nhipcau places`: convert addresses, load and check the shipped units.

Results go to standard output, everything else to standard error.
"""

import csv
import io
import json
import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nhipcau.core.clock import now
from nhipcau.places import queries, services
from nhipcau.places.convert import convert, shipped_gazetteer
from nhipcau.places.convert.answers import LANGUAGES
from nhipcau.places.convert.tables import read_tables

COLUMN = "input"
LONGEST_FIELD = 50_000_000
_LINE_ENDS = re.compile("\r\n|\n|\r")


class Command(BaseCommand):
    """Sub-commands of the places room."""

    help = "Convert old addresses to the units of today; load and check the shipped units."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        change = parts.add_parser("convert", help="find the units of today that an address may mean")
        change.add_argument("text", nargs="?", help="an address, old or new")
        change.add_argument("--file", metavar="FILE", help="CSV with a column `input`, or one text per line")
        change.add_argument("--json", action="store_true", help="answer as JSON")
        change.add_argument("--language", choices=LANGUAGES, default="vi", help="language of the reasons")
        load = parts.add_parser("load", help="bring the shipped units into the database")
        load.add_argument("--quiet", action="store_true")
        parts.add_parser("check", help="compare the database with the shipped tables")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["part"] == "load":
            self.load(quiet=options["quiet"])
        elif options["part"] == "check":
            self.check_data()
        elif options["file"] is not None:
            self.convert_file(options["file"], options["language"])
        elif options["text"] is not None:
            self.convert_text(options["text"], as_json=options["json"], language=options["language"])
        else:
            raise CommandError("Give an address, or --file FILE.")

    def convert_text(self, text: str, *, as_json: bool, language: str) -> None:
        text = _printable(text)
        answer = convert(text, shipped_gazetteer())
        if as_json:
            self.stdout.write(json.dumps({"input": text, **answer.as_dict(language)}, ensure_ascii=False))
            return
        self.stdout.write(answer.status.value)
        for item in answer.candidates:
            self.stdout.write(f"{item.code}  {item.full_name}, {item.province} – {item.why(language)}")

    def convert_file(self, name: str, language: str) -> None:
        gazetteer = shipped_gazetteer()
        for text in texts_of(_read(name)):
            answer = convert(text, gazetteer).as_dict(language)
            self.stdout.write(json.dumps({"input": text, **answer}, ensure_ascii=False))

    def load(self, *, quiet: bool) -> None:
        changed = services.load_reference_data(now=now())
        if not quiet:
            self.stderr.write("Units loaded." if changed else "Units are up to date.")

    def check_data(self) -> None:
        tables = read_tables()
        shipped = {
            "former_unit": len(tables["former_units"]),
            "succession": len(tables["successions"]),
        }
        wrong = False
        for count in queries.counts():
            expected = shipped.get(count.name, count.rows)
            wrong = wrong or expected != count.rows
            self.stdout.write(f"{count.rows:6}  {count.name}")
        units = sum(count.rows for count in queries.counts() if count.name not in shipped)
        if wrong or units != len(tables["provinces"]) + len(tables["communes"]):
            raise CommandError("The database does not hold the shipped units: run `nhipcau places load`.")


def texts_of(content: str) -> Iterator[str]:
    """The addresses of a file: its column `input` where the first line names one, else each line.

    Blank lines of a plain list are left out; a row of a table is answered even when its cell is empty.
    """
    csv.field_size_limit(LONGEST_FIELD)
    content = content.replace("\0", " ")
    first = content.partition("\n")[0].rstrip("\r")
    for delimiter in (",", ";", "\t"):
        heads = [head.strip().strip('"').lower() for head in first.split(delimiter)]
        if COLUMN in heads:
            place = heads.index(COLUMN)
            rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
            next(rows)
            for row in rows:
                if row:
                    yield row[place] if len(row) > place else ""
            return
    yield from (line.strip() for line in _LINE_ENDS.split(content) if line.strip())


def _read(name: str) -> str:
    """The text of a file (`-`: standard input) in UTF-8 or, with its mark, UTF-16; bad bytes stay visible."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}") from error
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    return raw.decode("utf-8-sig", "replace")


def _printable(text: str) -> str:
    """Bytes of the command line that are no UTF-8 become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
