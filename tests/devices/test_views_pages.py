"""Phones on a page: found by who looks after them, shut and opened in calm words; keys of a province."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nhipcau.core import clock
from nhipcau.devices.models import Device, ProvinceKey
from tests.factories.cast import Cast
from tests.factories.phones import Phone, make_phone


@pytest.fixture
def phone(cast: Cast) -> Phone:
    return make_phone(cast.volunteer, clock.now())


def text(client: Client, address: str) -> str:
    return client.get(f"{address}?lang=en", follow=True).content.decode()


def test_the_phones_of_ones_places(cast: Cast, phone: Phone, client: Client) -> None:
    make_phone(cast.neighbour_volunteer, clock.now())
    Device.objects.filter(pk=phone.id).update(
        waiting=37, skew_seconds=-3 * 86400 - 5, seen_at=clock.now() - timedelta(days=4)
    )
    client.force_login(cast.leader)
    page = text(client, "/phones/")
    assert cast.volunteer.name in page
    assert cast.neighbour_volunteer.name not in page
    for words in (">37<", "3 days ahead", "Long not seen, with unsent work"):
        assert words in page
    client.force_login(cast.province)
    assert cast.neighbour_volunteer.name in text(client, "/phones/")


@pytest.mark.parametrize(
    ("skew", "words"),
    [(119, ""), (-119, ""), (120, "2 minutes behind"), (-7300, "2 hours ahead"), (10**8, "1157 days behind")],
)
def test_how_wrong_a_clock_is(skew: int, words: str, cast: Cast, phone: Phone, client: Client) -> None:
    Device.objects.update(skew_seconds=skew)
    client.force_login(cast.leader)
    page = text(client, "/phones/")
    assert ("Its clock is wrong" in page) == bool(words)
    assert words in page


def test_a_leader_shuts_and_opens(cast: Cast, phone: Phone, client: Client) -> None:
    Device.objects.update(waiting=2)
    client.force_login(cast.leader)
    assert "it held 2 pieces of work" in text(client, f"/phones/{phone.id}/shut/")
    assert Device.objects.get().revoked_at is None
    answer = client.post(f"/phones/{phone.id}/shut/")
    assert (answer.status_code, answer["Location"]) == (302, "/phones/")
    first = Device.objects.get().revoked_at
    assert first is not None
    client.post(f"/phones/{phone.id}/shut/")
    assert Device.objects.get().revoked_at == first
    assert "This phone is shut already." in text(client, f"/phones/{phone.id}/shut/")
    assert client.post(f"/phones/{phone.id}/open/").status_code == 302
    assert Device.objects.get().revoked_at is None


def test_shut_ones_come_last(cast: Cast, phone: Phone, client: Client) -> None:
    make_phone(cast.official, clock.now())
    client.force_login(cast.leader)
    client.post(f"/phones/{phone.id}/shut/")
    page = text(client, "/phones/")
    assert page.index(cast.official.name) < page.index(cast.volunteer.name)


def test_a_member_shuts_a_lost_one_but_opens_none(cast: Cast, phone: Phone, client: Client) -> None:
    client.force_login(cast.volunteer)
    assert client.get("/phones/").status_code == 404
    assert f"/phones/{phone.id}/shut/" in text(client, "/phones/mine/")
    assert client.post(f"/phones/{phone.id}/shut/")["Location"] == "/phones/mine/"
    assert "Found it? Whoever leads your team opens it again." in text(client, "/phones/mine/")
    assert client.post(f"/phones/{phone.id}/open/").status_code == 404
    assert Device.objects.get().revoked_at is not None


def test_nobody_elses(cast: Cast, phone: Phone, client: Client) -> None:
    for stranger in (cast.outsider, cast.neighbour_volunteer, cast.official, cast.nation, cast.administrator):
        client.force_login(stranger)
        assert client.get(f"/phones/{phone.id}/shut/").status_code == 404
        assert client.post(f"/phones/{phone.id}/shut/").status_code == 404
        assert client.post(f"/phones/{phone.id}/open/").status_code == 404
    assert Device.objects.get().revoked_at is None


def test_a_new_key_for_the_province(cast: Cast, phone: Phone, client: Client) -> None:
    old = ProvinceKey.objects.get()
    for part in (cast.coordinator, cast.outsider):
        client.force_login(part)
        assert "/phones/keys/68/" not in text(client, "/phones/keys/")
        assert client.post("/phones/keys/68/").status_code == 404
    client.force_login(cast.province)
    assert "1 phone" in text(client, "/phones/keys/")
    for nowhere in ("22", "24848", "VN", "x", "%00"):
        assert client.post(f"/phones/keys/{nowhere}/").status_code == 404
    assert client.post("/phones/keys/68/").status_code == 302
    old.refresh_from_db()
    assert old.retired_at is not None
    assert old.private
    assert ProvinceKey.objects.get(retired_at__isnull=True).pk != old.pk
    assert "0 phones" in text(client, "/phones/keys/")


@pytest.mark.parametrize("address", ["/phones/", "/phones/mine/"])
def test_one_phone_and_three_cost_the_same(address: str, cast: Cast, client: Client) -> None:
    counts = []
    for _number in range(3):
        make_phone(cast.leader, clock.now())
        client.force_login(cast.leader)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2] <= 12
