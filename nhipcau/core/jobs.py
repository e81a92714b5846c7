"""Background work by name: an upper room's task can be asked for without importing that room."""

from functools import partial
from typing import Any

import psycopg
from django.db import OperationalError, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException


def enqueue(name: str, *, lock: str | None = None, once: str | None = None, **arguments: Any) -> None:
    """Queues a task in the caller's transaction: it runs only if that commits.

    `lock` lets only one task with that lock run at a time; `once` drops the request when an equal
    one is already waiting. Arguments must be JSON values. Raises `OperationalError` when the database
    is away, or ended a circle of transactions that wait for each other.
    """
    try:
        with transaction.atomic():  # a savepoint: a refused request must not spoil the caller's transaction
            app.configure_task(name, lock=lock, queueing_lock=once).defer(**arguments)
    except AlreadyEnqueued:
        return
    except ConnectorException as error:
        # Told as Django tells it, so that who tries again after such an error does so here, too.
        if isinstance(error.__cause__, psycopg.OperationalError):
            raise OperationalError(*error.__cause__.args) from error.__cause__
        raise


def enqueue_after(name: str, *, once: str, **arguments: Any) -> None:
    """Queues a task once the caller's transaction has committed, unless an equal one is waiting then.

    For what counts rows: a task that waits at that moment is taken up later, and sees the caller's rows.
    One that waits while the caller still writes may be taken up before. And nobody who writes waits for
    another one's request.
    """
    # The rows stand whatever becomes of the request: an error is logged, and told to nobody as theirs.
    transaction.on_commit(partial(enqueue, name, once=once, **arguments), robust=True)
