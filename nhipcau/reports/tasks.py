"""Background work of the room: keeping the facts true after rows change."""

from datetime import date

from procrastinate.contrib.django import app

from nhipcau.core import clock
from nhipcau.reports import services


@app.task(name="reports.rebuild_day", retry=3)
def rebuild_day(day: str) -> None:
    """Counts one day (`YYYY-MM-DD`) anew. Asked for, by name, whenever a row of that day changes."""
    services.rebuild_days(days=[date.fromisoformat(day)], now=clock.now())


@app.periodic(cron="35 * * * *")
@app.task(name="reports.rebuild_rosters_today", queueing_lock="reports.rebuild_rosters_today")
def rebuild_rosters_today(timestamp: int) -> None:
    """Every hour: who is at the posts today, and was yesterday."""
    services.rebuild_rosters(days=2, now=clock.now())


@app.periodic(cron="50 18 * * *")  # 01:50 in Vietnam
@app.task(name="reports.rebuild_recent", queueing_lock="reports.rebuild_recent")
def rebuild_recent(timestamp: int) -> None:
    """Every night all days a phone may still bring something for: hours are approved, and attendances put
    right, days afterwards; and a request to count lost in a crash costs a day's patience, not the figure."""
    services.rebuild_recent(days=93, now=clock.now())
