"""Plug-in of pytest (`-p tests.faults.collect`): gathers what the tests of faults tell for the page."""

import json
from pathlib import Path

import pytest

from .verdict import PROPERTY

RESULT = Path(__file__).resolve().parents[2] / "build" / "sync-faults.json"
_rows: list[object] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call":
        _rows.extend(value for name, value in report.user_properties if name == PROPERTY)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Only the process that sees all reports writes."""
    if not hasattr(session.config, "workerinput"):
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps(_rows, indent=1, ensure_ascii=False), encoding="utf-8")
