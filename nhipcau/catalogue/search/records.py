"""Ranks records of the national catalogue for a query.

A record is known by its official name alone, so its words are evidence beside its meanings: rare words weigh
more, words that stand together most. A record is found only on strong evidence, more so the farther its
office is from a citizen: of 5,652 names some always share a few words with any query.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Any

from nhipcau.core.text import fold

from .reading import THINGS, Reader, Unit
from .words import Word, split

# By what the office is called: the bonus it has, and the share of the query it must answer.
LEVELS = (("xa", 0.05, 0.66), ("tinh", 0.02, 0.7), ("bo", 0.0, 0.78))
UNNAMED_LEVEL = (-0.01, 0.74)  # mostly missions abroad
# A procedure of one province, or among offices, stands behind the nation's for everybody.
LOCAL, AMONG_OFFICES = 0.06, 0.06
CITIZENS, ORGANISATIONS = 0.02, -0.02
FOR_CITIZENS = re.compile(r"\b(ca nhan|cong dan|ho gia dinh|nguoi dan)\b")
FOR_ORGANISATIONS = re.compile(r"\b(doanh nghiep|to chuc|don vi)\b")
LOCAL_DECISION = re.compile(r"UBND|HĐND")
MEANING, NEAR, ASIDE = 0.95, 0.75, 0.45
WORDS_APART, LONE_WORD = 0.6, 0.4
WORDS_LIMIT = 0.8
PASSING = 0.12  # the weight of what is said in passing
EVIDENCE = 0.6
LOOKED_AT = 90
COMMON, FEW = 0.25, 50  # a word in more names than this share of them finds nothing by itself
SAME_NAME = 2
# What lies outside may still stand in an official name; then all the rest has to stand there as well.
DESPITE_OUTSIDE, SAID_BESIDE = 0.8, 0.5
IN_ONE_RUN = 0.04  # three or more words of the query stand in the name as they were typed
OPENING = 10  # words at the beginning of a name that say what is done
UNSAID_ACTION = 0.06


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an official name: meanings, folded words and how much it says."""

    concepts: frozenset[str]
    words: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Name:
    """An official name, read once however many records bear it."""

    marked: str
    folded: str
    concepts: frozenset[str]
    aside: frozenset[str]
    actions: frozenset[str]
    pieces: tuple[Piece, ...]
    total: float


@dataclass(frozen=True, slots=True)
class Record:
    code: str
    name: str
    field: str
    agency: str
    level: str
    bonus: float
    enough: float
    read: Name


class Records:
    """The imported catalogue, ready to be searched."""

    def __init__(self, entries: Iterable[Mapping[str, Any]], reader: Reader) -> None:
        self.reader = reader
        rows = list(entries)
        split_names = {str(row["name"]): split(str(row["name"])) for row in rows}
        self.common = Counter(word for words in split_names.values() for word in {w.folded for w in words})
        self.size = max(2, len(split_names))
        for words in split_names.values():
            reader.speller.learn(words)
        self._names: dict[tuple[str, str], Name] = {}
        self._fields: dict[str, frozenset[str]] = {}
        self.records = [self._record(row, split_names[str(row["name"])]) for row in rows]
        self.postings: dict[str, list[int]] = {}
        for number, record in enumerate(self.records):
            for term in {*record.read.folded.split(), *(f"={c}" for c in record.read.concepts)}:
                self.postings.setdefault(term, []).append(number)

    # ---- reading ------------------------------------------------------------------------------

    def _record(self, row: Mapping[str, Any], words: list[Word]) -> Record:
        name, field, level = str(row["name"]), str(row.get("field") or ""), str(row.get("level") or "")
        beside = f"{field}. {row.get('keywords') or ''}"
        read = self._names.get((name, beside))
        if read is None:
            read = self._names[name, beside] = self._name(words, beside)
        ranks = fold(level).split()
        bonus, enough = next(((b, e) for word, b, e in LEVELS if word in ranks), UNNAMED_LEVEL)
        scope = row.get("scope") or ""
        if scope == "SPECIFIC" or (not scope and LOCAL_DECISION.search(str(row.get("decision") or ""))):
            bonus -= LOCAL
        if FOR_CITIZENS.search(read.folded):
            bonus += CITIZENS
        elif FOR_ORGANISATIONS.search(read.folded):
            bonus += ORGANISATIONS
        if "INTERNAL" in scope:
            bonus -= AMONG_OFFICES
        return Record(str(row["code"]), name, field, str(row.get("agency") or ""), level, bonus, enough, read)

    def _name(self, words: list[Word], beside: str) -> Name:
        units = self.reader.units(words, exact=True)
        pieces, position = [], 0
        for unit in units:
            told = sum(self.rarity(word.folded) for word in unit.words) * (1.0 if unit.weight > 0.2 else 0.2)
            # What comes late in a long name is mostly cases and offices.
            weight = told / (1 + position / 12)
            pieces.append(Piece(unit.concepts, tuple(word.folded for word in unit.words), weight))
            position += len(unit.words)
        return Name(
            f" {' '.join(word.marked for word in words)} ",
            f" {' '.join(word.folded for word in words)} ",
            self._telling(units),
            self._beside(beside),
            self._first_actions(units),
            tuple(pieces),
            sum(piece.weight for piece in pieces) or 1.0,
        )

    def _first_actions(self, units: Iterable[Unit]) -> frozenset[str]:
        """What is done with the thing, as the beginning of the name says: "issue again", "close"."""
        found: set[str] = set()
        position = 0
        for unit in units:
            if unit.kind == "action" and position < OPENING:
                found |= unit.concepts
            position += len(unit.words)
        table = self.reader.table.concepts
        return frozenset(concept for concept in found if "usual" not in table[concept].flags)

    def _beside(self, text: str) -> frozenset[str]:
        found = self._fields.get(text)
        if found is None:
            found = self._fields[text] = self._telling(self.reader.units(split(text), exact=True))
        return found

    def _telling(self, units: Iterable[Unit]) -> frozenset[str]:
        table = self.reader.table.concepts
        said = self.reader.table.with_parts(c for unit in units for c in unit.concepts if unit.weight > 0)
        told = frozenset(concept for concept in said if "outside" not in table[concept].flags)
        return told | self.reader.table.wholes(told)

    def rarity(self, word: str) -> float:
        """0 for a word in every name, 1 for a word in one or none."""
        return 1 - log(max(1, self.common[word])) / log(self.size)

    def pair_rarity(self, one: str, two: str) -> float:
        """The same for two words side by side."""
        return 1 - log(max(1, self.reader.speller.pairs[f"{one} {two}"])) / log(self.size)

    # ---- scoring ------------------------------------------------------------------------------

    def search(self, units: list[Unit]) -> list[tuple[float, Record]]:
        """The records that fit, with how well, best first; of one name no more than two."""
        query = Query(units, self)
        found = []
        for number in query.candidates(self.postings):
            record = self.records[number]
            score = query.score(record)
            if score:
                found.append((score, record))
        found.sort(key=lambda hit: (-hit[0], hit[1].code))
        seen: Counter[str] = Counter()
        kept = []
        for score, record in found:
            seen[record.read.folded] += 1
            if seen[record.read.folded] <= SAME_NAME:
                kept.append((score, record))
        return kept


class Query:
    """One query, prepared for looking at many records."""

    def __init__(self, units: list[Unit], records: Records) -> None:
        self.records = records
        self.units = [unit for unit in units if unit.weight > 0]
        table = records.reader.table.concepts
        self.meanings = [
            frozenset(c for c in unit.concepts if "outside" not in table[c].flags) for unit in self.units
        ]
        self.near = [frozenset(n for c in said for n in table[c].near) for said in self.meanings]
        self.parts = [[table[c].implies for c in said if len(table[c].implies) > 1] for said in self.meanings]
        self.usual = [any("usual" in table[c].flags for c in unit.concepts) for unit in self.units]
        self.said = frozenset().union(*self.meanings, *self.near)
        self.asked = any(unit.kind in THINGS and not unit.background for unit in self.units)
        self.weights = [self._weight(unit) for unit in self.units]
        # Neighbours of which the table knows one at most, and that one as nothing of weight.
        self.unknown = [
            (one.words[-1].folded, two.words[0].folded)
            for one, two in pairwise(units)
            if "word" in (one.kind, two.kind) and not {one.kind, two.kind} & {*THINGS, "action"}
        ]
        words = [word for unit in units for word in unit.words]
        self.words = {word.folded for word in words}
        told = [number for number, unit in enumerate(units) if unit.weight > 0]
        core = [word for unit in units[told[0] : told[-1] + 1] for word in unit.words] if told else []
        self.run = tuple(core) if len(core) > 2 else ()
        self.pairs = list(pairwise(words))

    def _weight(self, unit: Unit) -> float:
        if unit.kind != "word":
            return PASSING if self.asked and unit.background else unit.weight
        word = unit.words[0].folded
        return 0.2 + 0.4 * self.records.rarity(word) if self.records.common[word] else unit.weight

    def candidates(self, postings: Mapping[str, list[int]]) -> list[int]:
        """The records that share the most telling words and meanings with the query."""
        gained: dict[int, float] = {}
        limit = max(FEW, COMMON * len(self.records.records))
        for unit, said, near, weight in zip(self.units, self.meanings, self.near, self.weights, strict=True):
            terms = [(f"={concept}", weight) for concept in said]
            terms += [(f"={concept}", weight * NEAR) for concept in near]
            terms += [(w.folded, weight * self.records.rarity(w.folded)) for w in unit.words]
            for term, gain in terms:
                found = postings.get(term, ())
                if len(found) <= limit:
                    for number in found:
                        gained[number] = gained.get(number, 0.0) + gain
        return sorted(gained, key=lambda number: (-gained[number], number))[:LOOKED_AT]

    def score(self, record: Record) -> float:
        """How well the record fits, 0 when the evidence is weak."""
        together = self._together(record.read)
        matches = [self._match(i, record.read, together) for i in range(len(self.units))]
        if not self._named(matches, record.read, together):
            return 0.0
        weights = self._limited(matches)
        answered = sum(w * m for w, m in zip(weights, matches, strict=True)) / sum(weights)
        if answered < record.enough or not self._sure_despite_outside(answered, weights, matches):
            return 0.0
        unsaid = UNSAID_ACTION if record.read.actions and not record.read.actions & self.said else 0.0
        fit = answered * (0.8 + 0.15 * self._covered(record.read, together)) + record.bonus - unsaid
        if self.run and _holds(record.read, self.run):
            fit += IN_ONE_RUN
        return max(0.01, min(1.0, fit))

    def _sure_despite_outside(self, answered: float, weights: list[float], matches: list[float]) -> bool:
        rows = list(zip(self.units, weights, matches, strict=True))
        if not any(unit.outside and match and not unit.background for unit, _, match in rows):
            return True
        beside = sum(weight * match for unit, weight, match in rows if not unit.outside)
        return answered >= DESPITE_OUTSIDE and beside >= SAID_BESIDE

    def _together(self, name: Name) -> set[str]:
        """Folded words of the query that stand beside the same neighbour in the name."""
        together: set[str] = set()
        for one, two in self.pairs:
            # Most words are not in the name at all, which is quicker to see.
            if one.folded in name.folded and two.folded in name.folded and _holds(name, (one, two)):
                together |= {one.folded, two.folded}
        return together

    def _match(self, i: int, name: Name, together: set[str]) -> float:
        unit = self.units[i]
        best = 0.0
        if self.meanings[i] & name.concepts:
            best = MEANING * unit.sureness
        elif self.near[i] & name.concepts or any(parts <= name.concepts for parts in self.parts[i]):
            best = NEAR * unit.sureness
        elif self.meanings[i] & name.aside:
            best = ASIDE * unit.sureness
        return max(best, self._literally(unit, name, together))

    def _literally(self, unit: Unit, name: Name, together: set[str]) -> float:
        if len(unit.words) == 1:
            if not _holds(name, unit.words):
                return 0.0
            return 1.0 if unit.words[0].folded in together or unit.kind != "word" else LONE_WORD
        if _holds(name, unit.words):
            return 1.0
        return WORDS_APART if all(_holds(name, (word,)) for word in unit.words) else 0.0

    def _named(self, matches: list[float], name: Name, together: set[str]) -> bool:
        """A thing both speak of, or rare words that stand together in both."""
        for unit, match in zip(self.units, matches, strict=True):
            if unit.kind in THINGS and not unit.background and match >= NEAR * 0.85:
                return True
        if self.asked:
            return False
        rare = (self.records.pair_rarity(*pair) for pair in self.unknown if together.issuperset(pair))
        return sum(rare) >= EVIDENCE

    def _limited(self, matches: list[float]) -> list[float]:
        """Words of no known meaning that the record lacks count together no more than a thing."""
        spare, weights = WORDS_LIMIT, []
        for i, (unit, match) in enumerate(zip(self.units, matches, strict=True)):
            weight = self.weights[i]
            if not match:
                passing = self.usual[i] or unit.kind == "detail"
                weight = min(weight, unit.least, PASSING if passing else weight)
                if unit.kind in ("word", "context"):
                    weight = min(weight, spare)
                    spare -= weight
            weights.append(weight)
        return weights

    def _covered(self, name: Name, together: set[str]) -> float:
        """How much of the official name the query says."""
        said = 0.0
        for piece in name.pieces:
            if piece.concepts & self.said or (
                self.words.issuperset(piece.words) and (len(piece.words) > 1 or piece.words[0] in together)
            ):
                said += piece.weight
        return said / name.total


def _holds(name: Name, words: tuple[Word, ...]) -> bool:
    """Whether the words stand side by side in the name, with the marks that were typed."""
    for word in words:
        if word.has_marks:
            return f" {' '.join([word.marked for word in words])} " in name.marked
    return f" {' '.join([word.folded for word in words])} " in name.folded
