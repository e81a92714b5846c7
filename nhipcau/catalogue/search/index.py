"""Ranks guides for a query, and says when none fits.

Responsible for the score: the share of what the query says that a guide also says, where things and actions
count fully, circumstances little, and words of asking nothing. A query about a thing no guide speaks of
therefore finds nothing, however many small words agree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from .concepts import WEIGHTS, ConceptTable, Found
from .words import Word, cut_thai, expand, is_thai, repair, split

FIELDS = {"names": 1.0, "official_name": 0.9, "keywords": 0.95, "summaries": 0.15}
UNKNOWN_WEIGHT = 0.25
UNKNOWN_LIMIT = 0.5
CONTEXT_LIMIT = 0.48
ENOUGH = 0.6
CENTRAL_SHARE = 0.2
PASSING = 0.4
STRONG = 0.8
THINGS = ("object", "paper")
ASIDE = ("để", "de", "sau")  # "for" and "after", at most one word before
NEAR = 0.85


@dataclass
class Document:
    """What one guide says: meanings and words with the weight of the best field they stand in."""

    slug: str
    code: str
    name: str
    concepts: dict[str, float] = field(default_factory=dict)
    core: frozenset[str] = frozenset()
    words: dict[str, float] = field(default_factory=dict)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    phrases: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of the query: what it may mean and how much it weighs. `word`: words of no known meaning.

    `least` is the weight of its least meaning: "elderly people" may be the thing asked for or just a person.
    `background`: an event, or said with "for" or "after": asked for only when nothing else is.
    """

    concepts: frozenset[str]
    kind: str
    weight: float
    least: float
    sureness: float
    text: str
    background: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    slug: str
    code: str
    name: str
    score: float


class Index:
    """All guides of a library, ready to be searched. Made once; searching changes nothing."""

    def __init__(self, documents: Iterable[Mapping[str, Any]], table: ConceptTable) -> None:
        self.table = table
        self.vocabulary = set(table.vocabulary)
        entries = list(documents)
        for entry in entries:
            for _, text in _texts(entry):
                self.vocabulary.update(word.folded for word in split(text))
        self.documents = [self._document(entry) for entry in entries]

    # ---- reading ------------------------------------------------------------------------------

    def words(self, text: str) -> list[Word]:
        """The words of a text as this library understands them."""
        result = []
        for word in expand(split(text), self.table.shorthand):
            if is_thai(word.folded):
                pieces = cut_thai(word.folded, self.table.thai, self.table.longest_thai)
                result += [Word(piece, piece) for piece in pieces]
            else:
                result.append(repair(word, self.vocabulary))
        return result

    def _document(self, entry: Mapping[str, Any]) -> Document:
        document = Document(entry["slug"], entry["code"], entry["names"].get("vi") or entry["slug"])
        read = [
            (place, self.units(words), words) for place, text in _texts(entry) if (words := self.words(text))
        ]
        keywords = [units for place, units, _ in read if place == "keywords"]
        for place, units, words in read:
            for concept in _meant(units):
                weight = FIELDS[place] if place != "keywords" else self._keyword_weight(concept, keywords)
                document.concepts[concept] = max(weight, document.concepts.get(concept, 0.0))
            folded = [word.folded for word in words]
            for word in folded:
                document.words[word] = max(FIELDS[place], document.words.get(word, 0.0))
            loose = [(one.text, two.text) for one, two in pairwise(units) if one.kind == two.kind == "word"]
            document.pairs.update(loose)
            if place in ("keywords", "names"):
                document.phrases.add(" ".join(unit.text for unit in units if unit.weight > 0))
        named = [_meant(units) for place, units, _ in read if place == "names"]
        document.core = frozenset(
            concept
            for concepts in named
            for concept in concepts
            if self._weighs(concept) >= WEIGHTS["action"]
        )
        if any(self.table.concepts[concept].takes_paper for concept in document.core):
            self._make_papers_pass(document)
        return document

    def _make_papers_pass(self, document: Document) -> None:
        """Where any paper may be meant, naming one does not yet mean this guide."""
        for concept, weight in document.concepts.items():
            if self.table.concepts[concept].kind == "paper":
                document.concepts[concept] = min(weight, PASSING)

    def _weighs(self, concept: str) -> float:
        return WEIGHTS[self.table.concepts[concept].kind]

    def _keyword_weight(self, concept: str, keywords: list[list[Unit]]) -> float:
        """A thing that only a few keywords mention in passing is not what the guide is about."""
        if self.table.concepts[concept].kind not in ("object", "paper"):
            return FIELDS["keywords"]
        share = sum(concept in _meant(units) for units in keywords) / len(keywords)
        return FIELDS["keywords"] if share >= CENTRAL_SHARE else PASSING

    def units(self, words: list[Word]) -> list[Unit]:
        """The words cut into pieces of meaning: fewest words left over, then longest pieces."""
        by_end: dict[int, list[Found]] = {}
        for found in self.table.find(words):
            by_end.setdefault(found.end, []).append(found)
        best: list[tuple[float, list[Found | int]]] = [(0.0, [])]
        for end in range(1, len(words) + 1):
            options: list[tuple[float, list[Found | int]]] = [
                (best[end - 1][0], [*best[end - 1][1], end - 1])
            ]
            for found in by_end.get(end, ()):
                gain = found.sureness * (end - found.start) ** 1.4
                options.append((best[found.start][0] + gain, [*best[found.start][1], found]))
            best.append(max(options, key=lambda option: option[0]))
        return [self._unit(piece, words) for piece in best[-1][1]]

    def _unit(self, piece: "Found | int", words: list[Word]) -> Unit:
        if isinstance(piece, int):
            text = words[piece].folded
            size = max(1.0, len(text) / 6) if is_thai(text) else 1.0
            weight = 0.0 if text.isdigit() else UNKNOWN_WEIGHT * size
            return Unit(frozenset(), "word", weight, weight, 1.0, text)
        kinds = [self.table.concepts[concept].kind for concept in piece.concepts]
        kind = max(kinds, key=lambda name: (WEIGHTS[name], name))
        text = " ".join(word.folded for word in words[piece.start : piece.end])
        least = min(WEIGHTS[name] for name in kinds)
        weighing = [c for c in piece.concepts if self._weighs(c) == WEIGHTS[kind]]
        background = kind in THINGS and (
            all(self.table.concepts[concept].event for concept in weighing)
            or any(word.marked in ASIDE for word in words[max(0, piece.start - 2) : piece.start])
        )
        return Unit(piece.concepts, kind, WEIGHTS[kind], least, piece.sureness, text, background)

    # ---- scoring ------------------------------------------------------------------------------

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """The guides that fit, best first; an empty list when nothing in the library does."""
        units = _said_once(unit for unit in self.units(self.words(query)) if unit.weight > 0)
        if not units:
            return []
        scored = [(self._score(document, units), document) for document in self.documents]
        hits = [(score, document) for score, document in scored if score >= ENOUGH]
        if not hits:
            hits = self._several(units)
        hits.sort(key=lambda hit: (-hit[0], hit[1].slug))
        return [Hit(d.slug, d.code, d.name, round(score, 4)) for score, d in hits[:limit]]

    def _score(self, document: Document, units: list[Unit]) -> float:
        weights = self._weights(document, units)
        matches = [self._match(document, units, i) for i in range(len(units))]
        if " ".join(unit.text for unit in units) in document.phrases:
            return 1.0
        named = any(
            unit.kind in THINGS and match >= STRONG * 0.8 and self._speaks_of(document, unit)
            for unit, match in zip(units, matches, strict=True)
        )
        if not named and not self._named_by_words(document, units):
            return 0.0
        # Circumstances decide between guides that fit; they cannot make a guide fit.
        main = [unit.kind not in ("context", "detail") for unit in units]
        if _share(weights, matches, main) < ENOUGH:
            return 0.0
        share = _share(weights, matches, [True] * len(units))
        return share * (0.9 + 0.1 * self._recall(document, units))

    def _weights(self, document: Document, units: list[Unit]) -> list[float]:
        """Names of papers hardly count beside a meaning that takes any paper ("certify my diploma")."""
        taking = any(
            self._takes_paper(unit) and self._match(document, units, i) >= STRONG * 0.8
            for i, unit in enumerate(units)
        )
        weights = []
        spare = {"word": UNKNOWN_LIMIT, "context": CONTEXT_LIMIT}
        asked = any(unit.kind in THINGS and not unit.background for unit in units)
        for unit in units:
            weight = WEIGHTS["context"] if asked and unit.background else unit.weight
            if unit.least < weight and not self._speaks_of(document, unit):
                weight = unit.least
            if taking and unit.kind == "paper":
                weight = WEIGHTS["context"]
            if unit.kind in spare:
                weight = min(weight, spare[unit.kind])
                spare[unit.kind] -= weight
            weights.append(weight)
        return weights

    def _takes_paper(self, unit: Unit) -> bool:
        return any(self.table.concepts[concept].takes_paper for concept in unit.concepts)

    def _speaks_of(self, document: Document, unit: Unit) -> bool:
        """Whether the guide has the weightiest meaning of a unit, not just one said in passing."""
        said = {concept for concept in unit.concepts if self._weighs(concept) == unit.weight}
        said |= {near for concept in said for near in self.table.concepts[concept].near}
        return any(document.concepts.get(concept, 0.0) >= PASSING for concept in said)

    def _match(self, document: Document, units: list[Unit], i: int) -> float:
        unit = units[i]
        if unit.kind == "word":
            return 0.5 * document.words.get(unit.text, 0.0)
        best = 0.0
        for concept in unit.concepts:
            best = max(best, document.concepts.get(concept, 0.0))
            for near in self.table.concepts[concept].near:
                best = max(best, NEAR * document.concepts.get(near, 0.0))
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
        said = {concept for unit in units for concept in unit.concepts}
        said |= {near for concept in said for near in self.table.concepts[concept].near}
        return len(document.core & said) / len(document.core) if document.core else 0.0

    def _several(self, units: list[Unit]) -> list[tuple[float, Document]]:
        """A query that names two things the library has ("birth certificate and residence") finds both.

        What is done ("lost") then decides for which of them.
        """
        things = [unit for unit in units if unit.kind in THINGS and not unit.background]
        actions = [unit for unit in units if unit.kind == "action"]
        if len(things) < 2 or any(self._takes_paper(unit) for unit in things):
            return []
        if not all(self._central([unit], unit) for unit in things):
            return []
        found = [pair for unit in things for pair in self._central([unit, *actions], unit)]
        return [(score / len(things), document) for score, document in found]

    def _central(self, units: list[Unit], thing: Unit) -> list[tuple[float, Document]]:
        """The guides that fit these units and are about this thing."""
        about = [document for document in self.documents if thing.concepts & document.core]
        fitting = [(self._score(document, units), document) for document in about]
        return [pair for pair in fitting if pair[0] >= ENOUGH]


def _said_once(units: Iterable[Unit]) -> list[Unit]:
    """The units without repetitions of one meaning."""
    kept: dict[object, Unit] = {}
    for unit in units:
        kept.setdefault(unit.concepts or unit.text, unit)
    return list(kept.values())


def _share(weights: list[float], matches: list[float], counted: list[bool]) -> float:
    rows = [row for row, counts in zip(zip(weights, matches, strict=True), counted, strict=True) if counts]
    total = sum(weight for weight, _ in rows)
    return sum(weight * match for weight, match in rows) / total if total else 0.0


def _meant(units: Iterable[Unit]) -> set[str]:
    return {concept for unit in units for concept in unit.concepts}


def _texts(entry: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for place in ("names", "summaries"):
        for text in (entry.get(place) or {}).values():
            yield place, text
    yield "official_name", entry.get("official_name") or ""
    for words in (entry.get("keywords") or {}).values():
        for text in words:
            yield "keywords", text
