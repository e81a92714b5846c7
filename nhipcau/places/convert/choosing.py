"""Which of the names found in an address belong together: province, district in it, commune in that.

Every combination is scored; the sum says how much of the address it explains. Names are read from
the end, because that is where the units stand and streets are named after the same people and places.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from nhipcau.places.convert.gazetteer import District, Former, Named, Place, ProvinceName
from nhipcau.places.convert.reading import C, D, Mention, P
from nhipcau.places.convert.words import Words

KIND_SAID, KIND_UNSAID, KIND_OTHER = 100, 60, 45
INSIDE, NEARLY_INSIDE, BESIDE = 20, 5, 3
DISTRICT_SAID, DISTRICT_UNSAID, DISTRICT_OTHER = 40, 30, 22
PROVINCE_SAID, PROVINCE_UNSAID = 24, 20
EXACT, FOLDED, ALIAS = 12, 6, 0
NAME_WORD = 4
TRAILING_WORD = 3
# "Xã Trù Hựu, Lục Ngạn": what follows a commune said by its kind is hardly the commune.
AFTER_SAID_COMMUNE = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """A consistent combination. `communes` are the meanings left of the commune's name, best only."""

    score: int
    commune: Mention | None
    communes: tuple[Named, ...]
    kind_fits: bool
    district: Mention | None
    districts: tuple[District, ...]
    province: Mention | None
    present: frozenset[str]
    former: frozenset[str]

    @property
    def start(self) -> int:
        mention = self.commune or self.district or self.province
        return mention.start if mention else 0

    @property
    def end(self) -> int:
        mention = self.province or self.district or self.commune
        return mention.end if mention else 0


@dataclass(frozen=True, slots=True)
class _Province:
    mention: Mention | None
    former: frozenset[str]
    present: frozenset[str]
    score: int


@dataclass(frozen=True, slots=True)
class _District:
    mention: Mention | None
    districts: tuple[District, ...]
    codes: frozenset[str]
    score: int


_NO_PROVINCE = _Province(None, frozenset(), frozenset(), 0)
_NO_DISTRICT = _District(None, (), frozenset(), 0)


def choices(words: Words, mentions: list[Mention], said: int) -> list[Choice]:
    """All consistent combinations, the best first. `said`: the first word that announces a commune."""
    count = len(words.folded)
    by_level: dict[str, list[Mention]] = {C: [], D: [], P: []}
    for mention in mentions:
        by_level[mention.level].append(mention)
    found: list[Choice] = []
    alone = [item for item in by_level[D] if not _may_be_province(item, by_level[P])]
    for province in _provinces(by_level[P], words):
        end = province.mention.start if province.mention else count
        for district in _districts(by_level[D] if province.mention else alone, province, words, end):
            limit = district.mention.start if district.mention else end
            found += _communes(by_level[C], (district, province), words, limit, said)
            if _stands_alone(district.mention or province.mention):
                found.append(_without_commune(district, province, words))
    return sorted(found, key=lambda choice: (-choice.score, choice.start))


def _stands_alone(mention: Mention | None) -> bool:
    """First letters say nothing without a commune before them, unless their kind is said ("Q.BT")."""
    return mention is not None and (mention.typed or not mention.initials)


def _may_be_province(district: Mention, provinces: list[Mention]) -> bool:
    """Whether the same words name a province: "Cao Bằng" at the end is the province, which holds the city."""
    for mention in provinces:
        if (mention.start, mention.end) == (district.start, district.end):
            if district.exact and not mention.exact:
                # "Phù Yên" with its marks is the district, not Phú Yên.
                return False
            return not mention.typed or any(_province_fits(named, mention) for named in mention.meanings)
    return False


def _province_fits(named: Named, mention: Mention) -> bool:
    return isinstance(named.of, ProvinceName) and not mention.kinds.isdisjoint(named.of.kinds)


def _provinces(mentions: list[Mention], words: Words) -> Iterator[_Province]:
    yield _NO_PROVINCE
    count = len(words.folded)
    for mention in mentions:
        short = (mention.initials or len(mention.key) <= 3) and not mention.typed
        if short and mention.end != count:
            continue
        former: frozenset[str] = frozenset()
        present: frozenset[str] = frozenset()
        fits = False
        for named in _best_names(mention):
            meaning = named.of
            if isinstance(meaning, ProvinceName):
                former |= meaning.former
                present |= meaning.present
                fits = fits or not mention.kinds.isdisjoint(meaning.kinds)
        score = PROVINCE_SAID if fits else PROVINCE_UNSAID
        score += NAME_WORD * (mention.end - mention.name_start) - TRAILING_WORD * (count - mention.end)
        yield _Province(mention, former, present, score)


def _districts(mentions: list[Mention], province: _Province, words: Words, limit: int) -> Iterator[_District]:
    yield _NO_DISTRICT
    for mention in mentions:
        if mention.end > limit:
            continue
        named = [(quality, item) for quality, item in _graded(mention) if _in_province(item.of, province)]
        if not named:
            continue
        best = max(quality for quality, _item in named)
        kept = [item.of for quality, item in named if quality == best and isinstance(item.of, District)]
        fitting = [
            item.of
            for quality, item in named
            if quality == best and isinstance(item.of, District) and _fits(item, mention)
        ]
        score = DISTRICT_SAID if fitting else DISTRICT_OTHER if mention.typed else DISTRICT_UNSAID
        kept = fitting or kept
        score += NAME_WORD * (mention.end - mention.name_start) + best // 2
        score -= words.gap(mention.end, limit)
        yield _District(mention, tuple(kept), frozenset(item.code for item in kept), score)


def _graded(mention: Mention) -> list[tuple[int, Named]]:
    """Each meaning with how well the name fits."""
    graded = []
    for index, named in enumerate(mention.meanings):
        if named.alias:
            quality = FOLDED if index in mention.exact and named.marked else ALIAS
        else:
            quality = EXACT if index in mention.exact else FOLDED
        graded.append((quality, named))
    return graded


def _best_names(mention: Mention) -> list[Named]:
    """Only the meanings whose name fits best."""
    graded = _graded(mention)
    best = max(quality for quality, _named in graded)
    return [named for quality, named in graded if quality == best]


def _in_province(meaning: object, province: _Province) -> bool:
    """Whether an old district lies in the stated province, old or present."""
    if not isinstance(meaning, District):
        return False
    if province.mention is None or meaning.province in province.former:
        return True
    return any(place.province.code in province.present for place in meaning.successors)


def _communes(
    mentions: list[Mention], inside_of: tuple[_District, _Province], words: Words, limit: int, said: int
) -> Iterator[Choice]:
    district, province = inside_of
    larger = district.mention or province.mention
    weak = larger is not None and not _stands_alone(larger)
    for mention in mentions:
        if mention.end > limit or (weak and mention.end < limit):
            continue
        graded: list[tuple[int, int, Named]] = []
        for quality, named in _graded(mention):
            inside = _inside(named.of, district, province)
            if inside is not None:
                graded.append((inside + _kind_score(named, mention), quality, named))
        if not graded:
            continue
        best_quality = max(quality for _value, quality, _named in graded)
        kept = [item for item in graded if item[1] == best_quality]
        best = max(value for value, _quality, _named in kept)
        score = best + best_quality + NAME_WORD * (mention.end - mention.name_start)
        score -= words.gap(mention.end, limit)
        if not mention.typed and mention.start > said:
            score -= AFTER_SAID_COMMUNE
        yield Choice(
            score=score + district.score + province.score,
            commune=mention,
            communes=tuple(named for value, _quality, named in kept if value == best),
            kind_fits=not mention.typed or any(_fits(named, mention) for _v, _q, named in kept),
            district=district.mention,
            districts=district.districts,
            province=province.mention,
            present=province.present,
            former=province.former,
        )


def _fits(named: Named, mention: Mention) -> bool:
    """Whether the kind said in the address is one that the unit has or had."""
    if isinstance(named.of, Place):
        return not mention.kinds.isdisjoint(named.of.kinds)
    kind = getattr(named.of, "kind", "")
    return kind in mention.kinds or named.kind in mention.kinds


def _kind_score(named: Named, mention: Mention) -> int:
    if not mention.typed:
        return KIND_UNSAID
    return KIND_SAID if _fits(named, mention) else KIND_OTHER


def _inside(meaning: object, district: _District, province: _Province) -> int | None:
    """How well a commune lies in the stated district and province; None when it does not."""
    if isinstance(meaning, Former):
        return _former_inside(meaning, district, province)
    if isinstance(meaning, Place):
        return _place_inside(meaning, district, province)
    return None


def _former_inside(former: Former, district: _District, province: _Province) -> int | None:
    if district.mention:
        return INSIDE if former.district in district.codes else None
    if province.mention is None or former.province in province.former:
        return INSIDE if province.mention else 0
    return None if former.present_provinces.isdisjoint(province.present) else NEARLY_INSIDE


def _place_inside(place: Place, district: _District, province: _Province) -> int | None:
    if district.mention:
        return None if place.former_districts.isdisjoint(district.codes) else BESIDE
    if province.mention is None or place.province.code in province.present:
        return INSIDE if province.mention else 0
    return None if place.former_provinces.isdisjoint(province.former) else NEARLY_INSIDE


def _without_commune(district: _District, province: _Province, words: Words) -> Choice:
    mention = district.mention
    score = district.score + province.score
    if province.mention is None and mention is not None:
        score -= words.gap(mention.end, len(words.folded))
    return Choice(
        score=score,
        commune=None,
        communes=(),
        kind_fits=True,
        district=mention,
        districts=district.districts,
        province=province.mention,
        present=province.present,
        former=province.former,
    )
