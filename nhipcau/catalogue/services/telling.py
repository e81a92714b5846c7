"""What an import would change or has changed, in plain lines and as JSON."""

from collections.abc import Iterable, Iterator
from typing import Any

from nhipcau.catalogue.models import Import
from nhipcau.catalogue.services.importing import Change, Difference
from nhipcau.core.clock import local_date


def lines_of(difference: Difference, limit: int) -> Iterator[str]:
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


def as_json(difference: Difference) -> dict[str, Any]:
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


def _change_line(change: Change) -> str:
    what = f" – {', '.join(change.fields)}" if change.fields else ""
    return f"  {change.code}  {change.name[:90]}{what}"


def _shortened(lines: Iterable[str], count: int, limit: int) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == limit:
            yield f"  … and {count - limit} more (all of them with --all)"
            return
        yield line


def import_as_json(made: Import) -> dict[str, Any]:
    """A past import in numbers."""
    return {
        "at": local_date(made.at).isoformat(),
        "file": made.file_name,
        "read": made.read,
        "new": made.new,
        "changed": made.changed,
        "no longer listed": made.missing,
        "unchanged": made.unchanged,
        "refused": len(made.refused),
        "partial": made.partial,
    }


def import_line(row: dict[str, Any]) -> str:
    """`import_as_json` on one line."""
    counts = ", ".join(f"{row[name]} {name}" for name in ("new", "changed", "no longer listed", "refused"))
    return f"{row['at']}  {row['file']}{' (part)' if row['partial'] else ''}: {row['read']} read, {counts}"
