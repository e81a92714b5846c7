"""Reading the national catalogue, and finding a procedure in the words people use."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from nhipcau.catalogue import rules, search
from nhipcau.catalogue.enums import Standing
from nhipcau.catalogue.models import Import, Record, RecordVersion
from nhipcau.catalogue.search import evaluation
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo

Hit = search.Hit
Tally = evaluation.Tally
Report = evaluation.Report
UnableToReadQueries = evaluation.UnableToReadQueries
read_queries = evaluation.read_queries
evaluate = evaluation.evaluate
LONGEST_HISTORY = 12
FEW_PAPERS = 6
# Of the whole country (standard), of one province (specific), between offices (internal).
SPECIFIC, INTERNAL = "SPECIFIC", "STANDARD_INTERNAL"


class UnableToFindRecord(UnableTo):
    """No record of the national catalogue with this code was imported."""

    code = "catalogue.not_found"


def get_record(code: str) -> Record:
    """Raises `UnableToFindRecord`."""
    record = Record.objects.filter(code=code).first() if "\x00" not in code else None
    if record is None:
        raise UnableToFindRecord(_("This procedure is not in the library. Please ask the officer."))
    return record


@dataclass(frozen=True, slots=True)
class Said:
    """What the catalogue said about a procedure. Papers and ways only where a decision confirms them."""

    record: Record
    said_on: date
    decision: str
    issued_by: str
    local: bool
    internal: bool
    announced: bool
    groups: list[rules.Group]
    more_papers: int
    channels: list[rules.Channel]
    history: list[rules.Step]

    @property
    def papers(self) -> int:
        """How many papers are shown."""
        return sum(len(group.papers) for group in self.groups)

    @property
    def folded(self) -> bool:
        """Many papers in several groups are lists for different cases: each opens on its own."""
        return len(self.groups) > 1 and self.papers > FEW_PAPERS


def has_record(code: str) -> bool:
    """Whether the national catalogue named this code."""
    return rules.is_code(code) and Record.objects.filter(code=code).exists()


def what_was_said(code: str) -> Said:
    """The newest version of a record, with its history. Raises `UnableToFindRecord`."""
    record = get_record(code)
    newest_first = RecordVersion.objects.filter(record=record).order_by("-seen_at", "-id")
    versions = list(newest_first.only("seen_at", "decision", "content")[: LONGEST_HISTORY + 1])[::-1]
    dated = [(rules.read_on(v.content) or local_date(v.seen_at), v.content) for v in versions]
    said_on, content = dated[-1]
    portal = content.get("portal") or {}
    announced = record.standing == Standing.ANNOUNCED
    groups, more = rules.groups_of(content.get("documents") if announced else None)
    return Said(
        record=record,
        said_on=said_on,
        decision=versions[-1].decision,
        issued_by=rules.one_line(str(portal.get("issued_by") or "")),
        local=portal.get("scope") == SPECIFIC,
        internal=portal.get("scope") == INTERNAL,
        announced=announced,
        groups=groups,
        more_papers=more,
        channels=rules.channels_of(content.get("channels") if announced else None),
        # The oldest of those fetched is only there for the next one to differ from.
        history=list(rules.history_of(dated))[-LONGEST_HISTORY:][::-1],
    )


def agencies(codes: Iterable[str]) -> dict[str, str]:
    """The competent authority by code, for those records that name one."""
    known = Record.objects.filter(code__in=list(codes)).exclude(agency="")
    return dict(known.values_list("code", "agency"))


def imports() -> QuerySet[Import]:
    """What was taken in, the newest first."""
    return Import.objects.order_by("-at", "-id")


def record_documents() -> list[dict[str, str]]:
    """What a search reads of each listed record, by code."""
    newest = RecordVersion.objects.filter(record=OuterRef("pk")).order_by("-seen_at", "-id")
    columns = ("code", "name", "field", "agency", "keywords", "level")
    return list(
        Record.objects.filter(listed=True)
        # As text, whatever a file had there.
        .annotate(scope=Subquery(newest.annotate(text=KT("content__portal__scope")).values("text")[:1]))
        .annotate(decision=Subquery(newest.values("decision")[:1]))
        .order_by("code")
        .values(*columns, "scope", "decision")
    )


def catalogue_stamp() -> str:
    """Changes with every import; empty when nothing was imported."""
    last = imports().values_list("id", flat=True).first()
    return str(last) if last else ""


def find(
    query: str, *, stamp: str, load: Callable[[], Iterable[Mapping[str, Any]]], limit: int = 10
) -> list[Hit]:
    """Guides (handed in by `load`, known by `stamp`) and records that fit the words, best first.

    Empty: "not in this library, ask the officer". `load` is called only when a stamp has changed; in a web
    worker, that has an index already, by a thread that outlives the query.
    """
    return search.keeper.find(
        query,
        stamp=f"{stamp} {catalogue_stamp()}",
        load=lambda: (load(), record_documents()),
        release=connections.close_all,
        limit=limit,
    )


def warm_search(*, stamp: str, load: Callable[[], Iterable[Mapping[str, Any]]]) -> None:
    """Makes the index before anybody asks, and keeps it so. For a thread of a web worker."""
    search.keeper.keep_warm()
    search.keeper.ready(f"{stamp} {catalogue_stamp()}", lambda: (load(), record_documents()))
