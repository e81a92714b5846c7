"""A planned visit, through the service."""

from datetime import datetime, timedelta
from typing import Any

from nhipcau.core.clock import day_bounds, local_date
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
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


def make_visits(*, volunteer: Member, leader: Member, now: datetime) -> dict[str, str]:
    """A visit for the day after tomorrow and one that took place; their ids, as addresses name them."""
    by = actor_of(leader, now)
    start, _end = day_bounds(local_date(now) + timedelta(days=2))
    made = []
    for hour in (8, 14):
        new = NewVisit(
            id=new_id(),
            commune=str(volunteer.commune_id),
            starts_at=start + hour * HOUR,
            ends_at=start + (hour + 2) * HOUR,
            visitors=(volunteer.pk, leader.pk),
            topic="vneid",
            hamlet="Thôn Mẫu",
            address=ADDRESS,
            notes=NOTES,
        )
        made.append(services.plan_visit(visit=new, by=by, now=now))
    planned, visited = made
    services.record_result(
        visit_id=visited.pk, result=result(at=now), by=actor_of(volunteer, now), now=now, seen_version=1
    )
    return {"visit": str(planned.pk), "visited": str(visited.pk), "visit_day": str(planned.day)}


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
