"""A commune is found by the names it has, those it had, and parts of them."""

import pytest

from nhipcau.places.queries import communes_named

pytestmark = pytest.mark.django_db


# A name of today, one of before July 2025 – with marks, without, with its kind and province –, a district,
# a part of a name, what no commune was ever called.
@pytest.mark.parametrize(
    ("text", "first", "why"),
    [
        ("lạc dương", "24848", ""),
        ("Xã Lạc Dương", "24848", ""),
        ("Đạ Chais", "24848", "Toàn bộ xã Đạ Chais (huyện Lạc Dương) nay thuộc xã Lạc Dương."),
        (
            "xa lat, lam dong",
            "24846",
            "Toàn bộ xã Lát (huyện Lạc Dương) nay thuộc phường Lang Biang - Đà Lạt.",
        ),
        ("lát", "24846", "Toàn bộ xã Lát (huyện Lạc Dương) nay thuộc phường Lang Biang - Đà Lạt."),
        ("lạc dươ", "24848", ""),
        ("không có nơi này", "", ""),
        (" ,.", "", ""),
    ],
)
def test_a_commune_is_found_by_every_name_it_has_or_had(text: str, first: str, why: str) -> None:
    found = communes_named(text, language="vi")
    assert (found[0].code, found[0].why) == (first, why) if first else found == []
    assert len({one.code for one in found}) == len(found) <= 20
