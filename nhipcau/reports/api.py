"""Open figures: the same numbers as the public pages, small groups hidden."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from nhipcau.core import clock
from nhipcau.reports import queries
from nhipcau.reports.indicators import COUNTED, DERIVED

router = Router(tags=["reports"])


class Failure(Schema):
    """A refusal: stable code, sentence."""

    code: str
    message: str


class FiguresOut(Schema):
    """Numbers by indicator name; null where a group is too small to show."""

    place: str
    name: str
    first: date
    last: date
    figures: dict[str, float | int | None]
    below: dict[str, dict[str, float | int | None]]


class IndicatorOut(Schema):
    """An entry of the dictionary of indicators."""

    name: str
    label: str
    definition: str


@router.get("/indicators", response=list[IndicatorOut])
def indicators(request: HttpRequest) -> list[dict[str, str]]:
    """Every indicator with its definition."""
    return [
        {"name": name, "label": str(label), "definition": str(definition)}
        for name, label, definition in queries.definitions((*COUNTED, *DERIVED))
    ]


@router.get("/figures", response={200: FiguresOut, 422: Failure})
def figures(
    request: HttpRequest,
    place: str = "VN",
    first: date | None = Query(None, alias="from"),
    last: date | None = Query(None, alias="to"),
) -> dict[str, Any]:
    """Figures of a place and period, both days included; by default the last thirty days with figures."""
    where = queries.place(place)
    usual = queries.usual_period(where.code, clock.local_date(clock.now()))
    when = queries.period(first or usual.first, last or usual.last)
    found = queries.figures(where, when, public=True)
    return {
        "place": where.code,
        "name": str(where.name),
        "first": when.first,
        "last": when.last,
        "figures": found.values.as_dict(),
        "below": {line.code: line.values.as_dict() for line in found.below},
    }
