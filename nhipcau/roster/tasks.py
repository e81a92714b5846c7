"""Background work of rosters: reminders, warnings, waiting lists, working out proposals."""

from uuid import UUID

from procrastinate.contrib.django import app

from nhipcau.core.clock import now
from nhipcau.roster import services
from nhipcau.roster.services import proposals as proposing


@app.periodic(cron="*/10 * * * *")
@app.task(name="roster.remind", queueing_lock="roster.remind", lock="roster.remind")
def remind(timestamp: int) -> int:
    """Reminds those whose shift begins within a day, and warns leaders of shifts that are short."""
    return services.send_reminders(now=now()) + services.warn_leaders(now=now())


@app.periodic(cron="0 10 * * *")  # 17:00 in Vietnam
@app.task(name="roster.gather", queueing_lock="roster.gather", lock="roster.gather")
def gather(timestamp: int) -> int:
    """One message for each leader with what needs attention until tomorrow night."""
    return services.gather_for_leaders(now=now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="roster.move_lines_on", queueing_lock="roster.move_lines_on", lock="roster.move_lines_on")
def move_lines_on(timestamp: int) -> int:
    """Ends offers and questions whose time is over, and offers free places to the next in line."""
    services.lapse_asks(now=now())
    return services.move_lines_on(now=now())


@app.task(name="roster.work_out", queue="planning")
def work_out(proposals: list[str]) -> int:
    """Works proposed rosters out; asked for by name. It may take minutes, so it has a queue of its own."""
    return proposing.work_out(proposals=[UUID(key) for key in proposals], moment=now)


@app.periodic(cron="* * * * *")
@app.task(name="roster.rescue_proposals", queueing_lock="roster.rescue_proposals")
def rescue_proposals(timestamp: int) -> int:
    """Begins again what a worker left lying when it died."""
    return proposing.rescue(now=now())
