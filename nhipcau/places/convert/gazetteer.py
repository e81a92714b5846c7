"""The names of all units, present and former, held in memory for finding addresses in text.

A name is found by its key, so that spaces and marks do not matter; the name with its marks is kept
beside it to tell Văn Lang from Văn Lăng. `filing` builds it all from the shipped tables.
"""

import re
from dataclasses import dataclass, field

from nhipcau.core.text import fold, fold_marks
from nhipcau.places.enums import KIND_WORDS

_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
# One sound of the highlands' languages, written both ways: Đắk Mil and Đắc Mil, Krông Pắc and Krông Pắk.
_ONE_SOUND = {"dac": "dak", "pac": "pak"}


@dataclass(frozen=True, slots=True)
class Province:
    """A present province or city under the central government."""

    code: str
    full_name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A present commune, ward or special zone."""

    code: str
    name: str
    kind: str
    kinds: frozenset[str]
    province: Province
    former_districts: frozenset[str]
    former_provinces: frozenset[str]

    @property
    def full_name(self) -> str:
        return f"{KIND_WORDS[self.kind]} {self.name}"


@dataclass(frozen=True, slots=True)
class District:
    """A district as it stood on 30 June 2025, with every present unit that took a part of it."""

    code: str
    full_name: str
    kind: str
    province: str
    successors: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Former:
    """A commune, ward or township as it stood on 30 June 2025. `successors`: who took it, first is best."""

    code: str
    full_name: str
    kind: str
    district: str
    province: str
    present_provinces: frozenset[str]
    successors: tuple[tuple[Place, str], ...]


@dataclass(frozen=True, slots=True)
class FormerProvince:
    """One of the 63 old provinces, and the code of the present one it went into."""

    full_name: str
    present: str


@dataclass(frozen=True, slots=True)
class ProvinceName:
    """What a province's name in an address may mean: an old province, a present one, or both."""

    former: frozenset[str]
    present: frozenset[str]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Named:
    """One meaning of a name. `marked` is the name with its marks, empty for an alias known without them.

    `kind`: what the unit was called while it bore this other name, where the tables say so.
    """

    of: Place | Former | District | ProvinceName
    marked: str
    plain: str
    alias: bool
    kind: str = ""


@dataclass(slots=True)
class Names:
    """Everything that a key may mean, by level."""

    provinces: list[Named] = field(default_factory=list)
    districts: list[Named] = field(default_factory=list)
    communes: list[Named] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All units, and every name by its key."""

    names: dict[str, Names]
    # Districts and provinces by the first letters of their names: "BT", "BMT".
    initials: dict[str, Names]
    provinces: dict[str, Province]
    former_provinces: dict[str, FormerProvince]
    places: dict[str, Place]
    districts: dict[str, District]
    # Former units of each old district and province, and present units of each province: for spelling.
    near_district: dict[str, tuple[Named, ...]]
    near_province: dict[str, tuple[Named, ...]]


def word_key(folded: str) -> str:
    """One folded word as it stands in a key."""
    return _ONE_SOUND.get(folded, folded)


def last_word_key(folded: str) -> str:
    """The last word of a name: "Hải Châu II" and "Hải Châu 2" meet."""
    return _ROMAN.get(folded) or word_key(folded)


def plain_key(name: str) -> str:
    """The key before i and y are made one."""
    *words, last = fold(name).split() or [""]
    return _ZEROS.sub("", "".join(map(word_key, words)) + (last_word_key(last) if words else last))


def name_key(name: str) -> str:
    """The key of a name: "Phường 01" and "Phường 1" meet, and so do Phú Quý and Phú Quí."""
    return plain_key(name).replace("y", "i")


def name_marks(name: str) -> str:
    """The same with marks, to compare exactly."""
    return _ZEROS.sub("", fold_marks(name).replace(" ", ""))
