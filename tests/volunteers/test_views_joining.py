"""Choosing the commune to help in: every name it has or had leads to the same form."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db


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
