"""From an address as people write it, old or new, to the units of today.

Pure: `convert(text, gazetteer)` looks at nothing but its arguments. It never guesses between
candidates: a unit that was split gives all its successors, with the reason for each.
"""

from collections.abc import Iterable, Sequence

from nhipcau.places.convert.answers import Candidate, Conversion, Reason, Remark, Status, candidate
from nhipcau.places.convert.choosing import Choice, choices
from nhipcau.places.convert.filing import read_gazetteer, shipped_gazetteer
from nhipcau.places.convert.gazetteer import District, Former, Gazetteer, Place, Province
from nhipcau.places.convert.judging import (
    believable,
    believable_mirrored,
    same_words,
    stray_district,
    stray_province,
)
from nhipcau.places.convert.reading import C, D, Mention, find_mentions, first_said
from nhipcau.places.convert.spelling import nearest
from nhipcau.places.convert.words import Words, split_words
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
# A commune that is not where the address says: more places of its name than this tell nothing.
MOST_ELSEWHERE = 5

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
    words = split_words(text)
    mentions = find_mentions(words, gazetteer)
    if not mentions:
        return Conversion(Status.NOT_FOUND)
    best, found = _read(words, mentions, gazetteer)
    count = len(words.folded)
    complete = best and best.commune and best.province and best.end == count
    if complete or all(item.level == C for item in mentions):
        return found
    # Some write from large to small: "Hà Nội, Hoàn Kiếm, Cửa Nam".
    turned = [item.mirrored(count) for item in mentions]
    other, answer = _read(words.mirrored(), turned, gazetteer, mirrored=True)
    return answer if other and (best is None or other.score > best.score) else found


def _read(
    words: Words, mentions: list[Mention], gazetteer: Gazetteer, *, mirrored: bool = False
) -> tuple[Choice | None, Conversion]:
    """Reads the words from small to large; the choice's score says how much of them was understood."""
    every = choices(words, mentions, len(words.folded) if mirrored else first_said(words))
    ranked = [
        choice
        for choice in every
        if (believable_mirrored(choice, words) if mirrored else believable(choice, words, mentions))
    ]
    if not ranked:
        return None, Conversion(Status.NOT_FOUND)
    best = ranked[0]
    if best.commune is None:
        return best, _without_commune(ranked, [] if mirrored else nearest(words, best, gazetteer), gazetteer)
    stray = stray_district(best, mentions, words) or stray_province(best, mentions, words)
    if stray:
        larger = next(
            (item for item in every if item.commune is None and stray in (item.district, item.province)), None
        )
        close = nearest(words, larger, gazetteer) if larger and stray.level == D else []
        return best, _contradicted(best, stray, larger, close, gazetteer)
    found = _from_meanings(
        [named.of for named in best.communes], gazetteer, None if best.kind_fits else Remark.KIND_DIFFERS
    )
    for other in ranked[1:]:
        if same_words(best, other):
            extra = _from_meanings([named.of for named in other.communes], gazetteer, None)
            found = [*extra, *found] if best.district else [*found, *extra]
    return best, _answer(found + _district_of_same_name(best, mentions))


def _without_commune(ranked: list[Choice], close: list[object], gazetteer: Gazetteer) -> Conversion:
    """A district or province: what is spelled almost so there, or else a commune of the name elsewhere."""
    best = ranked[0]
    if close:
        return _answer(_from_meanings(close, gazetteer, Remark.CLOSE_SPELLING))
    for other in ranked[1:]:
        commune = other.commune
        if commune is None or other.district or other.province:
            continue
        if commune.typed and commune.end == best.start and len(other.communes) == 1:
            found = _elsewhere([named.of for named in other.communes], gazetteer, Remark.PROVINCE_DIFFERS)
            return _answer(found, partial=True) if found else _larger_only(best, gazetteer)
    return _larger_only(best, gazetteer)


def _contradicted(
    best: Choice, stray: Mention, larger: Choice | None, close: list[object], gazetteer: Gazetteer
) -> Conversion:
    """The commune does not lie in the district or province that the address names.

    First what is spelled almost so there, then the communes of the name, those in the same province
    if any are; where the name says too little, only the larger unit is answered.
    """
    meanings = [named.of for named in best.communes]
    if stray.level == D:
        meanings = [item for item in meanings if _in_provinces_of(item, stray)] or meanings
    remark = Remark.DISTRICT_DIFFERS if stray.level == D else Remark.PROVINCE_DIFFERS
    found = _from_meanings(close, gazetteer, Remark.CLOSE_SPELLING)
    found += _elsewhere(meanings, gazetteer, remark)
    if found or larger is None:
        return _answer(found, partial=True)
    return _larger_only(larger, gazetteer)


def _elsewhere(meanings: Sequence[object], gazetteer: Gazetteer, remark: Remark) -> list[Candidate]:
    """Communes of the name that lie elsewhere; none where there are so many that they tell nothing."""
    found = _from_meanings(meanings, gazetteer, remark)
    return found if len({item.code for item in found}) <= MOST_ELSEWHERE else []


def _in_provinces_of(meaning: object, district: Mention) -> bool:
    """Whether a commune lies in the present province of the named district."""
    provinces = {
        place.province.code
        for named in district.meanings
        if isinstance(named.of, District)
        for place in named.of.successors
    }
    if isinstance(meaning, Place):
        return meaning.province.code in provinces
    return isinstance(meaning, Former) and not meaning.present_provinces.isdisjoint(provinces)


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
                if isinstance(district, District) and not named.alias and _in_stated_province(district, best):
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
