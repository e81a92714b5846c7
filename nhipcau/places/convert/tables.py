"""Reads the shipped tables of places as they stand in `data/places`."""

import csv
import hashlib
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "data" / "places"
NAMES = (
    "provinces",
    "communes",
    "unit_kinds",
    "former_provinces",
    "former_districts",
    "former_units",
    "successions",
    "aliases",
)

Tables = dict[str, list[dict[str, str]]]


def read_tables(folder: Path = FOLDER) -> Tables:
    """Every table by its name; each row as a dictionary of texts."""
    tables = {}
    for name in NAMES:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    return tables


def digest(folder: Path = FOLDER) -> str:
    """Changes exactly when a table changes."""
    seen = hashlib.sha256()
    for name in NAMES:
        seen.update((folder / f"{name}.csv").read_bytes())
    return seen.hexdigest()
