"""The names of all units, present and former, held in memory for finding addresses in text.

Built once a process from the shipped tables (about a third of a second) and never changed after.
A name is found by its `squeeze`d key, so that spaces and marks do not matter; the name with its
marks is kept beside it to tell Văn Lang from Văn Lăng.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from nhipcau.core.text import fold_marks, squeeze
from nhipcau.places.convert.tables import FOLDER, Tables, read_tables
from nhipcau.places.enums import KIND_WORDS, Share

_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


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
    """One meaning of a name. `marked` is the name with its marks, empty for an alias known without them."""

    of: Place | Former | District | ProvinceName
    marked: str
    plain: str
    alias: bool


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
    provinces: dict[str, Province]
    former_provinces: dict[str, FormerProvince]
    places: dict[str, Place]
    districts: dict[str, District]
    # Former units of each old district and province, and present units of each province: for spelling.
    near_district: dict[str, tuple[Named, ...]]
    near_province: dict[str, tuple[Named, ...]]


def name_key(name: str) -> str:
    """The key of a name: "Phường 01" and "Phường 1" meet, and so do Phú Quý and Phú Quí."""
    return plain_key(name).replace("y", "i")


def plain_key(name: str) -> str:
    """The key before i and y are made one."""
    return _ZEROS.sub("", squeeze(name))


def name_marks(name: str) -> str:
    """The same with marks, to compare exactly."""
    return _ZEROS.sub("", fold_marks(name).replace(" ", ""))


def _named(of: Place | Former | District | ProvinceName, name: str, *, alias: bool = False) -> Named:
    marked = "" if alias and name.isascii() else name_marks(name)
    return Named(of, marked, plain_key(name), alias)


def read_gazetteer(folder: Path = FOLDER) -> Gazetteer:
    """The gazetteer of a folder of tables."""
    return build_gazetteer(read_tables(folder))


@cache
def shipped_gazetteer() -> Gazetteer:
    """The gazetteer of the tables that ship with the product, built once a process."""
    return read_gazetteer()


def build_gazetteer(tables: Tables) -> Gazetteer:
    """Links the rows of the tables by code and files every name."""
    places = _places(tables)
    successors: dict[str, list[tuple[Place, str]]] = defaultdict(list)
    for row in tables["successions"]:
        successors[row["former_code"]].append((places[row["unit_code"]], row["share"]))
    districts = _districts(tables, successors)
    formers = {
        row["code"]: _former(row, districts[row["district_code"]], tuple(successors[row["code"]]))
        for row in tables["former_units"]
    }
    names: dict[str, Names] = defaultdict(Names)
    near_district: dict[str, list[Named]] = defaultdict(list)
    near_province: dict[str, list[Named]] = defaultdict(list)
    for row in tables["communes"]:
        named = _named(places[row["code"]], row["name"])
        names[name_key(row["name"])].communes.append(named)
        near_province[row["province_code"]].append(named)
        for code in places[row["code"]].former_districts:
            near_district[code].append(named)
        head, dash, _tail = row["name"].partition(" - ")
        if dash:
            # "Phường Xuân Hương, Đà Lạt" for Phường Xuân Hương - Đà Lạt.
            names[name_key(head)].communes.append(_named(places[row["code"]], head, alias=True))
    for row in tables["former_units"]:
        named = _named(formers[row["code"]], row["name"])
        names[name_key(row["name"])].communes.append(named)
        near_district[row["district_code"]].append(named)
        near_province[districts[row["district_code"]].province].append(named)
    for row in tables["former_districts"]:
        names[name_key(row["name"])].districts.append(_named(districts[row["code"]], row["name"]))
    _file_provinces(tables, names)
    _file_aliases(tables, names, formers, districts)
    return Gazetteer(
        names=dict(names),
        provinces={place.province.code: place.province for place in places.values()},
        former_provinces=_former_provinces(tables),
        places=places,
        districts=districts,
        near_district={code: tuple(found) for code, found in near_district.items()},
        near_province={code: tuple(found) for code, found in near_province.items()},
    )


def _former_provinces(tables: Tables) -> dict[str, FormerProvince]:
    return {
        row["code"]: FormerProvince(f"{KIND_WORDS[row['kind']]} {row['name']}", row["unit_code"])
        for row in tables["former_provinces"]
    }


def _kinds(tables: Tables) -> dict[str, list[str]]:
    """All kinds of each unit, the latest last."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for row in sorted(tables["unit_kinds"], key=lambda row: row["valid_from"]):
        kinds[row["unit_code"]].append(row["kind"])
    return kinds


def _places(tables: Tables) -> dict[str, Place]:
    kinds = _kinds(tables)
    provinces = {
        row["code"]: Province(row["code"], f"{KIND_WORDS[kinds[row['code']][-1]]} {row['name']}")
        for row in tables["provinces"]
    }
    district_of = {row["code"]: row["district_code"] for row in tables["former_units"]}
    province_of = {row["code"]: row["province_code"] for row in tables["former_districts"]}
    formed: dict[str, set[str]] = defaultdict(set)
    for row in tables["successions"]:
        formed[row["unit_code"]].add(district_of[row["former_code"]])
    return {
        row["code"]: Place(
            code=row["code"],
            name=row["name"],
            kind=kinds[row["code"]][-1],
            kinds=frozenset(kinds[row["code"]]),
            province=provinces[row["province_code"]],
            former_districts=frozenset(formed[row["code"]]),
            former_provinces=frozenset(province_of[code] for code in formed[row["code"]]),
        )
        for row in tables["communes"]
    }


def _districts(tables: Tables, successors: dict[str, list[tuple[Place, str]]]) -> dict[str, District]:
    taken: dict[str, dict[str, Place]] = defaultdict(dict)
    for row in tables["former_units"]:
        for place, share in successors[row["code"]]:
            if share != Share.AREA_ONLY:
                taken[row["district_code"]][place.code] = place
    return {
        row["code"]: District(
            code=row["code"],
            full_name=f"{KIND_WORDS[row['kind']]} {row['name']}",
            kind=row["kind"],
            province=row["province_code"],
            successors=tuple(taken[row["code"]][code] for code in sorted(taken[row["code"]])),
        )
        for row in tables["former_districts"]
    }


def _former(row: dict[str, str], district: District, successors: tuple[tuple[Place, str], ...]) -> Former:
    return Former(
        code=row["code"],
        full_name=f"{KIND_WORDS[row['kind']]} {row['name']}",
        kind=row["kind"],
        district=district.code,
        province=district.province,
        present_provinces=frozenset(place.province.code for place, _share in successors),
        successors=successors,
    )


def _file_provinces(tables: Tables, names: dict[str, Names]) -> None:
    """One entry a name: "Lâm Đồng" is both the old and the present province."""
    kinds = _kinds(tables)
    found: dict[str, tuple[set[str], set[str], set[str], bool]] = {}

    def add(name: str, former: Iterable[str], present: Iterable[str], of: Iterable[str], alias: bool) -> None:
        entry = found.setdefault(name_marks(name), (set(), set(), set(), alias))
        entry[0].update(former)
        entry[1].update(present)
        entry[2].update(of)

    for row in tables["provinces"]:
        add(row["name"], (), (row["code"],), kinds[row["code"]], False)
    for row in tables["former_provinces"]:
        add(row["name"], (row["code"],), (), (row["kind"],), False)
    for row in tables["aliases"]:
        if row["level"] == "province":
            add(row["name"], (), (row["code"],), kinds[row["code"]], True)
        elif row["level"] == "former_province":
            add(row["name"], (row["code"],), (), (), True)
    for marked, (former, present, of, alias) in found.items():
        meaning = ProvinceName(frozenset(former), frozenset(present), frozenset(of))
        names[name_key(marked)].provinces.append(_named(meaning, marked, alias=alias))


def _file_aliases(
    tables: Tables, names: dict[str, Names], formers: dict[str, Former], districts: dict[str, District]
) -> None:
    for row in tables["aliases"]:
        filed = names[name_key(row["name"])]
        if row["level"] == "former_unit":
            filed.communes.append(_named(formers[row["code"]], row["name"], alias=True))
        elif row["level"] == "former_district":
            filed.districts.append(_named(districts[row["code"]], row["name"], alias=True))
