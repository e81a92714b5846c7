"""One index over guides and records of the national catalogue.

Responsible for what is shown of both: guides before records that fit equally, no record twice beside its
guide, codes (also former ones) found as codes, and long stories understood by their telling clause.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from .concepts import ConceptTable
from .guides import Document, Guides
from .reading import Reader, Unit, said_once, texts_of
from .records import Record, Records
from .words import Speller, split

RECORD_FACTOR = 0.87  # a guide goes before a record that fits equally
CLAUSE_ENOUGH = 0.75
SURE = 0.72  # a record of this score is taken for what was meant
BESIDE_GUIDES = 4  # records shown beside guides
_CODE = re.compile(r"(?<![0-9.])([1-9])[.,]?([0-9]{6})(?![0-9])")
_CLAUSES = re.compile(r"[.!?;,:\n]+|\b(?:mà|nhưng|giờ|nên|but)\b")


@dataclass(frozen=True, slots=True)
class Hit:
    """A guide or a record that fits. `slug` is empty for a record; `code` is the slug where there is none."""

    slug: str
    code: str
    name: str
    score: float
    kind: Literal["guide", "record"] = "guide"
    field: str = ""
    agency: str = ""
    level: str = ""


class Index:
    """A library ready to be searched. Made once; searching changes nothing."""

    def __init__(
        self,
        documents: Iterable[Mapping[str, Any]],
        table: ConceptTable,
        records: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        entries = list(documents)
        speller = Speller()
        for phrase in table.written:
            speller.learn(phrase)
        for entry in entries:
            for _, text in texts_of(entry):
                speller.learn(split(text))
        self.reader = Reader(table, speller)
        hidden = {code for entry in entries for code in (entry["code"], *entry.get("replaces", ()))}
        self.records = Records([row for row in records if row["code"] not in hidden], self.reader)
        self.guides = Guides(entries, self.reader)
        self._by_code: dict[str, Hit] = {
            record.code: _of_record(1.0, record) for record in self.records.records
        }
        for entry, document in zip(entries, self.guides.documents, strict=True):
            for code in (*entry.get("replaces", ()), entry["code"]):
                self._by_code[code] = _of_guide(1.0, document)

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """What fits, best first; an empty list when nothing in the library does."""
        named = _CODE.search(query)
        if named:
            hit = self._by_code.get(f"{named[1]}.{named[2]}")
            return [hit] if hit else []
        return self._find(query)[:limit] or self._find_in_clauses(query)[:limit]

    def _find(self, text: str) -> list[Hit]:
        units = self.reader.without_questions(self.reader.units(self.reader.words(text)))
        telling = said_once(unit for unit in units if unit.weight > 0)
        if not telling:
            return []
        guides = [_of_guide(score, document) for score, document in self.guides.search(telling)]
        records = self._records(units)
        if not guides and (not records or records[0].score < SURE):
            guides, records = self._find_gently(units, records)
        hits = guides + records[: BESIDE_GUIDES if guides else None]
        return sorted(hits, key=lambda hit: (-hit.score, hit.kind, hit.slug, hit.code))

    def _records(self, units: list[Unit]) -> list[Hit]:
        return [_of_record(score * RECORD_FACTOR, record) for score, record in self.records.search(units)]

    def _find_gently(self, units: list[Unit], records: list[Hit]) -> tuple[list[Hit], list[Hit]]:
        """What one thing alone finds; a guide goes before records that nobody is sure of."""
        for told in self.reader.one_by_one(units):
            found = self.guides.search_gently(said_once(unit for unit in told if unit.weight > 0))
            records = records or self._records(told)
            if found:
                best = max(score for score, _ in found)
                below = [replace(hit, score=min(hit.score, round(best, 4))) for hit in records]
                return [_of_guide(score, document) for score, document in found], below
        return [], records

    def _find_in_clauses(self, query: str) -> list[Hit]:
        """A story says much around the thing it asks for: what its best clause finds, when that is sure."""
        clauses = [clause for clause in _CLAUSES.split(query) if len(clause.split()) > 1]
        if len(clauses) < 2:
            return []
        found = [self._find(clause) for clause in clauses]
        best = max(found, key=lambda hits: hits[0].score if hits else 0.0)
        return best if best and best[0].score >= CLAUSE_ENOUGH else []


def _of_guide(score: float, document: Document) -> Hit:
    return Hit(document.slug, document.code, document.name, round(score, 4))


def _of_record(score: float, record: Record) -> Hit:
    return Hit(
        "", record.code, record.name, round(score, 4), "record", record.field, record.agency, record.level
    )
