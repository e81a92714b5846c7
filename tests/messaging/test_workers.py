"""Several workers at once, and one that dies on the way: committed rows, real processes, a real server."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from pytest_django import DjangoDbBlocker

from nhipcau.core.ids import new_id
from nhipcau.messaging import queries, services
from nhipcau.messaging.enums import Channel, DeliveryState, Kind, Trouble
from nhipcau.messaging.models import Delivery, Message
from nhipcau.messaging.rules import LEASE, Wishes
from tests.conftest import KEYS
from tests.databases import ROOT
from tests.factories.messages import confirmed_email, tell

from .conftest import NOW, MailServer

WORKER = """
import django
django.setup()
from datetime import datetime
from nhipcau.messaging import services
services.deliver_next(now=datetime.fromisoformat({now!r}))
"""


@pytest.fixture
def people(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[UUID]]:
    """Twelve people whose rows are really committed, and taken away again."""
    found = [new_id() for _number in range(12)]
    with django_db_blocker.unblock():
        yield found
        for one in found:
            services.forget(recipient=one)


def work(now: datetime) -> int:
    """One worker until nothing is due."""
    try:
        count = 0
        while services.deliver_next(now=now):
            count += 1
        return count
    finally:
        connections["default"].close()


def mails_of(people: list[UUID]) -> list[Delivery]:
    return list(Delivery.objects.filter(recipient__in=people, channel=Channel.EMAIL))


def test_four_workers_send_everything_once(people: list[UUID], mail_server: MailServer) -> None:
    for number, one in enumerate(people):
        confirmed_email(one, NOW, f"p{number}@example.vn")
        for part in range(3):
            tell(one, NOW, subject=f"{number}.{part}")
    with ThreadPoolExecutor(4) as pool:
        for job in [pool.submit(work, NOW + timedelta(hours=1)) for _worker in range(4)]:
            job.result()
    assert sorted(str(mail["To"]) for mail in mail_server.mails) == sorted(
        f"p{number}@example.vn" for number in range(12)
    )
    states = [row.state for row in mails_of(people)]
    assert (states.count("delivered"), states.count("gathered"), len(states)) == (12, 24, 36)


def test_a_locked_row_holds_nobody_up(people: list[UUID], mail_server: MailServer) -> None:
    """While one worker looks after a person, another goes on to the next and waits for nobody."""
    first, second = people[:2]
    for one in (first, second):
        confirmed_email(one, NOW, f"{one.hex}@example.vn")
    tell(first, NOW)
    tell(second, NOW + timedelta(seconds=1))
    later = NOW + timedelta(hours=1)
    looking, done = threading.Event(), threading.Event()

    def look_after_first() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"messaging:{first}"])
            looking.set()
            done.wait(20)
        connections["default"].close()

    with ThreadPoolExecutor(2) as pool:
        busy = pool.submit(look_after_first)
        assert looking.wait(10)
        assert pool.submit(work, later).result(timeout=10) == 1
        assert [str(mail["To"]) for mail in mail_server.mails] == [f"{second.hex}@example.vn"]
        done.set()
        busy.result()
    assert work(later) == 1
    assert len(mail_server.mails) == 2


def test_rows_in_other_hands_are_left_out(people: list[UUID], mail_server: MailServer) -> None:
    one = people[0]
    confirmed_email(one, NOW)
    tell(one, NOW)
    later = NOW + timedelta(hours=1)
    with transaction.atomic():
        Delivery.objects.select_for_update().get(recipient=one, channel=Channel.EMAIL)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(_look, one, later).result(timeout=10) == []
    assert len(_look(one, later)) == 1


def _look(one: UUID, now: datetime) -> list[UUID]:
    try:
        with transaction.atomic():
            return [row.pk for row in queries.waiting_with(one, now)]
    finally:
        if threading.current_thread() is not threading.main_thread():
            connections["default"].close()


def environment(mail_server: MailServer) -> dict[str, str]:
    """What a worker of its own process needs to find this test's database and mail server."""
    found = connections["default"].settings_dict
    user, host = quote(str(found["USER"]), safe=""), quote(str(found["HOST"]), safe="")
    port = f"&port={found['PORT']}" if found["PORT"] else ""
    password = f":{quote(str(found['PASSWORD']), safe='')}" if found["PASSWORD"] else ""
    return {
        **os.environ,
        **KEYS,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgresql://{user}{password}@/{found['NAME']}?host={host}{port}",
        "NHIPCAU_SMTP_URL": mail_server.address,
    }


def test_a_worker_killed_on_the_way_is_made_good(people: list[UUID], mail_server: MailServer) -> None:
    one = people[0]
    confirmed_email(one, NOW)
    mail_server.arrived.clear()
    services.set_wishes(recipient=one, wishes=Wishes(), declined=())
    told = tell(one, NOW, subject="Một lần", urgent=True)
    mail_server.hangs = True
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER.format(now=NOW.isoformat())], env=environment(mail_server), cwd=ROOT
    )
    try:
        assert mail_server.arrived.wait(60), "the worker never came to the server"
        worker.send_signal(signal.SIGKILL)
    finally:
        worker.kill()
        worker.wait()
    (row,) = mails_of(people)
    assert (row.state, row.attempts) == (DeliveryState.SENDING, 1)
    mail_server.hangs = False
    mail_server.mails.clear()  # what the server makes of the half-sent mail is its own affair
    assert work(NOW + LEASE - timedelta(seconds=1)) == 0
    assert work(NOW + LEASE) == 1
    (row,) = mails_of(people)
    assert (row.state, row.attempts, row.trouble) == (DeliveryState.DELIVERED, 2, Trouble.NONE)
    assert str(mail_server.mails[-1]["Message-ID"]).startswith(f"<{row.pk}@")
    assert [message.pk for message in queries.inbox(one)] == [told.pk]
    assert Delivery.objects.filter(message=told, channel=Channel.IN_APP).count() == 1


@pytest.mark.parametrize(("state", "attempts"), [(DeliveryState.DELIVERED, 1), (DeliveryState.SENDING, 2)])
def test_a_late_worker_does_not_undo_what_another_did(
    people: list[UUID], mail_server: MailServer, state: DeliveryState, attempts: int
) -> None:
    """Its lease ran out while the server was slow; meanwhile somebody else sends the mail, or has sent it."""
    one = people[0]
    confirmed_email(one, NOW)
    tell(one, NOW, urgent=True)
    mail_server.arrived.clear()
    mail_server.hangs = True
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(work, NOW)
        assert mail_server.arrived.wait(10)
        Delivery.objects.filter(recipient=one, channel=Channel.EMAIL).update(state=state, attempts=attempts)
        mail_server.answer = "550 no"
        mail_server.hangs = False
        slow.result(timeout=20)
    (row,) = mails_of(people)
    assert (row.state, row.attempts, row.trouble) == (state, attempts, Trouble.NONE)


def test_two_who_tell_at_once_write_one_message(people: list[UUID]) -> None:
    """Each counts only when the other has finished: the last words hold what both have done."""

    def add(number: int) -> None:
        def drafts() -> list[services.Draft]:
            known = Message.objects.filter(to__in=people, kind=Kind.HOURS).count()
            return [services.Draft(one, Kind.REVIEW, f"{known}") for one in people]

        try:
            with transaction.atomic():
                services.send_once_a_day(
                    to=people if number % 2 else people[::-1], kind=Kind.REVIEW, drafts=drafts, now=NOW
                )
                tell(people[0], NOW, kind=Kind.HOURS)
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(4) as pool:
        for job in [pool.submit(add, number) for number in range(8)]:
            job.result()
    rows = Message.objects.filter(to__in=people, kind=Kind.REVIEW)
    assert sorted(rows.values_list("subject", flat=True)) == ["7"] * len(people)


def test_two_presses_wake_a_delivery_once(people: list[UUID], mail_server: MailServer) -> None:
    confirmed_email(people[0], NOW)
    told = tell(people[0], NOW)
    mine = Delivery.objects.filter(message=told, channel=Channel.EMAIL)
    mine.update(state=DeliveryState.GIVEN_UP, attempts=3, settled_at=NOW)

    def press(_number: int) -> bool:
        try:
            return services.try_again(delivery_id=mine.get().pk, now=NOW)
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, range(4))) == 1
    assert mine.get().state == DeliveryState.FAILED
