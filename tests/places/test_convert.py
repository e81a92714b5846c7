"""Conversion of addresses: what people write, and what must hold for any text."""

import csv
import io
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.core.text import fold
from nhipcau.places.convert import Conversion, Reason, Remark, Status, convert, shipped_gazetteer
from nhipcau.places.convert.answers import LANGUAGES
from nhipcau.places.convert.gazetteer import Former

GAZETTEER = shipped_gazetteer()
# Addresses as people write them, by hand, from all over the country and with everything that goes wrong.
# Each answer was judged by eye against the official table of old and new units, then written down:
# the codes in their order; "…" stands for more of them (a name borne by many, a whole district).
_TABLE = (Path(__file__).parent / "convert_cases.csv").read_text(encoding="utf-8")
CASES = list(csv.DictReader(io.StringIO(_TABLE, newline="")))


def ask(text: str) -> Conversion:
    return convert(text, GAZETTEER)


def codes(text: str) -> list[str]:
    return [item.code for item in ask(text).candidates]


@pytest.mark.parametrize(
    "text",
    [
        "Xã Đạ Chais, huyện Lạc Dương, tỉnh Lâm Đồng",
        "xa da chais lac duong lam dong",
        "XÃ ĐẠ CHAIS, HUYỆN LẠC DƯƠNG, TỈNH LÂM ĐỒNG",
        "X.Đạ Chais,H.Lạc Dương,T.Lâm Đồng",
        "x. da chais; h. lac duong; lam dong; viet nam",
        "Đạ Chais - Lạc Dương - Lâm Đồng 66000",
        "Số 5/2 đường Lê Lợi, thôn 3, xã Đạ Chais, Lạc Dương, Lâm Đồng, Việt Nam",
        "thôn 3 Đạ Chais, Lạc Dương, Lâm Đồng",
        "Lâm Đồng, Lạc Dương, Đạ Chais",
        "Da Chais commune, Lac Duong district, Lam Dong province",
        unicodedata.normalize("NFD", "Xã Đạ Chais, huyện Lạc Dương, tỉnh Lâm Đồng"),
        "Xã Đạ\u200b Chais,, huyện  Lạc Dương ,tỉnh Lâm Đồng .",
        "Xã Đạ Chais, Lâm Đồng",
        "Xã Đạ Chais",
    ],
)
def test_one_place_written_in_many_ways(text: str) -> None:
    answer = ask(text)
    assert answer.status == Status.OK
    assert [item.code for item in answer.candidates] == ["24848"]
    assert answer.candidates[0].province_code == "68"
    assert answer.candidates[0].former_code == "24847"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Xã Lạc Dương, tỉnh Lâm Đồng", ["24848"]),
        ("Thị trấn Lạc Dương, huyện Lạc Dương, tỉnh Lâm Đồng", ["24846"]),
        ("TT. Lạc Dương, Lâm Đồng", ["24846"]),
        ("P.3, Q.5, TP.HCM", ["27301"]),
        ("P3 Q5 TPHCM", ["27301"]),
        ("phường 03, quận 05, thành phố Hồ Chí Minh", ["27301"]),
        ("Ward 3, District 5, Ho Chi Minh City", ["27301"]),
        ("số 5 đường Lê Lợi, P.Bến Nghé, Q.1, TP.HCM", ["26740"]),
        ("Xã Văn Lang, Thái Nguyên", ["02143"]),
        ("Xã Văn Lăng, Thái Nguyên", ["05665"]),
        ("Phường Thảo Điền, Quận 2", ["27094"]),
        ("Xã Long Thành, Đồng Nai", ["26368"]),
        ("Phường Long Thành, Đồng Nai", ["26368"]),
        ("Huyện Côn Đảo, Bà Rịa Vũng Tàu", ["26732"]),
        ("Đặc khu Phú Quý, Lâm Đồng", ["23272"]),
        ("Huyện Phú Quí, Bình Thuận", ["23272"]),
        ("phường Tuy Hoà, Phú Yên", ["22015"]),
        ("TT Phước An, Krông Pắc, Đắk Lắk", ["24490"]),
        ("p9 da lat", ["24778"]),
        ("Phường Xuân Hương, Đà Lạt", ["24781"]),
        ("Phường 2 Bảo Lộc, Lâm Đồng", ["24820"]),
        ("Huyện đảo Lý Sơn, Quảng Ngãi", ["21548"]),
        ("P.Bến Thành.Q.1.TPHCM", ["26743"]),
        ("UBND xã Lát (cũ), Lạc Dương, Lâm Đồng. SĐT: 0263 382 2345", ["24846"]),
    ],
)
def test_addresses_with_one_answer(text: str, expected: list[str]) -> None:
    assert ask(text).status == Status.OK
    assert codes(text) == expected


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: case["input"][:40].encode("ascii", "replace").decode()
)
def test_an_address_of_the_table(case: dict[str, str]) -> None:
    answer = ask(case["input"])
    found = [item.code for item in answer.candidates]
    expected = case["codes"].split()
    if expected[-1:] == ["…"]:
        expected.pop()
        assert len(found) > len(expected)
        found = found[: len(expected)]
    assert (answer.status.value, found) == (case["status"], expected)


@pytest.mark.parametrize(
    ("text", "code", "remark"),
    [
        ("Xã Tân Thành, huyện Lấp Vò", "29938", Remark.DISTRICT_DIFFERS),
        ("Phường Bến Nghé, Quận 3, TPHCM", "26740", Remark.DISTRICT_DIFFERS),
        ("Xã Đạ Chais, Hà Nội", "24848", Remark.PROVINCE_DIFFERS),
        ("Xã Đạ Chais, huyện Đông Anh, Hà Nội", "24848", Remark.PROVINCE_DIFFERS),
        ("xã Kim Liên, huyện Nam Đàn, Hà Tĩnh", "17971", Remark.PROVINCE_DIFFERS),
    ],
)
def test_what_contradicts_itself_is_said(text: str, code: str, remark: Remark) -> None:
    answer = ask(text)
    assert answer.status == Status.PARTIAL
    assert answer.candidates[0].code == code
    assert {item.remark for item in answer.candidates} == {remark}


def test_a_contradiction_stays_in_the_province_of_the_district() -> None:
    provinces = {item.province_code for item in ask("Xã Tân Thành, huyện Lấp Vò").candidates}
    assert provinces == {"82"}


def test_a_divided_ward_gives_every_successor() -> None:
    answer = ask("P. Cửa Nam, Q. Hoàn Kiếm, HN")
    assert answer.status == Status.AMBIGUOUS
    assert {item.code for item in answer.candidates} == {"00004", "00070", "00082", "00226"}
    assert {item.reason for item in answer.candidates} == {Reason.PART_OF_UNIT}


def test_the_successor_with_all_people_comes_first() -> None:
    answer = ask("Phường Ngọc Thụy, quận Long Biên, Hà Nội")
    assert answer.candidates[0].code == "00118"
    assert answer.candidates[0].reason == Reason.WHOLE_POPULATION
    assert answer.candidates[1].reason == Reason.AREA_ONLY


def test_a_name_of_today_and_of_yesterday_gives_both() -> None:
    answer = ask("Phường Cửa Nam, Hà Nội")
    assert answer.status == Status.AMBIGUOUS
    assert answer.candidates[0].code == "00082"
    assert answer.candidates[0].reason == Reason.CURRENT_UNIT
    assert {"00004", "00070", "00226"} <= set(codes("Phường Cửa Nam, Hà Nội"))


def test_without_marks_both_readings_are_given() -> None:
    assert codes("xa van lang thai nguyen") == ["02143", "05665"]


def test_only_a_district_or_a_province() -> None:
    district = ask("huyện Lạc Dương, Lâm Đồng")
    assert district.status == Status.PARTIAL
    assert "24848" in [item.code for item in district.candidates]
    assert ask("Dalat city").status == Status.PARTIAL
    province = ask("tỉnh Phú Yên")
    assert (province.status, province.candidates[0].code) == (Status.PARTIAL, "66")
    assert province.candidates[0].reason == Reason.PROVINCE_MERGED
    assert ask("Lâm Đồng").candidates[0].code == "68"
    assert ask("12 Trần Phú, Hà Nội").status == Status.PARTIAL
    assert ask("TP Bắc Ninh").candidates[0].full_name == "Thành phố Bắc Ninh"


def test_a_district_that_does_not_fit_is_said() -> None:
    answer = ask("Xã Đạ Chais, huyện Đức Trọng, Lâm Đồng")
    assert answer.status == Status.PARTIAL
    assert answer.candidates[0].code == "24848"
    assert answer.candidates[0].remark == Remark.DISTRICT_DIFFERS


def test_one_wrong_letter_is_forgiven_and_said() -> None:
    answer = ask("Xã Đạ Chai, huyện Lạc Dương, Lâm Đồng")
    assert [item.code for item in answer.candidates] == ["24848"]
    assert answer.candidates[0].remark == Remark.CLOSE_SPELLING


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "garbage",
        "😀😀😀",
        "xin chào tôi tên là An Bình",
        "12345",
        "!!!",
        "\0",
        "ß ı İ",
        "1 2 3",
        ",,,",
    ],
)
def test_garbage_is_not_found(text: str) -> None:
    assert ask(text).status == Status.NOT_FOUND
    assert ask(text).candidates == ()


def test_a_very_long_text_is_refused_at_once() -> None:
    start = time.perf_counter()
    answer = ask("Xã Đạ Chais, " * 1000)
    assert (answer.status, answer.remark) == (Status.NOT_FOUND, Remark.TOO_LONG)
    assert time.perf_counter() - start < 0.1


def test_every_sentence_exists_in_three_languages() -> None:
    for text in ("P. Cửa Nam, Hoàn Kiếm, HN", "Phú Yên", "Xã Đạ Chai, huyện Lạc Dương, Lâm Đồng"):
        for item in ask(text).candidates:
            assert len({item.why(language) for language in LANGUAGES}) == len(LANGUAGES)
    assert ask("Xã Đạ Chais, Lạc Dương, Lâm Đồng").candidates[0].why() == (
        "Toàn bộ xã Đạ Chais (huyện Lạc Dương) nay thuộc xã Lạc Dương."
    )


# --- what must hold for any text ---------------------------------------------------------------------

FORMERS: list[Former] = sorted(
    {
        named.of
        for names in GAZETTEER.names.values()
        for named in names.communes
        if isinstance(named.of, Former) and not named.alias
    },
    key=lambda former: former.code,
)
OLD_PROVINCES = {code: item.full_name for code, item in GAZETTEER.former_provinces.items()}
former_units = st.sampled_from(FORMERS)


def printed(former: Former) -> str:
    district = GAZETTEER.districts[former.district]
    parts = [former.full_name, district.full_name, OLD_PROVINCES[former.province]]
    return ", ".join(dict.fromkeys(parts))


def successors(former: Former) -> list[str]:
    return [place.code for place, _share in former.successors]


PIECES = [
    "xã",
    "phường",
    "p.",
    "q.",
    "tp",
    "lâm đồng",
    "hà nội",
    "1",
    "12",
    "đường",
    "lạc dương",
    ",",
    "- ",
    "\n",
]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=1200), st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join)))
def test_any_text_gets_an_answer_of_known_units(text: str) -> None:
    answer = ask(text)
    assert (answer.status == Status.NOT_FOUND) == (not answer.candidates)
    assert len(answer.candidates) == 1 or answer.status != Status.OK
    assert len(answer.candidates) > 1 or answer.status != Status.AMBIGUOUS
    assert answer == ask(text)
    assert len({item.code for item in answer.candidates}) == len(answer.candidates)
    for item in answer.candidates:
        assert item.code in GAZETTEER.places or item.code in GAZETTEER.provinces
        assert item.province_code in GAZETTEER.provinces
        assert item.why()


@settings(max_examples=300, deadline=None)
@given(former_units)
def test_a_printed_address_gives_exactly_its_successors_in_order(former: Former) -> None:
    assert codes(printed(former)) == successors(former)


@settings(max_examples=200, deadline=None)
@given(former_units, st.sampled_from(["Số 12 ngõ 3, ", "Tổ 7, ", "24/6 đường Hùng Vương, ", "Nhà bà Sáu, "]))
def test_what_stands_in_front_changes_nothing(former: Former, front: str) -> None:
    assert codes(front + printed(former)) == successors(former)


@settings(max_examples=200, deadline=None)
@given(former_units)
def test_capitals_spaces_and_composition_change_nothing(former: Former) -> None:
    text = printed(former)
    expected = codes(text)
    assert codes(text.upper()) == expected
    assert codes(unicodedata.normalize("NFD", text)) == expected
    assert codes("  " + text.replace(" ", "   ") + " ,") == expected


@settings(max_examples=200, deadline=None)
@given(former_units)
def test_without_marks_the_official_successors_stay(former: Former) -> None:
    assert set(successors(former)) <= set(codes(fold(printed(former))))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(GAZETTEER.places.values(), key=lambda place: place.code)))
def test_a_unit_of_today_is_found_first(place: object) -> None:
    full = f"{place.full_name}, {place.province.full_name}"  # type: ignore[attr-defined]  # a Place
    assert codes(full)[0] == place.code  # type: ignore[attr-defined]  # as above
