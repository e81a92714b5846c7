"""Background work of the room: taking messages out, sending codes, forgetting what is old."""

from datetime import datetime, timedelta
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from nhipcau.core.clock import now
from nhipcau.messaging import services

# Shorter than the minute between two sweeps: what is left then is the next one's, on whatever machine.
SWEEP = timedelta(seconds=50)


def _deliver(until: datetime) -> int:
    count = 0
    while now() < until and services.deliver_next(now=now()):
        count += 1
    return count


@app.periodic(cron="* * * * *")
@app.task(name="messaging.deliver_due", queueing_lock="messaging.deliver_due")
def deliver_due(timestamp: int) -> int:
    """Takes out everything that is due, each minute; for how many people."""
    return _deliver(now() + SWEEP)


@app.task(name="messaging.deliver_now")
def deliver_now() -> int:
    """The same at once: asked for by urgent messages. What fails here is the sweep's."""
    return _deliver(now() + SWEEP)


@app.task(name="messaging.send_code", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def send_code(address_id: str, language: str) -> None:
    """Mails the code that confirms an address."""
    services.send_code(address_id=UUID(address_id), language=language, now=now())


@app.periodic(cron="0 19 * * *")  # 02:00 in Vietnam
@app.task(name="messaging.forget_old", queueing_lock="messaging.forget_old")
def forget_old(timestamp: int) -> int:
    """Deletes messages that nobody needs any more, in small transactions; how many in all."""
    total = 0
    while forgotten := services.forget_old(now=now()):
        total += forgotten
    return total
