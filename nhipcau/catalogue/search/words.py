"""From what people type to comparable words.

Responsible for shorthand ("dk", "ko"), Telex and VNI left-overs ("ddawng kys", "dang1 ky1"), Thai text
without spaces, and the two forms of each word: folded (no marks) and with its marks.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

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
        self.pairs: set[str] = set()
        self._slips: dict[str, list[str]] | None = None

    def learn(self, words: Iterable[str]) -> None:
        """Folded words in the order in which they stand."""
        before = ""
        for word in words:
            self.known.add(word)
            if before:
                self.pairs.add(f"{before} {word}")
            before = word

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
        """The words, with each unknown one put right where a slip away a known one fits beside its neighbour."""
        if all(word.folded in self.known for word in words):
            return words
        mended = list(words)
        for i, word in enumerate(words):
            if word.folded in self.known or not 3 <= len(word.folded) <= 12 or not word.folded.isalpha():
                continue
            meant = self._fitting(word.folded, mended[i - 1] if i else None, words[i + 1 : i + 2])
            mended[i] = Word(meant, meant) if meant else word
        return mended

    def _fitting(self, typed: str, before: Word | None, after: list[Word]) -> str:
        if self._slips is None:
            slips: dict[str, list[str]] = {}
            for known in sorted(self.known):
                if 2 <= len(known) <= LONGEST_SYLLABLE and known.isascii() and known.isalpha():
                    for left in deletes(known, 1):
                        slips.setdefault(left, []).append(known)
            self._slips = slips
        near = {known for left in deletes(typed, 1) for known in self._slips.get(left, ())}
        fits = [
            ((before is not None and f"{before.folded} {known}" in self.pairs)
             + any(f"{known} {word.folded}" in self.pairs for word in after), known)
            for known in sorted(near)
            if distance_at_most(typed, known, 1)
        ]  # fmt: skip
        count, meant = max(fits, key=lambda fit: fit[0], default=(0, ""))
        return meant if count else ""


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
