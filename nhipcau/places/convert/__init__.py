"""From an address as people write it, old or new, to the units of today.

Pure: `convert(text, gazetteer)` looks at nothing but its arguments. It never guesses between
candidates: a unit that was split gives all its successors, with the reason for each.
"""

from collections.abc import Iterable

from nhipcau.places.convert.answers import Candidate, Conversion, Reason, Remark, Status, candidate
from nhipcau.places.convert.choosing import Choice, choices
from nhipcau.places.convert.gazetteer import (
    District,
    Former,
    Gazetteer,
    Place,
    Province,
    read_gazetteer,
    shipped_gazetteer,
)
from nhipcau.places.convert.reading import D, Mention, P, Words, find_mentions, split_words
from nhipcau.places.convert.spelling import nearest
from nhipcau.places.enums import Share

__all__ = [
    "Candidate",
    "Conversion",
    "Gazetteer",
    "Reason",
    "Remark",
    "Status",
    "convert",
    "read_gazetteer",
    "shipped_gazetteer",
]

# No address is longer; the work per text stays bounded.
LONGEST_TEXT = 1000
MOST_CANDIDATES = 100

_SHARE_REASONS = {
    Share.WHOLE: Reason.WHOLE_UNIT_MERGED,
    Share.WHOLE_POPULATION: Reason.WHOLE_POPULATION,
    Share.PART: Reason.PART_OF_UNIT,
    Share.AREA_ONLY: Reason.AREA_ONLY,
}


def convert(text: str, gazetteer: Gazetteer) -> Conversion:
    """The present units an address may mean. Accepts any text and never raises."""
    if len(text) > LONGEST_TEXT:
        return Conversion(Status.NOT_FOUND, remark=Remark.TOO_LONG)
    best, found = _read(split_words(text), gazetteer)
    if (best and best.commune and best.province) or not any(sign in text for sign in ",;|/\n"):
        return found
    # Some write from large to small: "Hà Nội, Hoàn Kiếm, Cửa Nam".
    other, turned = _read(split_words(text, backwards=True), gazetteer)
    return turned if other and (best is None or other.score > best.score) else found


def _read(words: Words, gazetteer: Gazetteer) -> tuple[Choice | None, Conversion]:
    """Reads the words from small to large; the choice's score says how much of them was understood."""
    if not words.folded:
        return None, Conversion(Status.NOT_FOUND)
    mentions = find_mentions(words, gazetteer)
    ranked = [choice for choice in choices(words, mentions) if _believable(choice, words, mentions)]
    if not ranked:
        return None, Conversion(Status.NOT_FOUND)
    best = ranked[0]
    if best.commune is None:
        close = nearest(words, best, gazetteer)
        if close:
            return best, _answer(_from_meanings(close, gazetteer, Remark.CLOSE_SPELLING))
        return best, _larger_only(best, gazetteer)
    stray = _stray_district(best, mentions, words)
    remark = Remark.DISTRICT_DIFFERS if stray else None if best.kind_fits else Remark.KIND_DIFFERS
    found = _from_meanings([named.of for named in best.communes], gazetteer, remark)
    for other in ranked[1:]:
        if _same_words(best, other):
            extra = _from_meanings([named.of for named in other.communes], gazetteer, None)
            found = [*extra, *found] if best.district else [*found, *extra]
    found += _district_of_same_name(best, mentions)
    return best, _answer(found, partial=stray)


def _believable(choice: Choice, words: Words, mentions: list[Mention]) -> bool:
    """A single name without its kind counts only where it fills its part of the address."""
    own = [item for item in (choice.commune, choice.district, choice.province) if item]
    if len(own) > 1 or own[0].typed:
        return True
    only = own[0]
    alone = _fills_segment(only, words)
    if only is choice.province:
        return alone or (only.end == len(words.folded) and len(only.key) > 3)
    if any(item.level == P and (item.start, item.end) == (only.start, only.end) for item in mentions):
        return False
    return alone and (only.start == 0 or only.end == len(words.folded))


def _same_words(best: Choice, other: Choice) -> bool:
    """Another reading of the same words: "phường 2 bảo lộc" is a ward of a city, or a ward of that name."""
    one, two = (best, other) if best.district else (other, best)
    if one.commune is None or two.commune is None or one.district is None or two.district is not None:
        return False
    same = one.province == two.province and one.kind_fits and two.kind_fits
    whole = one.commune.start == two.commune.start and one.commune.kinds == two.commune.kinds
    return same and whole and one.commune.end == one.district.start and one.district.end == two.commune.end


def _stray_district(best: Choice, mentions: list[Mention], words: Words) -> bool:
    """Whether a district stands behind the chosen commune that it does not lie in.

    Said by its kind, or standing alone between commas: other words may only look like a district.
    """
    commune = best.commune
    if commune is None or best.district is not None:
        return False
    end = best.province.start if best.province else len(words.folded)
    return any(
        mention.level == D
        and (mention.typed or _fills_segment(mention, words))
        and commune.end <= mention.start
        and mention.end <= end
        for mention in mentions
    )


def _fills_segment(mention: Mention, words: Words) -> bool:
    first = mention.start == 0 or words.segment[mention.start - 1] != words.segment[mention.start]
    last = mention.end == len(words.folded) or words.segment[mention.end] != words.segment[mention.start]
    return first and last


def _from_meanings(
    meanings: Iterable[object], gazetteer: Gazetteer, remark: Remark | None
) -> list[Candidate]:
    """Candidates of present units first, then of the former units' successors."""
    found: list[Candidate] = []
    former: list[Candidate] = []
    for meaning in meanings:
        if isinstance(meaning, Place):
            found.append(candidate(meaning, Reason.CURRENT_UNIT, remark=remark))
        elif isinstance(meaning, Former):
            former += _successors(meaning, gazetteer, remark)
    return found + former


def _successors(former: Former, gazetteer: Gazetteer, remark: Remark | None) -> list[Candidate]:
    district = gazetteer.districts[former.district].full_name
    label = former.full_name
    if label != district:
        label = f"{label} ({district[0].lower()}{district[1:]})"
    found = []
    for place, share in former.successors:
        reason = _SHARE_REASONS[Share(share)]
        if reason is Reason.WHOLE_UNIT_MERGED and former.full_name == place.full_name:
            reason = Reason.UNCHANGED if former.code == place.code else reason
        found.append(candidate(place, reason, former_code=former.code, former=label, remark=remark))
    return found


def _district_of_same_name(best: Choice, mentions: list[Mention]) -> list[Candidate]:
    """ "Hoàn Kiếm, Hà Nội" may be the ward or the whole former district: both are said."""
    commune = best.commune
    if commune is None or commune.typed or best.district is not None:
        return []
    found: list[Candidate] = []
    for mention in mentions:
        if mention.level == D and (mention.start, mention.end) == (commune.start, commune.end):
            for named in mention.meanings:
                district = named.of
                if isinstance(district, District) and _in_stated_province(district, best):
                    found += _of_district(district)
    return found


def _in_stated_province(district: District, choice: Choice) -> bool:
    return choice.province is None or district.province in choice.former


def _of_district(district: District) -> list[Candidate]:
    reason = Reason.IN_DISTRICT if len(district.successors) > 1 else Reason.WHOLE_UNIT_MERGED
    return [
        candidate(place, reason, former_code=district.code, former=district.full_name)
        for place in district.successors
    ]


def _larger_only(choice: Choice, gazetteer: Gazetteer) -> Conversion:
    """Only a district or a province was found."""
    if choice.districts:
        found = [item for district in choice.districts for item in _of_district(district)]
        return _answer(found, partial=len({item.code for item in found}) > 1)
    if choice.present:
        return _answer(
            [_of_province(gazetteer.provinces[code]) for code in sorted(choice.present)], partial=True
        )
    former = [gazetteer.former_provinces[code] for code in sorted(choice.former)]
    return _answer(
        [_of_province(gazetteer.provinces[old.present], former=old.full_name) for old in former], partial=True
    )


def _of_province(province: Province, former: str = "") -> Candidate:
    name = province.full_name.removeprefix("Tỉnh ").removeprefix("Thành phố ")
    reason = Reason.PROVINCE_MERGED if former else Reason.PROVINCE
    return Candidate(
        province.code, name, province.full_name, province.code, province.full_name, reason, former=former
    )


def _answer(found: list[Candidate], *, partial: bool = False) -> Conversion:
    """Each unit once, the first reason kept."""
    unique: dict[str, Candidate] = {}
    for item in found:
        unique.setdefault(item.code, item)
    candidates = tuple(unique.values())[:MOST_CANDIDATES]
    if not candidates:
        return Conversion(Status.NOT_FOUND)
    if partial:
        return Conversion(Status.PARTIAL, candidates)
    return Conversion(Status.OK if len(candidates) == 1 else Status.AMBIGUOUS, candidates)
