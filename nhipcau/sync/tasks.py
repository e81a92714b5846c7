"""Each morning leaders hear of phones long unseen; each night secrets of phones long gone are emptied."""

from procrastinate.contrib.django import app

from nhipcau.core import clock
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
