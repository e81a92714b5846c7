"""Each night what was kept long enough is emptied or deleted."""

from procrastinate.contrib.django import app

from nhipcau.core import clock
from nhipcau.sync.services import clearing


@app.periodic(cron="10 20 * * *")  # 3:10 in Vietnam, after cases and visits have forgotten theirs
@app.task(name="sync.forget_conflicts", queueing_lock="sync.forget_conflicts")
def forget_conflicts(timestamp: int) -> int:
    """How many conflicts were emptied and receipts deleted in all."""
    total = 0
    for step in (clearing.forget_due, clearing.drop_receipts):
        while done := step(now=clock.now()):
            total += done
    return total
