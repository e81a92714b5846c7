"""Reading what is offered, said and approved: for the member, for who checks it, for who defines it."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.http import Http404

from nhipcau.core.scope import NATION, Actor
from nhipcau.places.models import Unit
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Team, TeamMembership
from nhipcau.volunteers.enums import EXPERIENCED, GrantState
from nhipcau.volunteers.models import Qualification, QualificationGrant
from nhipcau.volunteers.rules import WARN_BEFORE, Places

SHOWN = 60


def offered(provinces: Collection[str], *, claimable: bool = True) -> QuerySet[Qualification]:
    """What is offered in the whole country and in these provinces; without what nobody may claim."""
    found = Qualification.objects.filter(active=True, unit_code__in={NATION, *provinces})
    if claimable:
        found = found.exclude(pk=EXPERIENCED)
    return found.order_by("unit_code", "name_vi", "code")


def offered_at(places: Places, *, claimable: bool = True) -> QuerySet[Qualification]:
    """What is offered where a member lives or works."""
    return offered({province for _commune, province in places}, claimable=claimable)


def grants_of(member_id: UUID) -> list[QualificationGrant]:
    """What a member has said and what was decided: what counts or waits first, the rest by age."""
    rank = Case(
        When(state=GrantState.APPROVED, then=Value(0)),
        When(state=GrantState.CLAIMED, then=Value(1)),
        default=Value(2),
    )
    rows = QualificationGrant.objects.filter(member_id=member_id).select_related("qualification")
    return list(rows.annotate(rank=rank).order_by("rank", "-valid_from", "id")[:SHOWN])


def _answered_for(actor: Actor, *, today: date) -> Q:
    """Grants of members who live or work in the actor's places."""
    scope = actor.scope(Permission.VOLUNTEERS_REVIEW)
    if scope.nation:
        return Q(pk__isnull=False)  # an empty condition would vanish beside another
    at_work = TeamMembership.objects.active(today).filter(
        scope.q("team__commune"), member_id=OuterRef("member_id")
    )
    return scope.q("member__commune") | Q(Exists(at_work))


def claims_visible_to(actor: Actor, *, today: date) -> QuerySet[QualificationGrant]:
    """Claims that wait for somebody like the actor, the oldest first; one's own wait for others."""
    waiting = QualificationGrant.objects.filter(state=GrantState.CLAIMED, member__is_active=True)
    return (
        waiting.filter(_answered_for(actor, today=today))
        .exclude(member_id=actor.id)
        .select_related("member__commune", "qualification")
        .order_by("claimed_at", "id")
    )


def get_claim(grant_id: UUID, *, for_: Actor, today: date) -> QualificationGrant:
    """A claim the actor may answer, or 404."""
    found = claims_visible_to(for_, today=today).filter(pk=grant_id).first()
    if found is None:
        raise Http404
    return found


def get_grant(grant_id: UUID, *, for_: Actor, today: date) -> QualificationGrant:
    """A claim or approval that the actor may end – one's own, or of one's places – or 404."""
    rows = QualificationGrant.objects.filter(state__in=(GrantState.CLAIMED, GrantState.APPROVED))
    mine = rows.filter(Q(member_id=for_.id) | _answered_for(for_, today=today))
    found = mine.select_related("member", "qualification").filter(pk=grant_id).first()
    if found is None:
        raise Http404
    return found


def ending_soon(actor: Actor, *, today: date) -> QuerySet[QualificationGrant]:
    """Approved, and over within thirty days, in the actor's places."""
    rows = QualificationGrant.objects.filter(
        state=GrantState.APPROVED,
        valid_until__gt=today,
        valid_until__lte=today + WARN_BEFORE,
        member__is_active=True,
    )
    return (
        rows.filter(_answered_for(actor, today=today))
        .select_related("member", "qualification")
        .order_by("valid_until", "id")
    )


def definitions_visible_to(actor: Actor) -> QuerySet[Qualification]:
    """The qualifications of the whole country and of the actor's provinces, with what they include."""
    scope = actor.scope(Permission.VOLUNTEERS_DEFINE)
    found = Qualification.objects.all()
    if not scope.nation:
        found = found.filter(unit_code__in={NATION, *scope.provinces})
    included = Prefetch("includes", Qualification.objects.order_by("name_vi", "code"))
    return found.prefetch_related(included).order_by("unit_code", "name_vi", "code")


def get_definition(code: str, *, for_: Actor) -> Qualification:
    """A qualification that the actor may change, or 404."""
    found = definitions_visible_to(for_).filter(pk=code).first()
    if found is None or not for_.scope(Permission.VOLUNTEERS_DEFINE).covers_unit(found.unit_code):
        raise Http404
    return found


def places_to_define(actor: Actor) -> list[tuple[str, str]]:
    """Code and name of the places for which the actor may define: the country (no name), or provinces."""
    scope = actor.scope(Permission.VOLUNTEERS_DEFINE)
    rows = Unit.objects.filter(parent__isnull=True)
    if not scope.nation:
        rows = rows.filter(code__in=scope.provinces)
    provinces = [(row.code, row.full_name) for row in rows.order_by("search_key", "code")]
    return [(NATION, ""), *provinces] if scope.nation else provinces


def strengths_of(team: Team, *, today: date) -> list[tuple[str, list[str]]]:
    """Who of a team's members is approved for what today, without what is included: one query."""
    members = TeamMembership.objects.active(today).filter(team=team).values("member_id")
    rows = QualificationGrant.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=today),
        member_id__in=members,
        state=GrantState.APPROVED,
        valid_from__lte=today,
    ).select_related("qualification", "member")
    found: dict[str, dict[UUID, str]] = {}
    for row in rows.order_by("qualification__name_vi", "member__name", "id"):
        found.setdefault(row.qualification.name, {})[row.member_id] = row.member.name
    listed = [(name, list(people.values())) for name, people in found.items()]
    return sorted(listed, key=lambda one: -len(one[1]))
