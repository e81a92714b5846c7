"""Ranks guides for a query.

Responsible for the score: the share of what the query says that a guide also says, where things and actions
count fully, circumstances little, and words of asking nothing. A query about a thing no guide speaks of
therefore finds nothing, however many small words agree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from .concepts import WEIGHTS
from .reading import THINGS, Reader, Unit, meant, share, texts_of

FIELDS = {"names": 1.0, "official_name": 0.9, "keywords": 0.95, "summaries": 0.15}
UNKNOWN_LIMIT = 0.5
CONTEXT_LIMIT = 0.48
ENOUGH = 0.6
GENTLY, GENTLE_FACTOR = 0.5, 0.9  # when nothing fits well
CENTRAL_SHARE = 0.2
PASSING = 0.4
STRONG = 0.8
NEAR = 0.85
PART = 0.85
UNSAID = 0.2  # what a guide loses when nothing of its name is said
TAKING = {"takes_paper", "takes_thing"}


@dataclass
class Document:
    """What one guide says: meanings and words with the weight of the best field they stand in."""

    slug: str
    code: str
    name: str
    concepts: dict[str, float] = field(default_factory=dict)
    core: frozenset[str] = frozenset()  # what its name says
    words: dict[str, float] = field(default_factory=dict)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    phrases: set[str] = field(default_factory=set)


class Guides:
    """All guides of a library, ready to be searched."""

    def __init__(self, entries: Iterable[Mapping[str, Any]], reader: Reader) -> None:
        self.reader = reader
        self.documents = [self._document(entry) for entry in entries]

    # ---- reading ------------------------------------------------------------------------------

    def _document(self, entry: Mapping[str, Any]) -> Document:
        document = Document(entry["slug"], entry["code"], entry["names"].get("vi") or entry["slug"])
        read = [
            (place, self.reader.units(words), words)
            for place, text in texts_of(entry)
            if (words := self.reader.words(text))
        ]
        keywords = [units for place, units, _ in read if place == "keywords"]
        for place, units, words in read:
            for concept in meant(unit for unit in units if not unit.outside):
                weight = FIELDS[place] if place != "keywords" else self._keyword_weight(concept, keywords)
                document.concepts[concept] = max(weight, document.concepts.get(concept, 0.0))
                for part in self.reader.table.concepts[concept].implies:
                    document.concepts[part] = max(PART * weight, document.concepts.get(part, 0.0))
            for word in words:
                document.words[word.folded] = max(FIELDS[place], document.words.get(word.folded, 0.0))
            loose = [(one.text, two.text) for one, two in pairwise(units) if one.kind == two.kind == "word"]
            document.pairs.update(loose)
            if place in ("keywords", "names"):
                document.phrases.add(" ".join(unit.text for unit in units if unit.weight > 0))
        self._take_core(document)
        return document

    def _take_core(self, document: Document) -> None:
        named = meant(self.reader.units(self.reader.words(document.name)))
        document.core = frozenset(c for c in named if self.reader.weighs(c) >= WEIGHTS["action"])
        table = self.reader.table.concepts
        if any(table[concept].flags & TAKING for concept in document.core):
            # Where any paper may be meant, naming one does not yet mean this guide.
            for concept, weight in document.concepts.items():
                if table[concept].kind == "paper":
                    document.concepts[concept] = min(weight, PASSING)

    def _keyword_weight(self, concept: str, keywords: list[list[Unit]]) -> float:
        """A thing that only a few keywords mention in passing is not what the guide is about."""
        if self.reader.table.concepts[concept].kind not in THINGS:
            return FIELDS["keywords"]
        said = sum(concept in meant(units) for units in keywords) / len(keywords)
        return FIELDS["keywords"] if said >= CENTRAL_SHARE else PASSING

    # ---- scoring ------------------------------------------------------------------------------

    def search(self, units: list[Unit]) -> list[tuple[float, Document]]:
        """The guides that fit, with how well, in no order."""
        phrase = " ".join(unit.text for unit in units)
        return self._fitting(units, phrase, ENOUGH) or self._several(units, phrase)

    def search_gently(self, units: list[Unit]) -> list[tuple[float, Document]]:
        """The guides whose thing is named, though much else that is said stays unexplained."""
        found = self._fitting(units, " ".join(unit.text for unit in units), GENTLY)
        return [(score * GENTLE_FACTOR, document) for score, document in found]

    def _fitting(self, units: list[Unit], phrase: str, enough: float) -> list[tuple[float, Document]]:
        scored = [(self._score(document, units, phrase, enough), document) for document in self.documents]
        return [(score, document) for score, document in scored if score >= enough]

    def _score(self, document: Document, units: list[Unit], phrase: str, enough: float = ENOUGH) -> float:
        if phrase in document.phrases:
            return 1.0
        matches = [self._match(document, unit) for unit in units]
        weights = self._weights(document, units, matches)
        named = any(
            unit.kind in THINGS and match >= STRONG * 0.8 and self._speaks_of(document, unit)
            for unit, match in zip(units, matches, strict=True)
        )
        if not named and not self._named_by_words(document, units):
            return 0.0
        # Circumstances decide between guides that fit; they cannot make a guide fit.
        main = [unit.kind not in ("context", "detail") for unit in units]
        if share(weights, matches, main) < enough:
            return 0.0
        said = share(weights, matches, [True] * len(units))
        return said * (1 - UNSAID + UNSAID * self._recall(document, units))

    def _weights(self, document: Document, units: list[Unit], matches: list[float]) -> list[float]:
        """What a unit takes hardly counts beside it ("certify my diploma")."""
        taken = {
            kind
            for unit, match in zip(units, matches, strict=True)
            if match >= STRONG * 0.8
            for kind in self._takes(unit)
        }
        weights = []
        spare = {"word": UNKNOWN_LIMIT, "context": CONTEXT_LIMIT}
        asked = any(unit.kind in THINGS and not unit.background for unit in units)
        for unit in units:
            weight = WEIGHTS["context"] if asked and unit.background else unit.weight
            if unit.least < weight and not self._speaks_of(document, unit):
                weight = unit.least
            if taken & self._kinds(unit) and not self._takes(unit):
                weight = WEIGHTS["context"]
            if unit.kind in spare:
                weight = min(weight, spare[unit.kind])
                spare[unit.kind] -= weight
            weights.append(weight)
        return weights

    def _kinds(self, unit: Unit) -> set[str]:
        return {self.reader.table.concepts[concept].kind for concept in unit.concepts}

    def _takes(self, unit: Unit) -> tuple[str, ...]:
        flags = set().union(*(self.reader.table.concepts[concept].flags for concept in unit.concepts))
        if "takes_thing" in flags:
            return (*THINGS, "action")
        return ("paper",) if "takes_paper" in flags else ()

    def _speaks_of(self, document: Document, unit: Unit) -> bool:
        """Whether the guide has the weightiest meaning of a unit, not just one said in passing."""
        said = {concept for concept in unit.concepts if self.reader.weighs(concept) == unit.weight}
        said |= {near for concept in said for near in self.reader.table.concepts[concept].near}
        return any(document.concepts.get(concept, 0.0) >= PASSING for concept in said)

    def _match(self, document: Document, unit: Unit) -> float:
        if unit.kind == "word":
            return 0.5 * document.words.get(unit.text, 0.0)
        best = 0.0
        for concept in unit.concepts:
            best = max(best, document.concepts.get(concept, 0.0))
            for near in self.reader.table.concepts[concept].near:
                best = max(best, NEAR * document.concepts.get(near, 0.0))
            parts = self.reader.table.concepts[concept].implies
            if len(parts) > 1:
                best = max(best, PART * min(document.concepts.get(part, 0.0) for part in parts))
        return best * unit.sureness

    def _named_by_words(self, document: Document, units: list[Unit]) -> bool:
        """Two neighbouring words of no known meaning that stand together in a name or keyword."""
        return any(
            one.kind == two.kind == "word"
            and (one.text, two.text) in document.pairs
            and min(document.words[one.text], document.words[two.text]) >= STRONG
            for one, two in pairwise(units)
        )

    def _recall(self, document: Document, units: list[Unit]) -> float:
        """How much of the guide's own name the query mentions."""
        said = meant(units)
        table = self.reader.table
        said |= {near for concept in said for near in table.concepts[concept].near}
        said = table.with_parts(said)

        def is_said(concept: str) -> bool:
            parts = table.concepts[concept].implies
            usual = "usual" in table.concepts[concept].flags
            return usual or concept in said or (len(parts) > 1 and parts <= said)

        return sum(map(is_said, document.core)) / len(document.core) if document.core else 0.0

    def _several(self, units: list[Unit], phrase: str) -> list[tuple[float, Document]]:
        """A query that names two things the library has ("birth certificate and residence") finds both.

        What is done ("lost") then decides for which of them.
        """
        things = [unit for unit in units if unit.kind in THINGS and not unit.background]
        actions = [unit for unit in units if unit.kind == "action"]
        if len(things) < 2 or any(self._takes(unit) for unit in things):
            return []
        central = [self._central([unit], unit, phrase) for unit in things]
        if not all(central):
            return []
        found = [pair for unit in things for pair in self._central([unit, *actions], unit, phrase)]
        return [(score / len(things), document) for score, document in found]

    def _central(self, units: list[Unit], thing: Unit, phrase: str) -> list[tuple[float, Document]]:
        """The guides that fit these units and are about this thing."""
        about = [document for document in self.documents if thing.concepts & document.core]
        fitting = [(self._score(document, units, phrase), document) for document in about]
        return [pair for pair in fitting if pair[0] >= ENOUGH]
