"""Background work of rosters: working proposals out, and publishing many."""

from uuid import UUID

from procrastinate.contrib.django import app

from nhipcau.core.clock import now
from nhipcau.roster import services as proposing


@app.task(name="roster.work_out", queue="planning")
def work_out(proposals: list[str]) -> int:
    """Works proposed rosters out; asked for by name. It may take minutes, so it has a queue of its own."""
    return proposing.work_out(proposals=[UUID(key) for key in proposals], moment=now)


@app.task(name="roster.publish")
def publish(proposal: str, seen: int, by: str) -> bool:
    """Publishes one proposal of many; asked for by name."""
    return proposing.publish_asked(by=UUID(by), now=now(), proposal=UUID(proposal), seen=seen)


@app.periodic(cron="* * * * *")
@app.task(name="roster.rescue_proposals", queueing_lock="roster.rescue_proposals")
def rescue_proposals(timestamp: int) -> int:
    """Begins again what a worker left lying when it died."""
    return proposing.rescue(now=now())
