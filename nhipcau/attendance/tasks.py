"""Every quarter of an hour those who forgot to check out; every night the names of who left."""

from procrastinate.contrib.django import app

from nhipcau.attendance import services
from nhipcau.core import clock


@app.periodic(cron="*/15 * * * *")
@app.task(name="attendance.close_forgotten", queueing_lock="attendance.close_forgotten")
def close_forgotten(timestamp: int) -> int:
    """How many were closed."""
    now, total = clock.now(), 0
    while closed := services.close_forgotten(now=now):
        total += closed
    return total


@app.periodic(cron="40 19 * * *")  # 2:40 in Vietnam, after the teams'
@app.task(name="attendance.forget_former_holders", queueing_lock="attendance.forget_former_holders")
def forget(timestamp: int) -> int:
    """How many certificates lost their name in all."""
    total = 0
    while forgotten := services.forget_former_holders(now=clock.now()):
        total += forgotten
    return total
