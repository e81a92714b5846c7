"""Registering, correcting, letting in and letting go of members."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate

from nhipcau.audit.queries import entries_of
from nhipcau.messaging.queries import addresses_of, unread_count
from nhipcau.teams import services
from nhipcau.teams.access import actor_of
from nhipcau.teams.enums import LanguageLevel, Role
from nhipcau.teams.models import Grant, Member, TeamMembership
from nhipcau.teams.queries import free_username
from nhipcau.teams.rules import UnableToEdit, UnableToManageAccount, UnableToRegister
from nhipcau.teams.services.members import phone_index
from tests.factories.cast import NOW, PASSWORD, Cast
from tests.factories.messages import browser, tell

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def register(**changes: object) -> Member:
    values = {"username": "lan", "name": "Lan Mẫu", "commune": "24848", **changes}
    return services.register_member(now=LATER, **{"by": None, **values})  # type: ignore[arg-type]  # a test's shorthand


def test_a_member_is_registered_with_phone_and_languages(cast: Cast) -> None:
    lan = register(
        by=actor_of(cast.leader, LATER),
        phone="0263 555 0123",
        languages={"vi": LanguageLevel.NATIVE, "kpm": LanguageLevel.SOME},
    )
    lan.refresh_from_db()
    assert lan.phone == "0263 555 0123"
    assert lan.phone_index == phone_index("0263.555.0123") != ""
    assert dict(lan.languages.values_list("language", "level")) == {"vi": "native", "kpm": "some"}
    assert not lan.has_usable_password()
    assert not actor_of(lan, LATER).holdings


@pytest.mark.parametrize(
    "changes",
    [
        {"username": "leader"},
        {"username": "Lan"},
        {"name": ""},
        {"phone": "none"},
        {"commune": "68"},
        {"commune": "00000"},
        {"languages": {"xxx": "good"}},
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(cast: Cast, changes: dict[str, object]) -> None:
    before = Member.objects.count()
    with pytest.raises(UnableToRegister):
        register(**changes)
    assert Member.objects.count() == before


def test_only_into_ones_own_places(cast: Cast) -> None:
    for member, commune in ((cast.leader, "24846"), (cast.leader, ""), (cast.volunteer, "24848")):
        with pytest.raises(UnableToEdit):
            register(by=actor_of(member, LATER), commune=commune)
    assert register(by=actor_of(cast.nation, LATER), commune="").commune is None


def test_a_member_is_moved_only_between_ones_own_places(cast: Cast) -> None:
    leader = actor_of(cast.leader, LATER)
    for member, commune in ((cast.volunteer, "24846"), (cast.neighbour_volunteer, "24848")):
        with pytest.raises(UnableToEdit):
            services.edit_member(by=leader, now=LATER, member=member, name="X", phone="", commune=commune)
    services.edit_member(
        by=actor_of(cast.province, LATER),
        now=LATER,
        member=cast.volunteer,
        name="X",
        phone="",
        commune="24846",
    )
    cast.volunteer.refresh_from_db()
    assert cast.volunteer.commune_id == "24846"


def test_a_link_sets_a_password_once(cast: Cast) -> None:
    lan = register()
    token = services.make_sign_in_link(by=actor_of(cast.leader, LATER), now=LATER, member=lan)
    assert services.member_of_link(lan.pk, token) == lan
    services.set_first_password(now=LATER, member_id=lan.pk, token=token, password=PASSWORD)
    lan.refresh_from_db()
    assert lan.check_password(PASSWORD)
    for attempt in (lan.pk, cast.leader.pk):
        with pytest.raises(services.UnableToSetPassword):
            services.set_first_password(now=LATER, member_id=attempt, token=token, password="quite another")


def test_who_made_a_link_is_on_record(cast: Cast) -> None:
    services.make_sign_in_link(by=actor_of(cast.leader, LATER), now=LATER, member=cast.volunteer)
    entry = entries_of("teams_member", str(cast.volunteer.pk)).get(action="link")
    assert (entry.actor, entry.commune) == (str(cast.leader.pk), "24848")
    assert entry.changes == {}


def test_a_link_dies_when_the_roles_change(cast: Cast) -> None:
    """Else a leader could keep the link of a new member who is made the official the day after."""
    lan = register()
    token = services.make_sign_in_link(by=actor_of(cast.leader, LATER), now=LATER, member=lan)
    services.grant_role(by=None, now=LATER, member=lan, role=Role.OFFICIAL, unit_code="24848")
    with pytest.raises(services.UnableToSetPassword):
        services.member_of_link(lan.pk, token)


def test_a_weak_password_is_refused_with_reasons_and_spends_nothing(cast: Cast) -> None:
    lan = register()
    token = services.make_sign_in_link(by=None, now=LATER, member=lan)
    with pytest.raises(services.UnableToSetPassword) as caught:
        services.set_first_password(now=LATER, member_id=lan.pk, token=token, password="123456")
    assert caught.value.reasons
    assert services.member_of_link(lan.pk, token) == lan


def test_a_leader_opens_volunteers_accounts_but_not_the_officials(cast: Cast) -> None:
    leader = actor_of(cast.leader, LATER)
    assert services.make_sign_in_link(by=leader, now=LATER, member=cast.volunteer)
    for member in (cast.official, cast.coordinator, cast.leader, cast.administrator):
        with pytest.raises(UnableToManageAccount):
            services.make_sign_in_link(by=leader, now=LATER, member=member)
        with pytest.raises(UnableToManageAccount):
            services.close_account(by=leader, now=LATER, member=member)
    with pytest.raises(UnableToEdit):
        services.make_sign_in_link(by=leader, now=LATER, member=cast.neighbour_volunteer)


def test_leaving_ends_everything_and_shuts_the_account(cast: Cast) -> None:
    team = services.make_team(by=None, now=NOW, name="Đội Mẫu", commune="24848")
    services.add_to_team(by=None, now=NOW, team=team, member=cast.volunteer)
    token = services.make_sign_in_link(by=None, now=NOW, member=cast.volunteer)
    services.close_account(by=actor_of(cast.leader, LATER), now=LATER, member=cast.volunteer)
    assert not Grant.objects.active(LATER).filter(member=cast.volunteer).exists()
    assert not TeamMembership.objects.active(LATER.date()).filter(member=cast.volunteer).exists()
    assert Grant.objects.filter(member=cast.volunteer).exists()
    assert authenticate(username="volunteer", password=PASSWORD) is None
    with pytest.raises(services.UnableToSetPassword):
        services.member_of_link(cast.volunteer.pk, token)


def test_a_year_later_name_and_phone_are_forgotten(cast: Cast) -> None:
    lan = register(phone="0263 555 0123", languages={"kpm": "native"})
    services.close_account(by=None, now=LATER, member=lan)
    assert services.forget_former_members(now=LATER + timedelta(days=364)) == 0
    assert services.forget_former_members(now=LATER + timedelta(days=366)) == 1
    assert services.forget_former_members(now=LATER + timedelta(days=367)) == 0
    lan.refresh_from_db()
    assert (lan.name, lan.phone, lan.phone_index) == ("", "", "")
    assert "lan" not in lan.username
    assert not lan.languages.exists()
    assert str(lan)


def test_the_profile_changes_language_and_phone(cast: Cast) -> None:
    services.set_profile(
        by=actor_of(cast.volunteer, LATER),
        now=LATER,
        phone="0263 555 0999",
        preferred_language="en",
        languages={"kpm": "native"},
    )
    cast.volunteer.refresh_from_db()
    assert cast.volunteer.preferred_language == "en"
    assert dict(cast.volunteer.languages.values_list("language", "level")) == {"kpm": "native"}


def test_a_user_name_is_made_of_the_name(cast: Cast) -> None:
    assert free_username("Nguyễn Thị Đào") == "nguyen.thi.dao"
    register(username="nguyen.thi.dao")
    assert free_username("Nguyễn Thị Đào") == "nguyen.thi.dao2"
    for odd in ("Ý", "  ", "ไทย", "!!!"):
        register(username=free_username(odd))


def test_who_left_is_told_nothing_any_more(cast: Cast) -> None:
    tell(cast.volunteer.pk, NOW)
    browser(cast.volunteer.pk, NOW)
    services.close_account(by=None, now=NOW, member=cast.volunteer)
    assert unread_count(cast.volunteer.pk) == 0
    assert addresses_of(cast.volunteer.pk) == []
