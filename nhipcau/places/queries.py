"""Looks at places: units as of a day, what they were formed from, service points and when they open."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, Prefetch, Q, QuerySet, Value, When
from django.http import Http404

from nhipcau.core.scope import Actor
from nhipcau.core.text import fold
from nhipcau.places.convert import convert, shipped_gazetteer
from nhipcau.places.enums import COMMUNE_KINDS, PROVINCE_KINDS, Kind, Level
from nhipcau.places.models import OpeningHours, ServicePoint, Succession, Unit, UnitKind
from nhipcau.places.rules import EDIT_POINTS, Opening, Span, opening_at

MOST_NAMED = 20
_CODE = re.compile(r"[0-9]{2}(?:[0-9]{3})?\Z")


def unit(code: str) -> Unit | None:
    """A province or commune with its province; None when the code is unknown."""
    if not _CODE.match(code):
        return None
    return Unit.objects.select_related("parent").filter(code=code).first()


def kinds_of(code: str) -> QuerySet[UnitKind]:
    """All kinds of a unit, the first one first."""
    return UnitKind.objects.filter(unit_id=code).order_by("valid_from", "id")


def provinces() -> QuerySet[Unit]:
    """The provinces and cities by name."""
    return Unit.objects.filter(level=Level.PROVINCE).order_by("search_key", "code")


def communes_of(province: str, *, text: str = "") -> QuerySet[Unit]:
    """The communes of a province by name; `text` is a part of the name, marks or not."""
    found = Unit.objects.filter(parent_id=province)
    if text.strip():
        found = found.filter(search_key__contains=fold(text))
    return found.order_by("search_key", "code")


@dataclass(frozen=True, slots=True)
class NamedCommune:
    """A commune of today. `why`: how a former name leads to it, in a sentence; else empty."""

    code: str
    label: str
    why: str = ""


def communes_named(text: str, *, language: str) -> list[NamedCommune]:
    """Communes that have the name, then those that took in a former unit of it, then those that hold the
    words in theirs. An address is understood too. One query: former names are looked up in memory."""
    wanted = fold(text)
    if not wanted:
        return []
    rows = Unit.objects.filter(level=Level.COMMUNE, search_key__contains=wanted).select_related("parent")
    whole = Case(When(search_key=wanted, then=Value(0)), default=Value(1))
    named: tuple[list[NamedCommune], list[NamedCommune]] = ([], [])
    for row in rows.order_by(whole, "search_key", "code")[:MOST_NAMED]:
        label = f"{row.full_name}, {row.parent}"
        named[row.search_key != wanted].append(NamedCommune(row.code, label))
    meant = [
        NamedCommune(
            one.code,
            f"{one.full_name}, {one.province}",
            one.why(language) if one.former or one.remark else "",
        )
        for one in convert(text, shipped_gazetteer()).candidates
        if one.code != one.province_code
    ]
    found: dict[str, NamedCommune] = {}
    for one in (*named[0], *meant, *named[1]):
        found.setdefault(one.code, one)
    return list(found.values())[:MOST_NAMED]


def formed_from(code: str) -> QuerySet[Succession]:
    """The former units a present one was formed from, whole ones and parts, by district."""
    return (
        Succession.objects.filter(unit_id=code)
        .select_related("former")
        .order_by("former__province_code", "former__district_code", "former__code", "id")
    )


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way from the nation down to a place; `code` is empty for the nation."""

    code: str
    label: str


def crumbs(found: Unit) -> list[Crumb]:
    """The nation, the province, the commune; the nation's label is left to the page."""
    above = [found.parent] if found.parent else []
    return [Crumb("", ""), *(Crumb(item.code, item.full_name) for item in (*above, found))]


def points_of(code: str, day: date) -> QuerySet[ServicePoint]:
    """The service points of a commune that serve people on that day, centres first, with their hours."""
    return (
        _with_hours(ServicePoint.objects.filter(commune_id=code, active_from__lte=day))
        .filter(Q(active_until__isnull=True) | Q(active_until__gt=day))
        .order_by("kind", "name", "id")
    )


def points_to_edit(actor: Actor, *, text: str = "") -> QuerySet[ServicePoint]:
    """The points the actor may correct, by commune; `text` is a part of the commune's name."""
    found = ServicePoint.objects.filter(actor.scope(EDIT_POINTS).q("commune"))
    if text.strip():
        found = found.filter(commune__search_key__contains=fold(text))
    return found.select_related("commune__parent").order_by("commune__search_key", "kind", "name", "id")


def get_point(point_id: UUID, *, for_: Actor) -> ServicePoint:
    """A point the actor may correct, with its hours, or 404."""
    found = _with_hours(points_to_edit(for_)).filter(pk=point_id).first()
    if found is None:
        raise Http404
    return found


def _with_hours(points: QuerySet[ServicePoint]) -> QuerySet[ServicePoint]:
    hours = OpeningHours.objects.order_by("weekday", "opens", "id")
    return points.prefetch_related(Prefetch("hours", queryset=hours))


def spans_of(point: ServicePoint) -> list[Span]:
    """The hours of a point, from those already read."""
    return [Span(row.weekday, row.opens, row.closes) for row in point.hours.all()]


def opening(point: ServicePoint, moment: datetime) -> Opening:
    """Whether the point is open at that moment, and until when; else when it opens next."""
    return opening_at(spans_of(point), moment)


def open_now(point: ServicePoint, moment: datetime) -> bool:
    """Whether the point is open at that moment."""
    return opening(point, moment).is_open


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of one sort the database holds."""

    name: str
    rows: int


def counts() -> list[Count]:
    """What the reference tables hold, for `nhipcau places check`."""
    kinds = Unit.objects.values_list("kind", flat=True)
    by_kind = dict.fromkeys((*PROVINCE_KINDS, *COMMUNE_KINDS), 0)
    for kind in kinds:
        by_kind[Kind(kind)] += 1
    found = [Count(kind.value, rows) for kind, rows in by_kind.items()]
    former = Succession.objects.values("former_id").distinct().count()
    return [*found, Count("former_unit", former), Count("succession", Succession.objects.count())]
