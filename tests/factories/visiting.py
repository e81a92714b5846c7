"""A planned visit, through the service."""

from datetime import datetime, timedelta
from typing import Any

from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.visits import services
from nhipcau.visits.models import Visit
from nhipcau.visits.services import NewVisit, VisitResult

from .cast import NOW, Cast

ADDRESS = "Nhà số 7, sau chợ Mẫu"
NOTES = "Bà cụ nghe kém, gõ cửa to"
HOUR = timedelta(hours=1)


def planning(cast: Cast, *, begins: float = 2, hours: float = 2, **changes: Any) -> NewVisit:
    """A visit of the volunteer and the leader, `begins` hours after the tests' moment."""
    starts_at = changes.pop("starts_at", NOW + begins * HOUR)
    values: dict[str, Any] = {
        "id": new_id(),
        "commune": cast.commune.pk,
        "starts_at": starts_at,
        "ends_at": starts_at + hours * HOUR,
        "visitors": (cast.volunteer.pk, cast.leader.pk),
        "topic": "vneid",
        "hamlet": "Thôn Mẫu",
        "address": ADDRESS,
        "notes": NOTES,
    }
    return NewVisit(**(values | changes))


def make_visit(cast: Cast, by: Actor, *, now: datetime = NOW, **changes: Any) -> Visit:
    return services.plan_visit(visit=planning(cast, **changes), by=by, now=now)


def result(**changes: Any) -> VisitResult:
    """A visit that took place, as the phone would send it."""
    values: dict[str, Any] = {
        "state": "done",
        "at": NOW,
        "next_step": "nothing",
        "minutes": 30,
        "note": "Đã cài xong ứng dụng",
    }
    return VisitResult(**(values | changes))
