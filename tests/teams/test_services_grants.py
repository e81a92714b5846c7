"""Giving and ending roles through the service."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import connection

from nhipcau.audit.queries import entries_of
from nhipcau.teams import services
from nhipcau.teams.access import actor_of
from nhipcau.teams.enums import Permission, Role
from nhipcau.teams.models import Grant
from nhipcau.teams.rules import UnableToGrant
from tests.factories.cast import NOW, PASSWORD, Cast

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


def test_a_role_works_from_now_on_and_until_its_end(cast: Cast) -> None:
    end = LATER + timedelta(days=30)
    leader = actor_of(cast.leader, LATER)
    services.grant_role(
        by=leader,
        now=LATER,
        member=cast.neighbour_volunteer,
        role=Role.VOLUNTEER,
        unit_code="24848",
        valid_until=end,
    )
    at = {
        moment: actor_of(cast.neighbour_volunteer, moment).scope(Permission.CASES_RECORD_SESSION).communes
        for moment in (NOW, LATER, end - timedelta(seconds=1), end)
    }
    assert at[NOW] == {"24846"}
    assert at[LATER] == at[end - timedelta(seconds=1)] == {"24846", "24848"}
    assert at[end] == {"24846"}


def test_what_a_leader_cannot_give(cast: Cast) -> None:
    leader = actor_of(cast.leader, LATER)
    for role, place in (
        (Role.OFFICIAL, "24848"),
        (Role.TEAM_LEADER, "24848"),
        (Role.VOLUNTEER, "24846"),
        (Role.VOLUNTEER, "68"),
        (Role.NATIONAL_COORDINATOR, "VN"),
        (Role.VOLUNTEER, "00000"),
    ):
        with pytest.raises(UnableToGrant):
            services.grant_role(by=leader, now=LATER, member=cast.volunteer, role=role, unit_code=place)


def test_nobody_gives_a_role_to_themselves(cast: Cast) -> None:
    administrator = actor_of(cast.administrator, LATER)
    with pytest.raises(UnableToGrant):
        services.grant_role(
            by=administrator,
            now=LATER,
            member=cast.administrator,
            role=Role.NATIONAL_COORDINATOR,
            unit_code="VN",
        )


def test_the_same_role_is_held_once_at_a_time(cast: Cast) -> None:
    with pytest.raises(UnableToGrant):
        services.grant_role(by=None, now=LATER, member=cast.volunteer, role=Role.VOLUNTEER, unit_code="24848")
    held = Grant.objects.get(member=cast.volunteer)
    services.end_grant(by=None, now=LATER, grant_id=held.pk)
    again = services.grant_role(
        by=None, now=LATER, member=cast.volunteer, role=Role.VOLUNTEER, unit_code="24848"
    )
    assert again.pk != held.pk


def test_a_role_that_ended_stays_on_record_and_ends_once(cast: Cast) -> None:
    held = Grant.objects.get(member=cast.volunteer)
    leader = actor_of(cast.leader, LATER)
    services.end_grant(by=leader, now=LATER, grant_id=held.pk)
    services.end_grant(by=leader, now=LATER + timedelta(hours=1), grant_id=held.pk)
    held.refresh_from_db()
    assert held.valid_until == LATER


def test_a_leader_cannot_end_the_officials_role_but_everyone_their_own(cast: Cast) -> None:
    held = Grant.objects.get(member=cast.official)
    with pytest.raises(UnableToGrant):
        services.end_grant(by=actor_of(cast.leader, LATER), now=LATER, grant_id=held.pk)
    services.end_grant(by=actor_of(cast.official, LATER), now=LATER, grant_id=held.pk)
    assert not actor_of(cast.official, LATER).holdings


def test_a_role_cannot_have_ended_already(cast: Cast) -> None:
    with pytest.raises(UnableToGrant):
        services.grant_role(
            by=None,
            now=LATER,
            member=cast.outsider,
            role=Role.VOLUNTEER,
            unit_code="24848",
            valid_until=LATER,
        )


def test_a_closed_account_gets_no_role(cast: Cast) -> None:
    services.close_account(by=None, now=LATER, member=cast.volunteer)
    with pytest.raises(UnableToGrant):
        services.grant_role(by=None, now=LATER, member=cast.volunteer, role=Role.VOLUNTEER, unit_code="24846")


def test_the_database_writes_down_who_gave_it(cast: Cast) -> None:
    made = services.grant_role(
        by=actor_of(cast.leader, LATER),
        now=LATER,
        member=cast.neighbour_volunteer,
        role=Role.VOLUNTEER,
        unit_code="24848",
    )
    entry = entries_of("teams_grant", str(made.pk)).get()
    assert entry.actor == str(cast.leader.pk)
    assert entry.commune == "24848"
    assert entry.changes["role"] == [None, "volunteer"]
    assert made.granted_by == cast.leader


def test_the_trail_holds_no_name_and_no_phone(cast: Cast) -> None:
    services.edit_member(
        by=None, now=LATER, member=cast.volunteer, name="Tên Khác", phone="0263 555 0123", commune="24848"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row_to_json(e)::text, ' ') FROM audit_entry e")
        trail = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(row_to_json(m)::text, ' ') FROM teams_member m")
        members = cursor.fetchone()[0]
    assert "Tên Khác" not in trail
    assert "0263 555 0123" not in trail
    assert "0263 555 0123" not in members
    assert "02635550123" not in members


def test_a_higher_role_shuts_the_account_until_a_new_link(cast: Cast) -> None:
    """Else a leader who chose the password of a new volunteer could enter as the later coordinator."""
    province, volunteer = actor_of(cast.province, LATER), cast.volunteer
    services.grant_role(by=province, now=LATER, member=volunteer, role=Role.TEAM_LEADER, unit_code="24848")
    volunteer.refresh_from_db()
    assert authenticate(username="volunteer", password=PASSWORD) is None
    assert not volunteer.has_usable_password()


def test_a_role_that_no_fewer_can_give_leaves_the_password(cast: Cast) -> None:
    province = actor_of(cast.province, LATER)
    for member, role, place in (
        (cast.volunteer, Role.VOLUNTEER, "24846"),
        (cast.official, Role.TEAM_LEADER, "24848"),
    ):
        services.grant_role(by=province, now=LATER, member=member, role=role, unit_code=place)
        member.refresh_from_db()
        assert member.check_password(PASSWORD)
    services.grant_role(
        by=province, now=LATER, member=cast.official, role=Role.COMMUNE_COORDINATOR, unit_code="24846"
    )
    cast.official.refresh_from_db()
    assert not cast.official.has_usable_password()


def test_a_pending_link_sets_nothing_once_the_role_is_higher(cast: Cast) -> None:
    token = services.make_sign_in_link(by=actor_of(cast.leader, LATER), now=LATER, member=cast.volunteer)
    services.grant_role(
        by=actor_of(cast.province, LATER),
        now=LATER,
        member=cast.volunteer,
        role=Role.OFFICIAL,
        unit_code="24848",
    )
    with pytest.raises(services.UnableToSetPassword):
        services.set_first_password(
            now=LATER, member_id=cast.volunteer.pk, token=token, password="mot hai ba bon nam"
        )
