"""Need against cover in the days to come: a list, and the same places on a map drawn by the server."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.scope import NATION
from nhipcau.places.models import Unit
from nhipcau.places.queries import unit
from nhipcau.reinforcement import queries
from nhipcau.reinforcement.enums import OPEN_REQUESTS
from nhipcau.reinforcement.rules.map import TARGET, WIDTH, apart, draw, labels
from nhipcau.reinforcement.views.requests import shift_label
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

SPANS = (7, 14, 28)
PAGE = 50


def _span(request: HttpRequest) -> tuple[datetime, date, date, int]:
    """Now, today, the day after the number of days asked for, and that number."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(span) for span in SPANS} else SPANS[0]
    now = clock.now()
    today = clock.local_date(now)
    return now, today, today + timedelta(days=days), days


@requires(Permission.REINFORCEMENT_SEND)
@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    """The whole country by province, or the province of whoever answers for one."""
    scope = actor_in(request).scope(Permission.REINFORCEMENT_SEND)
    if not scope.nation:
        return province(request, min(scope.provinces))
    now, start, end, days = _span(request)
    rows = queries.cover_of_nation(now, start, end)
    return _render(request, rows, days, name=_("Whole country"), address="reinforcement:province", crumb=None)


@requires(Permission.REINFORCEMENT_SEND)
@require_safe
def province(request: HttpRequest, code: str) -> HttpResponse:
    """The communes of a province, those with the most empty seats first."""
    scope = actor_in(request).scope(Permission.REINFORCEMENT_SEND)
    found = unit(code)
    if found is None or not found.is_province or not scope.covers_unit(code):
        raise Http404
    now, start, end, days = _span(request)
    rows = queries.cover_of_province(code, now, start, end)
    crumb = reverse("reinforcement:cover") if scope.nation else None
    return _render(request, rows, days, name=found.full_name, address="reinforcement:short", crumb=crumb)


def _render(
    request: HttpRequest,
    rows: Sequence[queries.Cover],
    days: int,
    *,
    name: str,
    address: str,
    crumb: str | None,
) -> HttpResponse:
    listed = [(row, reverse(address, args=[row.code]) + f"?days={days}") for row in rows]
    context = {
        "name": name,
        "days": days,
        "spans": [
            {
                "label": ngettext("%(count)d day", "%(count)d days", span) % {"count": span},
                "url": f"?days={span}",
                "current": span == days,
            }
            for span in SPANS
        ],
        "rows": listed,
        "total": queries.whole(rows),
        "map": _drawn(listed),
        "crumb": crumb,
    }
    return render(request, "reinforcement/cover.html", context)


def _drawn(listed: Sequence[tuple[queries.Cover, str]]) -> dict[str, Any]:
    """The map: large spots lie below small ones; those short that can be pressed apart are links."""
    drawing = draw(
        [(row.latitude, row.longitude) for row, _url in listed], [max(0, row.short) for row, _url in listed]
    )
    spots = drawing.spots
    short = [(index, spots[index]) for index, (row, _url) in enumerate(listed) if row.short > 0]
    linked = set(apart(short))
    named = labels([(index, spot, listed[index][0].name) for index, spot in short])
    drawn: list[dict[str, Any]] = [
        {
            "x": spots[index].x,
            "y": spots[index].y,
            "radius": spots[index].radius,
            "row": row,
            "url": url if index in linked else "",
            "kind": "none" if not row.needed else "short" if row.short else "held",
        }
        for index, (row, url) in enumerate(listed)
    ]
    drawn.sort(key=lambda spot: (bool(spot["url"]), -spot["radius"]))
    return {
        "width": WIDTH,
        "height": drawing.height,
        "target": TARGET,
        "spots": drawn,
        "labels": [(label, listed[label.index][0].name) for label in named],
        "bar": drawing.bar,
        "bar_km": drawing.bar_km,
        "bar_y": drawing.height - 8,
    }


@requires(Permission.ROSTER_VIEW)
@require_safe
def short(request: HttpRequest, code: str) -> HttpResponse:
    """The shifts behind a commune's number, and what it has asked for."""
    actor = actor_in(request)
    scope = actor.scope(Permission.ROSTER_VIEW)
    found = unit(code)
    if found is None or found.is_province or not _inside(found, scope):
        raise Http404
    now, start, end, days = _span(request)
    shifts = queries.short_shifts(now, start, end).filter(commune_id=code)
    page = Paginator(shifts, PAGE).get_page(request.GET.get("page"))
    asked = queries.requests_visible_to(actor).filter(commune_id=code, state__in=OPEN_REQUESTS)
    context = {
        "unit": found,
        "days": days,
        "page": page,
        "shifts": [(shift, shift_label(shift)) for shift in page],
        "requests": asked.select_related("team").order_by("starts_on", "id")[:20],
        "back": reverse("reinforcement:province", args=[found.parent_id or NATION]) + f"?days={days}"
        if actor.may(Permission.REINFORCEMENT_SEND)
        else reverse("reinforcement:requests"),
        "may_ask": _inside(found, actor.scope(Permission.REINFORCEMENT_ASK)),
    }
    return render(request, "reinforcement/short.html", context)


def _inside(found: Unit, scope: Any) -> bool:
    return bool(scope.covers(commune=found.pk, province=found.parent_id or ""))
