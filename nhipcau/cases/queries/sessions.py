"""Reading help sessions, what people need, and where a member records help."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from nhipcau.cases.enums import Topic
from nhipcau.cases.models import HelpSession, Need
from nhipcau.cases.queries.cases import LONGEST_SEARCH
from nhipcau.core.scope import Actor
from nhipcau.core.text import fold
from nhipcau.places.models import ServicePoint, Unit
from nhipcau.procedures.models import Procedure
from nhipcau.procedures.queries import find_guides, library
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import TeamMembership


def sessions_visible_to(
    actor: Actor, permission: str = Permission.CASES_VIEW_SESSIONS
) -> QuerySet[HelpSession]:
    """Sessions of the actor's places."""
    return HelpSession.objects.visible_to(actor, permission)


def session_list(*, day: date, volunteer: UUID | None = None, for_: Actor) -> QuerySet[HelpSession]:
    """A day's sessions, latest first: one's own, or all of one's places when `volunteer` is None."""
    rows = HelpSession.objects.filter(volunteer_id=for_.id) if volunteer else sessions_visible_to(for_)
    return (
        rows.filter(day=day)
        .select_related("procedure", "commune", "service_point", "volunteer", "case")
        .order_by("-at", "id")
    )


def own_session(session_id: UUID, *, for_: Actor) -> HelpSession | None:
    """One's own session with its need; None when it is not there or not one's own."""
    found = HelpSession.objects.select_related("procedure", "commune__parent", "service_point")
    return found.filter(pk=session_id, volunteer_id=for_.id).first()


_LATELY = 500  # sessions: a few busy days of one commune


@dataclass(frozen=True, slots=True)
class NeedChoice:
    """A need as a tile: `value` is `procedure:<slug>` or `topic:<name>`."""

    value: str
    label: str


def need_label(need: Need) -> str:
    """What the person came for, in the reader's language."""
    return need.procedure.name if need.procedure is not None else str(Topic(need.topic).label)


def need_value(need: Need) -> str:
    """The value by which a form names a need."""
    return f"procedure:{need.procedure_id}" if need.procedure_id else f"topic:{need.topic}"


# Shown where nothing was recorded yet: what the first weeks of the programme asked for most.
_USUAL = (Topic.VNEID, Topic.PORTAL_ACCOUNT, Topic.PAYMENT, Topic.PHONE_BASICS, Topic.SCAM_WORRY)


def top_needs(*, communes: Iterable[str], limit: int = 8) -> list[NeedChoice]:
    """The most frequent needs lately in these communes, the usual topics, and last "something else"."""
    latest = HelpSession.objects.filter(commune_id__in=list(communes)).order_by("-day", "id")[:_LATELY]
    rows = (
        HelpSession.objects.filter(pk__in=latest.values("pk"))
        .exclude(topic=Topic.OTHER)
        .values("procedure_id", "topic")
        .annotate(times=Count("id"))
        .order_by("-times", "procedure_id", "topic")[:limit]
    )
    counted = [(row["procedure_id"], row["topic"]) for row in rows]
    names = Procedure.objects.in_bulk([slug for slug, _topic in counted if slug])
    found = [
        NeedChoice(f"procedure:{slug}", names[slug].name)
        if slug
        else NeedChoice(f"topic:{topic}", str(Topic(topic).label))
        for slug, topic in counted
    ]
    usual = [NeedChoice(f"topic:{topic}", str(topic.label)) for topic in _USUAL]
    tiles = [*found, *(choice for choice in usual if choice not in found)][: limit - 1]
    return [*tiles, NeedChoice(f"topic:{Topic.OTHER}", str(Topic.OTHER.label))]


def need_choice(value: str) -> NeedChoice | None:
    """The need a form names, if it exists."""
    kind, _colon, key = value.partition(":")
    if kind == "topic" and key in Topic.values:
        return NeedChoice(value, str(Topic(key).label))
    if kind != "procedure" or not key or "\x00" in key:
        return None
    procedure = library().filter(pk=key).first()
    return NeedChoice(value, procedure.name) if procedure is not None else None


def all_needs() -> list[NeedChoice]:
    """Every procedure of the library, then every topic."""
    procedures = [NeedChoice(f"procedure:{row.pk}", row.name) for row in library()]
    return [*procedures, *(NeedChoice(f"topic:{topic}", str(topic.label)) for topic in Topic)]


def find_needs(text: str, *, limit: int = 8) -> list[NeedChoice]:
    """Needs for everyday words: what the search of guides finds, then names that hold every word."""
    words = fold(text[:LONGEST_SEARCH]).split()
    if not words:
        return []
    rows = {row.pk: row for row in library()}
    hits = [hit.slug for hit in find_guides(text[:LONGEST_SEARCH], limit=limit) if hit.slug in rows]
    named = [
        slug
        for slug, row in rows.items()
        if _holds(words, [row.code, row.official_name, *_texts(row.names), *_texts(row.keywords)])
    ]
    found = [NeedChoice(f"procedure:{slug}", rows[slug].name) for slug in dict.fromkeys([*hits, *named])]
    topics = [NeedChoice(f"topic:{topic}", str(topic.label)) for topic in Topic]
    return [*found, *(topic for topic in topics if _holds(words, [topic.label]))][:limit]


def _texts(value: Any) -> list[str]:
    """All strings inside a JSON value."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _texts(part)]


def _holds(words: list[str], texts: list[str]) -> bool:
    whole = f" {fold(' '.join(texts))} "
    return all(f" {word}" in whole for word in words)


@dataclass(frozen=True, slots=True)
class WorkPlaces:
    """Where a member records help: communes by code with their points."""

    communes: tuple[Unit, ...]
    points: tuple[ServicePoint, ...]


def work_places(actor: Actor, *, home: str | None, today: date, permission: str) -> WorkPlaces:
    """The communes granted one by one, else the home commune when a wider grant covers it."""
    scope = actor.scope(permission)
    near = Q(pk__in=scope.communes) | (
        Q(pk=home) & (Q() if scope.nation else Q(parent_id__in=scope.provinces))
    )
    communes = tuple(Unit.objects.filter(near, parent__isnull=False).order_by("name", "pk"))
    points = ServicePoint.objects.filter(commune__in=communes, active_from__lte=today)
    points = points.filter(Q(active_until__isnull=True) | Q(active_until__gt=today))
    # Centres first: "centre" sorts before the other kinds.
    return WorkPlaces(communes, tuple(points.order_by("commune__name", "kind", "name", "id")))


def team_at_work(actor: Actor, *, commune: str, today: date) -> UUID | None:
    """The team in which a member works in a commune today; the earliest joined when there are two."""
    rows = TeamMembership.objects.active(today).filter(member_id=actor.id, team__commune_id=commune)
    return rows.order_by("starts_on", "id").values_list("team_id", flat=True).first()


def last_session_place(actor: Actor) -> HelpSession | None:
    """The latest session, whose place is the best guess for the next one."""
    return HelpSession.objects.filter(volunteer_id=actor.id).order_by("-recorded_at", "id").first()
