"""Finding the guide people mean; nothing when the library has none.

`search_dev.csv` was written by hand for this project, in the voices of people at a reception desk, in
Vietnamese, English and Thai: with and without marks, Telex and shorthand, typos, life events, and things
the library does not have, many of them close to something it has. It grew in three parts. The second (from
"nhà mới có cháu gái") and the third (from "em bé 1 tháng tuổi") were each measured once before the table
learnt from their misses: 88 % right first and 94 % of the others refused, then 94 % and 93 %. The fourth
(from "vợ tui mới đẻ hôm qua") is a critic's: 258 everyday queries, then 195 harder ones: long stories, and
nonsense near to the library. Every third was kept from those who filled the table. Before: 96 % and 94 %,
the harder ones 73 % and 87 %; those kept away, after: 98 % and 97 %, the harder ones 78 % and 93 %.

The fifth part (from "em chuyển hẳn vào Nam") came with the guides for all common procedures and with the
national catalogue: 244 queries, those on records from a random draw of 65 of its citizens' procedures.
Measured before any change, on guides that stood: 59 % right first, 61 % in three, 92 % refused. Every third
(`kept_away`) was only counted, never looked at. Things of the older parts that a new guide or a record now
answers were given its code. The sixth (from "vợ mình mới hạ sinh") was measured among all 5,652 records
before anything was learnt from it: 91 % first, 96 % in three, 95 % refused. So was the seventh (from "hộ
chiếu ngoại giao"), harder, with official wording of rare procedures and with long stories: 71 %, 85 % and
87 %; none of it was kept away.

The eighth (from "chong e di bien may hom") has 200 queries on all guides and 60 on what lies outside,
written before anything was touched, among all records. The odd half was learnt from; of the even half
(`kept_away`) only the totals, but for two queries that were seen and so learnt from. First 85 % and 82 %,
in three 90 % and 86 %, refused 93 % and 93 %; then 99 % and 93 %, 99 % and 96 %, 100 % and 90 %. Three
smaller ones follow, each written when those before had been learnt from, measured, and learnt from in turn:
138 (from "em vô Bình Dương làm công nhân") 79 % first, 82 % in three; 67 harder ones (from "chong em di tau
vien duong") 78 % and 84 %; 20 with 30 that lie outside, yet near to words the table had just gained (from
"nop tien dien online"), 80 %, 85 % and 70 % refused. By now the whole guards against getting worse; it is
no measure of quality.

`search_records.csv` names some procedures of the catalogue in words of our own; the catalogue itself is not
part of the project. `distractors` adds some hundred invented names around them.
"""

import csv
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides import parse, read_yaml
from nhipcau.catalogue.search import Index, concept_table
from nhipcau.catalogue.search.words import (
    Speller,
    Word,
    cut_thai,
    distance_at_most,
    sound_key,
    split,
    untelex,
    unvni,
)

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent


def document(file: Path) -> dict[str, Any]:
    guide = parse(read_yaml(file.read_text()).data)
    return {
        "slug": guide.slug,
        "code": guide.code or guide.slug,
        "names": guide.name,
        "official_name": guide.official_name,
        "keywords": guide.keywords,
        "summaries": guide.summary,
        "replaces": guide.replaces,
    }


def distractors() -> Iterator[dict[str, str]]:
    """Invented names in the manner of offices: long, and full of words that many queries have too."""
    what = ["Cấp", "Cấp lại", "Gia hạn", "Điều chỉnh", "Thu hồi", "Thẩm định", "Công bố"]
    of = [
        "giấy chứng nhận đủ điều kiện hoạt động của cơ sở thử nghiệm",
        "giấy phép nhập khẩu máy móc đã qua sử dụng",
        "chứng chỉ hành nghề khảo sát địa hình",
        "phương án vận hành công trình cấp nước tập trung",
        "hồ sơ thiết kế cầu cảng và luồng tàu biển",
        "quyết định giao vùng trồng cây dược liệu",
        "giấy công nhận phòng kiểm nghiệm mẫu nước thải",
        "danh mục thiết bị đo lường trong sản xuất",
    ]
    whose = [
        "đối với tổ chức trong nước",
        "đối với doanh nghiệp có vốn đầu tư nước ngoài",
        "của đơn vị sự nghiệp công lập",
    ]
    levels = ["Cấp Bộ/Trung ương", "Cấp Tỉnh", ""]
    for number, parts in enumerate(product(what, of, whose)):
        yield {
            "code": f"9.{number:06}",
            "name": " ".join(parts),
            "field": "Hoạt động chuyên ngành",
            "level": levels[number % 3],
        }


def own_records() -> list[dict[str, str]]:
    with (HERE / "search_records.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def guides() -> list[dict[str, Any]]:
    return [document(file) for file in sorted((ROOT / "data/guides").glob("*.yaml"))]


@pytest.fixture(scope="module")
def index(guides: list[dict[str, Any]]) -> Index:
    return Index(guides, concept_table())


@pytest.fixture(scope="module")
def full(guides: list[dict[str, Any]]) -> Index:
    """Guides, own records, and many names that nobody asks for."""
    index = Index(guides, concept_table(), [*own_records(), *distractors()])
    index.search("khia sinh")  # makes what is made once
    return index


def first(index: Index, query: str) -> str | None:
    hits = index.search(query)
    return hits[0].code if hits else None


def rows() -> list[tuple[str, set[str]]]:
    with (HERE / "search_dev.csv").open() as file:
        return [
            (row["query"], set(filter(None, row["expected_codes"].split("|"))))
            for row in csv.DictReader(file)
        ]


def missed(index: Index, known: set[str]) -> tuple[list[str], list[str], int, int]:
    """Queries about what is known here that are answered wrongly; others that are answered at all."""
    wanted = [(query, codes & known) for query, codes in rows() if codes & known]
    others = [query for query, codes in rows() if not codes]
    wrong = [query for query, codes in wanted if first(index, query) not in codes]
    return wrong, [query for query in others if first(index, query)], len(wanted), len(others)


def test_development_set_with_guides_alone(index: Index, guides: list[dict[str, Any]]) -> None:
    """Right answer first for 94 of 100, and nothing for 92 of 100 that the library does not have."""
    wrong, wrongly, wanted, others = missed(index, {guide["code"] for guide in guides})
    assert len(wrong) <= 0.06 * wanted, wrong
    assert len(wrongly) <= 0.08 * others, wrongly


def test_development_set_among_records(full: Index, guides: list[dict[str, Any]]) -> None:
    """The same among hundreds of records, whose own queries count too."""
    known = {guide["code"] for guide in guides} | {record["code"] for record in own_records()}
    wrong, wrongly, wanted, others = missed(full, known)
    assert len(wrong) <= 0.08 * wanted, wrong
    assert len(wrongly) <= 0.10 * others, wrongly


def test_a_guide_goes_before_records_that_fit_equally(guides: list[dict[str, Any]]) -> None:
    names = ("Đăng ký khai sinh", "Đăng ký khai sinh cho trẻ em", "Đăng ký việc khai sinh lưu động")
    records = [
        {"code": f"9.99999{number}", "name": name, "field": "Hộ tịch", "level": "Cấp Xã"}
        for number, name in enumerate(names)
    ]
    hits = Index(guides, concept_table(), [*records, *distractors()]).search("đăng ký khai sinh cho con")
    assert (hits[0].kind, hits[0].code) == ("guide", "1.001193")
    assert any(hit.kind == "record" for hit in hits)


def test_a_record_with_a_guide_is_not_shown_twice(guides: list[dict[str, Any]]) -> None:
    records = [
        {"code": "1.001193", "name": "Đăng ký khai sinh", "field": "Hộ tịch", "level": "Cấp Xã"},
        {"code": "2.000986", "name": "Liên thông khai sinh", "field": "Hộ tịch", "level": "Cấp Xã"},
    ]
    index = Index(guides, concept_table(), records)
    assert not [hit for hit in index.search("đăng ký khai sinh", limit=50) if hit.kind == "record"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("1.004222", "1.004222"),
        ("1004222", "1.004222"),
        ("mã thủ tục 1.004222 là gì", "1.004222"),
        ("2.000986", "3.000722"),
        ("1.013792", "1.013792"),
        ("9.999999", None),
    ],
)
def test_codes_are_found_as_codes_and_old_ones_lead_on(full: Index, query: str, code: str | None) -> None:
    assert first(full, query) == code


def test_of_equal_records_the_commune_and_the_nation_come_first() -> None:
    def record(code: str, level: str, scope: str) -> dict[str, str]:
        return {"code": code, "name": "Cấp giấy phép câu mực", "field": "", "level": level, "scope": scope}

    records = [
        record("9.000001", "Cấp Bộ", "STANDARD"),
        record("9.000002", "Cấp Xã", "SPECIFIC"),
        record("9.000003", "Cấp Xã", "STANDARD"),
    ]
    hits = Index([], concept_table(), [*records, *distractors()]).search("giấy phép câu mực")
    assert hits[0].code == "9.000003"
    assert len(hits) == 2  # of one name no more


@pytest.mark.parametrize(
    "query",
    [
        "giấy phép câu mực",
        "giay phep cau muc",
        "GIẤY PHÉP CÂU MỰC",
        "giaays pheps caau muwcj",
        "giay phep cau muvc",
        "giayphepcaumuc",
    ],
)
def test_words_of_records_are_found_however_typed(query: str) -> None:
    record = {"code": "9.000001", "name": "Cấp giấy phép câu mực", "field": "Thủy sản", "level": "Cấp Xã"}
    other = record | {"code": "9.000002", "name": "Thu hồi giấy phép câu mực của tàu"}
    index = Index([], concept_table(), [record, other, *distractors()])
    assert first(index, query) == "9.000001"


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


def test_an_action_decides_between_guides_of_one_thing(index: Index) -> None:
    assert first(index, "đăng ký hộ kinh doanh") == "1.001612"
    assert first(index, "chấm dứt hộ kinh doanh") == "1.001266"
    assert first(index, "tạm ngừng hộ kinh doanh") == "1.001570"


def test_results_are_ordered_and_bounded(index: Index) -> None:
    hits = index.search("căn cước", limit=3)
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 < hit.score <= 1 for hit in hits)


@pytest.mark.parametrize(
    "query", ["", " ", "?", "làm ở đâu", "😀", "x" * 10_000, "a " * 5_000, "\x00", "ก" * 5_000]
)
def test_queries_that_say_nothing_find_nothing(index: Index, query: str) -> None:
    assert index.search(query) == []


@given(query=st.text(max_size=60))
def test_any_text_can_be_searched(full: Index, query: str) -> None:
    full.search(query)


def test_telex_and_vni_left_overs() -> None:
    assert [untelex(word) for word in ("ddawng", "kys", "thuwowngf", "trus", "maats")] == [
        "dang", "ky", "thuong", "tru", "mat",
    ]  # fmt: skip
    assert unvni("d9ang1") == "dang"
    speller = Speller()
    speller.learn(split("đăng ký as a"))
    assert speller.repair(Word("kys", "kys")) == [Word("ky", "ky")]
    assert speller.repair(Word("as", "as")) == [Word("as", "as")]


def test_joined_and_mistyped_words_are_put_right_beside_their_neighbours() -> None:
    speller = Speller()
    speller.learn(split("cấp giấy phép lái xe"))
    assert [word.folded for word in speller.repair(Word("giayphep", "giayphep"))] == ["giay", "phep"]
    assert [word.folded for word in speller.mend(split("giay phap lai xe"))] == ["giay", "phep", "lai", "xe"]
    assert [word.folded for word in speller.mend(split("phap thuat"))] == ["phap", "thuat"]


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
