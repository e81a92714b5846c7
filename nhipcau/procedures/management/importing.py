"""`nhipcau procedures import` and `imports`: the national catalogue taken in, and what was taken in before.

Responsible for the options; `catalogue.services` does the work and has the words. The difference goes to
standard output before anything is written, progress to standard error.
"""

import json
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from nhipcau.catalogue import queries, services
from nhipcau.core import clock

SHOWN = 20
NEVER_SHORTENED = 10_000_000
Write = Callable[[str], Any]


def add_parts(parts: Any) -> None:
    """The two sub-commands and their options."""
    taking: ArgumentParser = parts.add_parser("import", help="take in a file of the national catalogue")
    taking.add_argument(
        "path", metavar="FILE", help="JSON Lines (plain or .gz), CSV or XLSX; - for standard input"
    )
    taking.add_argument("--check", action="store_true", help="only show the difference; write nothing")
    taking.add_argument("--partial", action="store_true", help="the file holds only some procedures")
    taking.add_argument(
        "--allow-drop", action="store_true", help="also when more than a quarter would no longer be listed"
    )
    taking.add_argument("--all", action="store_true", help=f"name all records, not {SHOWN} of each kind")
    taking.add_argument("--json", action="store_true", help="the difference as JSON")
    listing: ArgumentParser = parts.add_parser("imports", help="what was taken in, the newest first")
    listing.add_argument("--json", action="store_true", help="answer as JSON")


def take_in(write: Write, *, path: str, check: bool, partial: bool, allow_drop: bool, **options: Any) -> None:
    """`import`. Raises UnableTo."""

    def show(difference: services.Difference) -> None:
        bar.close()
        if options["json"]:
            write(json.dumps(services.as_json(difference), ensure_ascii=False, indent=2))
        else:
            limit = NEVER_SHORTENED if options["all"] else SHOWN
            write("\n".join(services.lines_of(difference, limit)))

    def step(_read: int) -> None:
        bar.update()

    with _file(path) as file, tqdm(desc="Reading", unit=" rows", file=sys.stderr, mininterval=0.5) as bar:
        if check:
            show(services.compare_file(file, partial=partial, progress=step))
            return
        difference = services.import_file(
            file,
            by=None,
            now=clock.now(),
            partial=partial,
            allow_drop=allow_drop,
            progress=step,
            show=show,
        )
    if not options["json"]:
        write("Nothing to change." if difference.empty else "Imported.")


@contextmanager
def _file(name: str) -> Iterator[Path]:
    """The file; standard input is kept as one first: a file is read twice and may be a spreadsheet."""
    if name != "-":
        yield Path(name)
        return
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "standard input"
        with kept.open("wb") as target:
            shutil.copyfileobj(sys.stdin.buffer, target)
        yield kept


def list_imports(write: Write, **options: Any) -> None:
    """`imports`."""
    rows = [services.import_as_json(made) for made in queries.imports()]
    if options["json"]:
        write(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    write("\n".join(map(services.import_line, rows)) or "Nothing was imported yet.")
