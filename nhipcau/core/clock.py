"""Time: kept in UTC, spoken in Vietnam's zone. Below the view, `now` is always an argument."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.formats import number_format

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


def hours_text(minutes: int) -> str:
    """Minutes as hours with the decimal sign of the language: 4, 4.5 or 4.25."""
    hours = (Decimal(minutes) / 60).quantize(Decimal("0.01"))
    return number_format(Decimal(f"{hours:f}".rstrip("0").rstrip(".") or "0"))
