"""What was given up goes out again when somebody asks: once, whole, and only while it is of use."""

from datetime import timedelta
from uuid import UUID

import pytest

from nhipcau.core.ids import new_id
from nhipcau.messaging import queries, services
from nhipcau.messaging.enums import Channel, DeliveryState, Trouble
from nhipcau.messaging.models import Address, Delivery
from nhipcau.messaging.rules import GATHERING, USEFUL_FOR
from tests.factories.messages import browser, confirmed_email, tell

from .conftest import NIGHT, NOW, MailServer

pytestmark = pytest.mark.django_db
LATER = NOW + GATHERING


def work(now: object = LATER) -> None:
    while services.deliver_next(now=now):  # type: ignore[arg-type]  # always a moment
        pass


def mail_of(person: UUID) -> Delivery:
    return Delivery.objects.filter(recipient=person, channel=Channel.EMAIL).latest("message__created_at")


def test_refused_then_taken_with_all_that_was_gathered(lan: UUID, mail_server: MailServer) -> None:
    confirmed_email(lan, NOW)
    for subject in ("Một", "Hai"):
        tell(lan, NOW, subject=subject)
    mail_server.answer = "550 no"
    work()
    lost = queries.given_up(LATER).get()
    assert (lost.channel, lost.trouble, lost.settled_at) == (Channel.EMAIL, Trouble.REFUSED, LATER)
    mail_server.answer = "250 OK"
    assert services.try_again(delivery_id=lost.pk, now=LATER)
    woken = Delivery.objects.get(pk=lost.pk)
    assert (woken.state, woken.settled_at, woken.trouble) == (DeliveryState.FAILED, None, Trouble.REFUSED)
    assert not services.try_again(delivery_id=lost.pk, now=LATER)
    work()
    assert len(mail_server.mails) == 1
    assert all(subject in mail_server.text() for subject in ("Một", "Hai"))
    assert not services.try_again(delivery_id=lost.pk, now=LATER), "what arrived does not go out again"
    assert not services.try_again(delivery_id=new_id(), now=LATER)


def test_an_address_given_since_is_used(lan: UUID, mail_server: MailServer) -> None:
    confirmed_email(lan, NOW)
    tell(lan, NOW)
    Address.objects.filter(recipient=lan).delete()
    work()
    lost = mail_of(lan)
    assert (lost.state, lost.trouble, lost.attempts) == ("given_up", Trouble.NO_ADDRESS, 0)
    confirmed_email(lan, NOW, "moi@example.vn")
    assert services.try_again(delivery_id=lost.pk, now=LATER)
    assert mail_of(lan).state == DeliveryState.QUEUED
    work()
    assert [str(mail["To"]) for mail in mail_server.mails] == ["moi@example.vn"]


def test_all_of_one_channel_and_nothing_else(lan: UUID, mail_server: MailServer) -> None:
    other = new_id()
    for person, email in ((lan, "lan@example.vn"), (other, "khac@example.vn")):
        confirmed_email(person, NOW, email)
        tell(person, NOW)
    browser(lan, NOW)
    tell(lan, NOW - USEFUL_FOR, subject="Cũ")
    Delivery.objects.exclude(channel=Channel.IN_APP).update(
        state=DeliveryState.GIVEN_UP, attempts=12, settled_at=NOW, trouble=Trouble.BUSY
    )
    later = NOW + timedelta(minutes=1)
    found = {row.channel: (row.count, row.again) for row in queries.lost_by_channel(later)}
    assert found == {Channel.EMAIL: (3, 2), Channel.WEB_PUSH: (1, 0)}
    assert services.try_all_again(channel=Channel.EMAIL, now=later) == 2
    assert services.try_all_again(channel=Channel.EMAIL, now=later) == 0
    assert services.try_all_again(channel=Channel.WEB_PUSH, now=later) == 0
    work(later)
    assert sorted(str(mail["To"]) for mail in mail_server.mails) == ["khac@example.vn", "lan@example.vn"]
    assert {row.channel for row in queries.given_up(later)} == {Channel.EMAIL, Channel.WEB_PUSH}


def test_trying_again_wakes_nobody_at_night(lan: UUID, mail_server: MailServer) -> None:
    confirmed_email(lan, NIGHT)
    tell(lan, NIGHT)
    Delivery.objects.filter(channel=Channel.EMAIL).update(state=DeliveryState.GIVEN_UP, settled_at=NIGHT)
    assert services.try_all_again(channel=Channel.EMAIL, now=NIGHT) == 1
    work(NIGHT)
    assert (mail_of(lan).state, mail_server.mails) == (DeliveryState.HELD, [])


def test_the_newest_stands_first_and_nothing_personal_is_read(lan: UUID) -> None:
    for minutes in (0, 2, 1):
        browser(lan, NOW)
        told = tell(lan, NOW, subject=f"{minutes}")
        Delivery.objects.filter(message=told, channel=Channel.WEB_PUSH).update(
            state=DeliveryState.GIVEN_UP, settled_at=NOW + timedelta(minutes=minutes)
        )
    rows = list(queries.given_up(NOW))
    assert [row.settled_at for row in rows] == [NOW + timedelta(minutes=m) for m in (2, 1, 0)]
    assert {"recipient", "receipt"} <= rows[0].get_deferred_fields()
    assert {"to", "subject", "body", "link"} <= rows[0].message.get_deferred_fields()
