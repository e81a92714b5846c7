"""Reading members, teams and grants: always through the eyes of whoever asks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.http import Http404
from django.utils.translation import gettext

from nhipcau.core.scope import NATION, Actor, Scope
from nhipcau.core.text import fold
from nhipcau.messaging.queries import unread_beside
from nhipcau.places.enums import KIND_WORDS
from nhipcau.places.models import Unit
from nhipcau.teams.enums import Permission, Role, TeamRole
from nhipcau.teams.models import (
    Campaign,
    Grant,
    GrantQuerySet,
    Member,
    MemberLanguage,
    Team,
    TeamMembership,
    TeamQuerySet,
)
from nhipcau.teams.rules import Holding


def holdings_of(member_id: UUID, *, now: datetime) -> tuple[Holding, ...]:
    """The roles that a member holds at a moment, in one query."""
    return holdings_and_unread(member_id, now=now)[0]


def holdings_and_unread(member_id: UUID, *, now: datetime) -> tuple[tuple[Holding, ...], int | None]:
    """The roles, and how many messages wait to be read, in one query: every page of a member shows both.

    Without a role nothing is counted: None.
    """
    unit = Unit.objects.filter(code=OuterRef("unit_code"))
    rows = (
        Grant.objects.active(now)
        .filter(member_id=member_id, member__is_active=True)
        .annotate(
            province=Subquery(unit.values("parent_id")),
            kind=Subquery(unit.values("kind")),
            unit_name=Subquery(unit.values("name")),
            unread=unread_beside(member_id),
        )
        .order_by("valid_from", "id")
        .values_list("role", "unit_code", "province", "kind", "unit_name", "unread")
    )
    found = list(rows)
    holdings = (
        Holding(
            role=Role(role),
            unit_code=code,
            province=province or "",
            place=f"{KIND_WORDS[kind]} {name}" if name else gettext("Whole country"),
        )
        for role, code, province, kind, name, _unread in found
    )
    return tuple(holdings), found[0][-1] if found else None


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
    """A grant in force on the actor's places, or the actor's own, or 404."""
    own = Grant.objects.active(now).filter(member_id=for_.id)
    visible = grants_visible_to(for_, now=now, permission=Permission.TEAMS_GRANT) | own
    found = visible.select_related("member").filter(pk=grant_id).first()
    if found is None:
        raise Http404
    return found


def members_visible_to(
    actor: Actor, *, today: date, permission: str = Permission.TEAMS_VIEW
) -> QuerySet[Member]:
    """Members whose home is in the actor's places; to look at, also those who work in a team there today."""
    scope = actor.scope(permission)
    if scope.nation or permission != Permission.TEAMS_VIEW:
        return Member.objects.visible_to(actor, permission)
    at_work = TeamMembership.objects.active(today).filter(scope.q("team__commune"), member_id=OuterRef("pk"))
    return Member.objects.filter(scope.q("commune") | Exists(at_work))


def member_list(actor: Actor, *, today: date, text: str = "", active: bool = True) -> QuerySet[Member]:
    """Members of the actor's places by name, each with the home commune; `text` is part of a name."""
    members = members_visible_to(actor, today=today).filter(is_active=active)
    if text:
        members = members.filter(Q(name__icontains=text) | Q(username__icontains=text))
    return members.select_related("commune").order_by("name", "id")


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


def member_by_username(username: str) -> Member | None:
    """A member by user name, for the operator's commands."""
    return Member.objects.filter(username=username).first()


def teams_visible_to(actor: Actor, *, today: date) -> TeamQuerySet:
    """Teams of the actor's places, and those the actor is in."""
    scope = actor.scope(Permission.TEAMS_VIEW)
    if scope.nation:
        return Team.objects.all()
    mine = TeamMembership.objects.active(today).filter(member_id=actor.id, team_id=OuterRef("pk"))
    return Team.objects.filter(scope.q("commune") | Exists(mine))


def get_team(team_id: UUID, *, for_: Actor, today: date, permission: str = Permission.TEAMS_VIEW) -> Team:
    """A team the actor may see – one's own always – or 404. Its commune, province and campaign come along."""
    if permission == Permission.TEAMS_VIEW:
        visible = teams_visible_to(for_, today=today)
    else:
        visible = Team.objects.visible_to(for_, permission)
    found = visible.select_related("commune__parent", "campaign").filter(pk=team_id).first()
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
    """Memberships of a team today with member and languages: the leader first, then by name."""
    rank = Case(
        When(role=TeamRole.LEADER, then=Value(0)), When(role=TeamRole.DEPUTY, then=Value(1)), default=Value(2)
    )
    return (
        TeamMembership.objects.active(today)
        .filter(team=team)
        .select_related("member")
        .prefetch_related(Prefetch("member__languages", MemberLanguage.objects.order_by("language")))
        .annotate(rank=rank)
        .order_by("rank", "member__name", "id")
    )


def get_own_membership(team_id: UUID, *, for_: Actor, today: date) -> TeamMembership:
    """One's own membership of a team today, or 404."""
    rows = TeamMembership.objects.active(today).select_related("team__commune")
    found = rows.filter(team_id=team_id, member_id=for_.id).first()
    if found is None:
        raise Http404
    return found


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


def members_to_add(actor: Actor, team: Team, *, today: date, text: str = "") -> QuerySet[Member]:
    """Active members of the actor's places who are not in the team yet, those of its commune first."""
    inside = TeamMembership.objects.active(today).filter(team=team, member_id=OuterRef("pk"))
    near = Case(When(commune_id=team.commune_id, then=Value(0)), default=Value(1))
    return (
        members_visible_to(actor, today=today, permission=Permission.TEAMS_EDIT)
        .filter(~Exists(inside), is_active=True, name__icontains=text)
        .annotate(near=near)
        .order_by("near", "name", "id")
    )


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A grant in force as a page shows it."""

    grant: Grant
    place: str
    province: str

    @property
    def holding(self) -> Holding:
        """The same, as the rules need it."""
        return Holding(
            role=Role(self.grant.role),
            unit_code=self.grant.unit_code,
            province=self.province,
            place=self.place,
        )


def named(grants: Iterable[Grant]) -> list[HeldRole]:
    """Grants with the names of their places, in the order given."""
    rows = list(grants)
    units = Unit.objects.in_bulk({row.unit_code for row in rows})
    held = []
    for row in rows:
        unit = units.get(row.unit_code)
        held.append(
            HeldRole(
                grant=row,
                place=unit.full_name if unit else gettext("Whole country"),
                province=(unit.parent_id or "") if unit else "",
            )
        )
    return held


def roles_of(member: Member, *, now: datetime) -> list[HeldRole]:
    """The roles of a member now, with the names of the places."""
    return named(Grant.objects.active(now).filter(member=member).order_by("unit_code", "role", "id"))


def role_list(actor: Actor, *, now: datetime, role: str = "") -> QuerySet[Grant]:
    """Grants in force on the places where the actor gives roles, by place; of one role if given."""
    grants = grants_visible_to(actor, now=now, permission=Permission.TEAMS_GRANT)
    if role:
        grants = grants.filter(role=role)
    return grants.select_related("member").order_by("unit_code", "role", "member__name", "id")


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
    return place_of(unit) if unit else None


def place_of(unit: Unit) -> Place:
    """A unit as forms and grants name it."""
    return Place(code=unit.code, name=unit.full_name, province=unit.parent_id or "")


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
    return whole + [place_of(row) for row in units]


def campaigns_for(commune: Unit, *, today: date) -> QuerySet[Campaign]:
    """Campaigns running on a commune, or to come: its own, its province's and the nation's."""
    codes = [NATION, commune.code, *([commune.parent_id] if commune.parent_id else [])]
    return Campaign.objects.filter(unit_code__in=codes, ends_on__gt=today).order_by("starts_on", "id")


def campaign_list(actor: Actor, *, today: date) -> list[tuple[Campaign, str]]:
    """Campaigns of the actor's places that run or are to come, each with the name of its place."""
    scope = actor.scope(Permission.TEAMS_EDIT)
    found = Campaign.objects.filter(ends_on__gt=today)
    if not scope.nation:
        below = Unit.objects.filter(parent_id__in=scope.provinces).values("code")
        found = found.filter(Q(unit_code__in=scope.provinces | scope.communes) | Q(unit_code__in=below))
    rows = list(found.order_by("starts_on", "id")[:200])
    names = {unit.code: unit.full_name for unit in Unit.objects.filter(code__in=[c.unit_code for c in rows])}
    return [(row, names.get(row.unit_code) or gettext("Whole country")) for row in rows]


@dataclass(frozen=True, slots=True)
class Strength:
    """Teams at work on a day, and the people in them, each counted once."""

    teams: int
    members: int


def strength_of(unit_code: str, day: date) -> Strength:
    """The teams of the nation (`VN`), a province or a commune on a day, in one query."""
    teams = Team.objects.active(day)
    if unit_code != NATION:
        teams = teams.filter(Q(commune_id=unit_code) | Q(commune__parent_id=unit_code))
    at_work = _today("memberships", day) & Q(memberships__member__is_active=True)
    found = teams.aggregate(
        teams=Count("id", distinct=True), members=Count("memberships__member", filter=at_work, distinct=True)
    )
    return Strength(teams=found["teams"], members=found["members"])


def _stem(name: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", ".", fold(name)).strip(".")[:50] or "member"
    return stem if len(stem) >= 3 else f"{stem}.nc"


def free_usernames(names: Sequence[str]) -> list[str]:
    """User names for many people at once, none taken or twice: one query for each round of numbers."""
    found = [""] * len(names)
    given: set[str] = set()
    for number in count(1):
        waiting = [place for place, username in enumerate(found) if not username]
        if not waiting:
            return found
        asked = {place: f"{_stem(names[place])}{number if number > 1 else ''}" for place in waiting}
        taken = set(Member.objects.filter(username__in=asked.values()).values_list("username", flat=True))
        for place, username in asked.items():
            if username not in taken | given:
                found[place] = username
                given.add(username)
    return found


def free_username(name: str) -> str:
    """A user name made of a person's name that nobody has yet, such as `nguyen.van.an2`."""
    stem = _stem(name)
    taken = set(Member.objects.filter(username__startswith=stem).values_list("username", flat=True))
    candidates = (stem if number == 1 else f"{stem}{number}" for number in count(1))
    return next(candidate for candidate in candidates if candidate not in taken)
