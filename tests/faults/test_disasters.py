"""What happens to the server itself: killed in the middle of a transaction, its database gone for a while."""

import threading
from collections.abc import Callable
from random import Random
from time import sleep

from django.db import connection, transaction

from nhipcau.cases.models import HelpSession
from nhipcau.core import clock
from tests.depth import WHOLE

from .handset import Handset, new_handset
from .locks import receipts_shut, wait_until_behind_us, wait_until_blocked
from .plan import Disaster
from .product import Product
from .verdict import LEAST_OPERATIONS, Record

TIMES = 4 if WHOLE else 2
SEEDS = {Disaster.SERVER_KILLED: 7, Disaster.DATABASE_LOST: 8}


def work(handset: Handset) -> None:
    """A stretch of a day."""
    for _ in range(handset.dice.randint(8, 20)):
        handset.say()


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


def test_of_two_that_wait_for_each_other_one_has_its_turn_later(product: Product) -> None:
    """As when two people change the same two cases in opposite order: the database ends one of them."""
    handset = new_handset(product.port, Random(9))
    handset.seconds = 30
    first, second = (handset.phone.session(clock.now()) for _ in range(2))
    handset.send([first, second])
    undos = [
        handset.phone.command("sessions.undo", {"session": one["data"]["id"]}, clock.now())
        for one in (first, second)
    ]
    answered: list[bool] = []
    sender = threading.Thread(target=lambda: answered.append(handset.send(undos)))
    with transaction.atomic(), connection.cursor() as cursor:
        # The server is the one that loses patience.
        cursor.execute("SET LOCAL deadlock_timeout = '60s'")
        lock = HelpSession.objects.select_for_update()
        lock.get(pk=second["data"]["id"])
        sender.start()
        wait_until_behind_us()
        lock.get(pk=first["data"]["id"])
    sender.join(30)
    assert answered == [True]
    assert [handset.receipts[one["id"]]["result"] for one in undos] == ["applied", "applied"]


def test_the_database_goes_and_comes_back(product: Product, record_property: Record) -> None:
    handset = new_handset(product.port, Random(SEEDS[Disaster.DATABASE_LOST]))
    times = 0
    while times < TIMES or handset.operations < LEAST_OPERATIONS:
        work(handset)
        handset.record()
        sender = threading.Thread(target=handset.sync)
        sender.start()
        sleep(handset.dice.uniform(0, 0.06))
        product.lose_database(handset.dice.uniform(0.1, 0.6))
        sender.join(30)
        handset.sync()
        times += 1
    handset.drain()
    tell(handset, Disaster.DATABASE_LOST, record_property)
