"""Pages of places: where an old address is now, what a commune is, and the service points to keep right."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nhipcau.core import clock
from nhipcau.core.doors import public, requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.requests import OurRequest
from nhipcau.core.scope import Actor
from nhipcau.places import queries, services
from nhipcau.places.convert import Conversion, Status, convert, shipped_gazetteer
from nhipcau.places.enums import PointKind, Weekday
from nhipcau.places.forms import CloseForm, HoursForm, NewPointForm, PointForm
from nhipcau.places.models import ServicePoint, Unit
from nhipcau.places.rules import EDIT_POINTS, Opening

ROWS = 30
SHOWN_CANDIDATES = 20


@public
def where(request: HttpRequest) -> HttpResponse:
    """An address in, the communes of today out, each with the reason and the way to its page."""
    text = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"text": text[:200]}
    if text:
        answer = convert(text, shipped_gazetteer())
        context |= {"answer": answer, "found": answer.status != Status.NOT_FOUND, **_shown(answer)}
    return render(request, "places/where.html", context)


def _shown(answer: Conversion) -> dict[str, Any]:
    language = get_language() or "vi"
    rows = [
        {"candidate": item, "why": item.why(language), "url": reverse("places:unit", args=[item.code])}
        for item in answer.candidates[:SHOWN_CANDIDATES]
    ]
    return {
        "rows": rows,
        "note": answer.note(language),
        "more": max(0, len(answer.candidates) - SHOWN_CANDIDATES),
    }


@public
def provinces(request: HttpRequest) -> HttpResponse:
    """All provinces, for those who would rather look than type."""
    return render(request, "places/provinces.html", {"provinces": queries.provinces()})


@public
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """A commune with its service points, or a province with its communes."""
    found = queries.unit(code)
    if found is None:
        raise Http404
    return _province(request, found) if found.is_province else _commune(request, found)


def _crumbs(found: Unit) -> list[dict[str, str]]:
    items = []
    for crumb in queries.crumbs(found):
        address = reverse("places:unit", args=[crumb.code]) if crumb.code else reverse("places:provinces")
        items.append({"label": crumb.label or _("Vietnam"), "url": address})
    items[-1].pop("url")
    return items


def _province(request: HttpRequest, found: Unit) -> HttpResponse:
    text = request.GET.get("q", "")[:80]
    page = Paginator(queries.communes_of(found.code, text=text), ROWS).get_page(request.GET.get("page"))
    context = {"unit": found, "crumbs": _crumbs(found), "page": page, "text": text}
    return render(request, "places/province.html", context)


def _commune(request: HttpRequest, found: Unit) -> HttpResponse:
    now = clock.now()
    context = {
        "unit": found,
        "crumbs": _crumbs(found),
        "points": [
            _point(point, queries.opening(point, now), now=now)
            for point in queries.points_of(found.code, clock.local_date(now))
        ],
        "formed_from": list(queries.formed_from(found.code)),
        "kinds": list(queries.kinds_of(found.code)),
    }
    return render(request, "places/commune.html", context)


def _point(point: ServicePoint, opening: Opening, *, now: datetime) -> dict[str, Any]:
    return {
        "point": point,
        "opening": opening,
        "opens_today": bool(
            opening.next_start and clock.local_date(opening.next_start) == clock.local_date(now)
        ),
        "week": _week(point),
    }


def _week(point: ServicePoint) -> list[dict[str, Any]]:
    """Days that follow each other with the same hours share a line: Monday to Friday."""
    lines: list[dict[str, Any]] = []
    spans = queries.spans_of(point)
    for day in Weekday:
        hours = ", ".join(
            f"{span.opens:%H:%M}–{span.closes:%H:%M}" for span in spans if span.weekday == day.value
        )
        if lines and lines[-1]["hours"] == hours:
            lines[-1]["last"] = day.label
        else:
            lines.append({"first": day.label, "last": "", "hours": hours})
    return lines


def _actor(request: HttpRequest) -> Actor:
    """Set by the guard at the door."""
    return cast("Actor", cast("OurRequest", request).actor)


@requires(EDIT_POINTS)
def points(request: HttpRequest) -> HttpResponse:
    """The service points of my places."""
    text = request.GET.get("q", "")[:80]
    page = Paginator(queries.points_to_edit(_actor(request), text=text), ROWS).get_page(
        request.GET.get("page")
    )
    return render(request, "places/points.html", {"page": page, "text": text})


@requires(EDIT_POINTS)
def new_point(request: HttpRequest) -> HttpResponse:
    """A new service point in one of my communes."""
    communes = _actor(request).scope(EDIT_POINTS).communes
    initial = {"kind": PointKind.CENTRE.value, "commune": next(iter(communes)) if len(communes) == 1 else ""}
    form = NewPointForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = services.add_service_point(
                by=_actor(request), now=clock.now(), **{**values, "kind": PointKind(values["kind"])}
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The point is added with the usual hours. Check them now."))
            return redirect("places:edit_hours", made.pk)
    return render(request, "places/new_point.html", {"form": form})


@requires(EDIT_POINTS)
def edit_point(request: HttpRequest, point_id: UUID) -> HttpResponse:
    """Name, address, phone and Zalo page of a point."""
    actor = _actor(request)
    point = queries.get_point(point_id, for_=actor)
    form = PointForm(request.POST) if request.method == "POST" else PointForm.of(point)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            services.edit_service_point(
                by=actor, now=clock.now(), point=point, **{**values, "kind": PointKind(values["kind"])}
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("places:points")
    return render(request, "places/edit_point.html", {"form": form, "point": point})


@requires(EDIT_POINTS)
def edit_hours(request: HttpRequest, point_id: UUID) -> HttpResponse:
    """The opening hours of a point, a line a day."""
    actor = _actor(request)
    point = queries.get_point(point_id, for_=actor)
    form = HoursForm(request.POST or None, spans=queries.spans_of(point))
    if request.method == "POST" and form.is_valid():
        try:
            services.set_opening_hours(by=actor, now=clock.now(), point=point, hours=form.spans)
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The opening hours are saved."))
            return redirect("places:points")
    return render(request, "places/edit_hours.html", {"form": form, "point": point})


@requires(EDIT_POINTS)
def close_point(request: HttpRequest, point_id: UUID) -> HttpResponse:
    """A point is closed for good from a day on."""
    actor = _actor(request)
    point = queries.get_point(point_id, for_=actor)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.close_service_point(
                by=actor, now=clock.now(), point=point, closed_from=form.cleaned_data["closed_from"]
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("places:points")
    return render(request, "places/close_point.html", {"form": form, "point": point})
