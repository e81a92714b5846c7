"""The table of everyday words: many ways to say one thing.

Responsible for reading data/synonyms/*.yaml and for finding its phrases in a list of words, allowing for
missing or slightly wrong marks, joined or split words, words that sound alike, and small slips of the finger.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any
from unicodedata import normalize

import yaml

from .words import Word, deletes, distance_at_most, is_thai, sound_key, split

# How much a unit of each kind weighs in a query; words of asking weigh nothing.
WEIGHTS = {"object": 1.0, "paper": 1.0, "action": 0.8, "detail": 0.3, "context": 0.12, "asking": 0.0}
LONGEST_PHRASE = 8
LONGEST_SLIP = 24  # letters of a phrase in which slips are forgiven
SHORTEST_INITIALS = 4
_VOWELS = re.compile("[^b-df-hj-np-tv-xz]")
_LIST = re.compile("<([a-z]+)>")
_RANGE = re.compile("<([0-9]+)-([0-9]+)>")


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning.

    `near` may stand in for it. It `implies` its parts: "renew temporary residence" is temporary residence
    and renewing. Beside one that `takes_paper`, a paper only qualifies it; beside one that `takes_thing`,
    anything else does. An `event` of life ("my wife has given birth") is the thing asked for only when
    nothing else is. What is `usual` goes without saying ("the first time"). What lies `outside` public
    services (weather, shopping, a bank) is known in order to be refused. A `question` (what is the fine?) is
    only a way of asking beside a thing that can be asked for.
    """

    id: str
    kind: str
    near: frozenset[str] = frozenset()
    implies: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()


FLAGS = ("takes_paper", "takes_thing", "event", "usual", "outside", "question")


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found at words [start, end), how surely, and what it may mean."""

    start: int
    end: int
    concepts: frozenset[str]
    sureness: float


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[Word, ...]
    concept: str
    spoken: bool = False  # means this in what people say, not in official names


class ConceptTable:
    """All concepts and the phrases that name them."""

    def __init__(self, tables: Iterable[Mapping[str, Any]]) -> None:
        self.concepts: dict[str, Concept] = {}
        self.shorthand: dict[str, list[Word]] = {}
        self.thai: set[str] = set()
        self.vocabulary: set[str] = set()
        self.written: list[list[Word]] = []
        self._phrases: dict[str, list[_Phrase]] = {}
        self._openings: set[str] = set()  # of phrases, word by word
        self._sounds: dict[str, set[str]] = {}
        self._slips: dict[str, set[str]] = {}
        self._initials: dict[str, set[str]] = {}  # by the texts left when one letter is taken out
        tables = list(tables)
        self._lists: dict[str, list[str]] = {}
        for table in tables:
            self._lists |= table.get("lists", {})
        for table in tables:
            self._take(table)
        self.longest_thai = max((len(phrase) for phrase in self.thai), default=0)

    def _take(self, table: Mapping[str, Any]) -> None:
        for short, meant in table.get("shorthand", {}).items():
            self.shorthand[str(short)] = split(str(meant))
            self.written.append(self.shorthand[str(short)])
            self.vocabulary.update(word.folded for word in self.written[-1])
        for kind in WEIGHTS:
            for name, entry in table.get(kind, {}).items():
                self.concepts[name] = self._merged(name, kind, entry)
                for language in ("vi", "en", "th", "spoken"):
                    for phrase in entry.get(language, ()):
                        for written in self._written_out(str(phrase)):
                            self._add(written, name, spoken=language == "spoken")

    def _merged(self, name: str, kind: str, entry: Mapping[str, Any]) -> Concept:
        """A later table may add to a concept of an earlier one."""
        before = self.concepts.get(name, Concept(name, kind))
        return Concept(
            name,
            kind,
            before.near | frozenset(entry.get("near", ())),
            before.implies | frozenset(entry.get("implies", ())),
            before.flags | {flag for flag in FLAGS if entry.get(flag)},
        )

    def _written_out(self, phrase: str) -> Iterator[str]:
        """A phrase with `<person>` for every word of that list, or with `<0-13>` for every number between."""
        numbers, named = _RANGE.search(phrase), _LIST.search(phrase)
        if named:
            yield from (phrase.replace(named[0], str(word)) for word in self._lists[named[1]])
        elif numbers:
            first, last = int(numbers[1]), int(numbers[2])
            yield from (phrase.replace(numbers[0], str(number)) for number in range(first, last + 1))
        else:
            yield phrase

    def _add(self, text: str, concept: str, *, spoken: bool) -> None:
        words = tuple(split(text))
        if not words:
            return
        phrase = _Phrase(words, concept, spoken)
        joined = "".join(word.folded for word in words)
        self._phrases.setdefault(joined, []).append(phrase)
        self._openings.update(accumulate(word.folded for word in words))
        self.written.append(list(words))
        self.vocabulary.update(word.folded for word in words)
        if len(words) == 1 and len(joined) >= SHORTEST_INITIALS and not _VOWELS.search(joined):
            for left in deletes(joined, 1):
                self._initials.setdefault(left, set()).add(joined)
        if is_thai(joined):
            self.thai.add(joined)
            self.thai.update(word.folded for word in words if is_thai(word.folded))
            return
        if 6 <= len(joined) <= LONGEST_SLIP and joined.isalpha():
            self._sounds.setdefault(sound_key(joined), set()).add(joined)
            for left in deletes(joined, _slips_allowed(joined)):
                self._slips.setdefault(left, set()).add(joined)

    def with_parts(self, concepts: Iterable[str]) -> set[str]:
        """These meanings and what they imply."""
        found = set(concepts)
        return found.union(*(self.concepts[concept].implies for concept in found))

    def wholes(self, concepts: frozenset[str]) -> set[str]:
        """Meanings whose parts (two or more) are all among these."""
        return {name for name, parts in self._composed.items() if parts <= concepts}

    @cached_property
    def _composed(self) -> dict[str, frozenset[str]]:
        return {name: c.implies for name, c in self.concepts.items() if len(c.implies) > 1}

    def initials(self, typed: str) -> str:
        """The initials ("lltp") that were meant, when those typed differ from one known by a slip."""
        if len(typed) < SHORTEST_INITIALS - 1 or not typed.isalpha() or _VOWELS.search(typed):
            return ""
        alike = {one for left in deletes(typed, 1) for one in self._initials.get(left, ())}
        meant = {one for one in alike if distance_at_most(typed, one, 1)}
        swapped = {one for one in meant if sorted(one) == sorted(typed) or set(one) == set(typed)}
        return next(iter(swapped or meant)) if len(swapped or meant) == 1 else ""

    def find(self, words: list[Word], *, exact: bool = False) -> list[Found]:
        """Every phrase in the words, also overlapping ones; `exact` forgives no slip."""
        found = []
        for start in range(len(words)):
            joined = ""
            for end in range(start + 1, min(len(words), start + LONGEST_PHRASE) + 1):
                joined += words[end - 1].folded
                if exact and joined not in self._openings:
                    break
                match = self._match(joined, words[start:end], start, exact)
                if match is not None:
                    found.append(match)
        return found

    def _match(self, joined: str, window: list[Word], start: int, exact: bool) -> Found | None:
        concepts: dict[str, float] = {}
        for phrase in self._phrases.get(joined, ()):
            if exact and phrase.spoken:
                continue
            sureness = _marks_agree(window, phrase.words)
            if sureness == 1.0 or (sureness and not exact):
                concepts[phrase.concept] = max(sureness, concepts.get(phrase.concept, 0.0))
        if not concepts and not exact and 6 <= len(joined) <= LONGEST_SLIP + 2 and not is_thai(joined):
            for meant in self._alike(window, joined):
                concepts |= {phrase.concept: 0.85 for phrase in self._phrases[meant]}
        if not concepts:
            return None
        return Found(start, start + len(window), frozenset(concepts), max(concepts.values()))

    def _alike(self, window: list[Word], joined: str) -> set[str]:
        """Phrases that sound like these words, or differ by a slip; a slip needs a word nobody knows."""
        heard = {
            meant
            for meant in self._sounds.get(sound_key(joined), ())
            if meant[0] == joined[0] and any(_sounds_like(window, p.words) for p in self._phrases[meant])
        }
        if heard or all(word.folded in self.vocabulary for word in window):
            return heard if len(window) > 1 else set()
        allowed = _slips_allowed(joined)
        return {
            meant
            for left in deletes(joined, allowed)
            for meant in self._slips.get(left, ())
            if distance_at_most(joined, meant, min(allowed, _slips_allowed(meant)))
        }


def _sounds_like(window: list[Word], phrase: tuple[Word, ...]) -> bool:
    """Whether the tones and vowels that were typed are those of the phrase; hỏi and ngã are heard alike."""
    if not any(word.has_marks for word in window):
        return True
    typed, meant = ("".join(word.marked for word in words) for words in (window, phrase))
    return _tones_heard(typed) == _tones_heard(meant)


def _tones_heard(text: str) -> str:
    return sound_key(normalize("NFD", text).replace("\u0303", "\u0309"))


def _slips_allowed(joined: str) -> int:
    return 2 if len(joined) >= 12 else 1


def _marks_agree(window: list[Word], phrase: tuple[Word, ...]) -> float:
    """1 when no typed mark speaks against the phrase, 0.85 when few do, 0 when it is another word."""
    typed = [word.marked for word in window if word.has_marks]
    if not typed:
        return 1.0
    if len(window) != len(phrase):
        return 1.0 if len(phrase) > 1 else 0.0
    pairs = list(zip(window, phrase, strict=True))
    wrong = sum(one.has_marks and one.marked != two.marked for one, two in pairs)
    if wrong == 0:
        return 1.0
    return 0.85 if wrong * 2 < len(phrase) else 0.0


def read_tables(folder: Path) -> list[Mapping[str, Any]]:
    """The synonym files of a folder, in the order of their names."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.yaml"))]
    return [yaml.load(text, Loader=yaml.CSafeLoader) for text in texts]
