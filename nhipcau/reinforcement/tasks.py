"""Background work of the room: closing requests whose days are over."""

from procrastinate.contrib.django import app

from nhipcau.core import clock
from nhipcau.reinforcement import services


@app.periodic(cron="25 17 * * *")  # 00:25 in Vietnam
@app.task(name="reinforcement.close_past_requests", retry=3)
def close_past_requests(timestamp: int) -> None:
    """Every night; what was closed already stays as it is."""
    now = clock.now()
    while services.close_past_requests(now=now):
        pass
