"""Faults are found, with file and line, and hostile files do no harm."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from guides import lint, lint_library, lint_text, parse, read_yaml

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "data/guides").glob("*.yaml"))


def words(text: str) -> dict[str, str]:
    return {"vi": text, "en": text, "th": text}


def good() -> dict[str, Any]:
    return {
        "schema": 1,
        "slug": "sound-guide",
        "code": "1.000001",
        "kind": "procedure",
        "life_event": "birth",
        "name": words("name"),
        "official_name": "Tên",
        "summary": words("summary"),
        "keywords": {"vi": ["một"], "en": [], "th": []},
        "versions": [
            {
                "valid_from": "2025-07-01",
                "valid_until": None,
                "sources": [
                    {
                        "id": "portal",
                        "title": "T",
                        "kind": "portal",
                        "checked_on": "2026-07-18",
                        "confidence": "high",
                    }
                ],
                "facts": [
                    {"id": "late", "type": "yes_no", "question": words("late?")},
                    {
                        "id": "who",
                        "type": "choice",
                        "question": words("who?"),
                        "options": [{"value": v, "text": words(v)} for v in ("me", "proxy")],
                    },
                ],
                "requirements": [
                    {
                        "id": "form",
                        "title": words("f"),
                        "why": words("w"),
                        "evidence": [{"items": [item("form")]}],
                    },
                    {
                        "id": "note",
                        "title": words("n"),
                        "why": words("w"),
                        "when": {"all": [{"fact": "late", "is": "yes"}, {"fact": "who", "is": "proxy"}]},
                        "evidence": [{"items": [item("note")]}],
                    },
                ],
                "steps": [words("go")],
            }
        ],
    }


def item(name: str) -> dict[str, Any]:
    return {"id": name, "name": words(name), "form": "original"}


def change(path: list[Any], value: Any) -> dict[str, Any]:
    data = copy.deepcopy(good())
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return data


V, R = ["versions", 0], ["versions", 0, "requirements", 1]
FAULTS: list[tuple[list[Any], Any, str]] = [
    ([*R, "when"], {"fact": "nobody", "is": "yes"}, 'there is no fact "nobody"'),
    ([*R, "when"], {"fact": "who", "is": "ghost"}, "does not fit"),
    ([*R, "when"], {"fact": "late", "is": "yes", "unless": 1}, "does not fit"),
    ([*R, "when"], {"fact": "late"}, "a comparison is missing"),
    ([*R, "when"], {"every": []}, "this is not a rule"),
    ([*R, "when"], {"all": []}, "needs at least one rule"),
    ([*R, "when"], {"all": [{"fact": "late", "is": "yes"}, {"fact": "late", "is": "no"}]}, "never true"),
    ([*R, "evidence", 0, "when"], {"not": {"fact": "late", "is": "yes"}}, "nobody can reach"),
    ([*R, "evidence"], [], "at least one paper"),
    ([*R, "evidence", 0, "items"], [], "may not be empty"),
    ([*R, "evidence", 0, "items", 0, "id"], "form", "already a paper of"),
    ([*R, "evidence", 0, "items", 0, "form"], "scan", "is not one of"),
    ([*R, "id"], "form", "used twice"),
    ([*R, "source"], "rumour", 'there is no source "rumour"'),
    ([*R, "why"], None, "say why"),
    ([*R, "title"], {"vi": "chỉ một tiếng"}, "the text in th is missing"),
    (["name"], {"vi": "a", "en": "", "th": "b"}, "the text in en is missing"),
    ([*V, "sources"], [], "at least one source"),
    ([*V, "sources", 0, "checked_on"], "18/07/2026", "is not a day"),
    ([*V, "valid_from"], "2025-02-30", "is not a day"),
    ([*V, "valid_until"], "2025-07-01", "ends before it begins"),
    ([*V, "facts", 1, "options", 1, "value"], "me", "used twice"),
    ([*V, "facts", 1, "options", 1, "value"], "unknown", "always offered"),
    ([*V, "requirements"], [good()["versions"][0]["requirements"][1]], "leads to an empty list"),
    ([*V, "facts", 0, "type"], "free_text", "expected one of"),
    ([*V, "fees"], [{"amount": -1}], "less than 0"),
    ([*V, "fees"], [{"amount": 1, "provinces": ["Lâm Đồng"]}], "not a province code"),
    ([*V, "feess"], [], "is not a field of a version"),
    ([*R, "whn"], {"fact": "late", "is": "yes"}, "is not a field of a requirement"),
    ([*R, "evidence", 0, "wen"], None, "is not a field of a set of papers"),
    ([*R, "evidence", 0, "items", 0, "copies"], 2, "is not a field of a paper"),
    ([*R, "evidence", 0, "items", 0, "in_database"], "yes", "expected true or false"),
    ([*R, "evidence", 0, "items", 0, "name"], {}, "the text is missing"),
    ([*R, "title"], {"fact": "late", "is": "yes"}, "a text has only the languages"),
    ([*V, "facts", 0, "options"], [{"value": "a", "text": {}}], "the text is missing"),
    ([*V, "facts", 1, "hint"], words("x"), "is not a field of a question"),
    ([*V, "fees"], [{"amount": 1, "provinc": ["68"]}], "is not a field of a fee"),
    ([*V, "steps"], [{}], "the text is missing"),
    (["keywords"], {"vi": [], "fr": []}, "words have only the languages"),
    (["summary"], words("đăng k\ufffd"), "save the file as UTF-8"),
    (["code"], "1001193", "national code looks like"),
    (["code"], 1.001193, "quotes"),
    (["life_event"], "party", "is not one of"),
    (["summary"], words("x\u202egnp.exe"), "direction-changing"),
    (["summary"], words("a\x00b"), "invisible"),
    (["summary"], words("<script>alert(1)</script>"), "HTML"),
    (["summary"], words("{% include 'x' %}"), "template"),
    (["summary"], words("JavaScript:alert(1)"), "runs code"),
    (["summary"], words("e\u0301"), "NFC"),
    (["summary"], words("x" * 2000), "longer than"),
    (["versions"], [], "at least one version"),
    (["versions"], [good()["versions"][0], good()["versions"][0]], "two versions are in force"),
]


def test_a_sound_guide_has_no_faults() -> None:
    assert lint(good(), file="x.yaml") == []


@pytest.mark.parametrize(("path", "value", "message"), FAULTS)
def test_each_fault_is_found(path: list[Any], value: Any, message: str) -> None:
    found = [problem.message for problem in lint(change(path, value), file="x.yaml")]
    assert any(message in text for text in found), found


def test_a_question_that_changes_nothing_is_a_fault() -> None:
    data = change([*R, "when"], {"fact": "late", "is": "yes"})
    assert any('no rule uses "who"' in problem.message for problem in lint(data))


def test_a_fault_names_file_and_line() -> None:
    text = yaml.safe_dump(
        change([*R, "when"], {"fact": "nobody", "is": "yes"}), allow_unicode=True, sort_keys=False
    )
    line = next(i for i, row in enumerate(text.splitlines(), start=1) if "nobody" in row)
    problem = next(problem for problem in lint_text(text, "guides/x.yaml") if "nobody" in problem.message)
    assert abs(problem.line - line) <= 1
    assert str(problem).startswith(f"guides/x.yaml:{problem.line}: ")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: [1, 2\n", 3, "expected"),
        ("a: 1\nb: 2\na: 3\n", 3, "given twice"),
        ("a: &x [1]\nb: *x\n", 1, "anchors"),
        ("a: 1\nb: !!python/object/apply:os.system ['true']\n", 2, "tags"),
        ("a: 1\n---\nb: 2\n", 2, "one guide for each file"),
        ("a: " + "[" * 60 + "]" * 60, 1, "nested"),
        ("a: " + "[" * 20000, 1, "nested"),
        ("? [x]\n: y\n", 1, "plain word"),
        ("1.001193: y\n", 1, "quotes"),
        ("a: 1\nb: \x07\n", 2, "not allowed"),
        ("a: '" + "x" * 500_000 + "'", 1, "longer than"),
        ("\ta: 1", 1, ""),
    ],
)
def test_bad_yaml_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    (problem,) = lint_text(text, "x.yaml")
    assert problem.line == line
    assert message in problem.message


def test_words_of_yaml_1_1_stay_words() -> None:
    assert read_yaml("a: yes\nb: 2026-07-18\nc: 010\nd: true\ne: 7\nf: ~\ng: 12:30").data == {
        "a": "yes", "b": "2026-07-18", "c": "010", "d": True, "e": 7, "f": None, "g": "12:30",
    }  # fmt: skip


def test_faults_between_guides() -> None:
    reading = read_yaml("slug: x")
    one = parse(change(["replaces"], ["1.000002"]))
    two = parse(
        change(["replaces"], ["1.000001"]) | {"slug": "other", "code": "1.000002", "see_also": ["nowhere"]}
    )
    twin = parse(good() | {"code": "1.000003"})
    messages = [
        p.message for p in lint_library({"a": (one, reading), "b": (two, reading), "c": (twin, reading)})
    ]
    assert any("a circle" in message for message in messages)
    assert any("also used by a" in message for message in messages)
    assert any('no guide "nowhere"' in message for message in messages)


@pytest.mark.parametrize("file", GUIDES, ids=lambda file: file.stem)
def test_every_guide_that_ships_is_sound(file: Path) -> None:
    assert [str(problem) for problem in lint_text(file.read_text(), file.name)] == []
