"""Reading members, teams and grants: always through the eyes of whoever asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import Http404
from django.utils.translation import gettext

from nhipcau.core.scope import NATION, Actor, Scope
from nhipcau.places.models import Unit
from nhipcau.teams.enums import Permission, Role, TeamRole
from nhipcau.teams.models import Campaign, Grant, GrantQuerySet, Member, Team, TeamMembership, TeamQuerySet
from nhipcau.teams.rules import Holding


def holdings_of(member_id: UUID, *, now: datetime) -> tuple[Holding, ...]:
    """The roles that a member holds at a moment, in one query."""
    province = Unit.objects.filter(code=OuterRef("unit_code")).values("parent_id")
    rows = (
        Grant.objects.active(now)
        .filter(member_id=member_id, member__is_active=True)
        .annotate(province=Subquery(province))
        .order_by("valid_from", "id")
        .values_list("role", "unit_code", "province")
    )
    return tuple(Holding(role=Role(role), unit_code=code, province=above or "") for role, code, above in rows)


def grants_visible_to(
    actor: Actor, *, now: datetime, permission: str = Permission.TEAMS_VIEW
) -> GrantQuerySet:
    """Grants in force on places inside the actor's scope."""
    scope = actor.scope(permission)
    grants = Grant.objects.active(now)
    if scope.nation:
        return grants
    inside = Unit.objects.filter(parent_id__in=scope.provinces).values("code")
    return grants.filter(Q(unit_code__in=scope.communes | scope.provinces) | Q(unit_code__in=inside))


def get_grant(grant_id: UUID, *, for_: Actor, now: datetime) -> Grant:
    """A grant in force on the actor's places, or 404."""
    found = (
        grants_visible_to(for_, now=now, permission=Permission.TEAMS_GRANT)
        .select_related("member")
        .filter(pk=grant_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def members_visible_to(
    actor: Actor, *, today: date, permission: str = Permission.TEAMS_VIEW
) -> QuerySet[Member]:
    """Members whose home is in the actor's places, or who work in a team there today."""
    scope = actor.scope(permission)
    if scope.nation:
        return Member.objects.all()
    at_work = TeamMembership.objects.active(today).filter(scope.q("team__commune"), member_id=OuterRef("pk"))
    return Member.objects.filter(scope.q("commune") | Exists(at_work))


def get_member(
    member_id: UUID, *, for_: Actor, today: date, permission: str = Permission.TEAMS_VIEW
) -> Member:
    """A member the actor may see – oneself always – or 404. Their commune and province come along."""
    visible = members_visible_to(for_, today=today, permission=permission)
    if permission == Permission.TEAMS_VIEW:
        visible = visible | Member.objects.filter(pk=for_.id)
    found = visible.select_related("commune__parent").filter(pk=member_id).first()
    if found is None:
        raise Http404
    return found


def member_by_id(member_id: UUID) -> Member | None:
    """A member without asking who looks: for names beside records already shown, and for sign-in links."""
    return Member.objects.filter(pk=member_id).first()


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Members' names by id, in one query: for lists of records that name who made them."""
    return dict(Member.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def teams_visible_to(actor: Actor, *, today: date) -> TeamQuerySet:
    """Teams of the actor's places, and those the actor is in."""
    scope = actor.scope(Permission.TEAMS_VIEW)
    if scope.nation:
        return Team.objects.all()
    mine = TeamMembership.objects.active(today).filter(member_id=actor.id, team_id=OuterRef("pk"))
    return Team.objects.filter(scope.q("commune") | Exists(mine))


def get_team(team_id: UUID, *, for_: Actor, today: date) -> Team:
    """A team the actor may see, or 404. Its commune, province and campaign come along."""
    found = (
        teams_visible_to(for_, today=today)
        .select_related("commune__parent", "campaign")
        .filter(pk=team_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def team_list(
    actor: Actor, *, today: date, text: str = "", kind: str = "", unit_code: str = ""
) -> QuerySet[Team]:
    """Teams at work, by place and name, each with `size` and its commune; narrowed by what is not empty."""
    teams = teams_visible_to(actor, today=today).active(today)
    if text:
        teams = teams.filter(Q(name__icontains=text) | Q(commune__name__icontains=text))
    if kind:
        teams = teams.filter(kind=kind)
    if unit_code and unit_code != NATION:
        teams = teams.filter(Q(commune_id=unit_code) | Q(commune__parent_id=unit_code))
    counted = Count("memberships", filter=_today("memberships", today), distinct=True)
    return (
        teams.select_related("commune").annotate(size=counted).order_by("commune__search_key", "name", "id")
    )


def _today(path: str, today: date) -> Q:
    return Q(**{f"{path}__starts_on__lte": today}) & (
        Q(**{f"{path}__ends_on__isnull": True}) | Q(**{f"{path}__ends_on__gt": today})
    )


def team_members(team: Team, *, today: date) -> QuerySet[TeamMembership]:
    """Memberships of a team today with member, languages and skills: the leader first, then by name."""
    rank = Case(
        When(role=TeamRole.LEADER, then=Value(0)), When(role=TeamRole.DEPUTY, then=Value(1)), default=Value(2)
    )
    return (
        TeamMembership.objects.active(today)
        .filter(team=team)
        .select_related("member")
        .prefetch_related("member__languages", "member__skills")
        .annotate(rank=rank)
        .order_by("rank", "member__name", "id")
    )


def get_membership(membership_id: UUID, *, team: Team, today: date) -> TeamMembership:
    """A membership of that team today, or 404."""
    found = (
        TeamMembership.objects.active(today)
        .select_related("member", "team__commune")
        .filter(pk=membership_id, team=team)
        .first()
    )
    if found is None:
        raise Http404
    return found


def memberships_of(member: Member, *, today: date) -> QuerySet[TeamMembership]:
    """The teams of a member today, each with its commune."""
    return (
        TeamMembership.objects.active(today)
        .filter(member=member)
        .select_related("team__commune")
        .order_by("team__name", "id")
    )


def teams_of(member_id: UUID, *, today: date) -> QuerySet[Team]:
    """The teams a member works in today: for posts, sessions and the home page."""
    at_work = TeamMembership.objects.active(today).filter(member_id=member_id, team_id=OuterRef("pk"))
    return Team.objects.active(today).filter(Exists(at_work)).select_related("commune").order_by("name", "id")


def members_to_add(actor: Actor, team: Team, *, today: date) -> QuerySet[Member]:
    """Active members of the actor's places who are not in the team yet, those of its commune first."""
    inside = TeamMembership.objects.active(today).filter(team=team, member_id=OuterRef("pk"))
    near = Case(When(commune_id=team.commune_id, then=Value(0)), default=Value(1))
    return (
        members_visible_to(actor, today=today, permission=Permission.TEAMS_EDIT)
        .filter(~Exists(inside), is_active=True)
        .annotate(near=near)
        .order_by("near", "name", "id")
    )


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A grant in force as a page shows it."""

    grant: Grant
    place: str
    province: str


def _named(grants: QuerySet[Grant]) -> list[HeldRole]:
    rows = list(grants.select_related("member").order_by("unit_code", "role", "member__name", "id"))
    units = Unit.objects.in_bulk({row.unit_code for row in rows})
    named = []
    for row in rows:
        unit = units.get(row.unit_code)
        named.append(
            HeldRole(
                grant=row,
                place=unit.full_name if unit else gettext("Whole country"),
                province=(unit.parent_id or "") if unit else "",
            )
        )
    return named


def roles_of(member: Member, *, now: datetime) -> list[HeldRole]:
    """The roles of a member now, with the names of the places."""
    return _named(Grant.objects.active(now).filter(member=member))


def roles_on(unit_code: str, *, for_: Actor, now: datetime) -> list[HeldRole]:
    """The roles held now on exactly this place, if the actor may see roles there."""
    return _named(grants_visible_to(for_, now=now).filter(unit_code=unit_code))


@dataclass(frozen=True, slots=True)
class Place:
    """The nation, a province or a commune, as forms and grants name it."""

    code: str
    name: str
    province: str = ""


def place(code: str) -> Place | None:
    """A place by its code, whoever asks; None when there is none."""
    if code == NATION:
        return Place(code=NATION, name=gettext("Whole country"))
    unit = Unit.objects.filter(code=code).first()
    return Place(code=unit.code, name=unit.full_name, province=unit.parent_id or "") if unit else None


def get_place(code: str, *, scope: Scope) -> Place:
    """A place inside a scope, or 404."""
    found = place(code)
    if found is None or not scope.covers_unit(found.code, found.province):
        raise Http404
    return found


def places_in(scope: Scope, *, province: str = "") -> list[Place]:
    """Every place of a scope, the largest first, communes by name.

    The nation is too long for one list: with it, communes come only for the `province` asked for.
    """
    if scope.nation:
        wanted = Q(parent__isnull=True) | Q(parent_id=province)
    else:
        wanted = Q(code__in=scope.provinces | scope.communes) | Q(parent_id__in=scope.provinces)
    whole = [Place(code=NATION, name=gettext("Whole country"))] if scope.nation else []
    units = Unit.objects.filter(wanted).order_by(F("parent_id").asc(nulls_first=True), "search_key", "code")
    return whole + [Place(code=row.code, name=row.full_name, province=row.parent_id or "") for row in units]


def communes_in(scope: Scope, *, province: str = "") -> list[Place]:
    """The communes among `places_in`."""
    return [found for found in places_in(scope, province=province) if found.province]


def campaigns_for(commune: Unit, *, today: date) -> QuerySet[Campaign]:
    """Campaigns running on a commune: its own, its province's and the nation's."""
    codes = [NATION, commune.code, *([commune.parent_id] if commune.parent_id else [])]
    return Campaign.objects.filter(unit_code__in=codes, ends_on__gt=today).order_by("starts_on", "id")


def active_members(scope: Scope, *, today: date) -> int:
    """How many members work in the teams of a scope today, each counted once."""
    memberships = TeamMembership.objects.active(today).filter(
        scope.q("team__commune"), member__is_active=True
    )
    return memberships.aggregate(people=Count("member_id", distinct=True))["people"]


def active_teams(scope: Scope, *, today: date) -> int:
    """How many teams of a scope work today."""
    return Team.objects.active(today).filter(scope.q("commune")).count()
