"""Situations of real people, one table for each guide: what they need, pay, wait for, and must ask.

The tables in `situations/` are decided from the sources that the guides name; where a guide and its source
disagreed, the source won. They check the papers, prices, times and places that they name, and no others: a
situation that names no fee says nothing about fees. No official has confirmed them yet. `needed`,
`maybe`, `absent` and `in_database` name papers that must be among those; `fees`, `time` and `where` are all
that certainly applies (`null`: the officer must say), the same with `maybe_` all that may apply.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from guides import Guide, checklist, parse, read_answers, read_yaml

ROOT = Path(__file__).resolve().parents[2]
TABLES = sorted((Path(__file__).parent / "situations").glob("*.yaml"))
TODAY = "2026-11-22"
PAPERS = ("needed", "maybe", "absent", "in_database")
ROWS = {"fees": "fees", "time": "time_limits", "where": "channels"}
SITUATION = {"name", "answers", "on", "province", "channel"}
RESULT = {*PAPERS, *ROWS, *(f"maybe_{key}" for key in ROWS), "ask", "online", "can_file_online"}


@cache
def guide_of(table: Path) -> Guide:
    """Read once for all its situations: a guide never changes."""
    return parse(read_yaml((ROOT / "data/guides" / table.name).read_text()).data)


@cache
def read(table: Path) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(table.read_text()).data
    return found


def situations() -> list[Any]:
    rows = []
    for table in TABLES:
        data = read(table)
        rows += [pytest.param(table, row, id=f"{table.stem}: {row['name']}") for row in data["situations"]]
    return rows


def said(key: str, row: dict[str, Any]) -> Any:
    """A fee, time limit or place as the tables write it."""
    if key == "fees":
        return row["amount"]
    return f"{row['value']} {row['unit']}" if key == "time" else row["kind"]


def answered(guide: Guide, row: dict[str, Any]) -> dict[str, Any]:
    on = str(row.get("on", TODAY))
    answers, problems = read_answers(guide.version_on(on), row["answers"])
    assert not problems
    place = {"province": row.get("province"), "channel": row.get("channel")}
    return checklist(guide, answers, on=date.fromisoformat(on), **place).as_json()


def papers(result: dict[str, Any]) -> dict[str, set[str]]:
    by_need: dict[str, set[str]] = {"needed": set(), "maybe": set(), "in_database": set()}
    for paper in result["documents"]:
        by_need[paper["need"]].add(paper["id"])
        if paper["in_database"]:
            by_need["in_database"].add(paper["id"])
    return by_need


@pytest.mark.parametrize(("table", "row"), situations())
def test_situation(table: Path, row: dict[str, Any]) -> None:
    assert set(row) <= SITUATION | RESULT
    guide = guide_of(table)
    result = answered(guide, row)
    found = papers(result)
    every = {
        item.id
        for version in guide.versions
        for requirement in version.requirements
        for evidence in requirement.evidence
        for item in evidence.items
    }
    found["absent"] = every - found["needed"] - found["maybe"]
    for key in PAPERS:
        assert set(row.get(key, ())) <= found[key], key
    for name, key in ROWS.items():
        for applies, prefix in (("yes", ""), ("maybe", "maybe_")):
            if prefix + name in row:
                rows = [said(name, entry) for entry in result[key] if entry["applies"] == applies]
                wanted = row[prefix + name]
                assert (sorted(set(rows)) if name == "where" else rows) == wanted, prefix + name
    assert set(row.get("ask", ())) <= set(result["ask"])
    assert row.get("online", result["online"]) == result["online"]
    if "can_file_online" in row:
        assert result["can_file_online"] == row["can_file_online"]


def test_every_guide_has_a_table_of_at_least_six() -> None:
    guides = {file.name for file in (ROOT / "data/guides").glob("*.yaml")}
    assert {table.name for table in TABLES} == guides
    for table in TABLES:
        data = read(table)
        assert data["guide"] in (guide_of(table).code, guide_of(table).slug)
        assert len(data["situations"]) >= 6, table.name
