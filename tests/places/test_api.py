"""Places for other programs."""

import pytest
from django.test import Client

from tests.places.test_services import add_point

pytestmark = pytest.mark.django_db


def test_convert(client: Client) -> None:
    found = client.get("/api/v1/places/convert", {"q": "Xã Đạ Chais, Lạc Dương, Lâm Đồng"}).json()
    assert found["status"] == "ok"
    assert found["candidates"][0]["code"] == "24848"


@pytest.mark.parametrize("text", ["", "garbage", "x" * 10_000, "😀", "\0"])
def test_convert_answers_anything(client: Client, text: str) -> None:
    answer = client.get("/api/v1/places/convert", {"q": text})
    assert (answer.status_code, answer.json()["status"]) == (200, "not_found")


def test_convert_needs_a_text(client: Client) -> None:
    assert client.get("/api/v1/places/convert").status_code == 422


def test_unit(client: Client) -> None:
    add_point()
    found = client.get("/api/v1/places/units/24848").json()
    assert found["full_name"] == "Xã Lạc Dương"
    assert found["province_code"] == "68"
    assert any("Đạ Chais" in line for line in found["formed_from"])
    assert found["points"][0]["hours"][0] == {"weekday": 0, "opens": "07:00", "closes": "11:30"}
    assert client.get("/api/v1/places/units/68").json()["points"] == []


@pytest.mark.parametrize("code", ["99999", "abc", "%00", "24848 "])
def test_unknown_unit(client: Client, code: str) -> None:
    answer = client.get(f"/api/v1/places/units/{code}")
    assert answer.status_code == 404
