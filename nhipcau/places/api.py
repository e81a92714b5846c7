"""Places for other programs: old addresses made new, units with their service points. Open, no account."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from nhipcau.core import clock
from nhipcau.places import queries
from nhipcau.places.convert import convert, shipped_gazetteer
from nhipcau.places.convert.answers import LANGUAGES
from nhipcau.places.models import ServicePoint, Unit

router = Router(tags=["places"])


class Failure(Schema):
    """A refusal: stable code, sentence."""

    code: str
    message: str


class CandidateOut(Schema):
    """A unit of today that the address may mean, and why."""

    code: str
    name: str
    full_name: str
    province_code: str
    province: str
    reason: str
    why: str
    former_code: str
    former: str
    remark: str


class ConversionOut(Schema):
    """`status` is ok, ambiguous, partial or not_found; the best candidates first."""

    input: str
    status: str
    note: str
    candidates: list[CandidateOut]


class HoursOut(Schema):
    """Open on a weekday (Monday 0), Vietnam's time."""

    weekday: int
    opens: str
    closes: str


class PointOut(Schema):
    """Where people are helped; empty where nothing is known."""

    kind: str
    name: str
    address: str
    phone: str
    zalo_url: str
    open_now: bool
    hours: list[HoursOut]


class UnitOut(Schema):
    """A unit of today."""

    code: str
    name: str
    full_name: str
    kind: str
    level: str
    province_code: str
    province: str
    latitude: float
    longitude: float
    formed_from: list[str]
    points: list[PointOut]


@router.get("/convert", response={200: ConversionOut, 422: Failure})
def convert_address(request: HttpRequest, q: str) -> Any:
    """The units of today that an address may mean: every candidate, each with the reason."""
    language = get_language() or "vi"
    answer = convert(q, shipped_gazetteer())
    return {"input": q[:1000], **answer.as_dict(language if language in LANGUAGES else "vi")}


@router.get("/units/{code}", response={200: UnitOut, 404: Failure})
def unit(request: HttpRequest, code: str) -> Any:
    """A province or commune: its name, what it was formed from, its service points and hours."""
    found = queries.unit(code)
    if found is None:
        return Status(404, {"code": "places.unknown_unit", "message": _("There is no unit with this code.")})
    return _unit(found)


def _unit(found: Unit) -> dict[str, Any]:
    now = clock.now()
    province = found.parent or found
    points = [] if found.is_province else queries.points_of(found.code, clock.local_date(now))
    formed = [] if found.is_province else queries.formed_from(found.code)
    return {
        "code": found.code,
        "name": found.name,
        "full_name": found.full_name,
        "kind": found.kind,
        "level": found.level,
        "province_code": province.code,
        "province": province.full_name,
        "latitude": found.latitude,
        "longitude": found.longitude,
        "formed_from": [str(row.former) for row in formed],
        "points": [_point(point, queries.open_now(point, now)) for point in points],
    }


def _point(point: ServicePoint, is_open: bool) -> dict[str, Any]:
    return {
        "kind": point.kind,
        "name": point.name,
        "address": point.address,
        "phone": point.phone,
        "zalo_url": point.zalo_url,
        "open_now": is_open,
        "hours": [
            {"weekday": span.weekday, "opens": f"{span.opens:%H:%M}", "closes": f"{span.closes:%H:%M}"}
            for span in queries.spans_of(point)
        ],
    }
