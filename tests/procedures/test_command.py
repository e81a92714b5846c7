"""`nhipcau procedures …`: results on standard output, clear refusals, the right exit codes."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from nhipcau.procedures import queries

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
    assert set(found[0]) == {"code", "kind", "name", "score"}
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


def test_the_words_people_ask_with() -> None:
    result = answer("checklist", "1.004222", "--province", "68", "--channel", "online")
    assert result["fee"] == result["fees"]
    assert result["time"] == result["time_limits"]
    assert result["where"] == result["channels"]
    assert result["source"] == result["sources"][0]
    assert result["can_file_online"] == "yes"


@pytest.mark.parametrize("said", [True, "yes", "true", " YES "])
def test_an_answer_may_be_written_in_several_ways(said: Any) -> None:
    given = json.dumps({"over_60_days": said, "way": "Online", "who": None, "surrogacy": "Unknown"})
    assert answer("checklist", "1.001193", "--answers", given)["answers"] == {
        "over_60_days": "yes", "surrogacy": "unknown", "who": "unknown", "way": "online",
    }  # fmt: skip


def test_every_option_of_every_question_is_an_answer() -> None:
    for procedure in queries.library():
        code = procedure.public_code
        for question in answer("checklist", code, "--questions"):
            for option in question["options"]:
                given = json.dumps({question["id"]: option["value"]})
                result = answer("checklist", code, "--answers", given)
                assert result["answers"] == {question["id"]: option["value"]}


def test_a_day_before_the_rules_is_said() -> None:
    assert "not in this library" in run("checklist", "3.000465", "--on", "2025-07-10")


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
        (["checklist", "1.001193", "--on", "2026-02-30"], "YYYY-MM-DD"),
        (["checklist", "1.001193", "--answers", '{"over_60_days": 1}'], "expected one of"),
        (["checklist", "1.001193", "--province", "Lâm Đồng"], "province code"),
        (["checklist", "1.001193", "--province", "99"], "no province"),
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
