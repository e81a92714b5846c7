"""From what people type to comparable words.

Responsible for shorthand ("dk", "ko"), Telex and VNI left-overs ("ddawng kys", "dang1 ky1"), Thai text
without spaces, and the two forms of each word: folded (no marks) and with its marks.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from nhipcau.core.text import fold, fold_marks

MAX_CHARACTERS = 300
MAX_WORDS = 40

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
    marked = fold_marks(text[:MAX_CHARACTERS]).split()
    return [Word(fold(word), word) for word in marked if fold(word)][:MAX_WORDS]


def untelex(word: str) -> str:
    """A word typed with Telex keys while the input method was off: "ddawng" is "dang", "kys" is "ky"."""
    bare = _TELEX_LETTERS.sub(lambda match: _TELEX_BASE[match.group()], word)
    return _TONES.sub("", bare)


def unvni(word: str) -> str:
    """The same for VNI keys: "dang9 ky1"."""
    return _DIGITS.sub("", word)


def repair(word: Word, vocabulary: Container[str]) -> Word:
    """The word the keys were meant to make, when that is a known word and what was typed is not."""
    if word.folded in vocabulary or word.has_marks:
        return word
    for meant in (untelex(word.folded), unvni(word.folded), untelex(unvni(word.folded))):
        if len(meant) > 1 and meant in vocabulary:
            return Word(meant, meant)
    # English plural, the one inflection that matters for names of papers.
    single = word.folded[:-1] if word.folded.endswith("s") else ""
    return Word(single, single) if single in vocabulary else word


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
