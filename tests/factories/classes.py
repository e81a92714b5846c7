"""A class about VNeID in the near commune, taught by the volunteer of the cast."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from nhipcau.core.ids import new_id
from nhipcau.learning import services
from nhipcau.learning.models import PublicClass
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import NOW

HOUR = timedelta(hours=1)


def new_class(*trainers: Member, **values: Any) -> services.NewClass:
    """A class of two hours that began an hour ago."""
    starts_at = values.pop("starts_at", NOW - HOUR)
    wanted: dict[str, Any] = {
        "id": new_id(),
        "commune": "24848",
        "starts_at": starts_at,
        "ends_at": starts_at + 2 * HOUR,
        "trainers": tuple(member.pk for member in trainers),
        "topic": "vneid",
        "place": "Nhà văn hoá thôn 3",
        "expected": 30,
    }
    return services.NewClass(**wanted | values)


def make_class(leader: Member, *trainers: Member, now: datetime = NOW, **values: Any) -> PublicClass:
    """Plans it through the service."""
    return services.plan_class(plan=new_class(*trainers, **values), by=actor_of(leader, now), now=now)


def somebody(key: UUID | None = None, **values: Any) -> services.NewAttendee:
    """Somebody who came just now."""
    return services.NewAttendee(**{"id": key or new_id(), "at": NOW, "age_band": "60_74"} | values)


def make_classes(*, leader: Member, volunteer: Member, now: datetime) -> dict[str, str]:
    """What stands in addresses: a class with one person counted by the volunteer. The demo has a class."""
    planned = PublicClass.objects.filter(trainers__member=volunteer, state="planned").order_by("starts_at")
    row = planned.filter(starts_at__lte=now).first()
    if row is None:
        later = planned.filter(starts_at__gt=now).first()
        ends_at = min(now + HOUR, later.starts_at) if later else now + HOUR
        row = make_class(
            leader, volunteer, now=now, starts_at=now - HOUR, ends_at=ends_at, commune=leader.commune_id
        )
    came = somebody(at=now)
    services.add_attendees(class_id=row.pk, attendees=[came], by=actor_of(volunteer, now), now=now)
    return {"class": str(row.pk), "attendee": str(came.id)}
