"""What happens to the server itself: killed in the middle of a transaction, its database gone for a while."""

import threading
from collections.abc import Callable
from random import Random
from time import sleep

from django.db import connection

from .handset import Handset, new_handset
from .locks import receipts_shut, wait_until_blocked
from .plan import Disaster
from .product import Product
from .verdict import LEAST_OPERATIONS, Record

TIMES = 4
SEEDS = {Disaster.SERVER_KILLED: 7, Disaster.DATABASE_LOST: 8}


def work(handset: Handset) -> None:
    """A stretch of a day."""
    for _ in range(handset.dice.randint(8, 20)):
        handset.dice.choice(
            [handset.record, handset.record, handset.record, handset.record_twin, handset.undo]
        )()


def tell(handset: Handset, disaster: Disaster, record: Record) -> None:
    handset.verdict().tell(
        record, half="server", fault=disaster, operations=handset.operations, seed=SEEDS[disaster]
    )


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


def test_killed_in_the_middle_of_a_transaction(product: Product, record_property: Record) -> None:
    handset = new_handset(product.port, Random(SEEDS[Disaster.SERVER_KILLED]))
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
    tell(handset, Disaster.SERVER_KILLED, record_property)


def test_the_database_goes_and_comes_back(product: Product, record_property: Record) -> None:
    handset = new_handset(product.port, Random(SEEDS[Disaster.DATABASE_LOST]))
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
    tell(handset, Disaster.DATABASE_LOST, record_property)
