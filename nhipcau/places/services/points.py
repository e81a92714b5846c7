"""Service points: opened, corrected, closed, and their opening hours."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.places.enums import Level, PointKind
from nhipcau.places.models import OpeningHours, ServicePoint, Unit
from nhipcau.places.rules import DEFAULT_HOURS, Span, check_edit_points


class UnableToSavePoint(UnableTo):
    """What was said of the service point cannot be kept."""

    code = "places.unable_to_save_point"


def add_service_point(
    *,
    by: Actor | None,
    now: datetime,
    commune: str,
    kind: PointKind,
    name: str,
    address: str = "",
    phone: str = "",
    zalo_url: str = "",
    hours: Iterable[Span] = DEFAULT_HOURS,
    id: UUID | None = None,
) -> ServicePoint:
    """A new point of a commune, open from today, with the usual hours unless others are given."""
    unit = Unit.objects.filter(code=commune, level=Level.COMMUNE).first()
    if unit is None:
        raise UnableToSavePoint(_("There is no commune with this code."))
    check_edit_points(by, commune=unit.code, province=unit.parent_id or "")
    point = ServicePoint(
        id=id or new_id(now),
        commune=unit,
        kind=kind,
        name=name.strip(),
        address=address.strip(),
        phone=phone.strip(),
        zalo_url=zalo_url.strip(),
        active_from=local_date(now),
    )
    with unit_of_work(by=by, now=now):
        _check(point)
        point.save(force_insert=True)
        _write_hours(point, hours, now)
    return point


def edit_service_point(
    *,
    by: Actor | None,
    now: datetime,
    point: ServicePoint,
    kind: PointKind,
    name: str,
    address: str,
    phone: str,
    zalo_url: str,
) -> None:
    """Corrects what people are told of a point; its commune never changes."""
    _check_actor(by, point)
    with unit_of_work(by=by, now=now):
        fresh = ServicePoint.objects.select_for_update().get(pk=point.pk)
        fresh.kind, fresh.name, fresh.address = kind, name.strip(), address.strip()
        fresh.phone, fresh.zalo_url = phone.strip(), zalo_url.strip()
        _check(fresh)
        fresh.save(update_fields=["kind", "name", "address", "phone", "zalo_url"])


def close_service_point(*, by: Actor | None, now: datetime, point: ServicePoint, closed_from: date) -> None:
    """From that day the point is no longer shown; what was recorded there stays."""
    _check_actor(by, point)
    if closed_from <= point.active_from:
        raise UnableToSavePoint(_("A point closes after the day it opened."))
    with unit_of_work(by=by, now=now):
        ServicePoint.objects.filter(pk=point.pk).update(active_until=closed_from)


def set_opening_hours(*, by: Actor | None, now: datetime, point: ServicePoint, hours: Iterable[Span]) -> None:
    """Replaces all opening hours of a point."""
    _check_actor(by, point)
    with unit_of_work(by=by, now=now):
        ServicePoint.objects.select_for_update().get(pk=point.pk)
        OpeningHours.objects.filter(point=point).delete()
        _write_hours(point, hours, now)


def _check_actor(by: Actor | None, point: ServicePoint) -> None:
    check_edit_points(by, commune=point.commune_id, province=point.commune.parent_id or "")


def _check(point: ServicePoint) -> None:
    try:
        point.full_clean()
    except ValidationError as error:
        raise UnableToSavePoint(" ".join(error.messages)) from error


def _write_hours(point: ServicePoint, hours: Iterable[Span], now: datetime) -> None:
    spans = sorted(hours)
    for one, following in zip([None, *spans], spans, strict=False):
        if following.opens >= following.closes:
            raise UnableToSavePoint(_("A point closes after it opens."))
        if one and one.weekday == following.weekday and one.closes > following.opens:
            raise UnableToSavePoint(_("Two opening times of one day overlap."))
    OpeningHours.objects.bulk_create(
        OpeningHours(id=new_id(now), point=point, weekday=span.weekday, opens=span.opens, closes=span.closes)
        for span in spans
    )
