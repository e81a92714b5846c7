"""Each morning leaders hear of phones long unseen; each night what was kept long enough is emptied."""

from procrastinate.contrib.django import app

from nhipcau.core import clock
from nhipcau.sync.services import clearing
from nhipcau.sync.services.forgetting import forget_secrets
from nhipcau.sync.services.telling import tell_unseen


@app.periodic(cron="0 0 * * *")  # 7:00 in Vietnam
@app.task(name="sync.tell_unseen", queueing_lock="sync.tell_unseen")
def tell_of_unseen(timestamp: int) -> int:
    """How many leaders were told."""
    return tell_unseen(now=clock.now())


@app.periodic(cron="0 20 * * *")  # 3:00 in Vietnam
@app.task(name="sync.forget_secrets", queueing_lock="sync.forget_secrets")
def forget(timestamp: int) -> int:
    """How many phones and keys were emptied in all."""
    total = 0
    while emptied := forget_secrets(now=clock.now()):
        total += emptied
    return total


@app.periodic(cron="10 20 * * *")  # 3:10 in Vietnam, after cases and visits have forgotten theirs
@app.task(name="sync.forget_conflicts", queueing_lock="sync.forget_conflicts")
def forget_conflicts(timestamp: int) -> int:
    """How many conflicts were emptied and receipts deleted in all."""
    total = 0
    for step in (clearing.forget_due, clearing.drop_receipts):
        while done := step(now=clock.now()):
            total += done
    return total
