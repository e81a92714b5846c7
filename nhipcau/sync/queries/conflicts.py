"""What waits for a person's decision: whose it is to decide, and what has to be forgotten."""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from nhipcau.cases.models import Case
from nhipcau.cases.queries import EDIT, can_reach, cases_visible_to
from nhipcau.citizens.models import Citizen
from nhipcau.citizens.queries import Asked, UnableToReadPhone, read_phone, same_phone_in
from nhipcau.core.scope import NATION, Actor
from nhipcau.core.text import fold
from nhipcau.sync.enums import ConflictReason, ConflictState, Entity
from nhipcau.sync.models import Conflict
from nhipcau.sync.rules.deciders import DECIDERS
from nhipcau.teams.access import ROLES
from nhipcau.teams.models import Grant, Member
from nhipcau.visits.models import Visit, Visitor

_RELATED = ("commune__parent", "member", "decided_by")


def _to_decide_in_places(actor: Actor) -> Q:
    places = Q(pk__in=[])
    for entity, permission in DECIDERS.items():
        # Nobody decides about their own hours.
        other = ~Q(member_id=actor.id) if entity == Entity.SHIFT else Q()
        places |= Q(entity=entity) & actor.scope(permission).q() & other
    return places


def conflict_list(actor: Actor, *, state: str) -> QuerySet[Conflict]:
    """What the actor may decide about in their places, and what came from their own phones."""
    rows = Conflict.objects.filter(_to_decide_in_places(actor) | Q(member_id=actor.id), state=state)
    order = "raised_at" if state == ConflictState.OPEN else "-decided_at"
    return rows.select_related(*_RELATED).defer("content").order_by(order, "id")


def open_count(actor: Actor) -> int:
    """How many wait in the actor's places."""
    return Conflict.objects.filter(_to_decide_in_places(actor), state=ConflictState.OPEN).count()


def get_conflict(conflict_id: UUID, *, for_: Actor, lock: bool = False) -> Conflict:
    """One of `conflict_list`, decided or not; or 404."""
    rows = Conflict.objects.filter(_to_decide_in_places(for_) | Q(member_id=for_.id))
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.select_related(*_RELATED).filter(pk=conflict_id).first()
    if found is None:
        raise Http404
    return found


def can_decide(actor: Actor, conflict: Conflict) -> bool:
    """Whoever answers for the place; its author while the record is still theirs."""
    return _may_decide(actor, conflict, lambda row: _is_theirs(actor, row))


def _may_decide(actor: Actor, conflict: Conflict, is_theirs: Callable[[Conflict], bool]) -> bool:
    place = {"commune": conflict.commune_id, "province": conflict.commune.parent_id or ""}
    own = conflict.member_id == actor.id
    if actor.scope(DECIDERS[Entity(conflict.entity)]).covers(**place):
        return not (own and conflict.entity == Entity.SHIFT)
    return own and conflict.reason != ConflictReason.NOT_YOURS and is_theirs(conflict)


def _is_theirs(actor: Actor, conflict: Conflict) -> bool:
    if conflict.entity == Entity.CASE:
        case = Case.objects.select_related("commune").filter(pk=conflict.entity_id).first()
        return case is not None and can_reach(actor, case, EDIT)
    if conflict.entity == Entity.VISIT:
        mine = Visitor.objects.filter(visit_id=conflict.entity_id, member_id=actor.id)
        return mine.filter(removed_at__isnull=True).exists()
    return False


def own_open(actor: Actor, limit: int) -> list[Conflict]:
    """What came from the actor's phones, is still open, and may be decided by them."""
    rows = Conflict.objects.filter(member_id=actor.id, state=ConflictState.OPEN).select_related(*_RELATED)
    found = list(rows.order_by("raised_at", "id")[:limit])
    theirs = _records_of(actor, found)
    return [row for row in found if _may_decide(actor, row, lambda row: row.entity_id in theirs)]


def _records_of(actor: Actor, conflicts: Iterable[Conflict]) -> frozenset[UUID]:
    """`_is_theirs` of many at once."""
    ids = {row.entity_id for row in conflicts}
    mine = Visitor.objects.filter(member_id=actor.id, visit_id__in=ids, removed_at__isnull=True)
    cases = cases_visible_to(actor, EDIT).filter(pk__in=ids)
    return frozenset(cases.values_list("pk", flat=True)) | frozenset(mine.values_list("visit_id", flat=True))


def own_decided(actor: Actor, since: datetime, limit: int) -> QuerySet[Conflict]:
    """What came from the actor's phones and was decided since, by whomever: the phone tells them."""
    rows = Conflict.objects.filter(member_id=actor.id, state=ConflictState.DECIDED, decided_at__gte=since)
    return rows.filter(emptied_at__isnull=True).order_by("-decided_at", "id")[:limit]


def own_forgotten(actor: Actor, since: datetime) -> QuerySet[Conflict]:
    """What came from the actor's phones and was forgotten since: there it can still be read, so all of it."""
    return Conflict.objects.filter(member_id=actor.id, emptied_at__gte=since).order_by("id")


def open_about(entity: Entity, entity_id: UUID, *, for_: Actor) -> QuerySet[Conflict]:
    """What waits about one record, as far as the actor may open it."""
    rows = Conflict.objects.filter(_to_decide_in_places(for_) | Q(member_id=for_.id))
    found = rows.filter(entity=entity, entity_id=entity_id, state=ConflictState.OPEN)
    return found.select_related("member").defer("content").order_by("raised_at", "id")


def deciders_of(entity: str, commune: str, province: str, *, now: datetime) -> QuerySet[Member]:
    """Active members who may decide about such a record in a commune."""
    roles = [role for role, held in ROLES.items() if DECIDERS[Entity(entity)] in held]
    grants = Grant.objects.active(now).filter(role__in=roles, unit_code__in=(commune, province, NATION))
    return Member.objects.filter(is_active=True, pk__in=grants.values("member_id")).order_by("id")


def content_of(conflict: Conflict) -> dict[str, Any]:
    """What was kept of both sides; empty once it is forgotten."""
    found: dict[str, Any] = json.loads(conflict.content) if conflict.content else {}
    return found


def same_person(conflict: Conflict) -> list[Citizen]:
    """Who is known under the number of a case that waits to be opened, while nobody has said whether it is
    one of them. Empty: there is nothing to ask."""
    data = content_of(conflict).get("data") if conflict.name == "cases.open" and conflict.is_open else None
    if not data:
        return []
    try:
        known = same_phone_in(conflict.commune_id, read_phone(data["phone"]))
    except UnableToReadPhone:
        return []
    named = data.get("known_citizen")
    if named is None:
        return [] if data.get("another_person") else known
    # The phone had named somebody who is not, or no longer, known here under this number: perhaps another is.
    return [] if named in {str(one.pk) for one in known} else known


def settled(commands: Iterable[UUID]) -> dict[UUID, str]:
    """Commands about which a person has decided, and what was kept (`Keep`): what needs them goes on."""
    rows = Conflict.objects.filter(command__in=list(commands), state=ConflictState.DECIDED)
    return dict(rows.values_list("command", "keep"))


def due_to_empty(day: date, limit: int) -> list[UUID]:
    """Past their end date, or about a case or visit that has forgotten its person already."""
    cases = Case.objects.filter(erased_at__isnull=False).values("id")
    visits = Visit.objects.filter(erased_at__isnull=False).values("id")
    due = (
        Q(keep_until__lt=day)
        | Q(entity=Entity.CASE, entity_id__in=cases)
        | Q(entity=Entity.VISIT, entity_id__in=visits)
    )
    rows = Conflict.objects.filter(due, emptied_at__isnull=True).order_by("keep_until", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def about_cases(cases: Iterable[UUID]) -> list[UUID]:
    """Conflicts about these cases and the visits to their people."""
    ids = list(cases)
    visits = Visit.objects.filter(case_id__in=ids).values("id")
    about = Q(entity=Entity.CASE, entity_id__in=ids) | Q(entity=Entity.VISIT, entity_id__in=visits)
    rows = Conflict.objects.filter(about, emptied_at__isnull=True)
    return list(rows.order_by("id").values_list("id", flat=True))


def about_people(asked: Iterable[Asked]) -> list[UUID]:
    """Cases that were never opened, of people who asked to be forgotten."""
    return [
        row.pk
        for person in asked
        for row in Conflict.objects.filter(commune_id=person.commune, phone_index=person.phone_index)
        .exclude(phone_index="")
        .order_by("id")
        if _is_of(row, person)
    ]


def _is_of(conflict: Conflict, person: Asked) -> bool:
    """Families share a number: what the phone said of whom it is counts, then the name."""
    data = content_of(conflict)["data"]
    named = data.get("known_citizen")
    if named is not None and UUID(named) == person.citizen:
        return True
    if named is None and data.get("another_person"):
        return False
    return fold(data["name"]) == fold(person.name)
