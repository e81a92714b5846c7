"""Compare ``data/places`` with a folder of independent reference data (``compile_places.py --check``)."""

import csv
import gzip
import json
import math
from collections import Counter, defaultdict
from pathlib import Path

from nhipcau.core.text import fold_marks

TODAY = {"commune": 2599, "ward": 709, "special_zone": 13, "city": 9, "province": 25}
WORDS = {"commune": "xã", "ward": "phường", "special_zone": "đặc khu"}
# The stray district row of the official table: tidal flats, already a part of the commune it names.
STRAY_DISTRICT = "376"
FAR_KM = 5.0
KM_PER_DEGREE = 111.2

Rows = list[dict[str, str]]


def differences(places: Path, reference: Path) -> list[str]:
    """One line for each thing in which the compiled data and the reference disagree."""
    table = {file.stem: read(file) for file in places.glob("*.csv")}
    return [
        *count_differences(table),
        *unit_differences(table, read(reference / "units.csv")),
        *province_differences(table, reference / "provinces.json"),
        *link_differences(table, read(reference / "old_to_new.csv.gz")),
    ]


def read(file: Path) -> Rows:
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def kinds_today(table: dict[str, Rows]) -> dict[str, str]:
    return {row["unit_code"]: row["kind"] for row in table["unit_kinds"] if not row["valid_until"]}


def count_differences(table: dict[str, Rows]) -> list[str]:
    counts = Counter(kinds_today(table).values())
    return [f"{kind}: {counts[kind]}, not {right}" for kind, right in TODAY.items() if counts[kind] != right]


def unit_differences(table: dict[str, Rows], reference: Rows) -> list[str]:
    kinds = kinds_today(table)
    ours = {row["code"]: row for row in table["communes"]}
    found = [f"unit {code} only on one side" for code in ours.keys() ^ {row["code"] for row in reference}]
    for right in reference:
        unit = ours.get(right["code"])
        if unit is None:
            continue
        if fold_marks(unit["name"]) != fold_marks(right["name"]):
            found.append(f"{unit['code']} is {unit['name']}, there {right['name']}")
        if unit["province_code"] != right["province_code"] or WORDS[kinds[unit["code"]]] != right["type"]:
            found.append(f"{unit['code']} {unit['name']}: other province or kind")
        far = min(
            distance_km(unit, right, "lat", "lon"), distance_km(unit, right, "centroid_lat", "centroid_lon")
        )
        if far > FAR_KM:
            found.append(f"{unit['code']} {unit['name']}: point {far:.0f} km away")
    return found


def distance_km(unit: dict[str, str], right: dict[str, str], latitude: str, longitude: str) -> float:
    north = float(unit["latitude"]) - float(right[latitude])
    east = float(unit["longitude"]) - float(right[longitude])
    return KM_PER_DEGREE * math.hypot(north, east * math.cos(math.radians(float(right[latitude]))))


def province_differences(table: dict[str, Rows], file: Path) -> list[str]:
    kinds = kinds_today(table)
    sizes = Counter(row["province_code"] for row in table["communes"])
    found = []
    for right in json.loads(file.read_text("utf-8")):
        code = right["code"]
        if kinds.get(code) != right["type"] or sizes[code] != right["n_units"]:
            found.append(f"province {code}: {kinds.get(code)} with {sizes[code]} units")
    return found


def link_differences(table: dict[str, Rows], reference: Rows) -> list[str]:
    ours: dict[str, list[str]] = defaultdict(list)
    first: dict[str, str] = {}
    for row in table["successions"]:
        ours[row["former_code"]].append(row["unit_code"])
        if row["share"] == "whole_population":
            first[row["former_code"]] = row["unit_code"]
    theirs: dict[str, set[str]] = defaultdict(set)
    takes: dict[str, str] = {}
    for row in reference:
        former = row["old_ward_code"] or row["old_district_code"]
        theirs[former].add(row["new_ward_code"])
        if row["kind"] == "split_population":
            takes[former] = row["new_ward_code"]
    theirs.pop(STRAY_DISTRICT, None)
    found = [
        f"former {code}: {ours.get(code)}, there {sorted(theirs[code])}"
        for code in theirs
        if set(ours.get(code, [])) != theirs[code]
    ]
    found += [
        f"former {code}: population to {first.get(code)}, there {takes.get(code)}"
        for code in takes.keys() | first.keys()
        if first.get(code) != takes.get(code)
    ]
    known = {row["code"] for row in table["former_units"]}
    return found + [f"former {code} has no name or no successor" for code in known ^ ours.keys()]
