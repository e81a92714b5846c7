"""`nhipcau procedures import` and `imports`: the national catalogue taken in, and what was taken in before.

Responsible for options and for words; `catalogue.services` does the work. The difference goes to standard
output before anything is written, progress to standard error.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
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
    taking.add_argument("path", metavar="FILE", help="JSON Lines (plain or .gz), CSV or XLSX")
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
            write(json.dumps(as_json(difference), ensure_ascii=False, indent=2))
        else:
            limit = NEVER_SHORTENED if options["all"] else SHOWN
            write("\n".join(lines_of(difference, limit)))

    def step(_read: int) -> None:
        bar.update()

    with tqdm(desc="Reading", unit=" rows", file=sys.stderr, mininterval=0.5) as bar:
        if check:
            show(services.compare_file(Path(path), partial=partial, progress=step))
            return
        difference = services.import_file(
            Path(path),
            by=None,
            now=clock.now(),
            partial=partial,
            allow_drop=allow_drop,
            progress=step,
            show=show,
        )
    if not options["json"]:
        write("Nothing to change." if difference.empty else "Imported.")


def list_imports(write: Write, **options: Any) -> None:
    """`imports`."""
    rows = [
        {
            "at": clock.local_date(made.at).isoformat(),
            "file": made.file_name,
            "read": made.read,
            "new": made.new,
            "changed": made.changed,
            "no longer listed": made.missing,
            "unchanged": made.unchanged,
            "refused": len(made.refused),
            "partial": made.partial,
        }
        for made in queries.imports()
    ]
    if options["json"]:
        write(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        numbers = ", ".join(
            f"{row[name]} {name}" for name in ("new", "changed", "no longer listed", "refused")
        )
        write(
            f"{row['at']}  {row['file']}{' (part)' if row['partial'] else ''}: {row['read']} read, {numbers}"
        )
    if not rows:
        write("Nothing was imported yet.")


def lines_of(difference: services.Difference, limit: int) -> Iterator[str]:
    """A difference as plain lines: the counts, then the records of each kind."""
    kinds = (
        ("new", difference.new),
        ("changed", difference.changed),
        ("no longer listed", difference.unlisted),
        ("listed again", difference.listed_again),
    )
    yield f"{difference.read} rows read from {difference.file_name}"
    yield from (f"{len(changes):6} {name}" for name, changes in kinds)
    yield f"{difference.unchanged:6} unchanged"
    yield f"{difference.identity_only:6} of them name and code only: no signed decision confirms the rest"
    yield f"{len(difference.refused):6} refused"
    if difference.repeated:
        yield f"{difference.repeated:6} repeated word for word, counted once"
    if difference.undecided:
        yield (
            f"{difference.undecided:6} not in the file, kept as listed: a refused row does not show its code "
            "and may be one of them"
        )
    if difference.unknown_columns:
        yield f"Columns that are not known and left out: {', '.join(sorted(difference.unknown_columns))}"
    for name, changes in kinds:
        if not changes or (name == "new" and len(changes) == difference.read - len(difference.refused)):
            continue
        yield from ("", f"{name.capitalize()}:")
        yield from _shortened((_change_line(change) for change in changes), len(changes), limit)
    if difference.refused:
        yield from ("", "Refused:")
        rows = (
            f"row {bad.row}{f' ({bad.code})' if bad.code else ''}: {bad.reason}" for bad in difference.refused
        )
        yield from _shortened(rows, len(difference.refused), limit)


def as_json(difference: services.Difference) -> dict[str, Any]:
    """The same for programs, complete."""
    return {
        "file": difference.file_name,
        "read": difference.read,
        "new": [change.code for change in difference.new],
        "changed": {change.code: list(change.fields) for change in difference.changed},
        "no_longer_listed": [change.code for change in difference.unlisted],
        "listed_again": [change.code for change in difference.listed_again],
        "unchanged": difference.unchanged,
        "identity_only": difference.identity_only,
        "repeated": difference.repeated,
        "kept_undecided": difference.undecided,
        "unknown_columns": sorted(difference.unknown_columns),
        "refused": [{"row": bad.row, "code": bad.code, "reason": bad.reason} for bad in difference.refused],
    }


def _change_line(change: services.Change) -> str:
    what = f" – {', '.join(change.fields)}" if change.fields else ""
    return f"  {change.code}  {change.name[:90]}{what}"


def _shortened(lines: Iterable[str], count: int, limit: int) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == limit:
            yield f"  … and {count - limit} more (all of them with --all)"
            return
        yield line
