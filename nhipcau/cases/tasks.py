"""The nightly retention job of cases."""

from procrastinate.contrib.django import app

from nhipcau.cases import services
from nhipcau.core.clock import now


@app.periodic(cron="40 18 * * *")  # 01:40 in Vietnam, after the citizens'
@app.task(name="cases.erase_due", queueing_lock="cases.erase_due")
def erase_due(timestamp: int) -> int:
    """Forgets all cases past their end date, in small transactions; how many in all."""
    total = 0
    while forgotten := services.erase_due(now=now()):
        total += forgotten
    return total
