"""Choosing the commune to help in: every name it has or had leads to the same form."""

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.volunteers import queries
from tests.factories.cast import Cast

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
def test_where_to_help_is_found_by_every_name(text: str, first: str, why: str, cast: Cast) -> None:
    found = queries.communes_named(text, language="vi")
    assert (found[0].code, found[0].why) == (first, why) if first else found == []
    assert len({one.code for one in found}) == len(found) <= 20


@pytest.mark.parametrize(("text", "queries_made"), [("không có nơi này", 1), ("lát", 1), ("a", 1), ("", 0)])
def test_looking_for_a_commune_costs_one_query(
    text: str, queries_made: int, client: Client, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(queries_made):  # type: ignore[operator]  # the plugin's fixture
        assert client.get(reverse("volunteers:join"), {"q": text}).status_code == 200


def test_a_former_name_leads_to_the_form_of_today(cast: Cast, client: Client) -> None:
    page = client.get(reverse("volunteers:join"), {"q": "xã Đạ Chais", "lang": "en"}).content.decode()
    assert "is now in xã Lạc Dương" in page
    assert page.count("?commune=24848") == 1
