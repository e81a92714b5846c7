"""Whether what was found may be believed, and which parts of the address speak against it."""

import itertools
from collections.abc import Callable

from nhipcau.places.convert.choosing import Choice
from nhipcau.places.convert.reading import HAMLETS, KINDS_BEFORE, STREETS, D, Mention, P
from nhipcau.places.convert.words import Words

# An address that ends abroad is not ours, whatever its streets and wards are called.
_ABROAD = frozenset(
    {
        "usa",
        "australia",
        "germany",
        "france",
        "england",
        "uk",
        "canada",
        "russia",
        "japan",
        "china",
        "korea",
        "taiwan",
        "thailand",
        "singapore",
        "laos",
        "cambodia",
        "malaysia",
        "indonesia",
        "philippines",
        "india",
        "italy",
        "spain",
        "sweden",
        "norway",
        "denmark",
        "poland",
        "paris",
        "london",
        "berlin",
        "tokyo",
        "osaka",
        "seoul",
        "beijing",
        "shanghai",
        "taipei",
        "bangkok",
        "vientiane",
        "sydney",
        "melbourne",
        "moscow",
        "prague",
        "chicago",
        "california",
        "texas",
        "houston",
        "toronto",
        "vancouver",
    }
)
_PLACE_WORDS = frozenset({"ở", "o", "tại", "tai", "quê", "que"})


def believable(choice: Choice, words: Words, mentions: list[Mention]) -> bool:
    """A single name without its kind counts only where it fills its part of the address."""
    own = _own(choice)
    if choice.province is None and words.folded[-1] in _ABROAD:
        return False
    if len(own) > 1 or own[0].typed:
        return True
    only = own[0]
    alone = words.fills_segment(only.start, only.end)
    if only is choice.province:
        at_end = only.end == len(words.folded) and len(only.key) > 3
        return alone or (at_end and _like_an_address(words))
    if any(item.level == P and (item.start, item.end) == (only.start, only.end) for item in mentions):
        return False
    return alone and (only.start == 0 or only.end == len(words.folded))


def believable_mirrored(choice: Choice, words: Words) -> bool:
    """From large to small needs two names: one with its kind, or nothing between them from the first word."""
    own = _own(choice)
    if len(own) < 2:
        return False
    if any(item.typed for item in own):
        return True
    touching = all(one.end == other.start for one, other in itertools.pairwise(own))
    return touching and own[-1].end == len(words.folded)


def _own(choice: Choice) -> list[Mention]:
    return [item for item in (choice.commune, choice.district, choice.province) if item]


def _like_an_address(words: Words) -> bool:
    """ "12 Trần Phú Hà Nội" is one, "Lê Thái Nguyên" is a person."""
    return words.segment[0] != words.segment[-1] or any(
        word[0].isdigit()
        or word in STREETS
        or word in HAMLETS
        or (word,) in KINDS_BEFORE
        or said in _PLACE_WORDS
        for word, said in zip(words.folded, words.marked, strict=True)
    )


def same_words(best: Choice, other: Choice) -> bool:
    """Another reading of the same words: "phường 2 bảo lộc" is a ward of a city, or a ward of that name."""
    one, two = (best, other) if best.district else (other, best)
    if one.commune is None or two.commune is None or one.district is None or two.district is not None:
        return False
    same = one.province == two.province and one.kind_fits and two.kind_fits
    whole = one.commune.start == two.commune.start and one.commune.kinds == two.commune.kinds
    return same and whole and one.commune.end == one.district.start and one.district.end == two.commune.end


def stray_district(best: Choice, mentions: list[Mention], words: Words) -> Mention | None:
    """A district behind the chosen commune that it does not lie in.

    Said by its kind, standing alone between commas, or right behind a commune said by its kind:
    other words may only look like a district.
    """
    commune = best.commune
    if commune is None or best.district is not None:
        return None
    end = best.province.start if best.province else len(words.folded)
    provinces = {(item.start, item.end) for item in mentions if item.level == P}
    return _longest(
        mentions,
        lambda item: (
            item.level == D
            and commune.end <= item.start
            and item.end <= end
            and (
                item.typed
                or (
                    not item.initials
                    and (item.start, item.end) not in provinces
                    and (
                        words.fills_segment(item.start, item.end)
                        or (commune.typed and item.start == commune.end)
                    )
                )
            )
        ),
    )


def stray_province(best: Choice, mentions: list[Mention], words: Words) -> Mention | None:
    """A province behind the chosen commune that it does not lie in."""
    last = best.district or best.commune
    if best.commune is None or last is None or best.province is not None:
        return None
    return _longest(
        mentions,
        lambda item: (
            item.level == P
            and last.end <= item.start
            and (
                item.typed
                or (
                    not item.initials
                    and len(item.key) > 3
                    and (words.fills_segment(item.start, item.end) or item.end == len(words.folded))
                )
            )
        ),
    )


def _longest(mentions: list[Mention], fits: Callable[[Mention], bool]) -> Mention | None:
    found = [item for item in mentions if fits(item)]
    return max(found, key=lambda item: (item.end - item.name_start, item.start), default=None)
