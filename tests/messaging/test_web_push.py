"""Notices to browsers, over real HTTPS: what the service sees, what the browser reads, what we refuse."""

import base64
import json
from datetime import timedelta
from uuid import UUID

import pytest
from py_vapid import Vapid02
from pytest_django import Settings

from nhipcau.core.ids import new_id
from nhipcau.messaging import queries, services
from nhipcau.messaging.channels.web_push.keys import contact, public_key
from nhipcau.messaging.channels.web_push.subscriptions import (
    UnableToReadSubscription,
    is_known_service,
    read_subscription,
)
from nhipcau.messaging.enums import Channel, Trouble
from nhipcau.messaging.models import Address, Delivery
from tests.factories.messages import browser, subscription, tell

from .conftest import NOW, PushService

pytestmark = pytest.mark.django_db


def deliver(now: object) -> None:
    while services.deliver_next(now=now):  # type: ignore[arg-type]
        pass


def push_of(recipient: UUID) -> Delivery:
    return Delivery.objects.get(recipient=recipient, channel=Channel.WEB_PUSH)


def test_a_notice_says_little_and_only_the_browser_reads_it(lan: UUID, push_service: PushService) -> None:
    browser(lan, NOW, push_service.endpoint())
    told = tell(
        lan, NOW, subject="Ca chiều bị huỷ", body="Điều chỉ đọc trên trang.", link="/roster/1/", urgent=True
    )
    deliver(NOW)
    ((path, headers, body),) = push_service.requests
    assert path == "/push/one"
    assert (headers["urgency"], headers["ttl"]) == ("high", "7200")
    assert headers["topic"] == push_of(lan).pk.hex
    assert b"Ca" not in body
    shown = json.loads(push_service.shown())
    assert shown == {
        "title": "Ca chiều bị huỷ",
        "body": "",
        "link": "/roster/1/",
        "tag": str(push_of(lan).pk),
    }
    assert told.body not in push_service.shown().decode()
    assert Vapid02.verify(headers["authorization"])
    assert headers["authorization"].endswith("k=" + public_key())
    assert (push_of(lan).state, push_of(lan).receipt) == ("delivered", "201")


def test_several_are_one_notice_that_opens_the_inbox(lan: UUID, push_service: PushService) -> None:
    browser(lan, NOW, push_service.endpoint())
    for subject in ("Một", "Hai", "Ba"):
        tell(lan, NOW, subject=subject, language="en")
    deliver(NOW + timedelta(minutes=10))
    assert len(push_service.requests) == 1
    shown = json.loads(push_service.shown())
    assert (shown["title"], shown["body"], shown["link"]) == ("Một", "and 2 more messages", "/messages/")
    assert push_service.requests[0][1]["urgency"] == "normal"


def test_a_browser_that_is_gone_is_forgotten_and_another_is_enough(
    lan: UUID, push_service: PushService
) -> None:
    browser(lan, NOW, push_service.endpoint("gone"))
    browser(lan, NOW, push_service.endpoint("here"))
    tell(lan, NOW, urgent=True)
    deliver(NOW)
    assert len(push_service.requests) == 2
    assert push_of(lan).state == "delivered"
    assert [json.loads(row.value)["endpoint"] for row in queries.addresses_of(lan)] == [
        push_service.endpoint("here")
    ]


def test_when_all_are_gone_it_is_given_up(lan: UUID, push_service: PushService) -> None:
    browser(lan, NOW, push_service.endpoint("gone"))
    tell(lan, NOW, urgent=True)
    deliver(NOW)
    assert (push_of(lan).state, push_of(lan).trouble) == ("given_up", Trouble.ADDRESS_GONE)
    assert queries.addresses_of(lan) == []


@pytest.mark.parametrize(
    ("status", "more", "state", "trouble", "wait"),
    [
        (429, {"Retry-After": "1800"}, "failed", "busy", 1800),
        (503, {}, "failed", "busy", 60),
        (500, {"Retry-After": "soon"}, "failed", "busy", 60),
        (403, {}, "given_up", "refused", None),
        (307, {"Location": "https://localhost:1/"}, "given_up", "refused", None),
    ],
)
def test_what_an_answer_means(
    lan: UUID,
    push_service: PushService,
    status: int,
    more: dict[str, str],
    state: str,
    trouble: str,
    wait: int | None,
) -> None:
    push_service.status, push_service.more = status, more
    browser(lan, NOW, push_service.endpoint())
    tell(lan, NOW, urgent=True)
    deliver(NOW)
    row = push_of(lan)
    assert (row.state, row.trouble) == (state, trouble)
    if wait is not None:
        assert row.next_try_at == NOW + timedelta(seconds=wait)
    assert len(push_service.requests) == 1


def test_nobody_there_and_a_false_certificate_are_tried_again(
    lan: UUID, push_service: PushService, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    browser(lan, NOW, push_service.endpoint())
    tell(lan, NOW, urgent=True)
    deliver(NOW)
    assert (push_of(lan).trouble, push_service.requests) == (Trouble.UNREACHABLE, [])
    settings.PUSH_SERVICES = ("localhost:1",)
    other = new_id()
    browser(other, NOW, "https://localhost:1/x")
    tell(other, NOW, urgent=True)
    deliver(NOW)
    assert push_of(other).trouble == Trouble.UNREACHABLE


STRANGE = [
    "http://fcm.googleapis.com/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evil.example/?fcm.googleapis.com",
    "https://user@fcm.googleapis.com/x",
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com@127.0.0.1/x",
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "https://notify.windows.com.evil.example/",
    "https://evilnotify.windows.com/",
    "https://fcm.googleapis.com\\@evil.example/x",
    "file:///etc/passwd",
    "https://[/x",
    "",
]


@pytest.mark.parametrize("endpoint", STRANGE)
def test_only_known_services_are_ever_called(lan: UUID, endpoint: str) -> None:
    assert not is_known_service(endpoint)
    with pytest.raises(UnableToReadSubscription):
        services.give_browser(
            recipient=lan, subscription=subscription(endpoint), label="", commune="", now=NOW
        )


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://wns2-sg2p.notify.windows.com/w/?token=abc",
        "https://web.push.apple.com/abc",
    ],
)
def test_the_services_of_common_browsers_are_known(endpoint: str) -> None:
    assert is_known_service(endpoint)


def test_a_service_struck_off_the_list_is_called_no_more(
    lan: UUID, push_service: PushService, settings: Settings
) -> None:
    browser(lan, NOW, push_service.endpoint())
    settings.PUSH_SERVICES = ("fcm.googleapis.com",)
    tell(lan, NOW, urgent=True)
    deliver(NOW)
    assert (push_of(lan).trouble, push_service.requests) == (Trouble.REFUSED, [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"endpoint": 5, "keys": {"p256dh": "", "auth": ""}}',
        '{"endpoint": "https://fcm.googleapis.com/x", "keys": {"p256dh": "short", "auth": "short"}}',
        '{"endpoint": "https://fcm.googleapis.com/x", "keys": {"p256dh": 1, "auth": null}}',
        '{"endpoint": "https://fcm.googleapis.com/x", "keys": "p256dh"}',
        "[" * 3000,
        subscription() + " " * 5000 + "x",
    ],
)
def test_what_is_no_subscription(text: str) -> None:
    with pytest.raises(UnableToReadSubscription):
        read_subscription(text)


def test_a_browser_shows_only_the_last_ones_notices(lan: UUID) -> None:
    """A phone shared in a family: who signs in later takes the browser over."""
    other = new_id()
    browser(lan, NOW)
    browser(other, NOW)
    assert queries.addresses_of(lan) == []
    assert len(queries.addresses_of(other)) == 1
    browser(other, NOW + timedelta(days=1))
    assert len(queries.addresses_of(other)) == 1


def test_of_many_browsers_the_oldest_goes(lan: UUID) -> None:
    for number in range(7):
        browser(lan, NOW + timedelta(minutes=number), f"https://fcm.googleapis.com/fcm/send/{number}")
    kept = [json.loads(row.value)["endpoint"][-1] for row in queries.addresses_of(lan)]
    assert kept == ["2", "3", "4", "5", "6"]


def test_addresses_lie_encrypted(lan: UUID) -> None:
    row = browser(lan, NOW)
    raw = Address.objects.filter(pk=row.pk).extra(select={"raw": "value::text"}).values("raw").get()["raw"]
    assert "fcm.googleapis.com" not in raw
    assert row.unit_code == "24848"


def test_the_key_is_a_point_and_the_same_each_time(settings: Settings) -> None:
    point = base64.urlsafe_b64decode(public_key() + "=")
    assert (len(point), point[0]) == (65, 4)
    assert public_key() == public_key()
    settings.INDEX_KEY = "another installation"
    assert public_key() != base64.urlsafe_b64encode(point).decode().rstrip("=")
    settings.PUSH_KEY = base64.urlsafe_b64encode(bytes(31) + b"\x01").decode()
    generator = "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
    assert base64.urlsafe_b64decode(public_key() + "=")[1:33] == bytes.fromhex(generator)


@pytest.mark.parametrize(
    ("site", "whom"),
    [
        ("https://nhipcau.lamdong.vn", "https://nhipcau.lamdong.vn"),
        ("https://nhipcau.lamdong.vn:8443", "https://nhipcau.lamdong.vn"),
        ("http://nhipcau", "https://localhost"),
        ("http://[::1]:8000", "https://localhost"),
    ],
)
def test_services_may_ask_about_us(settings: Settings, site: str, whom: str) -> None:
    settings.SITE_URL = site
    assert contact() == whom
