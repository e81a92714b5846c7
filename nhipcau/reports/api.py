"""Open figures: the same numbers as the public pages, small groups hidden."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from nhipcau.core import clock
from nhipcau.reports import queries
from nhipcau.reports.indicators import COUNTED, DERIVED, dashboard

router = Router(tags=["reports"])


class Failure(Schema):
    """A refusal: stable code, sentence."""

    code: str
    message: str


class FiguresIn(Schema):
    """Which place (`VN`, a province, a commune) and which days, both included."""

    place: str = "VN"
    first: date | None = Field(None, alias="from")
    last: date | None = Field(None, alias="to")


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
        for name, label, definition in dashboard.definitions((*COUNTED, *DERIVED))
    ]


@router.get("/figures", response={200: FiguresOut, 422: Failure})
def figures(request: HttpRequest, asked: Query[FiguresIn]) -> dict[str, Any]:
    """Figures of a place and period; by default the last thirty days with figures."""
    where = queries.place(asked.place)
    usual = queries.usual_period(where.code, clock.local_date(clock.now()))
    when = queries.period(asked.first or usual.first, asked.last or usual.last)
    found = dashboard.figures(where, when, public=True)
    return {
        "place": where.code,
        "name": str(where.name),
        "first": when.first,
        "last": when.last,
        "figures": found.values.as_dict(),
        "below": {line.code: line.values.as_dict() for line in found.below},
    }
