"""`nhipcau roster`: results on standard output or in files, faults with their place, exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.factories.cast import NOW, Cast
from tests.factories.crews import UNTIL, make_crew
from tests.factories.rosters import SHIFT_DAY

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def problem(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The problem of a small team, written by the command itself."""
    monkeypatch.setattr("nhipcau.roster.management.commands.roster.now", lambda: NOW)
    crew = make_crew(cast, people=4, days=2)
    path = tmp_path / "problem.json"
    dates = ["--from", SHIFT_DAY.isoformat(), "--until", UNTIL.isoformat()]
    call_command("roster", "export", str(crew.team.pk), *dates, "-o", str(path))
    return path


def left_with(*arguments: str) -> int:
    with pytest.raises((SystemExit, CommandError)) as left:
        call_command("roster", *arguments)
    return int(getattr(left.value, "returncode", getattr(left.value, "code", 0)))


def test_solved_and_checked(problem: Path, tmp_path: Path, capsys: Capture) -> None:
    result = tmp_path / "result.json"
    call_command("roster", "solve", str(problem), "--seconds", "10", "--seed", "3", "-o", str(result))
    told = capsys.readouterr()
    assert told.out == ""
    assert "optimal" in told.err
    assert json.loads(result.read_text())["seed"] == 3
    call_command("roster", "check", str(problem), str(result))
    found = json.loads(capsys.readouterr().out)
    assert found["ok"]
    assert found["violations"] == []


def test_the_result_comes_on_standard_output(problem: Path, capsys: Capture) -> None:
    call_command("roster", "solve", str(problem), "--seconds", "10")
    assert json.loads(capsys.readouterr().out)["format"] == "nhipcau.roster.result/1"


def test_a_wrong_result_is_found(problem: Path, tmp_path: Path, capsys: Capture) -> None:
    result = tmp_path / "result.json"
    call_command("roster", "solve", str(problem), "--seconds", "10", "-o", str(result))
    data: dict[str, Any] = json.loads(result.read_text())
    data["assignments"].append(data["assignments"][0])
    result.write_text(json.dumps(data))
    capsys.readouterr()
    assert left_with("check", str(problem), str(result)) == 1
    found = json.loads(capsys.readouterr().out)
    assert not found["ok"]
    assert "duplicate" in {one["rule"] for one in found["violations"]}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "nhipcau.roster.problem/1", "start": "x"}', "\x00"]
)
def test_files_that_cannot_be_used_are_named(db: None, tmp_path: Path, text: str) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(text)
    with pytest.raises(CommandError, match=r"bad\.json: .+") as refused:
        call_command("roster", "solve", str(bad))
    assert refused.value.returncode == 2
    assert left_with("check", str(bad), str(bad)) == 2
    assert left_with("solve", str(tmp_path / "none.json")) == 2
    assert left_with("solve", str(bad), "--seconds", "0") == 2


def test_an_unknown_team(db: None) -> None:
    arguments = ["--from", "2025-07-07", "--until", "2025-07-14"]
    assert left_with("export", "00000000-0000-0000-0000-000000000000", *arguments) == 2
