"""Work asked for by name: nothing that was written is left uncounted, and a busy database is told as such."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from nhipcau.cases.services.recount import recount
from nhipcau.core.jobs import enqueue
from tests.factories.cast import Cast

DAY = date(2025, 7, 1)


@pytest.fixture
def elsewhere(committed: Cast) -> Iterator[ThreadPoolExecutor]:
    """A connection of its own; no work waits before the test."""
    ask("DELETE FROM procrastinate_jobs")
    with ThreadPoolExecutor(1) as other:
        yield other
        other.submit(connections.close_all).result()


def ask(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def waiting() -> list[Any]:
    return [args for (args,) in ask("SELECT args ->> 'day' FROM procrastinate_jobs WHERE status = 'todo'")]


def test_who_commits_after_the_worker_has_begun_is_counted(elsewhere: ThreadPoolExecutor) -> None:
    recount(DAY)
    with transaction.atomic():
        recount(DAY)
        elsewhere.submit(ask, "UPDATE procrastinate_jobs SET status = 'doing'").result()
    assert waiting() == [DAY.isoformat()]


def test_once_is_once_and_what_is_rolled_back_asks_for_nothing(elsewhere: ThreadPoolExecutor) -> None:
    with transaction.atomic():
        recount(DAY)
        recount(DAY)
        with transaction.atomic():
            recount(date(2025, 7, 2))
            transaction.set_rollback(True)
        assert waiting() == []
    recount(DAY)
    assert waiting() == [DAY.isoformat()]


def test_an_error_of_the_database_is_told_as_one(elsewhere: ThreadPoolExecutor) -> None:
    """Whoever tries again after a circle of locks knows it by this."""

    def impatient() -> str:
        with transaction.atomic():
            ask("SET LOCAL lock_timeout = '50ms'")
            try:
                enqueue("messaging.deliver_now", once="one")
            except OperationalError as error:
                return str(getattr(error.__cause__, "sqlstate", ""))
        return "queued"

    with transaction.atomic():
        enqueue("messaging.deliver_now", once="one")
        assert elsewhere.submit(impatient).result() == "55P03"
