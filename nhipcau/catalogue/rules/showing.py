"""What a page shows of a record's content: papers by group, ways to file, and what changed when.

A page must stay light on a phone: of very long lists only the beginning is shown, the official page has all.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nhipcau.catalogue.rules.fees import Fee, TimeLimit, fees_of, time_of
from nhipcau.catalogue.rules.records import changed_fields, one_line, readable

MOST_PAPERS = 60
MOST_LETTERS = 15_000
LONGEST_NOTE = 1200

METHODS = {"ONLINE": _("Online"), "POSTAL": _("By post"), "DIRECT": _("In person")}
COLUMN_WORDS = {
    "name": _("Official name"),
    "decision": _("Decision"),
    "levels": _("Level"),
    "type": _("Kind of procedure"),
    "field": _("Field"),
    "steps": _("Steps"),
    "targets": _("Who may ask for it"),
    "agencies": _("Agency"),
    "competent_agency": _("Agency that decides"),
    "intake_address": _("Where to hand in"),
    "delegated_agency": _("Agency acting for it"),
    "coordinating_agency": _("Agencies that help"),
    "results": _("Result"),
    "conditions": _("Conditions"),
    "keywords": _("Keywords"),
    "description": _("Description"),
    "channels": _("Ways to file, times and fees"),
    "documents": _("Papers"),
    "legal_basis": _("Legal basis"),
    "portal": _("Entry on the portal"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper as the catalogue names it. Neither originals nor copies: it does not say how many."""

    name: str
    originals: int
    copies: int


@dataclass(frozen=True, slots=True)
class Group:
    """Papers that belong together; the catalogue's heading may be blank."""

    name: str
    papers: list[Paper]


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to file."""

    name: "str | Promise"
    time: TimeLimit
    fees: tuple[Fee, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Step:
    """One version in the history: when it was read, and which columns differ from the one before."""

    on: date
    columns: "list[str | Promise]"


def groups_of(documents: Any) -> tuple[list[Group], int]:
    """The papers by group in the catalogue's order, and how many more there are."""
    known = [item for item in documents or () if isinstance(item, dict) and one_line(item.get("name") or "")]
    groups: dict[str, list[Paper]] = {}
    letters = shown = 0
    for item in known:
        name = one_line(item["name"]).lstrip("-+*• ")
        letters += len(name)
        if shown == MOST_PAPERS or (shown and letters > MOST_LETTERS):
            break
        shown += 1
        group = one_line(item.get("group") or "").strip("-+*•: ")
        counts = item.get("originals") or 0, item.get("copies") or 0
        groups.setdefault(group, []).append(Paper(name, *counts))
    return [Group(name, papers) for name, papers in groups.items()], len(known) - shown


def channels_of(channels: Any) -> list[Channel]:
    """The ways to file, each with what can be said of its time and fees."""
    known = [item for item in channels or () if isinstance(item, dict)]
    return [
        Channel(
            name=METHODS.get(item.get("method") or "", _("Another way")),
            time=time_of(item.get("time")),
            fees=fees_of(item.get("fee_raw")),
            note=_cut(readable(item.get("note") or "")),
        )
        for item in known
    ]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_NOTE else text[:LONGEST_NOTE].rsplit(" ", 1)[0] + " …"


def read_on(content: dict[str, Any]) -> date | None:
    """The day the catalogue was read, where the file says so ("2026-07-18/19": the first)."""
    found = re.match(r"\d{4}-\d{2}-\d{2}", content.get("crawled") or "")
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def history_of(versions: Iterable[tuple[date, dict[str, Any]]]) -> Iterator[Step]:
    """The steps of versions given from old to new; the first one differs from nothing."""
    before: dict[str, Any] | None = None
    for on, content in versions:
        names = changed_fields(before, content) if before is not None else ()
        yield Step(on, [COLUMN_WORDS.get(name, name) for name in names])
        before = content
