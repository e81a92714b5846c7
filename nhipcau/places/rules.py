"""Who may change a service point, and when a point is open: decided from plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from nhipcau.core.clock import VIETNAM
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor

EDIT_POINTS = "places.edit_points"
DAYS_IN_WEEK = 7


class UnableToEditPoint(UnableTo):
    """The service point lies outside the places of whoever asks."""

    code = "places.unable_to_edit_point"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open on a weekday (Monday 0) from `opens` until just before `closes`, in Vietnam's time."""

    weekday: int
    opens: time
    closes: time


# The usual hours of commune offices; a point keeps its own as soon as somebody sets them.
DEFAULT_HOURS: tuple[Span, ...] = tuple(
    Span(day, opens, closes)
    for day in range(5)
    for opens, closes in ((time(7, 0), time(11, 30)), (time(13, 30), time(17, 0)))
)


@dataclass(frozen=True, slots=True)
class Opening:
    """At a moment: open until `until`, or closed until `next_start` (None when no hours are known)."""

    until: datetime | None
    next_start: datetime | None

    @property
    def is_open(self) -> bool:
        return self.until is not None


def opening_at(spans: Iterable[Span], moment: datetime) -> Opening:
    """Whether it is open at an aware moment; else when it opens next, within the coming week."""
    local = moment.astimezone(VIETNAM)
    starts = []
    for span in spans:
        ahead = (span.weekday - local.weekday()) % DAYS_IN_WEEK
        day = local.date() + timedelta(days=ahead)
        opens = datetime.combine(day, span.opens, tzinfo=VIETNAM)
        closes = datetime.combine(day, span.closes, tzinfo=VIETNAM)
        if opens <= local < closes:
            return Opening(until=closes, next_start=None)
        starts.append(opens if opens > local else opens + timedelta(days=DAYS_IN_WEEK))
    return Opening(until=None, next_start=min(starts, default=None))


def check_edit_points(by: Actor | None, *, commune: str, province: str) -> None:
    """Raises `UnableToEditPoint` unless the actor edits points of that commune. `None`: the system."""
    if by is not None and not by.scope(EDIT_POINTS).covers(commune=commune, province=province):
        raise UnableToEditPoint(_("This service point is not in your places."))
