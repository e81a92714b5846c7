"""The batch door: guides made elsewhere are evaluated line by line, and nothing on a line can break it."""

import io
import json
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from guides import as_question, canonical, checklist, localise, parse, questions
from nhipcau.procedures.management.batch import MAX_NESTING, evaluate, evaluate_line
from tests.factories import hostile_guides as hostile

ROOT = Path(__file__).resolve().parents[2]
ON = "2026-11-22"


def sets_guide() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((ROOT / "tests/vectors/guides/sets.json").read_text())["guide"]
    return data


def answer(**asked: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(evaluate_line(json.dumps({"on": ON} | asked)))
    return data


def error(**asked: Any) -> tuple[str, str]:
    found = answer(**asked)["error"]
    return found["path"], found["message"]


def test_a_line_gives_the_checklist_and_the_questions_of_the_engine() -> None:
    said = {"note": "no"}
    guide = parse(sets_guide())
    asked = {"guide": sets_guide(), "answers": said, "province": "68", "channel": "online"}
    result = answer(**asked)
    on = date.fromisoformat(ON)
    expected = checklist(guide, said, on=on, province="68", channel="online").as_json()
    open_questions = [as_question(fact) for fact in questions(guide, said, on=on)]
    assert canonical(result) == canonical({"checklist": expected, "questions": open_questions})
    in_thai = answer(**asked, language="th")
    assert canonical(in_thai) == canonical(
        localise({"checklist": expected, "questions": open_questions}, "th")
    )


def test_answers_are_read_as_in_the_api_only_when_asked() -> None:
    said = {"note": " NO ", "witness": 7, "nobody": "yes"}
    assert answer(guide=sets_guide(), answers=said)["checklist"]["answers"] == {}
    result = answer(guide=sets_guide(), answers=said, read=True)
    assert result["checklist"]["answers"] == {"note": "no"}
    assert result["problems"] == [
        {"fact": "nobody", "value": "", "expected": ""},
        {"fact": "witness", "value": "7", "expected": "one of yes, no, unknown"},
    ]


def test_what_cannot_be_read_is_named() -> None:
    guide = sets_guide()
    assert error() == ("", "expected names with values")
    assert error(guide=guide | {"slug": 1}) == ("slug", "expected text (put it in quotes)")
    assert error(guide=guide | {"versions": {}}) == ("versions", "expected a list")
    assert error(guide=guide, answers=[]) == ("answers", "expected names with values")
    assert error(guide=guide, on="2026-02-29") == ("on", "expected a day written as YYYY-MM-DD")
    assert error(guide=guide, province=68) == ("province", "expected text (put it in quotes)")
    assert error(guide=guide, language="fr") == ("language", "expected one of vi, en, th")


@pytest.mark.parametrize("line", ["", "{", "[1,]", '{"guide": NaN}', "-Infinity", "'a'", "{} {}", "\ufeff{}"])
def test_what_is_not_json_is_said_to_be_none(line: str) -> None:
    assert json.loads(evaluate_line(line)) == {"error": {"path": "", "message": "this line is not JSON"}}


@pytest.mark.parametrize("depth", [MAX_NESTING + 1, 200_000])
@pytest.mark.parametrize("close", ["]", ""])
def test_deep_nesting_is_refused_before_it_is_read(depth: int, close: str) -> None:
    found = json.loads(evaluate_line("[" * depth + close * depth))["error"]["message"]
    assert found == f"nested more than {MAX_NESTING} deep"
    assert error(guide='"\\[' * depth) == ("", "expected names with values")


def test_numbers_of_any_length_are_read() -> None:
    line = '{"on": "2026-11-22", "answers": {"n": %s}, "guide": {}}' % ("9" * 100_000)
    assert json.loads(evaluate_line(line))["error"]["path"] == "versions"


def test_a_byte_order_mark_and_blank_lines_are_passed_over() -> None:
    lines = io.BytesIO(b"\xef\xbb\xbf{}\n\n  \r\n[]\r\n1")
    assert len(list(evaluate(lines))) == 3


@given(st.randoms(use_true_random=False))
def test_nothing_on_a_line_breaks_the_door(random: Random) -> None:
    result = json.loads(evaluate_line(hostile.line(random)))
    assert "error" in result or {"checklist", "questions"} <= set(result)


@pytest.mark.django_db
def test_the_command_reads_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps({"guide": sets_guide(), "answers": {}, "on": ON}) + "\nnonsense\n")
    call_command("procedures", "batch", str(file))
    first, second = capsys.readouterr().out.splitlines()
    assert json.loads(first)["checklist"]["slug"] == "sets"
    assert "not JSON" in json.loads(second)["error"]["message"]
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("procedures", "batch", str(tmp_path / "missing"))
