"""Nightly: former members are forgotten when their year is over, and sign-ins when they ran out."""

from procrastinate.contrib.django import app

from nhipcau.core import clock
from nhipcau.teams.services import end_old_sessions, forget_former_members


@app.periodic(cron="20 19 * * *")
@app.task(name="teams.forget_former_members", queueing_lock="teams.forget_former_members")
def forget(timestamp: int) -> None:
    """At 2:20 in Vietnam."""
    forget_former_members(now=clock.now())


@app.periodic(cron="30 19 * * *")
@app.task(name="teams.end_old_sessions", queueing_lock="teams.end_old_sessions")
def end_sessions(timestamp: int) -> None:
    """At 2:30 in Vietnam."""
    end_old_sessions(now=clock.now())
