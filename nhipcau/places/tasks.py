"""The nightly job of places: kinds that begin today come into force."""

from procrastinate.contrib.django import app

from nhipcau.core.clock import local_date, now
from nhipcau.places import services


@app.periodic(cron="5 17 * * *")  # 00:05 in Vietnam
@app.task(name="places.refresh_kinds", queueing_lock="places.refresh_kinds")
def refresh_kinds(timestamp: int) -> int:
    """Sets each unit's kind to the one of today; how many changed."""
    return services.refresh_kinds(day=local_date(now()))
