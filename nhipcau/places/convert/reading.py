"""From the words of an address to the names in it, with the words of their kinds ("P.", "huyện", "ward")."""

from dataclasses import dataclass, replace

from nhipcau.places.convert.gazetteer import (
    District,
    Former,
    Gazetteer,
    Named,
    Names,
    ProvinceName,
    last_word_key,
    word_key,
)
from nhipcau.places.convert.words import Words
from nhipcau.places.enums import Kind

# The longest name has six words ("Thị trấn Nông trường Việt Lâm" without its kind has four).
LONGEST_NAME = 6

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
KINDS_SHORT = frozenset(word[0] for word in KINDS_BEFORE if len(word) == 1)
_VOWELS = frozenset("aeiouy")
STREETS = frozenset({"duong", "pho", "ngo", "ngach", "hem", "kiet", "so", "street", "st", "road", "ql", "tl"})
HAMLETS = frozenset(
    {"thon", "to", "ap", "khu", "kp", "khom", "ban", "buon", "bon", "xom", "doi", "tdp", "lang", "cum", "kdc"}
)


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
    initials: bool = False

    def mirrored(self, count: int) -> "Mention":
        """The same mention among `count` words in mirrored order; the word of the kind stays with it."""
        start, end = count - self.end, count - self.start
        return replace(self, start=start, end=end, name_start=start + (self.name_start - self.start))

    @property
    def typed(self) -> bool:
        """Whether the address says what kind of unit it is."""
        return bool(self.kinds)


def find_mentions(words: Words, gazetteer: Gazetteer) -> list[Mention]:
    """Every name that stands in the words, at any place, with every meaning it may have."""
    finder = _Finder(words, gazetteer)
    unsaid: dict[int, str] = {}
    for start in range(len(words.folded)):
        taken = kind_before(words, start)
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


def first_said(words: Words) -> int:
    """The first word that announces a commune ("xã", "P."), or the number of words."""
    count = len(words.folded)
    kinds = ((start, kind_before(words, start)) for start in range(count))
    return next((start for start, said in kinds if said is not None and said[1] == C), count)


def kind_before(words: Words, start: int) -> tuple[int, str, frozenset[str]] | None:
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
        self.gazetteer = gazetteer
        self.found: list[Mention] = []

    def look(self, start: int, name_start: int, levels: str, kinds: frozenset[str]) -> None:
        """Adds a mention for each name that begins at `name_start`; names never cross a comma."""
        words = self.words
        here = words.segment[name_start]
        street = not kinds and _is_street(words, start)
        self._look_initials(start, name_start, levels, kinds)
        before = ""
        for end in range(name_start + 1, min(name_start + LONGEST_NAME, len(words.folded)) + 1):
            if words.segment[end - 1] != here:
                return
            last = words.folded[end - 1]
            key = before + (last_word_key(last) if before else word_key(last))
            before += word_key(last)
            names = self.gazetteer.names.get(key.replace("y", "i"))
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

    def _look_initials(self, start: int, name_start: int, levels: str, kinds: frozenset[str]) -> None:
        """ "Q.BT", "TP.BMT": the first letters of a district or province of that kind."""
        word = self.words.folded[name_start]
        names = self.gazetteer.initials.get(word)
        if names is None or not self.words.marked[name_start].replace("đ", "d").isascii():
            return
        if not kinds and (word in KINDS_SHORT or not _VOWELS.isdisjoint(word)):
            return
        for level, meanings in ((D, names.districts), (P, names.provinces)):
            fitting = tuple(named for named in meanings if not kinds or _bears(named, kinds))
            if fitting and level in levels:
                span = (start, name_start + 1, name_start)
                self.found.append(Mention(level, *span, kinds, fitting, frozenset(), word, initials=True))

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


def _bears(named: Named, kinds: frozenset[str]) -> bool:
    """Whether the district or province is of one of these kinds."""
    if isinstance(named.of, District):
        return named.of.kind in kinds
    return isinstance(named.of, ProvinceName) and not kinds.isdisjoint(named.of.kinds)


def _is_street(words: Words, start: int) -> bool:
    """Whether a name without its kind is rather a street: "12 Trần Phú", "đường Lê Lợi"."""
    if start == 0 or words.segment[start - 1] != words.segment[start]:
        return False
    before = words.folded[start - 1]
    first = start == 1 or words.segment[start - 2] != words.segment[start]
    if before[0].isdigit():
        return first or (
            words.folded[start - 2] not in HAMLETS and words.folded[start - 2 : start - 1] not in KINDS_BEFORE
        )
    if before not in STREETS:
        return False
    return first or words.folded[start - 2][0].isdigit()
