"""Builds the gazetteer: links the rows of the tables by code and files every name a unit has or had.

Built once a process from the shipped tables (about a third of a second) and never changed after.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from nhipcau.core.text import fold
from nhipcau.places.convert.gazetteer import (
    District,
    Former,
    FormerProvince,
    Gazetteer,
    Named,
    Names,
    Place,
    Province,
    ProvinceName,
    name_key,
    name_marks,
    plain_key,
)
from nhipcau.places.convert.tables import FOLDER, Tables, read_tables
from nhipcau.places.enums import KIND_WORDS, Share

_FARM = "Nông trường "
LONGEST_INITIALS = 4


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
        row["code"]: _former(row, districts[row["district_code"]], successors[row["code"]])
        for row in tables["former_units"]
    }
    names: dict[str, Names] = defaultdict(Names)
    near_district: dict[str, list[Named]] = defaultdict(list)
    near_province: dict[str, list[Named]] = defaultdict(list)
    for place in places.values():
        named = _file_place(place, names)
        near_province[place.province.code].append(named)
        for code in place.former_districts:
            near_district[code].append(named)
    for row in tables["former_units"]:
        former = formers[row["code"]]
        named = _file_former(former, row["name"], names)
        near_district[former.district].append(named)
        near_province[former.province].append(named)
    _file_districts(tables, names, districts)
    _file_provinces(tables, names)
    _file_aliases(tables, names, formers, districts)
    return Gazetteer(
        names=dict(names),
        initials=_initials(tables, names),
        provinces={place.province.code: place.province for place in places.values()},
        former_provinces=_former_provinces(tables),
        places=places,
        districts=districts,
        near_district={code: tuple(found) for code, found in near_district.items()},
        near_province={code: tuple(found) for code, found in near_province.items()},
    )


def _named(
    of: Place | Former | District | ProvinceName, name: str, *, alias: bool = False, kind: str = ""
) -> Named:
    marked = "" if alias and name.isascii() else name_marks(name)
    return Named(of, marked, plain_key(name), alias, kind)


def _file_place(place: Place, names: dict[str, Names]) -> Named:
    named = _named(place, place.name)
    names[name_key(place.name)].communes.append(named)
    head, dash, _tail = place.name.partition(" - ")
    if dash:
        # "Phường Xuân Hương, Đà Lạt" for Phường Xuân Hương - Đà Lạt.
        names[name_key(head)].communes.append(_named(place, fold(head), alias=True))
    return named


def _file_former(former: Former, name: str, names: dict[str, Names]) -> Named:
    named = _named(former, name)
    names[name_key(name)].communes.append(named)
    if name.startswith(_FARM):
        # The farm's own name is what people say: "TT NT Trần Phú", "thị trấn Trần Phú".
        own = name.removeprefix(_FARM)
        for other in (own, f"NT {own}"):
            names[name_key(other)].communes.append(_named(former, other, alias=True))
    return named


def _file_districts(tables: Tables, names: dict[str, Names], districts: dict[str, District]) -> None:
    for row in tables["former_districts"]:
        district = districts[row["code"]]
        names[name_key(row["name"])].districts.append(_named(district, row["name"]))
        for part in row["name"].split(" - ") if " - " in row["name"] else ():
            names[name_key(part)].districts.append(_named(district, part, alias=True))


def _initials(tables: Tables, names: dict[str, Names]) -> dict[str, Names]:
    """Districts and provinces by the first letters of their names, where these have two words or more."""
    found: dict[str, Names] = defaultdict(Names)
    for table, level in (
        ("former_districts", "districts"),
        ("provinces", "provinces"),
        ("former_provinces", "provinces"),
    ):
        for name in sorted({row["name"] for row in tables[table]}):
            words = fold(name).split()
            if 2 <= len(words) <= LONGEST_INITIALS and words[-1].isalpha():
                filed = getattr(found["".join(word[0] for word in words)], level)
                for named in getattr(names[name_key(name)], level):
                    if not named.alias and named.marked == name_marks(name) and named not in filed:
                        filed.append(named)
    return dict(found)


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


def _former(row: dict[str, str], district: District, successors: list[tuple[Place, str]]) -> Former:
    """Successors stay in the order of their shares; among equals, the one that kept the name stands first."""
    order = [share for _place, share in successors]
    ranked = sorted(successors, key=lambda pair: (order.index(pair[1]), pair[0].name != row["name"]))
    return Former(
        code=row["code"],
        full_name=f"{KIND_WORDS[row['kind']]} {row['name']}",
        kind=row["kind"],
        district=district.code,
        province=district.province,
        present_provinces=frozenset(place.province.code for place, _share in successors),
        successors=tuple(ranked),
    )


def _file_provinces(tables: Tables, names: dict[str, Names]) -> None:
    """One entry a name: "Lâm Đồng" is both the old and the present province."""
    kinds = _kinds(tables)
    found: dict[str, tuple[set[str], set[str], set[str], str, bool]] = {}

    def add(name: str, former: Iterable[str], present: Iterable[str], of: Iterable[str], alias: bool) -> None:
        entry = found.setdefault(name_marks(name), (set(), set(), set(), name, alias))
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
    for former, present, of, name, alias in found.values():
        meaning = ProvinceName(frozenset(former), frozenset(present), frozenset(of))
        marked = name_marks(name)
        names[name_key(name)].provinces.append(Named(meaning, marked, plain_key(name), alias))


def _file_aliases(
    tables: Tables, names: dict[str, Names], formers: dict[str, Former], districts: dict[str, District]
) -> None:
    for row in tables["aliases"]:
        filed = names[name_key(row["name"])]
        if row["level"] == "former_unit":
            former = formers[row["code"]]
            filed.communes.append(_named(former, row["name"], alias=True, kind=row["kind"]))
        elif row["level"] == "former_district":
            district = districts[row["code"]]
            filed.districts.append(_named(district, row["name"], alias=True, kind=row["kind"]))
