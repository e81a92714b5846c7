"""Reads a text as pieces of meaning.

Responsible for the vocabulary of a library, for cutting words into units of known meaning (longest first),
and for how much each unit weighs: things and actions fully, circumstances little, words of asking nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from .concepts import WEIGHTS, ConceptTable, Found
from .words import Speller, Word, cut_thai, expand, is_thai, split

UNKNOWN_WEIGHT = 0.25
THINGS = ("object", "paper")
MOST_THINGS = 3  # tried one by one
# Said in passing: after "for" and "after" (at most one word before), right after "for somebody", "have just";
# before "wants", and shortly before "demands" (who asks for a paper is not what is asked for).
ASIDE = ("để", "de", "sau")
RIGHT_AFTER = ("cho", "mới")
WANTS = ("muốn", "muon")
NEEDS = ("cần", "phải", "thì")  # after what lies outside: "starting school needs a paper"
DEMANDS = ("đòi", "bắt", "kêu", "yêu", "bảo", "bat", "keu", "yeu")
NEXT = (
    "tháng",
    "thang",
    "tuần",
    "tuan",
    "năm",
    "nam",
    "hôm",
    "hom",
    "ngày",
    "ngay",
)  # "next month", not after


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of the query: what it may mean and how much it weighs. `word`: words of no known meaning.

    `least` is the weight of its least meaning: "elderly people" may be the thing asked for or just a person.
    `background`: an event, or said with "for" or "after": asked for only when nothing else is.
    `outside`: all it can mean lies beyond public services.
    """

    concepts: frozenset[str]
    kind: str
    weight: float
    least: float
    sureness: float
    words: tuple[Word, ...]
    background: bool = False
    outside: bool = False

    @property
    def text(self) -> str:
        return " ".join(word.folded for word in self.words)


class Reader:
    """The table of meanings with the vocabulary of one library."""

    def __init__(self, table: ConceptTable, speller: Speller) -> None:
        self.table = table
        self.speller = speller

    def words(self, text: str) -> list[Word]:
        """The words of a text as this library understands them."""
        result: list[Word] = []
        for word in self._written_out(split(text)):
            if is_thai(word.folded):
                pieces = cut_thai(word.folded, self.table.thai, self.table.longest_thai)
                result += [Word(piece, piece) for piece in pieces]
            elif word.folded not in self.speller.known and (meant := self.table.initials(word.folded)):
                result.append(Word(meant, meant))
            else:
                result += self.speller.repair(word)
        return self.speller.mend(result)

    def _written_out(self, words: list[Word]) -> Iterable[Word]:
        """Shorthand written out, unless it is a word that fits beside its neighbour ("so hong")."""
        for before, word in zip(["", *(word.folded for word in words)], words, strict=False):
            fits = len(word.folded) > 2 and f"{before} {word.folded}" in self.speller.pairs
            yield from [word] if fits else expand([word], self.table.shorthand)

    def weighs(self, concept: str) -> float:
        return WEIGHTS[self.table.concepts[concept].kind]

    def units(self, words: list[Word], *, exact: bool = False) -> list[Unit]:
        """The words cut into pieces of meaning: fewest words left over, then longest pieces."""
        by_end: dict[int, list[Found]] = {}
        for found in self.table.find(words, exact=exact):
            by_end.setdefault(found.end, []).append(found)
        gains = [0.0]
        last: list[Found | None] = [None]
        for end in range(1, len(words) + 1):
            gain, piece = gains[end - 1], None
            for found in by_end.get(end, ()):
                total = gains[found.start] + found.sureness * (end - found.start) ** 1.4
                if total > gain:
                    gain, piece = total, found
            gains.append(gain)
            last.append(piece)
        return self._pieces(words, last)

    def without_questions(self, units: list[Unit]) -> list[Unit]:
        """Beside a thing one can ask for, "what is the fine?" is a way of asking."""
        if not any(is_asked(unit) and not unit.outside for unit in units):
            return units
        return [replace(unit, kind="asking", weight=0.0) if self._only_asks(unit) else unit for unit in units]

    def _only_asks(self, unit: Unit) -> bool:
        flags = (self.table.concepts[concept].flags for concept in unit.concepts)
        return unit.outside and all("question" in flag or "outside" not in flag for flag in flags)

    def one_by_one(self, units: list[Unit]) -> Iterator[list[Unit]]:
        """The units with one thing asked for, all others only saying what for: the first thing named first.

        Nothing when no thing is named, or when one that is asked for lies outside.
        """
        things = [i for i, unit in enumerate(units) if unit.kind in THINGS and not unit.outside]
        outside = [i for i, unit in enumerate(units) if unit.outside and unit.weight and not unit.background]
        sure = [i for i in outside if units[i].least == units[i].weight]
        aside = WEIGHTS["context"]
        for asked in sorted(things, key=lambda i: (units[i].background, i))[:MOST_THINGS]:
            # What lies outside may only say what for, some words later: "for my child to start school".
            if any(i <= asked + 1 for i in sure):
                continue
            told = list(units)
            told[asked] = replace(units[asked], background=False)
            for i in {*things, *outside} - {asked}:
                told[i] = replace(units[i], kind="context", weight=aside, least=aside, outside=False)
            yield told

    def _pieces(self, words: list[Word], last: list[Found | None]) -> list[Unit]:
        units = []
        end = len(words)
        while end:
            piece = last[end]
            units.append(self._known(piece, words) if piece else _unknown(words[end - 1]))
            end = piece.start if piece else end - 1
        return units[::-1]

    def _known(self, piece: Found, words: list[Word]) -> Unit:
        meanings = [self.table.concepts[concept] for concept in piece.concepts]
        kind = max((meaning.kind for meaning in meanings), key=lambda name: (WEIGHTS[name], name))
        weighing = [meaning for meaning in meanings if WEIGHTS[meaning.kind] == WEIGHTS[kind]]
        outside = all("outside" in meaning.flags for meaning in weighing)
        background = kind in THINGS and (
            all("event" in meaning.flags for meaning in weighing) or _said_aside(words, piece, outside)
        )
        return Unit(
            piece.concepts,
            kind,
            WEIGHTS[kind],
            min(WEIGHTS[meaning.kind] for meaning in meanings),
            piece.sureness,
            tuple(words[piece.start : piece.end]),
            background,
            outside,
        )


def is_asked(unit: Unit) -> bool:
    """Whether the unit names a thing that is asked for, not one said in passing."""
    return unit.kind in THINGS and not unit.background


def _said_aside(words: list[Word], piece: Found, outside: bool) -> bool:
    before = [
        word.marked
        for i, word in enumerate(words[: piece.start])
        if i >= piece.start - 2 and not (word.folded == "sau" and i and words[i - 1].marked in NEXT)
    ]
    after = [word.marked for word in words[piece.end :]]
    return (
        any(word in ASIDE for word in before)
        or any(word in RIGHT_AFTER[outside:] for word in before[-1:])
        or any(word in WANTS or (outside and word in NEEDS) for word in after)
        or any(word in DEMANDS for word in after[:4])
    )


def _unknown(word: Word) -> Unit:
    size = max(1.0, len(word.folded) / 6) if is_thai(word.folded) else 1.0
    weight = 0.0 if word.folded.isdigit() else UNKNOWN_WEIGHT * size
    return Unit(frozenset(), "word", weight, weight, 1.0, (word,))


def meant(units: Iterable[Unit]) -> set[str]:
    """Everything these units may mean."""
    return {concept for unit in units for concept in unit.concepts}


def said_once(units: Iterable[Unit]) -> list[Unit]:
    """The units without repetitions of one meaning."""
    kept: dict[object, Unit] = {}
    for unit in units:
        meaning = unit.concepts or unit.text
        if meaning not in kept or (kept[meaning].background and not unit.background):
            kept[meaning] = unit
    return list(kept.values())


def share(weights: Iterable[float], matches: Iterable[float], counted: Iterable[bool]) -> float:
    """How much of the weight of what counts is matched."""
    rows = [row for row, counts in zip(zip(weights, matches, strict=True), counted, strict=True) if counts]
    total = sum(weight for weight, _ in rows)
    return sum(weight * match for weight, match in rows) / total if total else 0.0


def texts_of(entry: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    """Every text of a guide with the field it stands in."""
    for place in ("names", "summaries"):
        texts = entry.get(place)
        if isinstance(texts, Mapping):
            yield from ((place, str(text)) for text in texts.values())
    yield "official_name", str(entry.get("official_name") or "")
    keywords = entry.get("keywords")
    if isinstance(keywords, Mapping):
        for phrases in keywords.values():
            yield from (("keywords", str(phrase)) for phrase in phrases)
