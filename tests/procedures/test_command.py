"""`nhipcau procedures …`: results on standard output, clear refusals, the right exit codes."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("procedures", *arguments, stdout=out)
    return out.getvalue()


def answer(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    assert caught.value.returncode == 2
    return str(caught.value)


def test_search() -> None:
    found = answer("search", "làm lại bằng lái bị mất")
    assert found[0]["code"] == "3.000348"
    assert set(found[0]) == {"code", "name", "score"}
    assert answer("search", "xin visa Mỹ") == []
    assert "ask the officer" in run("search", "xin visa Mỹ")


def test_search_a_file(tmp_path: Path) -> None:
    file = tmp_path / "queries.csv"
    file.write_text('\ufeffquery,note\nmất cccd,a\n"xin visa, Mỹ",b\n,c\n', encoding="utf-8")
    lines = [json.loads(line) for line in run("search", "--file", str(file)).splitlines()]
    assert [line["query"] for line in lines] == ["mất cccd", "xin visa, Mỹ", ""]
    assert lines[0]["results"][0]["code"] == "1.014064"
    assert lines[1]["results"] == lines[2]["results"] == []


def test_files_that_cannot_be_searched(tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("text\nx\n")
    assert "column `query`" in refused("search", "--file", str(file))
    assert "cannot be read" in refused("search", "--file", str(tmp_path / "none.csv"))
    assert "Give a query" in refused("search")


def test_checklist_and_questions_agree() -> None:
    questions = answer("checklist", "1.001193", "--questions")
    assert all(question["text"] and question["options"] for question in questions)
    way = next(question for question in questions if question["id"] == "way")
    assert {option["value"] for option in way["options"]} >= {"online", "direct", "unknown"}
    result = answer("checklist", "birth-registration", "--answers", '{"way": "online"}')
    assert result["answers"] == {"way": "online"}
    for key in ("documents", "fees", "time_limits", "channels", "online", "sources"):
        assert result[key], key
    assert {"name", "form", "why", "how_to_get", "in_database", "need"} <= set(result["documents"][0])


def test_day_and_language() -> None:
    assert answer("checklist", "1.001193", "--on", "2025-07-02", "--lang", "en")["name"] == "Register a birth"
    assert "[?]" in run("checklist", "1.001193")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["checklist", "1.999999"], "not in the library"),
        (["checklist", "1.001193", "--answers", "{"], "not JSON"),
        (["checklist", "1.001193", "--answers", "[1]"], "JSON object"),
        (["checklist", "1.001193", "--answers", "[" * 100_000], "not JSON"),
        (["checklist", "1.001193", "--answers", '{"nobody": "yes"}'], "no question"),
        (["checklist", "1.001193", "--answers", '{"way": "on foot"}'], "expected one of"),
        (["checklist", "1.001193", "--on", "tomorrow"], "YYYY-MM-DD"),
        (["checklist", "1.001193", "--province", "Lâm Đồng"], "province code"),
    ],
)
def test_refusals_are_sentences(arguments: list[str], message: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        assert message in refused(*arguments)


def test_lint_of_what_ships_and_of_a_bad_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no fault found" in run("lint")
    file = tmp_path / "bad.yaml"
    file.write_text("schema: 1\nslug: bad\nslug: worse\n")
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("procedures", "lint", str(file), stdout=out)
    assert stopped.value.code == 1
    assert f"{file}:3: " in out.getvalue()
    assert "cannot be read" in refused("lint", str(tmp_path / "none.yaml"))


def test_loading_again_says_so() -> None:
    err = StringIO()
    call_command("procedures", "load", stderr=err)
    assert "already loaded" in err.getvalue()
    call_command("procedures", "load", "--quiet", stderr=err)
