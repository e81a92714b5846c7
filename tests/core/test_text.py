"""Folding: the same word however it was typed, different words kept apart."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.core.text import fold, fold_marks, squeeze

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ "


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Xã Đạ Chais", "xa da chais"),
        ("  ĐẮK   LẮK ", "dak lak"),
        ("Ea H'leo", "ea hleo"),
        ("Đắk R’Măng", "dak rmang"),
        ("Phương Liên - Trung Tự", "phuong lien trung tu"),
        ("P.Cửa\u200b Nam,Q.Hoàn Kiếm", "p cua nam q hoan kiem"),
        ("Ðà Nẵng", "da nang"),
        ("ＨＡ　ＮỘＩ", "ha noi"),
        ("", ""),
        ("!!! …", ""),
    ],
)
def test_fold(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà", "Hòa"),
        ("Thuỷ", "Thủy"),
        ("Khoẻ", "khỏe"),
        ("Hòan Kiếm", "Hoàn Kiếm"),
        ("Qúy", "Quý"),
        ("Gìa", "già"),
        ("Thuở", "Thủơ"),
        (unicodedata.normalize("NFD", "Lạc Dương"), "lạc dương"),
    ],
)
def test_tone_placement_is_settled(one: str, other: str) -> None:
    assert fold_marks(one) == fold_marks(other)


def test_the_old_place_is_the_canonical_one() -> None:
    assert fold_marks("Hoà Thuỷ Quý Giá Hoàn Tuổi Khoái Muỗi Người") == (
        "hòa thủy quý giá hoàn tuổi khoái muỗi người"
    )


@pytest.mark.parametrize(("one", "other"), [("Văn Lang", "Văn Lăng"), ("Cẩm Giang", "Cẩm Giàng")])
def test_marks_keep_names_apart_until_folded(one: str, other: str) -> None:
    assert fold_marks(one) != fold_marks(other)
    assert fold(one) == fold(other)


def test_squeeze_joins_words() -> None:
    assert squeeze("Đà Lạt") == squeeze("Dalat") == "dalat"


def test_thai_words_stay_whole() -> None:
    assert fold("ที่ทำการ ตำบล") == unicodedata.normalize("NFKC", "ที่ทำการ ตำบล")


@given(st.text())
def test_fold_is_total_and_idempotent(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert "  " not in once
    assert once == once.strip()


@given(st.text())
def test_fold_marks_is_total_and_idempotent(text: str) -> None:
    once = fold_marks(text)
    assert fold_marks(once) == once


@given(st.text(alphabet=VIETNAMESE + VIETNAMESE.upper()))
def test_form_case_and_marks_do_not_matter(text: str) -> None:
    expected = fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == expected
    assert fold(text.upper()) == expected
    assert fold(fold_marks(text)) == expected
    assert expected.isascii()
