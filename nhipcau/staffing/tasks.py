"""Background work of leaders: reminders and warnings."""

from procrastinate.contrib.django import app

from nhipcau.core.clock import now
from nhipcau.staffing import services


@app.periodic(cron="*/10 * * * *")
@app.task(name="staffing.remind", queueing_lock="staffing.remind", lock="staffing.remind")
def remind(timestamp: int) -> int:
    """Reminds those whose shift begins within a day, and warns leaders of shifts that are short."""
    return services.send_reminders(now=now()) + services.warn_leaders(now=now())


@app.periodic(cron="0 10 * * *")  # 17:00 in Vietnam
@app.task(name="staffing.gather", queueing_lock="staffing.gather", lock="staffing.gather")
def gather(timestamp: int) -> int:
    """One message for each leader with what needs attention until tomorrow night."""
    return services.gather_for_leaders(now=now())
