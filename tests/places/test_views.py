"""Pages of places: for everybody without an account, and for those who keep the points right."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries  # type: ignore[attr-defined]  # exported at run time

from nhipcau.places.models import OpeningHours, ServicePoint
from tests.factories.cast import Cast
from tests.places.test_services import add_point

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("language", ["vi", "en", "th"])
def test_from_an_old_address_to_the_centre(client: Client, language: str) -> None:
    add_point()
    found = page(client, "/places/", q="Xã Đạ Chais, huyện Lạc Dương, Lâm Đồng", lang=language)
    assert "Xã Lạc Dương, Tỉnh Lâm Đồng" in found
    assert "/places/24848/" in found
    commune = page(client, "/places/24848/", lang=language)
    assert "Thôn 1" in commune
    assert "07:00–11:30, 13:30–17:00" in commune
    assert "Đạ Sar" in commune


@pytest.mark.parametrize(
    "text", ["", "P. Cửa Nam, Hoàn Kiếm", "huyện Lạc Dương", "garbage", "x" * 5000, "<b>\0"]
)
def test_any_text_gets_a_page(client: Client, text: str) -> None:
    assert "<b>\0" not in page(client, "/places/", q=text)


def test_a_commune_without_a_point_says_whom_to_ask(client: Client) -> None:
    assert "Ask at the office" in page(client, "/places/22015/", lang="en")


def test_unknown_places(client: Client) -> None:
    for code in ("99999", "VN", "abc", "2484"):
        assert client.get(f"/places/{code}/").status_code == 404


def test_a_province_lists_its_communes_in_pages(client: Client) -> None:
    found = page(client, "/places/68/", lang="en")
    assert "124 communes" in found
    assert "Xã Lạc Dương" in page(client, "/places/68/", q="lac duong")
    assert page(client, "/places/provinces/").count('href="/places/') >= 34


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(
    client: Client, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        add_point(name=f"Điểm {number}")
    for address in ("/places/24848/", "/places/68/", "/places/provinces/"):
        with django_assert_max_num_queries(12):
            page(client, address)
    with django_assert_max_num_queries(0):
        page(client, "/places/", q="Xã Đạ Chais")


# --- the points to keep right ------------------------------------------------------------------------


def test_points_are_for_those_who_answer_for_the_place(client: Client, cast: Cast) -> None:
    point = add_point()
    addresses = [
        reverse(f"places:{name}", args=[point.pk]) for name in ("edit_point", "edit_hours", "close_point")
    ]
    for address in addresses:
        assert client.get(address).status_code == 302
    for member, expected in ((cast.province, 200), (cast.outsider, 404), (cast.volunteer, 404)):
        client.force_login(member)
        for address in addresses:
            assert client.get(address).status_code == expected


def test_address_hours_and_end_are_written(client: Client, cast: Cast) -> None:
    client.force_login(cast.province)
    values = {"commune": "24848", "kind": "one_stop", "name": "Một cửa", "address": "Thôn 2"}
    assert client.post("/places/points/new/", values).status_code == 302
    point = ServicePoint.objects.get()
    assert point.hours.count() == 10
    edit = {**values, "phone": "0263 111 222", "zalo_url": "https://zalo.me/12"}
    assert client.post(reverse("places:edit_point", args=[point.pk]), edit).status_code == 302
    hours = reverse("places:edit_hours", args=[point.pk])
    assert client.post(hours, {"day_0": "8:00-12:00"}).status_code == 302
    assert OpeningHours.objects.filter(point=point).count() == 1
    assert client.post(hours, {"day_0": "nonsense"}).status_code == 200
    assert OpeningHours.objects.filter(point=point).count() == 1
    assert "0263 111 222" in page(client, "/places/points/", q="lac duong")
    closing = reverse("places:close_point", args=[point.pk])
    assert client.post(closing, {"closed_from": "2001-01-01"}).status_code == 200
    assert client.post(closing, {"closed_from": "2099-01-01"}).status_code == 302


def test_a_commune_of_somebody_else_is_refused_with_a_sentence(client: Client, cast: Cast) -> None:
    client.force_login(cast.province)
    values = {"commune": "00004", "kind": "centre", "name": "Ba Đình"}
    assert client.post("/places/points/new/", values).status_code == 200
    assert ServicePoint.objects.count() == 0
