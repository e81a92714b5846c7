"""How often the converter gives exactly the official successors, for every former and every present unit.

    python benchmarks/convert_addresses.py FOLDER [--misses N]

FOLDER holds the official conversion table as `old_to_new.csv.gz` and the present units as `units.csv`.
Each unit is written in many ways; a way is right when the candidates are the official set, the unit
that took the whole population first where the table names one. Prints a table of rates and the time.
"""

import argparse
import csv
import gzip
import sys
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nhipcau.core.text import fold
from nhipcau.places.convert import convert, shipped_gazetteer

SHORT = {
    "Thị trấn": "TT.",
    "Thành phố": "TP.",
    "Thị xã": "TX.",
    "Phường": "P.",
    "Quận": "Q.",
    "Huyện": "H.",
    "Xã": "X.",
    "Tỉnh": "T.",
}
STRAY_DISTRICT = "376"


def shorten(name: str) -> str:
    for word, short in SHORT.items():
        if name.startswith(word + " "):
            return short + name[len(word) + 1 :]
    return name


def strip_kind(name: str) -> str:
    for word in SHORT:
        if name.startswith(word + " ") and not name.rsplit(" ", 1)[1].isdigit():
            return name[len(word) + 1 :]
    return name


def bare(*parts: str) -> str:
    return " ".join(fold(part) for part in parts if part)


Way = Callable[[str, str, str], str]
OLD_WAYS: dict[str, Way] = {
    "as printed": lambda c, d, p: ", ".join(filter(None, (c, d, p))),
    "no marks": lambda c, d, p: ", ".join(fold(x).title() for x in (c, d, p) if x),
    "capitals": lambda c, d, p: ", ".join(x.upper() for x in (c, d, p) if x),
    "no marks no commas": bare,
    "no commas": lambda c, d, p: " ".join(filter(None, (c, d, p))),
    "decomposed": lambda c, d, p: unicodedata.normalize("NFD", ", ".join(filter(None, (c, d, p)))),
    "short kinds": lambda c, d, p: ", ".join(shorten(x) for x in (c, d, p) if x),
    "short kinds glued": lambda c, d, p: ",".join(shorten(x) for x in (c, d, p) if x),
    "short kinds no marks": lambda c, d, p: bare(*(shorten(x) for x in (c, d, p) if x)),
    "no kinds": lambda c, d, p: ", ".join(strip_kind(x) for x in (c, d, p) if x),
    "kind of commune only": lambda c, d, p: ", ".join(filter(None, (c, strip_kind(d), p))),
    "kind of commune only bare": lambda c, d, p: bare(c, strip_kind(d), p),
    "street in front": lambda c, d, p: "Số 12/3 đường Lê Lợi, " + ", ".join(filter(None, (c, d, p))),
    "street no commas": lambda c, d, p: bare("so 12 duong le loi", c, d, p),
    "hamlet in front": lambda c, d, p: ", ".join(filter(None, ("Tổ 5, thôn Tân Lập", c, d, p, "Việt Nam"))),
    "dashes": lambda c, d, p: " - ".join(filter(None, (c, d, p))),
    "large to small": lambda c, d, p: ", ".join(filter(None, (p, d, c))),
}


def read(file: Path) -> Iterator[dict[str, str]]:
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


NEW_WAYS: dict[str, Way] = {
    "as printed": lambda c, d, p: f"{c}, {p}",
    "no province word": lambda c, d, p: f"{c}, {strip_kind(p)}",
    "no marks no commas": lambda c, d, p: bare(c, p),
    "short kinds": lambda c, d, p: f"Số 7 Trần Phú, {shorten(c)}, {shorten(p)}",
    "no kinds": lambda c, d, p: f"{strip_kind(c)}, {strip_kind(p)}",
}
Unit = tuple[str, str, str]


class Clock:
    """Counts addresses and the time spent in the converter alone."""

    def __init__(self) -> None:
        self.gazetteer = shipped_gazetteer()
        self.seconds = 0.0
        self.count = 0

    def codes(self, text: str) -> list[str]:
        start = time.perf_counter()
        answer = convert(text, self.gazetteer)
        self.seconds += time.perf_counter() - start
        self.count += 1
        return [item.code for item in answer.candidates]


def measure_former(clock: Clock, folder: Path, misses: int) -> None:
    expected: dict[Unit, set[str]] = defaultdict(set)
    first: dict[Unit, str] = {}
    named: dict[str, Unit] = {}
    for row in read(folder / "old_to_new.csv.gz"):
        code = row["old_ward_code"] or row["old_district_code"]
        if code == STRAY_DISTRICT:
            continue
        name = unicodedata.normalize("NFC", row["old_ward"])
        unit = named.setdefault(code, (name, row["old_district"], row["old_province"]))
        expected[unit].add(row["new_ward_code"])
        if row["kind"] == "split_population":
            first[unit] = row["new_ward_code"]
    print(f"{'former units':34}{'right':>9}{'contains':>10}")
    for name, way in OLD_WAYS.items():
        right = contains = 0
        shown: list[str] = []
        for unit, wanted in expected.items():
            got = clock.codes(way(*unit))
            fine = set(got) == wanted and (unit not in first or got[0] == first[unit])
            right += fine
            contains += wanted <= set(got)
            if not fine:
                shown.append(f"    {way(*unit)} → {got[:6]} wanted {sorted(wanted)}")
        print(f"{name:34}{right / len(expected):9.2%}{contains / len(expected):10.2%}")
        print("\n".join(shown[:misses]), end="\n" if shown[:misses] else "")


def measure_present(clock: Clock, folder: Path, misses: int) -> None:
    units = list(read(folder / "units.csv"))
    provinces = {code: item.full_name for code, item in clock.gazetteer.provinces.items()}
    print(f"{'present units':34}{'first':>9}{'contains':>10}{'only':>10}")
    for name, way in NEW_WAYS.items():
        firsts = contains = only = 0
        shown: list[str] = []
        for row in units:
            text = way(row["full_name"], "", provinces[row["province_code"]])
            got = clock.codes(text)
            firsts += got[:1] == [row["code"]]
            contains += row["code"] in got
            only += got == [row["code"]]
            if row["code"] not in got:
                shown.append(f"    {text} → {got[:6]} wanted {row['code']}")
        rates = f"{firsts / len(units):9.2%}{contains / len(units):10.2%}{only / len(units):10.2%}"
        print(f"{name:34}{rates}")
        print("\n".join(shown[:misses]), end="\n" if shown[:misses] else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="show N misses of each way")
    options = parser.parse_args()
    clock = Clock()
    measure_former(clock, options.folder, options.misses)
    measure_present(clock, options.folder, options.misses)
    print(f"{clock.count:,} addresses, {clock.seconds / clock.count * 1e3:.3f} ms each")


if __name__ == "__main__":
    main()
