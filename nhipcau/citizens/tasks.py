"""The nightly retention job."""

from procrastinate.contrib.django import app

from nhipcau.citizens import services
from nhipcau.core.clock import now


@app.periodic(cron="20 18 * * *")  # 01:20 in Vietnam
@app.task(name="citizens.erase_due", queueing_lock="citizens.erase_due")
def erase_due(timestamp: int) -> int:
    """Erases everybody whose end date has passed, in small transactions; how many in all."""
    total = 0
    while erased := services.erase_due(now=now()):
        total += erased
    return total
