"""Into the outbox: in the caller's transaction, at once in the inbox, for a constant number of queries."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from nhipcau.core.ids import new_id
from nhipcau.messaging import queries, services
from nhipcau.messaging.enums import Channel, DeliveryState, Kind
from nhipcau.messaging.models import Delivery, Message
from tests.factories.messages import browser, confirmed_email, tell

from .conftest import MORNING, NIGHT, NOW, MailServer

pytestmark = pytest.mark.django_db


def state(message: Message, channel: Channel) -> str | None:
    return Delivery.objects.filter(message=message, channel=channel).values_list("state", flat=True).first()


def test_the_inbox_has_it_at_once_and_once(lan: UUID) -> None:
    sent = tell(lan, NOW)
    row = Delivery.objects.get(message=sent)
    assert (row.channel, row.state, row.settled_at) == (Channel.IN_APP, DeliveryState.DELIVERED, NOW)
    assert list(queries.inbox(lan)) == [sent]
    assert queries.unread_count(lan) == 1
    assert not services.deliver_next(now=NOW)


def test_what_is_rolled_back_was_never_said(lan: UUID) -> None:
    with transaction.atomic():
        tell(lan, NOW)
        transaction.set_rollback(True)
    assert queries.unread_count(lan) == 0


def test_only_what_can_be_reached_waits(lan: UUID, mail_server: MailServer) -> None:
    assert state(tell(lan, NOW), Channel.WEB_PUSH) is None
    browser(lan, NOW)
    sent = tell(lan, NOW)
    assert state(sent, Channel.WEB_PUSH) == DeliveryState.QUEUED
    assert state(sent, Channel.EMAIL) is None


def test_what_is_not_wanted_is_declined(lan: UUID) -> None:
    browser(lan, NOW)
    both = {(Kind.SHIFT_REMINDER.value, channel.value) for channel in (Channel.IN_APP, Channel.WEB_PUSH)}
    services.set_wishes(recipient=lan, wishes=queries.wishes_of(lan), declined=both)
    sent = tell(lan, NOW)
    assert [state(sent, channel) for channel in (Channel.IN_APP, Channel.WEB_PUSH)] == ["declined"] * 2
    assert queries.unread_count(lan) == 0
    other = tell(lan, NOW, kind=Kind.HOURS)
    assert [state(other, channel) for channel in (Channel.IN_APP, Channel.WEB_PUSH)] == [
        "delivered",
        "queued",
    ]


def test_what_must_be_heard_cannot_be_declined(lan: UUID) -> None:
    everything = {(kind.value, channel.value) for kind in Kind for channel in Channel}
    services.set_wishes(recipient=lan, wishes=queries.wishes_of(lan), declined=everything)
    shown = {kind for kind in Kind if tell(lan, NOW, kind=kind).shown_at}
    assert shown == {Kind.SHIFT_CHANGE, Kind.WAITING_OFFER, Kind.ROSTER_PUBLISHED, Kind.ACCOUNT}


@pytest.mark.parametrize("link", ["https://elsewhere.vn/", "//elsewhere.vn", "javascript:x"])
def test_a_link_to_elsewhere_is_a_fault(lan: UUID, link: str) -> None:
    with pytest.raises(ValueError, match="by path"):
        tell(lan, NOW, link=link)


def test_a_subject_is_one_short_line(lan: UUID) -> None:
    sent = tell(lan, NOW, subject="Ca\ntrực\r\nBcc: x@y.vn " + "dài " * 100)
    assert sent.subject.startswith("Ca trực Bcc: x@y.vn dài")
    assert len(sent.subject) <= 200


def test_a_hundred_cost_as_many_queries_as_one(db: None) -> None:
    def cost(count: int) -> int:
        drafts = [
            services.Draft(to=new_id(), kind=Kind.ROSTER_PUBLISHED, subject="Lịch mới") for _ in range(count)
        ]
        with transaction.atomic(), CaptureQueriesContext(connection) as seen:
            services.send_all(drafts=drafts, now=NOW)
        return len(seen)

    assert cost(1) == cost(100) == 4


def test_what_adds_up_goes_out_once_with_the_latest_words(lan: UUID, mail_server: MailServer) -> None:
    confirmed_email(lan, NIGHT)

    def count(number: int, moment: datetime) -> None:
        draft = services.Draft(to=lan, kind=Kind.REVIEW, subject=f"{number} chờ", link="/volunteers/")
        with transaction.atomic():
            services.send_once_a_day(to=[lan], kind=Kind.REVIEW, drafts=lambda: [draft], now=moment)

    for number in (1, 2, 3):
        moment = NIGHT + number * timedelta(minutes=30)
        count(number, moment)
        while services.deliver_next(now=moment):
            assert mail_server.mails == [], "it is night"
    while services.deliver_next(now=MORNING):
        continue
    assert mail_server.subjects() == ["3 chờ"]
    assert [row.subject for row in queries.inbox(lan)] == ["3 chờ"]


def test_urgent_ones_ask_for_the_worker_at_once(lan: UUID) -> None:
    def jobs() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'messaging.deliver_now'"
            )
            return int(cursor.fetchone()[0])

    before = jobs()
    tell(lan, NOW, urgent=True)
    assert jobs() == before  # nobody to reach outside the site
    browser(lan, NOW)
    tell(lan, NOW)
    assert jobs() == before
    tell(lan, NOW, urgent=True)
    assert jobs() == before + 1
