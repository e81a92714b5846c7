"""The checklist engine on named situations and on the golden vectors."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guides import (
    UnableToReadGuide,
    canonical,
    checklist,
    localise,
    next_question,
    parse,
    questions,
    read_answers,
)

ROOT = Path(__file__).resolve().parents[2]
VECTORS = sorted((ROOT / "tests/vectors/guides").glob("*.json"))
ON = date(2026, 11, 22)


def guide(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((ROOT / f"tests/vectors/guides/{name}.json").read_text())["guide"]
    return data


def papers(name: str, answers: dict[str, Any], **given: Any) -> dict[str, str]:
    result = checklist(parse(guide(name)), answers, on=ON, **given).as_json()
    return {document["id"]: document["need"] for document in result["documents"]}


@pytest.mark.parametrize("file", VECTORS, ids=lambda file: file.stem)
def test_golden_vectors(file: Path) -> None:
    """The same files are run by the second evaluator; results must agree byte for byte."""
    vector = json.loads(file.read_text())
    assert vector["cases"]
    for case in vector["cases"]:
        result = checklist(
            parse(vector["guide"]),
            case["answers"],
            on=date.fromisoformat(case["on"]),
            province=case["province"],
            channel=case["channel"],
        )
        assert canonical(result.as_json()) == canonical(case["expected"])


def test_a_definite_no_removes_and_a_definite_yes_requires() -> None:
    assert papers("logic", {"late": "yes"})["late_note"] == "needed"
    assert "late_note" not in papers("logic", {"late": "no"})
    assert papers("logic", {"late": "unknown"})["late_note"] == "maybe"


def test_one_false_part_decides_although_the_rest_is_unknown() -> None:
    assert "proxy_paper" not in papers("logic", {"proxy": "no"})
    assert papers("logic", {"proxy": "yes"})["proxy_paper"] == "maybe"


@pytest.mark.parametrize(("born", "shown"), [("2012-11-22", "adult"), ("2012-11-23", "teen")])
def test_age_is_counted_in_completed_years(born: str, shown: str) -> None:
    found = papers("logic", {"born_on": born})
    assert {"adult", "teen"} & set(found) == {shown}
    assert found[shown] == "needed"


def test_any_one_set_is_enough_and_all_of_its_papers() -> None:
    documents = checklist(parse(guide("sets")), {"note": "no", "witness": "yes"}, on=ON).as_json()[
        "documents"
    ]
    proof = [(d["id"], d["choice"], d["choices"]) for d in documents if d["requirement"] == "proof"]
    assert proof == [("statement", 1, 2), ("witness_card", 1, 2), ("undertaking", 2, 2)]


def test_a_proof_that_is_certainly_needed_says_so_even_while_the_way_is_open() -> None:
    first = checklist(parse(guide("sets")), {}, on=ON).as_json()["documents"][0]
    assert (first["requirement_need"], first["need"], first["depends_on"]) == (
        "needed",
        "maybe",
        ["note", "witness"],
    )


def test_a_provincial_fee_takes_the_place_of_the_national_one_only_there_and_then() -> None:
    def fees(province: str | None, on: date = ON) -> list[tuple[Any, str]]:
        rows = checklist(parse(guide("rows")), {"exempt": "no"}, on=on, province=province).as_json()["fees"]
        return [(row["amount"], row["applies"]) for row in rows if row["per"] or row["amount"] == 0]

    assert fees("31") == [(0, "yes")]
    assert fees("68") == [(50000, "yes")]
    assert fees(None) == [(50000, "maybe"), (0, "maybe")]
    assert fees("31", date(2026, 8, 7)) == [(50000, "yes")]
    assert fees("68", date(2027, 1, 1)) == [(100000, "yes")]


def test_a_local_way_to_file_does_not_hide_the_others() -> None:
    rows = checklist(parse(guide("rows")), {}, on=ON, province="68").as_json()["channels"]
    assert [(row["kind"], row["applies"]) for row in rows] == [("direct", "yes"), ("online", "yes")]


def test_what_no_source_says_is_asked_of_the_officer() -> None:
    result = checklist(parse(guide("logic")), {}, on=ON).as_json()
    assert result["ask"] == ["fees", "time_limits", "channels"]


def test_the_version_in_force_is_used_and_its_end_day_is_not_part_of_it() -> None:
    def first(day: date) -> str:
        return str(checklist(parse(guide("versions")), {}, on=day).as_json()["documents"][0]["id"])

    assert [first(date(2027, 2, 28)), first(date(2027, 3, 1))] == ["old", "new"]


def test_dont_know_is_not_asked_again() -> None:
    data = parse(guide("sets"))
    question = next_question(data, {}, on=ON)
    assert question is not None
    assert question.id == "note"
    following = next_question(data, {"note": "unknown"}, on=ON)
    assert following is not None
    assert following.id == "witness"


def test_localise_falls_back_to_a_language_that_exists() -> None:
    assert localise({"a": {"vi": "một", "en": "one"}, "b": [{"vi": "hai"}], "c": None}, "th") == {
        "a": "một",
        "b": ["hai"],
        "c": None,
    }


def test_a_wrong_shape_is_refused_with_its_place() -> None:
    data = guide("sets")
    data["versions"][0]["requirements"][0]["evidence"][0]["items"][0]["count"] = "two"
    with pytest.raises(
        UnableToReadGuide, match=r"versions\[0\]\.requirements\[0\]\.evidence\[0\]\.items\[0\]\.count"
    ):
        parse(data)


@pytest.mark.parametrize(("count", "read"), [(2.0, 2), (-0.0, 0), (10**15, 10**15)])
def test_a_whole_number_may_be_written_with_a_point(count: Any, read: int) -> None:
    data = guide("sets")
    data["versions"][0]["requirements"][0]["evidence"][0]["items"][0]["count"] = count
    found = parse(data).versions[0].requirements[0].evidence[0].items[0].count
    assert (found, type(found)) == (read, int)


@pytest.mark.parametrize("count", [2.5, True, "2", None, 10**15 + 1, 10**400, float("inf"), float("nan")])
def test_other_numbers_are_refused(count: Any) -> None:
    data = guide("sets")
    data["versions"][0]["requirements"][0]["evidence"][0]["items"][0]["count"] = count
    with pytest.raises(UnableToReadGuide, match="expected a whole number"):
        parse(data)


def test_nothing_is_asked_for_a_fee_of_another_place_time_or_channel() -> None:
    data = guide("rows")
    when = {"fact": "exempt", "is": "yes"}
    data["versions"][0]["fees"] = [{"amount": 1, "when": when, "provinces": ["31"], "channel": "online"}]
    rows = parse(data)

    def asked(**where: Any) -> list[str]:
        return [fact.id for fact in questions(rows, {}, **({"on": ON} | where))]

    assert asked() == asked(province="31") == asked(province="31", channel="online") == ["exempt"]
    assert asked(province="68") == asked(province="31", channel="direct") == []
    data["versions"][0]["fees"][0]["valid_until"] = "2026-11-22"
    assert [fact.id for fact in questions(parse(data), {}, on=ON)] == []


def test_half_a_surrogate_pair_has_bytes_of_its_own() -> None:
    assert canonical({"\ud800": "a\udfff😀"}).encode() == '{"\\ud800":"a\\udfff😀"}'.encode()


def test_localise_leaves_answers_alone() -> None:
    assert localise({"answers": {"vi": "no", "en": "yes"}}, "en") == {"answers": {"vi": "no", "en": "yes"}}


def read(said: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    answers, problems = read_answers(parse(guide("logic")).versions[0], said)
    return answers, [str(problem) for problem in problems]


def test_answers_are_read_kindly() -> None:
    assert read({"late": " TRUE ", "proxy": None, "who": "Parent", "children": " 2.0 "})[0] == {
        "late": "yes",
        "proxy": "unknown",
        "who": "parent",
        "children": 2,
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [("x" * 99, "x" * 60), (True, "true"), (1.5, "1.5"), (10**400, "a very large number"), ([1], "a list")],
)
def test_an_answer_that_does_not_fit_is_shown_as_it_was_given(value: Any, shown: str) -> None:
    expected = f'"{shown}" is no answer to "born_on": expected a day written as YYYY-MM-DD or unknown'
    assert read({"nobody": "yes", "born_on": value}) == (
        {},
        [expected, 'there is no question "nobody" in this guide'],
    )
