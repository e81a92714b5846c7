"""Takes a file of the national catalogue in: first the difference, then all of it or nothing.

A record is never deleted. What a complete file no longer names is marked as no longer listed; every content
that differs from the one before is kept as a version.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.catalogue import rules
from nhipcau.catalogue.enums import Standing
from nhipcau.catalogue.models import Import, Record, RecordVersion
from nhipcau.catalogue.services.files import Row, digest_of, read_rows
from nhipcau.catalogue.services.rows import BadRow, Content, Entry, read_entry, unknown_columns
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.core.sheets.looking import MOST_ROWS, too_large

BATCH = 400
# A complete file that drops more than a quarter is more likely a part that was taken for the whole.
MOST_DROPPED = 0.25
ALWAYS_DROPPED = 20
MOST_REFUSALS_KEPT = 1000
MOST_UNKNOWN = 50
VERSION_COLUMNS = ("id", "record_id", "found_in_id", "seen_at", "decision", "content", "content_hash")
IDENTITY = ("name", "field", "level", "agency", "keywords", "url", "standing")

Progress = Callable[[int], None]


class UnableToImport(UnableTo):
    """The file can be read, but must not be taken in as it is."""

    code = "catalogue.unable_to_import"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is left out, and why."""

    row: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """A record that says something else than before, and in which columns."""

    code: str
    name: str
    fields: tuple[str, ...]


@dataclass(slots=True)
class Difference:
    """What a file would change."""

    file_name: str
    file_hash: str
    partial: bool
    read: int = 0
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unlisted: list[Change] = field(default_factory=list)
    listed_again: list[Change] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    unknown_columns: set[str] = field(default_factory=set)
    unchanged: int = 0
    repeated: int = 0
    identity_only: int = 0
    # Records listed before; and those a complete file does not name but that stay listed, because some of
    # its rows could not be read at all and may be about them.
    listed_before: int = 0
    undecided: int = 0

    @property
    def empty(self) -> bool:
        return not (self.new or self.changed or self.unlisted or self.listed_again)


@dataclass(slots=True)
class _Plan:
    difference: Difference
    entries: dict[str, Entry] = field(default_factory=dict)
    # "" stands for a row that does not show what it is about.
    codes_of_refused: set[str] = field(default_factory=set)
    records: list[Record] = field(default_factory=list)
    versions: dict[str, Entry] = field(default_factory=dict)


def compare_file(path: Path, *, partial: bool = False, progress: Progress | None = None) -> Difference:
    """What importing the file would change; writes nothing. Raises `UnableToReadFile`, `UnableToImport`."""
    return _plan(path, partial=partial, progress=progress).difference


def import_file(
    path: Path,
    *,
    by: Actor | None,
    now: datetime,
    partial: bool = False,
    allow_drop: bool = False,
    progress: Progress | None = None,
    show: Callable[[Difference], None] | None = None,
) -> Difference:
    """Imports the file in one transaction; `show` gets the difference before anything is written.

    A file that changes nothing leaves no trace. Raises `UnableToReadFile`, `UnableToImport`.
    """
    with unit_of_work(by=by, now=now):
        with connection.cursor() as cursor:
            # One import at a time: a second one compares with what the first has written.
            cursor.execute("LOCK TABLE catalogue_import IN SHARE ROW EXCLUSIVE MODE")
        # It may have waited, or the clock gone back: what is written last is the newest all the same.
        now = max([now, *Import.objects.filter(at__gt=now).values_list("at", flat=True)])
        plan = _plan(path, partial=partial, progress=progress)
        found = plan.difference
        if show is not None:
            show(found)
        dropped = len(found.unlisted)
        if not allow_drop and dropped > max(ALWAYS_DROPPED, found.listed_before * MOST_DROPPED):
            raise UnableToImport(
                _("%(dropped)s of %(listed)s records are not in this file. If it is only a part, say so.")
                % {"dropped": dropped, "listed": found.listed_before}
            )
        if not found.empty or plan.records:
            _write(plan, now=now)
    return found


# ---- the difference --------------------------------------------------------------------------------


def _plan(path: Path, *, partial: bool, progress: Progress | None) -> _Plan:
    difference = Difference(path.name[-200:], digest_of(path), partial)
    plan = _Plan(difference)
    for row in read_rows(path):
        difference.read += 1
        if difference.read > MOST_ROWS:
            raise too_large()
        _take(plan, row)
        if progress is not None:
            progress(difference.read)
    if not plan.entries:
        raise UnableToImport(_nothing_usable(difference))
    _compare(plan)
    return plan


def _nothing_usable(difference: Difference) -> str:
    if not difference.refused:
        return str(_("There is no record in this file."))
    first = difference.refused[0]
    return str(
        _("None of the %(rows)s rows can be used. Row %(row)s: %(reason)s.")
        % {"rows": difference.read, "row": first.row, "reason": first.reason}
    )


def _take(plan: _Plan, row: Row) -> None:
    """One row becomes an entry or a refusal."""
    try:
        if row.reason:
            raise BadRow(row.reason)
        entry = read_entry(row.number, row.values, cells=row.cells)
        first = plan.entries.setdefault(entry.code, entry)
        if first is not entry:
            if first.hash != entry.hash:
                raise BadRow(f"row {first.number} says something else about {entry.code}")
            plan.difference.repeated += 1
        if len(plan.difference.unknown_columns) < MOST_UNKNOWN:
            plan.difference.unknown_columns |= unknown_columns(row.values)
    except BadRow as bad:
        code, reason = rules.printable(row.code[:20]), rules.printable(bad.reason)
        plan.difference.refused.append(Refusal(row.number, code, reason))
        plan.codes_of_refused.add(row.code)


def _compare(plan: _Plan) -> None:
    known = Record.objects.in_bulk()
    latest = _latest()
    for batch in _batches(plan.entries.values()):
        before = _contents_before(batch, latest)
        for entry in batch:
            _compare_one(plan, entry, known.get(entry.code), before.get(entry.code))
    _settle_missing(plan, known)


def _latest() -> dict[str, tuple[UUID, str]]:
    """Code → id and hash of the newest version."""
    versions = RecordVersion.objects.order_by("record_id", "-seen_at", "-id").distinct("record_id")
    return {
        code: (id_, hash_) for code, id_, hash_ in versions.values_list("record_id", "id", "content_hash")
    }


def _contents_before(batch: Sequence[Entry], latest: Mapping[str, tuple[UUID, str]]) -> dict[str, Content]:
    """The newest contents of those entries that do not say the same."""
    wanted = [
        latest[entry.code][0]
        for entry in batch
        if entry.code in latest and latest[entry.code][1] != entry.hash
    ]
    versions = RecordVersion.objects.filter(id__in=wanted).order_by("record_id", "id")
    return dict(versions.values_list("record_id", "content"))


def _compare_one(plan: _Plan, entry: Entry, known: Record | None, before: Content | None) -> None:
    """`before` is None for a record that is new, or that says the same."""
    found = plan.difference
    # A file without a column says nothing about it: what was known stays.
    content = {**(before or {}), **entry.content}
    record = record_of(content)
    fields = rules.changed_fields(before, content) if before is not None else ()
    change = Change(record.code, record.name, fields)
    found.identity_only += record.standing == Standing.IDENTITY_ONLY
    if known is None:
        found.new.append(change)
    elif fields:
        found.changed.append(change)
    elif known.listed:
        found.unchanged += 1
    if known is not None and not known.listed:
        found.listed_again.append(change)
    if known is None or fields:
        plan.versions[record.code] = entry if before is None else Entry.of(entry.number, content)
    if known is None or fields or not known.listed or _differs(record, known):
        plan.records.append(record)


def record_of(content: Content) -> Record:
    """The record as its newest content says."""
    portal = content.get("portal") or {}
    issued_by = portal.get("issued_by")
    agencies = (content.get("agencies"), content.get("competent_agency"), issued_by)
    return Record(
        code=content["code"],
        name=rules.one_line(content["name"]),
        field=rules.one_line(content.get("field", "")),
        level=rules.one_line(content.get("levels", "")),
        agency=next(
            (rules.one_line(agency) for agency in agencies if isinstance(agency, str) and agency), ""
        ),
        keywords=rules.one_line(content.get("keywords", "")),
        url=rules.official_page(portal),
        standing=rules.standing_of(content.get("decision", "")),
        listed=True,
    )


def _differs(record: Record, known: Record) -> bool:
    """Whether the same content is read differently today: our rules changed since."""
    return any(getattr(record, name) != getattr(known, name) for name in IDENTITY)


def _settle_missing(plan: _Plan, known: Mapping[str, Record]) -> None:
    """A refused row still names its record; one that nobody can read may name any of them."""
    found = plan.difference
    found.listed_before = sum(record.listed for record in known.values())
    named = plan.entries.keys() | plan.codes_of_refused
    missing = [code for code in sorted(known) if known[code].listed and code not in named]
    if found.partial:
        return
    if "" in plan.codes_of_refused:
        found.undecided = len(missing)
    else:
        found.unlisted = [Change(code, known[code].name, ()) for code in missing]


# ---- writing ---------------------------------------------------------------------------------------


def _write(plan: _Plan, *, now: datetime) -> None:
    found = plan.difference
    made = Import.objects.create(
        file_name=found.file_name,
        file_hash=found.file_hash,
        at=now,
        read=found.read,
        new=len(found.new),
        changed=len(found.changed),
        missing=len(found.unlisted),
        unchanged=found.unchanged,
        partial=found.partial,
        refused=[asdict(refusal) for refusal in found.refused[:MOST_REFUSALS_KEPT]],
    )
    Record.objects.bulk_create(
        plan.records,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*IDENTITY, "listed"],
    )
    _copy_versions(plan.versions.values(), made)
    Record.objects.filter(code__in=[change.code for change in found.unlisted]).update(listed=False)


def _copy_versions(entries: Iterable[Entry], made: Import) -> None:
    """Straight into the table: the contents are written already, tens of megabytes of them."""
    names = ", ".join(f'"{name}"' for name in VERSION_COLUMNS)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY catalogue_recordversion ({names}) FROM STDIN") as copy,
    ):
        for entry in entries:
            copy.write_row(
                (new_id(), entry.code, made.id, made.at, entry.decision, entry.written.decode(), entry.hash)
            )


def _batches(entries: Iterable[Entry]) -> Iterator[tuple[Entry, ...]]:
    waiting = iter(tuple(entries))
    while batch := tuple(islice(waiting, BATCH)):
        yield batch
