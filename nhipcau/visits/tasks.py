"""The nightly retention job of visits."""

from procrastinate.contrib.django import app

from nhipcau.core.clock import now
from nhipcau.visits import services


@app.periodic(cron="50 18 * * *")  # 01:50 in Vietnam, after the cases'
@app.task(name="visits.forget_due", queueing_lock="visits.forget_due")
def forget_due(timestamp: int) -> int:
    """Forgets all visits past their end date, in small transactions; how many in all."""
    total = 0
    while forgotten := services.forget_due(now=now()):
        total += forgotten
    return total
