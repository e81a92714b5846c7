"""The operator's page of what did not get through: counted, without persons, tried again on record."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from nhipcau.audit.models import Entry
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.messaging.enums import Channel, DeliveryState, Trouble
from nhipcau.messaging.models import Delivery
from tests.factories.cast import NOW, Cast
from tests.factories.messages import browser, tell

pytestmark = pytest.mark.django_db
PAGE = "/undelivered/"


@pytest.fixture(autouse=True)
def at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def operator(cast: Cast, client: Client) -> Client:
    client.force_login(cast.administrator)
    client.cookies["lang"] = "en"
    return client


def lose(cast: Cast, *, age: timedelta = timedelta(), minutes: int = 0) -> Delivery:
    """A notice for the volunteer that the push service refused."""
    browser(cast.volunteer.pk, NOW)
    told = tell(cast.volunteer.pk, NOW - age, subject="Ca trực bí mật", body="Nội dung bí mật")
    row = Delivery.objects.get(message=told, channel=Channel.WEB_PUSH)
    row.state, row.trouble, row.attempts = DeliveryState.GIVEN_UP, Trouble.REFUSED, 1
    row.settled_at = NOW + timedelta(minutes=minutes)
    row.save()
    return row


def text(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_only_the_operator_gets_in(cast: Cast, client: Client) -> None:
    lost = lose(cast)
    addresses = [
        reverse("portal:undelivered"),
        reverse("portal:try_again", args=[lost.pk]),
        reverse("portal:try_all_again", args=["web_push"]),
    ]
    for part, member in cast.everyone().items():
        client.force_login(member)
        seen = {client.post(address).status_code for address in addresses[1:]}
        seen.add(client.get(addresses[0]).status_code)
        assert seen == ({200, 302} if part == "administrator" else {404}), part


def test_what_is_shown_and_what_is_not(cast: Cast, operator: Client) -> None:
    assert "Every message got through." in text(operator)
    lose(cast)
    lose(cast, age=timedelta(days=4), minutes=1)
    page = text(operator)
    assert "2 messages did not get through" in page
    assert "Try 1 again" in page
    assert page.count("<code>refused</code>") == 2
    assert page.index("03/07/2025 09:01") < page.index("03/07/2025 09:00")
    assert page.count("Too old to be sent again") == 1
    hidden = ("bí mật", cast.volunteer.name, str(cast.volunteer.pk), "fcm.googleapis", "Android")
    assert not [word for word in hidden if word in page]


def test_one_is_tried_again_once_and_on_record(cast: Cast, operator: Client) -> None:
    lost = lose(cast)
    address = reverse("portal:try_again", args=[lost.pk])
    assert "1 message is sent again soon" in operator.post(address, follow=True).content.decode()
    lost.refresh_from_db()
    assert (lost.state, lost.next_try_at) == (DeliveryState.FAILED, NOW)
    assert "Nothing to send again" in operator.post(address, follow=True).content.decode()
    (act,) = Entry.objects.filter(action="try_again")
    assert (act.actor, act.entity, act.entity_id) == (
        str(cast.administrator.pk), "messaging_delivery", str(lost.pk),
    )  # fmt: skip
    assert operator.post(reverse("portal:try_again", args=[new_id()])).status_code == 404


def test_all_of_a_channel_are_tried_again_once_and_on_record(cast: Cast, operator: Client) -> None:
    fresh, old = [lose(cast), lose(cast)], lose(cast, age=timedelta(days=4))
    address = reverse("portal:try_all_again", args=["web_push"])
    assert "2 messages are sent again soon" in operator.post(address, follow=True).content.decode()
    assert "Nothing to send again" in operator.post(address, follow=True).content.decode()
    states = dict(Delivery.objects.filter(channel=Channel.WEB_PUSH).values_list("pk", "state"))
    assert states == {**{row.pk: "failed" for row in fresh}, old.pk: "given_up"}
    (act,) = Entry.objects.filter(action="try_again")
    assert (act.entity, act.entity_id) == ("messaging_channel", "web_push")
    assert operator.post(reverse("portal:try_all_again", args=["pigeon"])).status_code == 404


def test_the_page_costs_the_same_for_one_and_three(
    cast: Cast, operator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for more in (1, 2):
        for _row in range(more):
            lose(cast)
        with django_assert_num_queries(6):
            text(operator)


def test_a_long_list_has_pages(cast: Cast, operator: Client) -> None:
    rows = [lose(cast, minutes=number) for number in range(31)]
    assert "Page 1 of 2" in text(operator)
    last = text(operator, f"{PAGE}?page=2")
    assert reverse("portal:try_again", args=[rows[0].pk]) in last
    assert reverse("portal:try_again", args=[rows[1].pk]) not in last
