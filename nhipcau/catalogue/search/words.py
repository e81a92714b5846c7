"""From what people type to comparable words.

Responsible for shorthand ("dk", "ko"), Telex and VNI left-overs ("ddawng kys", "dang1 ky1"), Thai text
without spaces, and the two forms of each word: folded (no marks) and with its marks.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from nhipcau.core.text import fold_marks, fold_word

MAX_CHARACTERS = 500
MAX_WORDS = 80
LONGEST_SYLLABLE = 7

_THAI = re.compile("[\u0e00-\u0e7f]+")
_TELEX_LETTERS = re.compile("aa|aw|ee|oo|ow|uw|dd")
_TELEX_BASE = {"aa": "a", "aw": "a", "ee": "e", "oo": "o", "ow": "o", "uw": "u", "dd": "d"}
_VOWEL = "aeiouy"
_TONES = re.compile(rf"(?<=[{_VOWEL}])([sfrxj])(?=[^{_VOWEL}]*$)|(?<=[^{_VOWEL}])([sfrxj])$")
_HARD_K = re.compile("k(?!h)")
_DIGITS = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: without marks, and with them."""

    folded: str
    marked: str

    @property
    def has_marks(self) -> bool:
        return self.folded != self.marked


def is_thai(text: str) -> bool:
    return bool(_THAI.search(text))


def split(text: str) -> list[Word]:
    """Words of a text as they stand. Bounded, so that a very long text costs no more than a long one."""
    marked = fold_marks(text[:MAX_CHARACTERS]).split()[:MAX_WORDS]
    return [Word(folded, word) for word in marked if (folded := fold_word(word))]


def untelex(word: str) -> str:
    """A word typed with Telex keys while the input method was off: "ddawng" is "dang", "kys" is "ky"."""
    bare = _TELEX_LETTERS.sub(lambda match: _TELEX_BASE[match.group()], word)
    return _TONES.sub("", bare)


def unvni(word: str) -> str:
    """The same for VNI keys: "dang9 ky1"."""
    return _DIGITS.sub("", word)


class Speller:
    """Known words, and which of them stand side by side: what a mistyped word was meant to be."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.marked: set[str] = set()
        self.pairs: Counter[str] = Counter()

    def learn(self, words: Iterable[Word]) -> None:
        """Words in the order in which they stand."""
        before = ""
        for word in words:
            self.known.add(word.folded)
            self.marked.add(word.marked)
            if before:
                self.pairs[f"{before} {word.folded}"] += 1
            before = word.folded

    def repair(self, word: Word) -> list[Word]:
        """The word the keys were meant to make, when that is known and what was typed is not."""
        if word.folded in self.known or word.has_marks:
            return [word]
        for meant in (untelex(word.folded), unvni(word.folded), untelex(unvni(word.folded))):
            if len(meant) > 1 and meant in self.known:
                return [Word(meant, meant)]
        # English plural, the one inflection that matters for names of papers.
        single = word.folded[:-1] if word.folded.endswith("s") else ""
        if single in self.known:
            return [Word(single, single)]
        return [Word(piece, piece) for piece in self._cut(word.folded)] or [word]

    def _cut(self, joined: str) -> list[str]:
        """Words typed without spaces between them, each pair of neighbours known as such."""
        if not 6 <= len(joined) <= 40 or not joined.isascii() or not joined.isalpha():
            return []
        best: list[list[str] | None] = [[]] + [None] * len(joined)
        for end in range(1, len(joined) + 1):
            for start in range(max(0, end - LONGEST_SYLLABLE), end):
                before, piece = best[start], joined[start:end]
                if before is None or piece not in self.known or len(piece) < 2:
                    continue
                if before and f"{before[-1]} {piece}" not in self.pairs:
                    continue
                current = best[end]
                if current is None or len(before) + 1 < len(current):
                    best[end] = [*before, piece]
        return best[-1] or []

    def mend(self, words: list[Word]) -> list[Word]:
        """The words, with each unknown one put right where a slip away a known one fits its neighbours."""
        mended = list(words)
        for i, word in enumerate(words):
            if self._is_known(word) or not 3 <= len(word.folded) <= 12 or not word.folded.isalpha():
                continue
            for typed in dict.fromkeys((word.folded, untelex(word.folded))):
                meant = self._fitting(typed, mended[i - 1] if i else None, words[i + 1 : i + 2])
                if meant:
                    mended[i] = word if meant == word.folded else Word(meant, meant)
                    break
        return mended

    def _is_known(self, word: Word) -> bool:
        return word.folded in self.known and (not word.has_marks or word.marked in self.marked)

    def _fitting(self, typed: str, before: Word | None, after: list[Word]) -> str:
        """The known word next to what was typed that most often stands beside these neighbours."""
        following, preceding = self._beside
        near = set(following.get(before.folded, ())) if before else set()
        for word in after:
            near.update(preceding.get(word.folded, ()))
        fits = []
        for known in near:
            if abs(len(known) - len(typed)) <= 1 and distance_at_most(typed, known, 1):
                met = self.pairs[f"{before.folded} {known}"] if before else 0
                met += sum(self.pairs[f"{known} {word.folded}"] for word in after)
                fits.append((known == typed, known[0] == typed[0], met, known))
        return max(fits)[-1] if fits else ""

    @cached_property
    def _beside(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """The words met right after each word, and right before it."""
        following: dict[str, list[str]] = {}
        preceding: dict[str, list[str]] = {}
        for pair in self.pairs:
            one, two = pair.split(" ")
            following.setdefault(one, []).append(two)
            preceding.setdefault(two, []).append(one)
        return following, preceding


def expand(words: Iterable[Word], shorthand: Mapping[str, list[Word]]) -> Iterator[Word]:
    """Shorthand of messages written out."""
    for word in words:
        yield from shorthand.get(word.marked) or shorthand.get(word.folded) or [word]


def cut_thai(word: str, known: Container[str], longest: int) -> list[str]:
    """A run of Thai text as known phrases and the text between them, as little of that as possible."""
    size = len(word)
    best: list[tuple[int, int, int]] = [(0, 0, 0)] * (size + 1)
    for end in range(1, size + 1):
        left, pieces, _ = best[end - 1]
        options = [(left + 1, pieces + 1, end - 1)]
        options += [
            (best[start][0], best[start][1] + 1, start)
            for start in range(max(0, end - longest), end - 1)
            if word[start:end] in known
        ]
        best[end] = min(options)
    return _joined(word, best, known)


def _joined(word: str, best: list[tuple[int, int, int]], known: Container[str]) -> list[str]:
    pieces: list[str] = []
    end = len(word)
    while end:
        start = best[end][2]
        pieces.append(word[start:end])
        end = start
    result: list[str] = []
    previous_known = True
    for piece in reversed(pieces):
        is_known = len(piece) > 1 and piece in known
        if is_known or previous_known:
            result.append(piece)
        else:
            result[-1] += piece
        previous_known = is_known
    return result


def sound_key(folded: str) -> str:
    """Words that sound alike in some region share it: tr/ch, s/x, d/gi, y/i, k/c."""
    text = folded.replace(" ", "")
    for written, heard in (("tr", "ch"), ("x", "s"), ("gi", "d"), ("qu", "w"), ("y", "i")):
        text = text.replace(written, heard)
    return _HARD_K.sub("c", text)


def deletes(text: str, most: int) -> set[str]:
    """The text and all texts left when up to `most` letters are taken out (symmetric-delete spelling)."""
    found, layer = {text}, {text}
    for _ in range(most):
        layer = {word[:i] + word[i + 1 :] for word in layer for i in range(len(word))}
        found |= layer
    return found


def distance_at_most(one: str, two: str, limit: int) -> bool:
    """Whether the optimal-string-alignment distance (swap of neighbours counts one) is within the limit."""
    if abs(len(one) - len(two)) > limit:
        return False
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, start=1):
        current = [i]
        for j, b in enumerate(two, start=1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, row = row, current
    return row[-1] <= limit
