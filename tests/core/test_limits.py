"""Tries are counted for one corner of the network, in every process alike, and nowhere in clear."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from nhipcau.core.limits import give_try_back, network_of, take_try
from tests.factories.cast import NOW


def request(address: str, forwarded: str = "") -> HttpRequest:
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=address, **headers)


def take(who: HttpRequest, after: timedelta = timedelta(0)) -> bool:
    return take_try("test", who, most=3, seconds=600, now=NOW + after)


@pytest.mark.django_db
def test_so_many_tries_and_no_more_until_the_time_is_over() -> None:
    who = request("192.0.2.1")
    assert [take(who) for _each in range(5)] == [True, True, True, False, False]
    assert take(request("192.0.2.2"))
    assert not take(who, timedelta(seconds=599))


@pytest.mark.django_db
def test_a_right_try_does_not_count_and_gives_no_credit() -> None:
    who = request("192.0.2.1")
    for _each in range(5):
        assert take(who)
        give_try_back("test", who, now=NOW)
    give_try_back("test", who, now=NOW)
    assert [take(who) for _each in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_the_database_holds_the_count_and_no_address() -> None:
    """In the database: the next web process sees it. Under a digest: an address is personal data."""
    take(request("192.0.2.77"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM limits")
        rows = cursor.fetchall()
    assert len(rows) == 1
    assert "192.0.2" not in str(rows)
    assert "test" not in rows[0][0]


def test_a_household_of_ipv6_is_one() -> None:
    assert network_of(request("2001:db8:1:2:aaaa::1")) == network_of(request("2001:db8:1:2:bbbb::9"))
    assert network_of(request("2001:db8:1:3::1")) != network_of(request("2001:db8:1:2::1"))
    assert network_of(request("::ffff:192.0.2.1")) == "192.0.2.1"
    assert network_of(request("not an address")) == ""


def test_only_our_own_proxies_are_believed(settings: Settings) -> None:
    invented = request("192.0.2.1", "203.0.113.9")
    assert network_of(invented) == "192.0.2.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert network_of(request("192.0.2.1", "1.1.1.1, 203.0.113.9")) == "203.0.113.9"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert network_of(request("192.0.2.1", "203.0.113.9")) == "192.0.2.1"
