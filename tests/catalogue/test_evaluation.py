"""Figures about a search: read from a file, counted, with clear words for a bad file."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.catalogue.search.evaluation import Case, UnableToReadQueries, evaluate, read_queries


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@dataclass(frozen=True)
class Answer:
    code: str
    name: str = ""
    score: float = 1.0


def case(query: str, *expected: str, style: str = "") -> Case:
    return Case(query, frozenset(expected), style, 2)


def answers(found: dict[str, list[str]], cases: list[Case]) -> dict[str, object]:
    report = evaluate(
        cases,
        lambda query: [Answer(code) for code in found.get(query, [])],
        successors={"1.000001": "1.000002"},
        known=lambda code: code != "9.999999",
    )
    return report.as_json()


def test_reading_tells_codes_apart_and_knows_what_is_outside() -> None:
    text = "query,expected_codes,style\na,1.1;1.2,x\nb,1.1|1.2 1.3,\nc,none,\nd,,\n"
    assert [case.expected for case in read_queries(text)] == [
        {"1.1", "1.2"}, {"1.1", "1.2", "1.3"}, set(), set(),
    ]  # fmt: skip
    assert read_queries("\ufeff" + text)[0].style == "x"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column query, expected_codes"),
        ("query,codes\na,b\n", "no column expected_codes"),
        ("query,expected_codes\n", "no queries"),
        ("query,expected_codes\n ,1.1\n", "Line 2 has no query"),
        ("query,expected_codes\na\n", "Line 2 has more or fewer fields"),
        ("query,expected_codes\na,b,c\n", "Line 2 has more or fewer fields"),
        ("query,expected_codes\na,none;1.1\n", 'Line 2: "none" cannot'),
        ('query,expected_codes\n"a,b\n', "Line 2:"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(UnableToReadQueries, match=words):
        read_queries(text)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UnableToReadQueries):
        assert read_queries("query,expected_codes\n" + text)


def test_the_figures() -> None:
    found = {"first": ["a", "b"], "third": ["b", "c", "a"], "late": ["b", "c", "d", "a"], "wrong": ["b"]}
    figures = answers(found, [case(query, "a") for query in (*found, "nothing")])
    assert (figures["top_1"], figures["top_3"]) == (0.2, 0.4)
    assert figures["mrr"] == round((1 + 1 / 3 + 1 / 4) / 5, 4)
    assert figures["out_of_scope_recognised"] is None
    misses = figures["misses"]
    assert isinstance(misses, list)
    assert [miss["query"] for miss in misses] == ["third", "late", "wrong", "nothing"]


def test_what_is_outside_is_right_when_nothing_is_found() -> None:
    figures = answers({"answered": ["a"]}, [case("answered"), case("refused")])
    assert (figures["out_of_scope"], figures["out_of_scope_recognised"]) == (2, 0.5)
    assert figures["top_1"] is None


def test_an_old_code_counts_as_its_successor_and_unknown_codes_are_named() -> None:
    figures = answers({"old": ["1.000002"]}, [case("old", "1.000001"), case("odd", "9.999999")])
    assert figures["top_1"] == 0.5
    assert figures["unknown_codes"] == ["9.999999"]


def test_styles_are_counted_apart() -> None:
    figures = answers({"x": ["a"]}, [case("x", "a", style="plain"), case("y", "a", style="telex")])
    styles = figures["styles"]
    assert isinstance(styles, dict)
    assert {style: row["top_1"] for style, row in styles.items()} == {"plain": 1.0, "telex": 0.0}
