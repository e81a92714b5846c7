"""Background work by name: an upper room's task can be asked for without importing that room."""

from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def enqueue(name: str, *, lock: str | None = None, once: str | None = None, **arguments: Any) -> None:
    """Queues a task in the caller's transaction: it runs only if that commits.

    `lock` lets only one task with that lock run at a time; `once` drops the request when an equal
    one is already waiting. Arguments must be JSON values.
    """
    try:
        with transaction.atomic():  # a savepoint: a refused request must not spoil the caller's transaction
            app.configure_task(name, lock=lock, queueing_lock=once).defer(**arguments)
    except AlreadyEnqueued:
        return
