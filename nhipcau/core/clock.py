"""Time: kept in UTC, spoken in Vietnam's zone. Below the view, `now` is always an argument."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment, aware, in UTC. Only views, tasks and commands call it."""
    return datetime.now(UTC)


def local_date(moment: datetime) -> date:
    """The calendar day in Vietnam at an aware moment."""
    return moment.astimezone(VIETNAM).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The half-open interval `[start, end)` of aware moments that make up a day in Vietnam."""
    start = datetime.combine(day, time.min, tzinfo=VIETNAM)
    return start, start + timedelta(days=1)
