"""The words of an address, as names are looked up in them: folded, with marks, and in their segments.

Here what people glue together is taken apart: "P.3Q.5", "Phường3", "XãĐạChais".
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from nhipcau.core.text import fold_marks, fold_word

# The units stand at the end of an address; what is before the last words is street, house, hamlet.
MOST_WORDS = 48

_BREAKS = re.compile(r"[,;|/()\[\]\n\r\t]+|\s[-–—]\s(?=\S{1,9}\.)")
_KINDS_GLUED = "tp|tt|tx|p|f|q|x|h|phường|phuong|quận|quan|ward|district"
_GLUED_NUMBER = re.compile(rf"(?<![^\W\d_])({_KINDS_GLUED})(\d{{1,2}})(?=\W|q\d|$)")
_GLUED_CITY = re.compile(r"(?<!\w)(tp|tx)([^\W\d_]{2,3})(?!\w)")
_SHORT_KINDS = ("TP", "TT", "TX")
_COUNTRY = (("viet", "nam"), ("vietnam",), ("vn",))
_KIND_WORDS = frozenset({"xa", "phuong", "huyen", "quan", "tinh", "tran"})
GAP_WORD, GAP_KIND = 6, 20


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an address: folded, with marks, and the number of the segment each stands in."""

    folded: tuple[str, ...]
    marked: tuple[str, ...]
    segment: tuple[int, ...]
    has_marks: bool

    def gap(self, start: int, end: int) -> int:
        """How much stays unexplained between two names: a word of a kind weighs more."""
        return sum(GAP_KIND if word in _KIND_WORDS else GAP_WORD for word in self.folded[start:end])

    def fills_segment(self, start: int, end: int) -> bool:
        """Whether these words stand alone between two commas."""
        first = start == 0 or self.segment[start - 1] != self.segment[start]
        return first and (end == len(self.folded) or self.segment[end] != self.segment[start])

    def mirrored(self) -> "Words":
        """The same words from the last to the first, for those who write from large to small."""
        return Words(self.folded[::-1], self.marked[::-1], self.segment[::-1], self.has_marks)


def split_words(text: str) -> Words:
    """The last words of the text, without the country and a postal code behind them."""
    folded: list[str] = []
    marked: list[str] = []
    segment: list[int] = []
    for number, part in enumerate(_BREAKS.split(unicodedata.normalize("NFC", text))):
        for word in _unglued(part).split():
            bare, kept = _word(word)
            if bare:
                folded.append(bare)
                marked.append(kept)
                segment.append(number)
    end = _end_without_country(folded)
    start = max(0, end - MOST_WORDS)
    return Words(
        tuple(folded[start:end]),
        tuple(marked[start:end]),
        tuple(segment[start:end]),
        any(not word.isascii() for word in marked[start:end]),
    )


def _unglued(part: str) -> str:
    clean = fold_marks(" ".join(map(_humps, part.split())))
    if any(sign.isdigit() for sign in clean):
        clean = _GLUED_NUMBER.sub(r" \1 \2", clean)
    return _GLUED_CITY.sub(r"\1 \2", clean)


def _humps(word: str) -> str:
    """ "XãĐạChais" as "Xã Đạ Chais"; "xÃ" and "TpHCM" stay as they are."""
    if len(word) < 4 or word.isupper() or word.islower():
        return word
    if word[:2] in _SHORT_KINDS and word[2].isupper() and word[3].islower():
        return f"{word[:2]} {_humps(word[2:])}"
    cuts = [place for place in range(1, len(word)) if word[place - 1].islower() and word[place].isupper()]
    pieces = [word[start:end] for start, end in zip([0, *cuts], [*cuts, len(word)], strict=True)]
    return " ".join(pieces) if min(map(len, pieces)) > 1 else word


@lru_cache(maxsize=16_384)
def _word(marked: str) -> tuple[str, str]:
    """(folded, with marks) of one word; numbers lose their leading zeros."""
    if marked.isdigit() and len(marked) <= 2:
        marked = marked.lstrip("0") or marked
    return fold_word(marked), marked


def _end_without_country(folded: list[str]) -> int:
    end = len(folded)
    while end:
        if folded[end - 1].isdigit() and len(folded[end - 1]) in (5, 6):
            end -= 1
            continue
        country = next((name for name in _COUNTRY if tuple(folded[end - len(name) : end]) == name), None)
        if country is None:
            break
        end -= len(country)
    return end
