"""What happens to the server itself: killed in the middle of a transaction, its database gone for a while."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from time import monotonic, sleep
from typing import Any

from django.db import connection, transaction

from nhipcau.sync.models import Receipt

from .handset import Handset, new_handset
from .product import Product

LEAST_OPERATIONS = 200
TIMES = 4
SECONDS_TO_BLOCK = 10


@contextmanager
def receipts_shut() -> Iterator[None]:
    """Nobody writes a receipt meanwhile: whoever has written what it answers for waits before the commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Receipt._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        yield


def wait_until_blocked() -> None:
    """Until the server stands before the lock, with the sessions written and not committed."""
    deadline = monotonic() + SECONDS_TO_BLOCK
    with connection.cursor() as cursor:
        while monotonic() < deadline:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass",
                [Receipt._meta.db_table],
            )
            if cursor.fetchone() == (1,):
                return
            sleep(0.01)
    raise AssertionError("the server never came to write receipts")


def work(handset: Handset) -> None:
    """A stretch of a day."""
    for _ in range(handset.dice.randint(8, 20)):
        handset.dice.choice(
            [handset.record, handset.record, handset.record, handset.record_twin, handset.undo]
        )()


def through(handset: Handset, disaster: Callable[[], None]) -> None:
    """Sends, lets the disaster come between the work and its commit, and sends again later."""
    # What was done before and lost only its answer would leave nothing to be done here.
    handset.drain()
    work(handset)
    handset.record()
    sender = threading.Thread(target=handset.sync)
    with receipts_shut():
        sender.start()
        wait_until_blocked()
        disaster()
    sender.join(30)
    assert handset.outbox, "nothing was answered"


def test_killed_in_the_middle_of_a_transaction(product: Product, record_property: Any) -> None:
    handset = new_handset(product.port, Random(7))
    times = 0
    while times < TIMES or handset.operations < LEAST_OPERATIONS:
        through(handset, product.kill)
        product.start()
        # Also at some moment of which nobody knows where in the work it falls.
        work(handset)
        sender = threading.Thread(target=handset.sync)
        sender.start()
        sleep(handset.dice.uniform(0, 0.08))
        product.kill()
        sender.join(30)
        product.start()
        times += 1
    handset.drain()
    handset.check()
    record_property("operations", handset.operations)


def test_the_database_goes_and_comes_back(product: Product, record_property: Any) -> None:
    handset = new_handset(product.port, Random(8))
    times = 0
    while times < TIMES or handset.operations < LEAST_OPERATIONS:
        work(handset)
        handset.record()
        sender = threading.Thread(target=handset.sync)
        sender.start()
        sleep(handset.dice.uniform(0, 0.06))
        connection.close()
        product.lose_database(handset.dice.uniform(0.1, 0.6))
        sender.join(30)
        handset.sync()
        times += 1
    handset.drain()
    handset.check()
    record_property("operations", handset.operations)
