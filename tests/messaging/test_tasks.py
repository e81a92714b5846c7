"""The tasks make their one call, know their names, and may run twice."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from nhipcau.core import clock
from nhipcau.messaging import services, tasks
from nhipcau.messaging.channels.protocol import TemporaryTrouble
from nhipcau.messaging.models import Message
from nhipcau.messaging.rules import Wishes
from tests.factories.messages import browser, tell

from .conftest import MailServer, PushService

pytestmark = pytest.mark.django_db


def test_every_name_that_is_asked_for_is_a_task() -> None:
    names = {f"messaging.{name}" for name in ("deliver_due", "deliver_now", "send_code", "forget_old")}
    assert names <= set(app.tasks)
    periodic = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    assert {"messaging.deliver_due", "messaging.forget_old"} <= periodic


def test_due_ones_are_taken_out_and_twice_is_once(lan: UUID, push_service: PushService) -> None:
    services.set_wishes(recipient=lan, wishes=_never_quiet(), declined=())
    browser(lan, clock.now(), push_service.endpoint())
    tell(lan, clock.now(), urgent=True)
    assert tasks.deliver_now() == 1
    assert tasks.deliver_due(timestamp=0) == 0
    assert len(push_service.requests) == 1


def test_the_code_is_asked_for_with_the_address_and_sent(lan: UUID, mail_server: MailServer) -> None:
    row = services.give_email(
        recipient=lan, email="lan@example.vn", commune="", language="th", now=clock.now()
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'messaging.send_code'")
        arguments = [found for (found,) in cursor.fetchall()]
    wanted = {"address_id": str(row.pk), "language": "th"}
    assert wanted in [json.loads(found) if isinstance(found, str) else found for found in arguments]
    tasks.send_code(address_id=str(row.pk), language="th")
    assert row.code in str(mail_server.mails[0]["Subject"])


def test_a_mail_server_that_is_away_lets_the_code_be_tried_again(lan: UUID, mail_server: MailServer) -> None:
    row = services.give_email(
        recipient=lan, email="lan@example.vn", commune="", language="vi", now=clock.now()
    )
    mail_server.answer = "451 later"
    with pytest.raises(TemporaryTrouble, match="busy"):
        tasks.send_code(address_id=str(row.pk), language="vi")
    mail_server.answer = "550 no"
    tasks.send_code(address_id=str(row.pk), language="vi")
    assert mail_server.mails == []


def test_old_messages_go(lan: UUID) -> None:
    tell(lan, clock.now() - timedelta(days=200))
    assert tasks.forget_old(timestamp=0) == 1
    assert tasks.forget_old(timestamp=0) == 0
    assert not Message.objects.filter(to=lan).exists()


def _never_quiet() -> Wishes:
    usual = Wishes()
    return Wishes(usual.quiet_from, usual.quiet_from, usual.urgent_at_night, usual.daily_ceiling)
