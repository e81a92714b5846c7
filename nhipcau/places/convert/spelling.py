"""A commune's name with one wrong letter, where the district or province says where to look."""

from nhipcau.places.convert.choosing import Choice
from nhipcau.places.convert.gazetteer import Gazetteer, Named
from nhipcau.places.convert.reading import LONGEST_NAME, C, kind_before
from nhipcau.places.convert.words import Words

SHORTEST_KEY = 4


def nearest(words: Words, choice: Choice, gazetteer: Gazetteer) -> list[object]:
    """The communes whose name is one letter away from what stands before the district or province.

    Without a district the address must say the kind ("xã …"): a province has too many names.
    """
    first = choice.district or choice.province
    if first is None or first.start == 0:
        return []
    pool = _pool(choice, gazetteer)
    for start, name_start, kinds in _starts(words, first.start, typed_only=choice.district is None):
        key = "".join(words.folded[name_start : first.start])
        if len(key) < SHORTEST_KEY:
            continue
        close = [named for named in pool if _one_apart(key, named.plain)]
        fitting = [named for named in close if kinds and _kinds_of(named) & kinds]
        if close:
            return [named.of for named in fitting or close]
        if start == name_start:
            break
    return []


def _pool(choice: Choice, gazetteer: Gazetteer) -> list[Named]:
    if choice.districts:
        return [named for item in choice.districts for named in gazetteer.near_district.get(item.code, ())]
    return [
        named for code in choice.former | choice.present for named in gazetteer.near_province.get(code, ())
    ]


def _starts(words: Words, end: int, *, typed_only: bool) -> list[tuple[int, int, frozenset[str]]]:
    """Where a name that ends at `end` may begin: behind the word of a kind, or with its segment."""
    segment = words.segment[end - 1]
    found: list[tuple[int, int, frozenset[str]]] = []
    start = end
    while start > 0 and words.segment[start - 1] == segment and end - start <= LONGEST_NAME + 1:
        start -= 1
        said = kind_before(words, start)
        if said is not None and said[1] == C and start + said[0] < end:
            found.append((start, start + said[0], said[2]))
    if not found and not typed_only and end - start <= LONGEST_NAME:
        found.append((start, start, frozenset()))
    return found


def _kinds_of(named: Named) -> frozenset[str]:
    kinds = getattr(named.of, "kinds", None)
    return kinds if kinds is not None else frozenset({getattr(named.of, "kind", "")})


def _one_apart(one: str, other: str) -> bool:
    """One letter changed, added, left out, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    shorter = min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]
