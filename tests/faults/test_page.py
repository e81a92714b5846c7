"""The published page names every fault in both halves, and nothing is lost, doubled or silent."""

import re

import pytest

from tests.databases import ROOT

from .plan import EVERY_FAULT, Disaster, Fault
from .verdict import LEAST_OPERATIONS

PAGE = ROOT / "docs" / "reference" / "sync-faults.md"
ROW = re.compile(r"^\| (.+?) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
ON_THE_SERVER = (*EVERY_FAULT, Disaster.SERVER_KILLED, Disaster.DATABASE_LOST)


@pytest.mark.parametrize(
    ("title", "faults"),
    [("The server", ON_THE_SERVER), ("The app in the browser", (*EVERY_FAULT, *Disaster))],
)
def test_every_fault_is_published(title: str, faults: tuple[Fault | Disaster, ...]) -> None:
    part = PAGE.read_text(encoding="utf-8").split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    rows = {name.casefold(): [int(count) for count in counts] for name, *counts in ROW.findall(part)}
    assert set(rows) == {fault.casefold() for fault in faults}
    for operations, _seed, *wrong in rows.values():
        assert operations >= LEAST_OPERATIONS
        assert wrong == [0, 0, 0]


def test_the_long_replay_is_published() -> None:
    text = PAGE.read_text(encoding="utf-8").split("## The long replay\n", 1)[1]
    assert re.search(r"Lost 0, doubled 0, silent 0\b", text)
    assert int(re.findall(r": ([\d,]+) commands of", text)[0].replace(",", "")) >= 100_000


def test_the_speed_is_published() -> None:
    text = PAGE.read_text(encoding="utf-8").split("## Speed\n", 1)[1]
    rate, day = re.search(r"\*\*([\d,]+) a second\*\*", text), re.search(r"sent in \*\*([\d.]+) s\*\*", text)
    assert rate is not None
    assert int(rate[1].replace(",", "")) >= 1_500
    assert day is not None
    assert float(day[1]) < 2
