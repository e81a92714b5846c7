"""Vietnamese text made comparable: folding for search, and one canonical form of the tone marks.

Two forms are kept apart because two places in one province may differ by a mark alone
(Văn Lang and Văn Lăng): ``fold`` forgets the marks, ``fold_marks`` keeps them but settles where
the tone is written (Hoà and Hòa are the same word). Both are pure, accept any text and never raise.
"""

import re
import unicodedata
from functools import lru_cache

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_VOWELS = frozenset("aăâeêioôơuưy")
_STRONG_VOWELS = frozenset("ăâêôơ")
# Written inside the names of the Central Highlands (Ea H'leo, Đắk R’Măng): part of the word, not a gap.
_APOSTROPHES = re.compile("['\u2018\u2019\u02bb\u02bc\u0060\u00b4\u2032\u2035]")
# Combining marks of Latin letters and the vowel and tone signs of Thai are parts of words.
_GAPS = re.compile("[^\\w\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]+|_+")
_LATIN_MARKS = re.compile("[\u0300-\u036f]")
_STROKED_D = str.maketrans({"đ": "d", "ð": "d"})
_SURROGATES = re.compile("[\ud800-\udfff]")


def fold(text: str) -> str:
    """The text without marks: lower case, đ as d, one space between words, no punctuation."""
    return " ".join(word for word in map(fold_word, _words(text)) if word)


def fold_marks(text: str) -> str:
    """The text with its marks, in lower case, each tone mark where the older spelling puts it (hòa, thủy)."""
    return " ".join(map(canonical_word, _words(text)))


def squeeze(text: str) -> str:
    """``fold`` without spaces, the key under which "Đà Lạt", "Dalat" and "DA LAT" meet."""
    return fold(text).replace(" ", "")


@lru_cache(maxsize=65_536)
def fold_word(word: str) -> str:
    """One lower-case word without its marks."""
    bare = _LATIN_MARKS.sub("", unicodedata.normalize("NFD", word.translate(_STROKED_D)))
    return unicodedata.normalize("NFC", bare)


@lru_cache(maxsize=65_536)
def canonical_word(word: str) -> str:
    """One lower-case word whose single tone mark stands on the vowel the older spelling chooses."""
    parts = unicodedata.normalize("NFD", word)
    tones = [mark for mark in parts if mark in _TONES]
    if len(tones) != 1:
        return unicodedata.normalize("NFC", word)
    bare = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    place = _tone_place(bare)
    if place is None:
        return unicodedata.normalize("NFC", word)
    return unicodedata.normalize("NFC", bare[: place + 1] + tones[0] + bare[place + 1 :])


def _tone_place(bare: str) -> int | None:
    """Index of the vowel that carries the tone, by the older spelling; None where the word has no vowel."""
    start = 0
    if bare.startswith(("qu", "gi")) and len(bare) > 2 and bare[2] in _VOWELS:
        start = 2
    vowels = [index for index in range(start, len(bare)) if bare[index] in _VOWELS]
    if not vowels:
        return None
    first = last = vowels[0]
    while last + 1 < len(bare) and bare[last + 1] in _VOWELS:
        last += 1
    strong = [index for index in range(first, last + 1) if bare[index] in _STRONG_VOWELS]
    if strong:
        return strong[-1]
    count = last - first + 1
    if count == 1 or (count == 2 and last == len(bare) - 1):
        return first
    return first + 1


def _words(text: str) -> list[str]:
    """Lower-case words of the text: compatibility forms resolved, invisible characters dropped."""
    joined = _APOSTROPHES.sub("", _SURROGATES.sub(" ", text))
    lowered = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", joined).lower())
    if not lowered.isascii():
        lowered = "".join(letter for letter in lowered if unicodedata.category(letter) != "Cf")
        lowered = unicodedata.normalize("NFC", _APOSTROPHES.sub("", lowered))
    return [word for word in _GAPS.split(lowered) if word]
