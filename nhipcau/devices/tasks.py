"""Each morning leaders hear of phones long unseen; each night what opened old phones is emptied."""

from procrastinate.contrib.django import app

from nhipcau.core import clock
from nhipcau.devices.services.forgetting import forget_secrets
from nhipcau.devices.services.telling import tell_unseen


@app.periodic(cron="0 0 * * *")  # 7:00 in Vietnam
@app.task(name="devices.tell_unseen", queueing_lock="devices.tell_unseen")
def tell_of_unseen(timestamp: int) -> int:
    """How many leaders were told."""
    return tell_unseen(now=clock.now())


@app.periodic(cron="0 20 * * *")  # 3:00 in Vietnam
@app.task(name="devices.forget_secrets", queueing_lock="devices.forget_secrets")
def forget(timestamp: int) -> int:
    """How many phones and keys were emptied in all."""
    total = 0
    while emptied := forget_secrets(now=clock.now()):
        total += emptied
    return total
