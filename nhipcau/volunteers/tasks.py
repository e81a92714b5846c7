"""Nightly: what is no longer needed is forgotten, and members hear of what ends soon."""

from procrastinate.contrib.django import app

from nhipcau.core import clock
from nhipcau.volunteers import services


@app.periodic(cron="50 18 * * *")  # 01:50 in Vietnam
@app.task(name="volunteers.forget", queueing_lock="volunteers.forget")
def forget(timestamp: int) -> None:
    """Consents, requests, evidence and days that have had their time."""
    now = clock.now()
    services.forget_old_consents(now=now)
    services.forget_old_days(now=now)
    services.forget_evidence(now=now)
    services.forget_imports(now=now)
    while services.forget_applications(now=now):
        pass


@app.periodic(cron="0 1 * * *")  # 08:00 in Vietnam, when people may be told something
@app.task(name="volunteers.warn_of_endings", queueing_lock="volunteers.warn_of_endings")
def warn(timestamp: int) -> None:
    """Thirty days before a qualification ends."""
    while services.warn_of_endings(now=clock.now()):
        pass
