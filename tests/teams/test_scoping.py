"""Whatever grants somebody holds, nothing outside the places of those in force can be reached."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhipcau.core.scope import NATION
from nhipcau.places.models import Unit
from nhipcau.teams import queries
from nhipcau.teams.access import ROLES, MemberActor, actor_of
from nhipcau.teams.enums import LEVELS, Level, Permission, Role
from nhipcau.teams.models import Grant, Member, Team
from tests.factories.cast import NOW

pytestmark = pytest.mark.django_db

# A small invented tree beside the real one: codes that no unit has.
TREE = {"97": ("97001", "97002", "97003"), "98": ("98001",), "99": ("99001", "99002")}
COMMUNES = {commune: province for province, communes in TREE.items() for commune in communes}
PLACES = {
    Level.COMMUNE: tuple(COMMUNES),
    Level.PROVINCE: tuple(TREE),
    Level.NATION: (NATION,),
}
TODAY = NOW.date()


@dataclass(frozen=True)
class Given:
    role: Role
    unit_code: str
    starts: int
    ends: int | None

    @property
    def in_force(self) -> bool:
        return self.starts <= 0 and (self.ends is None or self.ends > 0)

    def reaches(self, commune: str) -> bool:
        return self.unit_code in (NATION, COMMUNES[commune], commune)


@st.composite
def one_grant(draw: st.DrawFn) -> Given:
    role = draw(st.sampled_from(list(Role)))
    starts = draw(st.integers(-3, 2))
    return Given(
        role=role,
        unit_code=draw(st.sampled_from(PLACES[LEVELS[role]])),
        starts=starts,
        ends=draw(st.none() | st.integers(starts, 4)),
    )


Rows = dict[str, tuple[Team, Member, Grant]]
grants_held = st.lists(one_grant(), max_size=6, unique_by=lambda one: (one.role, one.unit_code))


@pytest.fixture
def tree(db: None) -> Rows:
    """A team, a member and a role in every commune of the tree."""
    for province, communes in TREE.items():
        _unit(province, "province", None)
        for commune in communes:
            _unit(commune, "commune", province)
    rows = {}
    for commune in COMMUNES:
        team = Team.objects.create(name=f"T {commune}", commune_id=commune, starts_on=TODAY)
        member = Member.objects.create(
            username=f"m{commune}", name=commune, commune_id=commune, joined_on=TODAY
        )
        grant = Grant.objects.create(
            member=member, role=Role.VOLUNTEER, unit_code=commune, valid_from=NOW - timedelta(days=9)
        )
        rows[commune] = (team, member, grant)
    return rows


def _unit(code: str, kind: str, parent: str | None) -> None:
    Unit.objects.create(
        code=code,
        level=kind,
        kind=kind,
        name=code,
        parent_id=parent,
        latitude=0,
        longitude=0,
        search_key=code,
        valid_from=TODAY,
        source="test",
    )


def expected(held: list[Given], permission: Permission) -> set[str]:
    """Written without a scope: a commune is reached if one grant in force allows and lies over it."""
    return {
        commune
        for commune in COMMUNES
        if any(one.in_force and permission in ROLES[one.role] and one.reaches(commune) for one in held)
    }


def opened(getter: object, *args: object, **kwargs: object) -> bool:
    try:
        getter(*args, **kwargs)  # type: ignore[operator]  # one of the room's getters
    except Http404:
        return False
    return True


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=grants_held)
def test_no_path_shows_a_foreign_row(held: list[Given], tree: Rows) -> None:
    with transaction.atomic():
        person = Member.objects.create(username="person", name="Person", joined_on=TODAY)
        for one in held:
            Grant.objects.create(
                member=person,
                role=one.role,
                unit_code=one.unit_code,
                valid_from=NOW + timedelta(hours=one.starts),
                valid_until=None if one.ends is None else NOW + timedelta(hours=one.ends),
            )
        actor = actor_of(person, NOW)
        for permission in Permission:
            reached = expected(held, permission)
            scope = actor.scope(permission)
            assert (
                bool(scope)
                == actor.may(permission)
                == any(one.in_force and permission in ROLES[one.role] for one in held)
            )
            assert {c for c, p in COMMUNES.items() if scope.covers(commune=c, province=p)} == reached
            assert {c for c, p in COMMUNES.items() if scope.covers_unit(c, p)} == reached
            seen = Team.objects.visible_to(actor, permission).filter(commune_id__in=COMMUNES)
            assert set(seen.values_list("commune_id", flat=True)) == reached
            people = Member.objects.visible_to(actor, permission).filter(commune_id__in=COMMUNES)
            assert set(people.values_list("commune_id", flat=True)) == reached
        check_getters(
            actor, tree, expected(held, Permission.TEAMS_VIEW), expected(held, Permission.TEAMS_GRANT)
        )
        transaction.set_rollback(True)


def check_getters(actor: MemberActor, rows: Rows, seen: set[str], granting: set[str]) -> None:
    listed = queries.team_list(actor, today=TODAY).filter(commune_id__in=COMMUNES)
    assert set(listed.values_list("commune_id", flat=True)) == seen
    for commune, (team, member, grant) in rows.items():
        assert opened(queries.get_team, team.pk, for_=actor, today=TODAY) == (commune in seen)
        assert opened(queries.get_member, member.pk, for_=actor, today=TODAY) == (commune in seen)
        assert opened(queries.get_grant, grant.pk, for_=actor, now=NOW) == (commune in granting)


def test_a_closed_account_reaches_nothing() -> None:
    person = Member.objects.create(username="person", name="Person", joined_on=TODAY, is_active=False)
    Grant.objects.create(
        member=person, role=Role.NATIONAL_COORDINATOR, unit_code=NATION, valid_from=NOW - timedelta(days=1)
    )
    assert not any(actor_of(person, NOW).scope(permission) for permission in Permission)
