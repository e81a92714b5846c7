"""Background work of the room: keeping the facts true after rows change."""

from datetime import date

from procrastinate.contrib.django import app

from nhipcau.core import clock
from nhipcau.reports import services


@app.task(name="reports.rebuild_day", retry=3)
def rebuild_day(day: str) -> None:
    """Counts one day (`YYYY-MM-DD`) anew. Asked for, by name, whenever a row of that day changes."""
    services.rebuild_days(days=[date.fromisoformat(day)], now=clock.now())
