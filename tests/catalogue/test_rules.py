"""What a record may claim and what of it may be shown: the traps of the national catalogue."""

from datetime import date
from time import perf_counter

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.catalogue import rules
from nhipcau.catalogue.enums import Standing
from nhipcau.catalogue.rules.fees import fees_of, time_of
from tests.factories.national import PORTAL

SIGNED = (
    "2628/QĐ-BTC", "163/QĐ-BTP", "1523/QĐ-BCA-C06", "44/2026/QĐ-UBND", "1728a/QĐ-NHNN", "778/QĐ-BCA-A05",
    "127/QĐ-VP.UBND.KSTT", "628 /QĐ-BCT", "1521/QĐ-UBND.", "1931/.QĐ-BNNMT", "2045/QĐ_BYT", "3713/QD-BTP",
    "Quyết định số 485/QĐ-BQP", "SỐ 64/QĐ-NHNN", "Số:1111/QĐ-UBND", " 09/QĐ-BTP ", "163/QĐ-BTP",
)  # fmt: skip
NOT_SIGNED = (
    "", "Demo/QĐ-BCA", "QĐ/0001-BCA", "205/TTr-SNNMT", "4221/EVN-KDMBD", "2565", "QĐ000001SNNTEST", "290601",
    "1562/BNG-VP", "0/QĐ-BCA", "000/QĐ-BTP", "2171/QĐ-UBND-DatDai", "02.1/QĐ-UBND", "163/QĐ-", "163/QĐ-b",
    "163/QĐ-BTP; 164/QĐ-BTP", "163/QĐ-BTP<script>", "١٦٣/QĐ-BTP", "test", "163/3026/QĐ-BTP",
)  # fmt: skip


@pytest.mark.parametrize("decision", SIGNED)
def test_signed_decisions(decision: str) -> None:
    assert rules.standing_of(decision) == Standing.ANNOUNCED


@pytest.mark.parametrize("decision", NOT_SIGNED)
def test_what_confirms_nothing(decision: str) -> None:
    assert rules.standing_of(decision) == Standing.IDENTITY_ONLY


@pytest.mark.parametrize(
    "portal",
    [
        {"url": PORTAL},
        {"url": PORTAL.upper().replace("HTTPS://DICHVUCONG.GOV.VN/THU-TUC-HANH-CHINH", PORTAL[:-37])},
        {"id": PORTAL[-36:]},
        {"id": PORTAL[-36:], "url": "javascript:alert(1)"},
        {"id": PORTAL[-36:], "url": "https://dichvucong.gov.vn.evil.example/thu-tuc-hanh-chinh/x"},
    ],
)
def test_the_official_page_is_on_the_portal(portal: dict[str, str]) -> None:
    assert rules.official_page(portal) == PORTAL


@pytest.mark.parametrize(
    "portal",
    [
        None,
        [],
        {},
        {"url": 5, "id": 7},
        {"url": "javascript:alert(1)"},
        {"url": PORTAL + "/../../x"},
        {"url": PORTAL + "?next=//evil.example"},
        {"url": "http://evil.example/" + PORTAL},
        {"id": "../../x"},
    ],
)
def test_no_other_address_is_trusted(portal: object) -> None:
    assert rules.official_page(portal) == ""


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("", []),
        ("|", []),
        (None, []),
        ("0 VNĐ ()", []),
        ("0 VNĐ () | 0 VNĐ ()", []),
        ("20000 VNĐ ()", []),
        ("10 VNĐ (/bản)", []),
        ("10 VNĐ ()", []),
        ("0 VNĐ (-)", []),
        ("0 VNĐ (Không có)", [("Không có", False)]),
        ("0 VNĐ (Miễn phí)", [("Miễn phí", False)]),
        ("8000 VNĐ (/bản)", [("8.000 VNĐ (/bản)", False)]),
        (
            "20000 VNĐ (Theo khoản 1 Điều 3 Thông tư số 172/2010/TT-BTC)",
            [("20.000 VNĐ (Theo khoản 1 Điều 3 Thông tư số 172/2010/TT-BTC)", False)],
        ),
        ("0 VNĐ (Theo quy định của Bộ Tài chính)", [("Theo quy định của Bộ Tài chính", True)]),
        ("20 VNĐ (20.000 vnđ /tờ khai)", [("20.000 vnđ /tờ khai", False)]),
        ("25 VNĐ (25.000.000đ/lần)", [("25.000.000đ/lần", False)]),
        ("10 VNĐ (10 USD/người)", [("10 USD/người", False)]),
        ("5000 VNĐ (5000 USD/giấy phép)", [("5000 USD/giấy phép", False)]),
        ("150 VNĐ (Đăng ký nuôi con nuôi)", [("Đăng ký nuôi con nuôi", True)]),
        ("Theo Quy định | Theo Quy định", [("Theo Quy định", True)]),
        (
            "25000 VNĐ (Cấp đổi) | 0 VNĐ () | 30000 VNĐ (Cấp lại)",
            [("25.000 VNĐ (Cấp đổi)", False), ("30.000 VNĐ (Cấp lại)", False)],
        ),
    ],
)
def test_fees(raw: object, shown: list[tuple[str, bool]]) -> None:
    assert [(fee.text, fee.ask) for fee in fees_of(raw)] == shown


@pytest.mark.parametrize(
    ("raw", "words", "text"),
    [
        ("7 WORKING_DAY", "7 ngày làm việc", ""),
        ("8.5 WORKING_DAY", "8.5 ngày làm việc", ""),
        ("15 ngày", "15 ngày", ""),
        ("4 HOUR", "4 giờ", ""),
        ("1 OTHER", "", ""),
        ("OTHER", "", ""),
        ("- OTHER", "", ""),
        ("0 WORKING_DAY", "", ""),
        ("", "", ""),
        (None, "", ""),
        ("Không quá 7 ngày làm việc OTHER", "", "Không quá 7 ngày làm việc"),
        ("theo Quy chế làm việc của Chính phủ.", "", "theo Quy chế làm việc của Chính phủ."),
    ],
)
def test_times(raw: object, words: str, text: str) -> None:
    with translation.override("vi"):
        found = time_of(raw)
    assert (found.words, found.text) == (words, text)


def test_papers_keep_their_groups_and_their_order() -> None:
    papers = [
        {"group": "* Nộp:", "name": "- Tờ khai", "originals": 1, "copies": 0},
        {"group": "", "name": "Ảnh", "originals": None, "copies": None},
        {"group": "* Nộp:", "name": "Giấy\tchứng sinh", "originals": 0, "copies": 2},
        {"group": "* Nộp:", "name": " \u200b "},
    ]
    groups, more = rules.groups_of(papers)
    told = [(group.name, [(p.name, p.originals, p.copies) for p in group.papers]) for group in groups]
    assert told == [("Nộp", [("Tờ khai", 1, 0), ("Giấy chứng sinh", 0, 2)]), ("", [("Ảnh", 0, 0)])]
    assert more == 0


def test_long_lists_of_papers_are_cut_and_said_to_be() -> None:
    groups, more = rules.groups_of([{"name": f"Giấy {number}"} for number in range(100)])
    assert (len(groups[0].papers), more) == (60, 40)
    groups, more = rules.groups_of([{"name": "x" * 10_000}] * 5)
    assert (len(groups[0].papers), more) == (1, 4)


@pytest.mark.parametrize(
    ("crawled", "day"),
    [("2026-07-18/19", date(2026, 7, 18)), ("2026-13-40", None), ("July", None), ("", None), (None, None)],
)
def test_the_day_of_reading(crawled: str | None, day: date | None) -> None:
    assert rules.read_on({"crawled": crawled}) == day


@given(before=st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", [], None, "x", "y"])))
def test_blank_and_absent_are_the_same(before: dict[str, object]) -> None:
    filled = {name: value for name, value in before.items() if value}
    assert rules.changed_fields(before, filled) == ()
    assert rules.changed_fields(before, filled | {"name": "new"}) == ("name",)
    assert rules.changed_fields(before, before | {"crawled": "later"}) == ()


@given(text=st.text())
def test_any_text_can_be_shown(text: str) -> None:
    line = rules.one_line(text)
    assert "\n" not in line
    assert not {"\u202e", "\u2066", "\u200b", "\ufeff"} & set(line)
    for fee in fees_of(text):
        assert fee.text
    time_of(text)
    rules.is_signed_decision(text)
    assert rules.printable(text).isprintable()


@pytest.mark.parametrize("digits", ["1" * 100_000, "1." * 50_000, "1.," * 30_000])
def test_a_page_of_digits_is_read_in_no_time(digits: str) -> None:
    """Longer than the page may take, if every digit began anew."""
    began = perf_counter()
    fees_of(f"x {digits}")
    assert perf_counter() - began < 2
