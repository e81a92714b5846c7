"""Background work of sign-ups: offers and questions whose time is over, places of those who left."""

from procrastinate.contrib.django import app

from nhipcau.core.clock import now
from nhipcau.signups import services


@app.periodic(cron="*/5 * * * *")
@app.task(name="signups.move_lines_on", queueing_lock="signups.move_lines_on", lock="signups.move_lines_on")
def move_lines_on(timestamp: int) -> int:
    """Ends offers and questions whose time is over, and offers free places to the next in line."""
    services.lapse_asks(now=now())
    return services.move_lines_on(now=now())


@app.periodic(cron="7 * * * *")
@app.task(
    name="signups.release_departed", queueing_lock="signups.release_departed", lock="signups.release_departed"
)
def release_departed(timestamp: int) -> int:
    """Gives back the places of members who have left."""
    return services.release_departed(now=now())
