"""Nightly: former members are forgotten when their year is over."""

from procrastinate.contrib.django import app

from nhipcau.core import clock
from nhipcau.teams.services import forget_former_members


@app.periodic(cron="20 19 * * *")
@app.task(name="teams.forget_former_members", queueing_lock="teams.forget_former_members")
def forget(timestamp: int) -> None:
    """At 2:20 in Vietnam."""
    forget_former_members(now=clock.now())
