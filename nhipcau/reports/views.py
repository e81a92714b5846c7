"""Figures on pages: a dashboard for each place, exact for those who answer for it, open to everybody
with small groups hidden, and the rows behind each number."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format, number_format

from nhipcau.core import clock
from nhipcau.core.doors import public, requires
from nhipcau.core.scope import NATION
from nhipcau.places.models import Unit
from nhipcau.reports import queries
from nhipcau.reports.forms import PeriodForm
from nhipcau.reports.indicators import AT_THE_POSTS, COUNTED, DERIVED, HEADLINES, dashboard
from nhipcau.teams import queries as teams
from nhipcau.teams.access import actor_in

VIEW = "reports.view"
ROWS = "reports.rows"
TEAMS = "teams.view"
ROWS_A_PAGE = 50


def _place(code: str) -> queries.Place:
    try:
        return queries.place(code)
    except queries.UnableToReadFigures as refusal:
        raise Http404 from refusal


def _may(request: HttpRequest, permission: str, where: queries.Place) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and actor.scope(permission).covers_unit(where.code, where.province)


def _period(request: HttpRequest, where: queries.Place) -> tuple[queries.Period, PeriodForm, str]:
    """The period asked for, the form to show, and what was wrong with the request."""
    usual = queries.usual_period(where.code, clock.local_date(clock.now()))
    form = PeriodForm(request.GET if {"first", "last"} & set(request.GET) else None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    problem = str(next(iter(form.errors.values()))[0]) if form.is_bound and form.errors else ""
    first, last = asked.get("first"), asked.get("last")
    try:
        when = queries.period(first or last or usual.first, last or first or usual.last)
    except queries.UnableToReadFigures as refusal:
        when, problem = usual, str(refusal)
    shown = PeriodForm(initial={"first": when.first, "last": when.last})
    return when, shown, problem


def shown(name: str, value: float | int | None) -> str:
    """A number as people read it; a dash where there is none."""
    if value is None:
        return "–"
    digits = DERIVED[name].digits if name in DERIVED else 0
    return number_format(value, decimal_pos=digits, force_grouping=True)


def _headlines(
    found: dashboard.Figures, rows_open: bool, names: Sequence[str] = HEADLINES
) -> list[dict[str, Any]]:
    query = urlencode({"first": found.period.first, "last": found.period.last})
    cards = []
    for name in names:
        indicator = COUNTED.get(name) or DERIVED[name]
        source = DERIVED[name].opens_to if name in DERIVED else name
        url = reverse("reports:rows", args=[found.place.code, source]) + "?" + query if rows_open else ""
        value = found.values.get(name)
        hidden = value is None and name in found.values.hidden
        cards.append(
            {
                "name": name,
                "label": indicator.label,
                "value": shown(name, value),
                "unit": indicator.unit,
                "hidden": hidden,
                "definition": indicator.definition,
                "url": url,
            }
        )
    return cards


def _first(found: dashboard.Figures) -> tuple[str, ...]:
    """What a dashboard shows first; people at classes where there were classes."""
    return (*HEADLINES, "class_people") if found.values.counted.get("class_people") else HEADLINES


def _posts(found: dashboard.Figures, rows_open: bool) -> list[dict[str, Any]]:
    """What the rosters say, where there are any."""
    if not any(found.values.counted.get(name) for name in ("seats_asked", "expected")):
        return []
    return _headlines(found, rows_open, AT_THE_POSTS)


def _days(found: dashboard.Figures) -> dict[str, Any]:
    series = dashboard.daily(found, "sessions")
    busy = [(day, value) for day, value in series if value]
    return {
        "rows": [
            {
                "label": date_format(day, "D d/m/Y"),
                "value": value,
                "shown": number_format(value, force_grouping=True),
            }
            for day, value in (series if len(series) <= 14 else busy)
        ],
        "maximum": max((value for _day, value in series), default=1) or 1,
    }


def _months(where: queries.Place, last: date, rows_open: bool) -> list[dict[str, Any]]:
    """Papers month by month: shares, the numbers they are made of, and the way to the rows."""
    lines: list[dict[str, Any]] = []
    for span, values in dashboard.months(where, last):
        query = urlencode({"first": span.first, "last": span.last})
        cells = []
        for name in ("ready_share", "came_back_share"):
            derived = DERIVED[name]
            url = reverse("reports:rows", args=[where.code, derived.denominator]) + "?" + query
            cells.append(
                {
                    "share": shown(name, values.get(name)),
                    "part": shown(derived.numerator, values.get(derived.numerator)),
                    "whole": shown(derived.denominator, values.get(derived.denominator)),
                    "url": url if rows_open and values.get(derived.denominator) else "",
                    "known": values.get(name) is not None,
                }
            )
        lines.append({"month": span.first, "cells": cells})
    return lines if any(cell["known"] for line in lines for cell in line["cells"]) else []


def _lines(found: dashboard.Figures) -> list[dict[str, Any]]:
    query = urlencode({"first": found.period.first, "last": found.period.last})
    names = ("people", "sessions", "dossiers", "mostly_alone")
    return [
        {
            "name": line.name,
            "url": reverse("reports:figures", args=[line.code]) + "?" + query,
            "cells": [
                {"hidden": name in line.values.hidden, "text": shown(name, line.values.get(name))}
                for name in names
            ],
        }
        for line in found.below
    ]


@public
def figures(request: HttpRequest, code: str) -> HttpResponse:
    """The dashboard of a place and period."""
    where = _place(code)
    exact = _may(request, VIEW, where)
    when, form, problem = _period(request, where)
    found = dashboard.figures(where, when, public=not exact)
    context = {
        "where": where,
        "found": found,
        "form": form,
        "problem": problem,
        "exact": exact,
        "headlines": _headlines(found, exact and _may(request, ROWS, where), _first(found)),
        "posts": _posts(found, exact and _may(request, ROWS, where)),
        "days": _days(found),
        "months": _months(where, when.last, _may(request, ROWS, where)) if exact else [],
        "lines": _lines(found),
        "crumbs": _crumbs(where),
        "strength": teams.strength_of(where.code, when.last),
        "teams_url": reverse("teams:teams") if _may(request, TEAMS, where) else "",
    }
    return render(request, "reports/figures.html", context)


@requires(VIEW)
def mine(request: HttpRequest) -> HttpResponse:
    """Straight to the dashboard of the largest place the member answers for."""
    scope = actor_in(request).scope(VIEW)
    codes = [*sorted(scope.provinces), *sorted(scope.communes)]
    return redirect("reports:figures", code=NATION if scope.nation else codes[0])


def _crumbs(where: queries.Place) -> list[dict[str, Any]]:
    above = [{"label": name, "url": reverse("reports:figures", args=[code])} for code, name in where.above]
    return [*above, {"label": where.name, "url": ""}]


@requires(ROWS)
def rows(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """The rows that made one number: anonymous, in the order of their days."""
    where = _place(code)
    if name not in COUNTED or not _may(request, ROWS, where):
        raise Http404
    when, _form, problem = _period(request, where)
    indicator = COUNTED[name]
    commune_of = attrgetter(indicator.commune.removesuffix("_id").replace("__", "."))
    found = indicator.rows(when.first, when.end)
    if where.is_commune:
        found = found.filter(**{indicator.commune: where.code})
    elif not where.is_nation:
        below = Unit.objects.filter(parent_id=where.code).values("code")
        found = found.filter(**{f"{indicator.commune}__in": below})
    listed = (
        found.select_related(*indicator.columns.related, indicator.commune.removesuffix("_id"))
        .annotate(row_day=indicator.day)
        .order_by("row_day", "pk")
    )
    page = Paginator(listed, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "where": where,
        "when": when,
        "indicator": indicator,
        "page": page,
        "problem": problem,
        "rows": [(row.row_day, commune_of(row).name, indicator.columns.cells(row)) for row in page],
        "crumbs": _crumbs(where),
    }
    return render(request, "reports/rows.html", context)


@public
def dictionary(request: HttpRequest) -> HttpResponse:
    """What each figure means."""
    return render(
        request, "reports/dictionary.html", {"entries": dashboard.definitions((*COUNTED, *DERIVED))}
    )


def unit_panel(request: HttpRequest, unit: Unit) -> str:
    """On a commune's public page: what volunteers did there lately, and the way to all figures."""
    where = queries.place(unit.code)
    when = queries.usual_period(unit.code, clock.local_date(clock.now()))
    found = dashboard.figures(where, when, public=True)
    if not any(found.values.counted.values()):
        return ""
    context = {"where": where, "found": found, "headlines": _headlines(found, rows_open=False)[:2]}
    return render_to_string("reports/unit_panel.html", context, request)
