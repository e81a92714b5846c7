"""From the text of an address to the names in it: words, kinds ("P.", "huyện", "ward") and mentions."""

import re
from dataclasses import dataclass
from functools import lru_cache

from nhipcau.core.text import fold_marks, fold_word
from nhipcau.places.convert.gazetteer import Former, Gazetteer, Named, Names
from nhipcau.places.enums import Kind

# The longest name has six words ("Thị trấn Nông trường Việt Lâm" without its kind has four).
LONGEST_NAME = 6
# The units stand at the end of an address; what is before the last words is street, house, hamlet.
MOST_WORDS = 48

_BREAKS = re.compile(r"[,;/|()\[\]\n\r\t]+|\s[-–—]\s(?=\S{1,9}\.)")
_GLUED = re.compile(r"(?<![^\W\d_])(tp|tt|tx|p|f|q|x|h)(\d{1,2})(?!\w)")
_GLUED_CITY = re.compile(r"(?<!\w)(tp)(hcm|hn)(?!\w)")
_COUNTRY = (("viet", "nam"), ("vietnam",), ("vn",))

GAP_WORD, GAP_KIND = 6, 20

C, D, P = "commune", "district", "province"
_CITY = frozenset({Kind.CITY, Kind.DISTRICT_CITY})
# Words of a kind in front of a name, folded, with the levels and kinds they may mean.
KINDS_BEFORE: dict[tuple[str, ...], tuple[str, frozenset[str]]] = {
    **dict.fromkeys((("xa",), ("x",), ("commune",)), (C, frozenset({Kind.COMMUNE}))),
    **dict.fromkeys((("phuong",), ("p",), ("f",), ("ward",)), (C, frozenset({Kind.WARD}))),
    **dict.fromkeys((("thi", "tran"), ("tt",), ("township",)), (C, frozenset({Kind.TOWNSHIP}))),
    **dict.fromkeys((("dac", "khu"), ("dk",)), (C, frozenset({Kind.SPECIAL_ZONE}))),
    **dict.fromkeys((("quan",), ("q",)), (D, frozenset({Kind.URBAN_DISTRICT}))),
    **dict.fromkeys((("huyen",), ("h",), ("huyen", "dao")), (D, frozenset({Kind.RURAL_DISTRICT}))),
    **dict.fromkeys((("district",), ("dist",)), (D, frozenset({Kind.URBAN_DISTRICT, Kind.RURAL_DISTRICT}))),
    **dict.fromkeys((("thi", "xa"), ("tx",), ("town",)), (D, frozenset({Kind.TOWN}))),
    **dict.fromkeys((("thanh", "pho"), ("tp",), ("t", "p"), ("city",)), (D + P, _CITY)),
    **dict.fromkeys((("tinh",), ("t",), ("province",)), (P, frozenset({Kind.PROVINCE}))),
}
# How those words are written with marks: "Xá" of Phúc Xá is not "xã".
_MARKED_KINDS = {
    "xa": "xã",
    "phuong": "phường",
    "thi": "thị",
    "tran": "trấn",
    "dac": "đặc",
    "quan": "quận",
    "huyen": "huyện",
    "thanh": "thành",
    "pho": "phố",
    "tinh": "tỉnh",
    "dk": "đk",
    "dao": "đảo",
}
# English puts the word of the kind behind the name.
KINDS_AFTER = {
    word[0]: meaning
    for word, meaning in KINDS_BEFORE.items()
    if word[0] in ("commune", "ward", "township", "district", "town", "city", "province")
}
_KIND_WORDS = frozenset({"xa", "phuong", "huyen", "quan", "tinh", "tran"})
_STREETS = frozenset(
    {"duong", "pho", "ngo", "ngach", "hem", "kiet", "so", "street", "st", "road", "ql", "tl"}
)
_HAMLETS = frozenset(
    {"thon", "to", "ap", "khu", "kp", "khom", "ban", "buon", "bon", "xom", "doi", "tdp", "lang", "cum", "kdc"}
)


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


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found at words `start` to `end` (half-open, the word of its kind included)."""

    level: str
    start: int
    end: int
    name_start: int
    kinds: frozenset[str]
    meanings: tuple[Named, ...]
    exact: frozenset[int]
    key: str

    @property
    def typed(self) -> bool:
        """Whether the address says what kind of unit it is."""
        return bool(self.kinds)


@lru_cache(maxsize=16_384)
def _word(marked: str) -> tuple[str, str]:
    """(folded, with marks) of one word; numbers lose their leading zeros."""
    if marked.isdigit() and len(marked) <= 2:
        marked = marked.lstrip("0") or marked
    return fold_word(marked), marked


def split_words(text: str, *, backwards: bool = False) -> Words:
    """The last words of the text, without the country and a postal code behind them."""
    folded: list[str] = []
    marked: list[str] = []
    segment: list[int] = []
    parts = _BREAKS.split(text)
    for number, part in enumerate(reversed(parts) if backwards else parts):
        clean = fold_marks(part)
        if any(sign.isdigit() for sign in clean) or "tph" in clean:
            clean = _GLUED_CITY.sub(r"\1 \2", _GLUED.sub(r"\1 \2", clean))
        for word in clean.split():
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


def find_mentions(words: Words, gazetteer: Gazetteer) -> list[Mention]:
    """Every name that stands in the words, at any place, with every meaning it may have."""
    finder = _Finder(words, gazetteer)
    unsaid: dict[int, str] = {}
    for start in range(len(words.folded)):
        taken = _kind_before(words, start)
        if taken is not None:
            length, levels, kinds = taken
            before = len(finder.found)
            finder.look(start, start + length, levels, kinds)
            if len(finder.found) > before:
                # What is called a commune is no district; but "tam xa dong anh" may end a name in "xa".
                unsaid[start + length] = "" if words.has_marks or levels != C else D + P
        levels = unsaid.get(start, C + D + P)
        if levels:
            finder.look(start, start, levels, frozenset())
    return finder.found


def _kind_before(words: Words, start: int) -> tuple[int, str, frozenset[str]] | None:
    """The word of a kind that begins at `start` and how many words it has; the longer reading wins."""
    here = words.segment[start]
    for length in (2, 1):
        said = words.folded[start : start + length]
        meaning = KINDS_BEFORE.get(said)
        if meaning is None or start + length >= len(words.folded) or words.segment[start + length] != here:
            continue
        marked = words.marked[start : start + length]
        if all(word in (plain, _MARKED_KINDS.get(plain)) for word, plain in zip(marked, said, strict=True)):
            inside_town = said == ("xa",) and start > 0 and words.marked[start - 1] in ("thi", "thị")
            return None if inside_town and words.segment[start - 1] == here else (length, *meaning)
    return None


class _Finder:
    """Collects the mentions of one text."""

    def __init__(self, words: Words, gazetteer: Gazetteer) -> None:
        self.words = words
        self.names = gazetteer.names
        self.found: list[Mention] = []

    def look(self, start: int, name_start: int, levels: str, kinds: frozenset[str]) -> None:
        """Adds a mention for each name that begins at `name_start`; names never cross a comma."""
        words = self.words
        here = words.segment[name_start]
        street = not kinds and _is_street(words, start)
        key = ""
        for end in range(name_start + 1, min(name_start + LONGEST_NAME, len(words.folded)) + 1):
            if words.segment[end - 1] != here:
                return
            key += words.folded[end - 1]
            names = self.names.get(key.replace("y", "i"))
            if names is None or street or (not kinds and key.isdigit()):
                continue
            said = (levels, kinds)
            mention_end = end
            if not kinds and end < len(words.folded) and words.segment[end] == here:
                after = KINDS_AFTER.get(words.folded[end])
                if after is not None:
                    mention_end, said = end + 1, after
            span = (start, name_start, end, mention_end)
            self._add(names, said, span, key)

    def _add(
        self, names: Names, said: tuple[str, frozenset[str]], span: tuple[int, int, int, int], key: str
    ) -> None:
        levels, kinds = said
        start, name_start, name_end, end = span
        marked = "".join(self.words.marked[name_start:name_end]) if self.words.has_marks else ""
        communes = names.communes
        if communes and C not in levels:
            # Five island districts had no communes and stand among the former units.
            communes = [
                named for named in communes if isinstance(named.of, Former) and named.of.kind in kinds
            ]
            levels = C + levels if communes else levels
        for level, meanings in ((C, communes), (D, names.districts), (P, names.provinces)):
            if meanings and level in levels:
                # A text without any marks says nothing about them: there the plain letters decide.
                exact = frozenset(
                    index
                    for index, named in enumerate(meanings)
                    if (named.marked == marked if marked else named.plain == key)
                )
                self.found.append(Mention(level, start, end, name_start, kinds, tuple(meanings), exact, key))


def _is_street(words: Words, start: int) -> bool:
    """Whether a name without its kind is rather a street: "12 Trần Phú", "đường Lê Lợi"."""
    if start == 0 or words.segment[start - 1] != words.segment[start]:
        return False
    before = words.folded[start - 1]
    first = start == 1 or words.segment[start - 2] != words.segment[start]
    if before[0].isdigit():
        return first or (
            words.folded[start - 2] not in _HAMLETS
            and words.folded[start - 2 : start - 1] not in KINDS_BEFORE
        )
    if before not in _STREETS:
        return False
    return first or words.folded[start - 2][0].isdigit()
