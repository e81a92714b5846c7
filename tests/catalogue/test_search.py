"""Finding the guide people mean; nothing when the library has none.

`search_dev.csv` was written by hand for this project, in the voices of people at a reception desk, in
Vietnamese, English and Thai: with and without marks, Telex and shorthand, typos, life events, and things
the library does not have, many of them close to something it has. It grew in three parts. The second (from
"nhà mới có cháu gái") and the third (from "em bé 1 tháng tuổi") were each measured once before the table
learnt from their misses: 88 % right first and 94 % of the others refused, then 94 % and 93 %. The fourth
(from "vợ tui mới đẻ hôm qua") is a critic's: 258 everyday queries, then 195 harder ones: long stories, and
nonsense near to the library. Every third was kept from those who filled the table. Before: 96 % and 94 %,
the harder ones 73 % and 87 %; those kept away, after: 98 % and 97 %, the harder ones 78 % and 93 %. By now
the whole guards against getting worse; it is no measure of quality.
"""

import csv
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.catalogue.search import Index, concept_table
from nhipcau.catalogue.search.words import (
    Word,
    cut_thai,
    distance_at_most,
    repair,
    sound_key,
    split,
    untelex,
    unvni,
)
from nhipcau.procedures.guide import parse, read_yaml

ROOT = Path(__file__).resolve().parents[2]


def document(file: Path) -> dict[str, Any]:
    guide = parse(read_yaml(file.read_text()).data)
    return {
        "slug": guide.slug,
        "code": guide.code or guide.slug,
        "names": guide.name,
        "official_name": guide.official_name,
        "keywords": guide.keywords,
        "summaries": guide.summary,
    }


@pytest.fixture(scope="module")
def index() -> Index:
    return Index([document(file) for file in sorted((ROOT / "data/guides").glob("*.yaml"))], concept_table())


def first(index: Index, query: str) -> str | None:
    hits = index.search(query)
    return hits[0].code if hits else None


def rows() -> list[tuple[str, set[str]]]:
    with (ROOT / "tests/catalogue/search_dev.csv").open() as file:
        return [
            (row["query"], set(filter(None, row["expected_codes"].split("|"))))
            for row in csv.DictReader(file)
        ]


def test_development_set(index: Index) -> None:
    """Right answer first for 95 of 100, and nothing for 92 of 100 that the library does not have."""
    wanted = [(query, codes) for query, codes in rows() if codes]
    others = [query for query, codes in rows() if not codes]
    missed = [query for query, codes in wanted if first(index, query) not in codes]
    wrongly = [query for query in others if first(index, query) is not None]
    assert len(missed) <= 0.05 * len(wanted), missed
    assert len(wrongly) <= 0.08 * len(others), wrongly


def test_fast_enough(index: Index) -> None:
    taken = []
    for query, _ in rows():
        start = time.perf_counter()
        index.search(query)
        taken.append(time.perf_counter() - start)
    assert sorted(taken)[int(len(taken) * 0.95)] < 0.03


@pytest.mark.parametrize(
    "query",
    [
        "làm lại bằng lái bị mất",
        "lam lai bang lai bi mat",
        "LÀM LẠI BẰNG LÁI BỊ MẤT!!",
        "lafm laij bawngf lasi bij maats",
    ],
)
def test_the_way_of_typing_does_not_matter(index: Index, query: str) -> None:
    assert first(index, query) == "3.000348"


def test_an_action_the_library_lacks_is_not_answered_with_another(index: Index) -> None:
    assert first(index, "đăng ký hộ kinh doanh") == "1.001612"
    assert first(index, "chấm dứt hộ kinh doanh") is None


def test_results_are_ordered_and_bounded(index: Index) -> None:
    hits = index.search("căn cước", limit=3)
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 < hit.score <= 1 for hit in hits)


@pytest.mark.parametrize(
    "query", ["", " ", "?", "làm ở đâu", "😀", "x" * 10_000, "a " * 5_000, "\x00", "ก" * 5_000]
)
def test_queries_that_say_nothing_find_nothing(index: Index, query: str) -> None:
    start = time.perf_counter()
    assert index.search(query) == []
    assert time.perf_counter() - start < 0.5


@given(st.text(max_size=60))
def test_any_text_can_be_searched(query: str) -> None:
    table = concept_table()
    Index([], table).search(query)


def test_telex_and_vni_left_overs() -> None:
    assert [untelex(word) for word in ("ddawng", "kys", "thuwowngf", "trus", "maats")] == [
        "dang", "ky", "thuong", "tru", "mat",
    ]  # fmt: skip
    assert unvni("d9ang1") == "dang"
    assert repair(Word("kys", "kys"), {"ky"}) == Word("ky", "ky")
    assert repair(Word("as", "as"), {"as", "a"}) == Word("as", "as")


def test_thai_is_cut_into_known_phrases() -> None:
    assert cut_thai("กขค", {"กข"}, 2) == ["กข", "ค"]
    assert cut_thai("", {"กข"}, 2) == []


@given(st.text(alphabet="ab", max_size=6), st.text(alphabet="ab", max_size=6))
def test_distance_is_symmetric_and_zero_only_for_equal(one: str, two: str) -> None:
    assert distance_at_most(one, two, 0) == (one == two)
    assert distance_at_most(one, two, 2) == distance_at_most(two, one, 2)


def test_a_swap_of_neighbours_is_one_slip() -> None:
    assert distance_at_most("khia", "khai", 1)
    assert not distance_at_most("khia", "kahi", 1)


def test_words_that_sound_alike() -> None:
    assert sound_key("thuong tru") == sound_key("thuong chu")
    assert sound_key("lai khong") != sound_key("lay chong")


def test_words_keep_both_forms() -> None:
    assert split("Hoà, ĐẤT") == [Word("hoa", "hòa"), Word("dat", "đất")]
