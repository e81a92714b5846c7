"""How a test makes the server stand still in the middle of its work, before the commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from django.db import connection, transaction

from nhipcau.sync.models import Receipt

SECONDS_TO_BLOCK = 20
OURS = "(SELECT oid FROM pg_database WHERE datname = current_database())"


@contextmanager
def receipts_shut() -> Iterator[None]:
    """Nobody writes a receipt meanwhile: whoever has written what it answers for waits before the commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Receipt._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        yield


def wait_until_blocked() -> None:
    """Until the server stands before the lock, with the sessions written and not committed."""
    # Copies of one database have the same numbers for their tables.
    condition = f"relation = '{Receipt._meta.db_table}'::regclass AND database = {OURS}"
    wait_for_one(f"SELECT count(*) FROM pg_locks WHERE NOT granted AND {condition}")


def wait_until_behind_us() -> None:
    """Until somebody waits for what this connection has locked."""
    wait_for_one("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")


def wait_for_one(count: str) -> None:
    deadline = monotonic() + SECONDS_TO_BLOCK
    with connection.cursor() as cursor:
        while monotonic() < deadline:
            cursor.execute(count)
            if cursor.fetchone() == (1,):
                return
            sleep(0.01)
    raise AssertionError("nobody came to the lock")
