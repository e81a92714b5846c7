"""The pages: what is mine, what is new, what I choose; and how much each asks of the database."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from nhipcau.messaging import queries, services
from nhipcau.messaging.enums import Channel, Kind
from nhipcau.messaging.models import Address, Message
from tests.factories.cast import Cast
from tests.factories.messages import browser, subscription, tell

from .conftest import NOW, MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(cast: Cast, client: Client) -> Client:
    client.force_login(cast.volunteer)
    client.cookies["lang"] = "en"
    return client


def page(client: Client, name: str, **values: object) -> str:
    answer = client.get(reverse(f"messaging:{name}", kwargs=values or None))
    assert answer.status_code == 200
    return answer.content.decode()


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_inbox_marks_what_is_new_and_opening_reads_it(me: Client, cast: Cast) -> None:
    first = tell(cast.volunteer.pk, NOW, subject="Ca sáng", link="/home/")
    tell(cast.volunteer.pk, NOW + timedelta(minutes=1), subject="Ca chiều", urgent=True)
    tell(cast.leader.pk, NOW, subject="Của người khác")
    text = page(me, "inbox")
    assert text.index("Ca chiều") < text.index("Ca sáng")
    assert "Của người khác" not in text
    assert len(re.findall(r">New<", text)) == 2
    assert len(re.findall(r">Urgent<", text)) == 1
    opened = page(me, "message", message_id=first.pk)
    assert "Bắt đầu lúc 7:00." in opened
    assert 'href="/home/"' in opened
    assert queries.unread_count(cast.volunteer.pk) == 1
    read_at = Message.objects.get(pk=first.pk).read_at
    page(me, "message", message_id=first.pk)
    assert Message.objects.get(pk=first.pk).read_at == read_at
    answer = me.post(reverse("messaging:read_all"))
    assert answer.status_code == 302
    assert "Mark all as read" not in page(me, "inbox")
    assert queries.unread_count(cast.leader.pk) == 1


def test_somebody_elses_message_does_not_exist(me: Client, cast: Cast) -> None:
    other = tell(cast.leader.pk, NOW)
    assert me.get(reverse("messaging:message", args=[other.pk])).status_code == 404
    other.refresh_from_db()
    assert other.read_at is None
    address = browser(cast.leader.pk, NOW)
    assert me.post(reverse("messaging:remove_address", args=[address.pk])).status_code == 404
    assert Address.objects.filter(pk=address.pk).exists()


def test_text_is_text(me: Client, cast: Cast) -> None:
    told = tell(cast.volunteer.pk, NOW, subject="<b>x</b>", body="<script>alert(1)</script>\n\nhai")
    assert "<b>x" not in page(me, "inbox")
    text = page(me, "message", message_id=told.pk)
    assert "<script>alert" not in text
    assert "<p>hai</p>" in text


def test_a_long_inbox_has_pages_and_costs_the_same(me: Client, cast: Cast) -> None:
    address = reverse("messaging:inbox")
    tell(cast.volunteer.pk, NOW)
    one = cost(me, address)
    for _more in range(2):
        tell(cast.volunteer.pk, NOW)
    assert cost(me, address) == one == 6  # what is unread is counted anew where messages are read
    for number in range(40):
        tell(cast.volunteer.pk, NOW + timedelta(minutes=number), subject=f"Số {number}.")
    assert cost(me, address) == one
    text = page(me, "inbox")
    assert "Số 39." in text
    assert "Số 5." not in text
    assert "page=2" in text
    assert "Số 5." in me.get(f"{address}?page=2").content.decode()


def test_a_message_and_the_settings_cost_the_same(me: Client, cast: Cast) -> None:
    told = tell(cast.volunteer.pk, NOW)
    address = reverse("messaging:message", args=[told.pk])
    assert cost(me, address) == cost(me, address) + 1 == 6 + 2  # the first look writes, in a transaction
    settings_page = reverse("messaging:settings")
    browser(cast.volunteer.pk, NOW, "https://fcm.googleapis.com/1")
    one = cost(me, settings_page)
    for number in (2, 3):
        browser(cast.volunteer.pk, NOW, f"https://fcm.googleapis.com/{number}")
    assert cost(me, settings_page) == one == 7


def form(**changes: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "in_app": [kind.value for kind in Kind],
        "email": [kind.value for kind in Kind],
        "web_push": [kind.value for kind in Kind],
        "quiet_from": "21:00",
        "quiet_until": "06:30",
        "daily_ceiling": "5",
    }
    return {**usual, **changes}


def offered(data: dict[str, object]) -> dict[str, object]:
    """Only what the page offers can be ticked."""
    always = {Kind.SHIFT_CHANGE, Kind.WAITING_OFFER, Kind.ROSTER_PUBLISHED, Kind.ACCOUNT}
    allowed = {"in_app": always, "email": {Kind.ACCOUNT}, "web_push": {Kind.ACCOUNT}}
    return {
        name: [kind for kind in value if kind not in allowed[name]] if isinstance(value, list) else value
        for name, value in data.items()
    }


def test_wishes_are_kept_and_shown(me: Client, cast: Cast, mail_server: MailServer) -> None:
    data = offered(
        form(email=[Kind.HOURS.value], quiet_from="20:15", urgent_at_night="on", daily_ceiling="2")
    )
    assert me.post(reverse("messaging:settings"), data).status_code == 302
    person = cast.volunteer.pk
    found = queries.wishes_of(person)
    assert (found.quiet_from.isoformat("minutes"), found.urgent_at_night, found.daily_ceiling) == (
        "20:15",
        True,
        2,
    )
    declined = queries.declined_by(person)
    assert {channel for _kind, channel in declined} == {Channel.EMAIL}
    assert (Kind.HOURS, Channel.EMAIL) not in declined
    assert len(declined) == len(Kind) - 2
    text = page(me, "settings")
    assert 'value="20:15"' in text
    ticked = [box for box in re.findall(r"<input[^>]*>", text) if 'name="email"' in box and "checked" in box]
    assert len(ticked) == 1
    assert "hours" in ticked[0]


def test_what_a_page_without_mail_does_not_show_stays(
    me: Client, cast: Cast, mail_server: MailServer, settings: Settings
) -> None:
    me.post(reverse("messaging:settings"), offered(form(email=[])))
    settings.SMTP = None
    assert 'name="email"' not in page(me, "settings")
    me.post(reverse("messaging:settings"), offered(form(in_app=[])))
    declined = queries.declined_by(cast.volunteer.pk)
    assert {channel for _kind, channel in declined} == {Channel.EMAIL, Channel.IN_APP}


@pytest.mark.parametrize(
    "wrong",
    [{"daily_ceiling": "0"}, {"daily_ceiling": "21"}, {"quiet_from": "25:00"}, {"in_app": ["account"]}],
)
def test_what_cannot_be_wished(me: Client, cast: Cast, wrong: dict[str, object]) -> None:
    answer = me.post(reverse("messaging:settings"), {**offered(form()), **wrong})
    assert answer.status_code == 422
    assert "govuk-error-message" in answer.content.decode()
    assert queries.declined_by(cast.volunteer.pk) == set()


def test_an_address_is_typed_proved_and_forgotten(me: Client, cast: Cast, mail_server: MailServer) -> None:
    me.post(reverse("messaging:give_email"), {"email": "lan@example.vn"})
    (row,) = queries.addresses_of(cast.volunteer.pk)
    assert row.unit_code == "24848"
    text = page(me, "settings")
    assert "waits for its code" in text
    assert row.code not in text
    answer = me.post(reverse("messaging:confirm_email"), {"code": "2222-2222"}, follow=True)
    assert "This code is not the one" in answer.content.decode()
    me.post(reverse("messaging:confirm_email"), {"code": row.code})
    assert "waits for its code" not in page(me, "settings")
    row.refresh_from_db()
    assert row.verified_at is not None
    me.post(reverse("messaging:remove_address", args=[row.pk]))
    assert queries.addresses_of(cast.volunteer.pk) == []


def test_codes_are_not_sent_without_end(me: Client, cast: Cast, mail_server: MailServer) -> None:
    cache.clear()
    for number in range(7):
        me.post(reverse("messaging:give_email"), {"email": f"nan-nhan-{number}@example.vn"})
    (row,) = queries.addresses_of(cast.volunteer.pk)
    assert row.value == "nan-nhan-4@example.vn"


def test_this_device_on_and_off(me: Client, cast: Cast) -> None:
    agent = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0"
    me.post(reverse("messaging:give_browser"), {"subscription": subscription()}, HTTP_USER_AGENT=agent)
    (row,) = queries.addresses_of(cast.volunteer.pk)
    assert (row.label, row.channel) == ("Android", Channel.WEB_PUSH)
    assert "Android" in page(me, "settings")
    assert "fcm.googleapis" not in page(me, "settings")
    me.post(reverse("messaging:remove_address", args=[row.pk]))
    assert queries.addresses_of(cast.volunteer.pk) == []
    answer = me.post(reverse("messaging:give_browser"), {"subscription": "{}"}, follow=True)
    assert "gave no address for notices" in answer.content.decode()


def test_the_worker_of_notices_is_a_script_at_the_root(client: Client) -> None:
    answer = client.get("/push-worker.js")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert b"notificationclick" in answer.content


def test_time_stands_in_vietnam(me: Client, cast: Cast) -> None:
    tell(cast.volunteer.pk, NOW)
    assert "03/07/2025 09:00" in page(me, "inbox")


def test_forgetting_leaves_an_empty_inbox(me: Client, cast: Cast) -> None:
    tell(cast.volunteer.pk, NOW)
    services.forget(recipient=cast.volunteer.pk)
    assert "No messages yet" in page(me, "inbox")
