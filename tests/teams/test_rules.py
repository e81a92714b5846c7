"""Who may give which role where, as a table to read."""

import pytest

from nhipcau.teams.enums import Role
from nhipcau.teams.models import Member
from nhipcau.teams.rules import (
    Holding,
    UnableToManageAccount,
    UnableToRegister,
    can_manage_account,
    check_languages,
    check_manage_account,
    check_name,
    check_phone,
    check_username,
    level_of,
    roles_to_give,
)

COMMUNE = (Role.VOLUNTEER, Role.TEAM_LEADER, Role.COMMUNE_COORDINATOR, Role.OFFICIAL)


class Somebody:
    """A holder of roles, without a database."""

    def __init__(self, *holdings: Holding) -> None:
        self.id = object()
        self.holdings = holdings

    def scope(self, permission: str) -> None:
        raise AssertionError("these rules ask for holdings only")


@pytest.mark.parametrize(
    ("role", "place", "unit_code", "province", "gives"),
    [
        (Role.VOLUNTEER, "24848", "24848", "68", set()),
        (Role.OFFICIAL, "24848", "24848", "68", set()),
        (Role.TEAM_LEADER, "24848", "24848", "68", {Role.VOLUNTEER}),
        (Role.TEAM_LEADER, "24848", "24846", "68", set()),
        (Role.TEAM_LEADER, "24848", "68", "", set()),
        (Role.COMMUNE_COORDINATOR, "24848", "24848", "68", {Role.VOLUNTEER, Role.TEAM_LEADER}),
        (Role.PROVINCE_COORDINATOR, "68", "24848", "68", set(COMMUNE)),
        (Role.PROVINCE_COORDINATOR, "68", "22015", "66", set()),
        (Role.PROVINCE_COORDINATOR, "68", "68", "", set()),
        (Role.NATIONAL_COORDINATOR, "VN", "22015", "66", set(COMMUNE)),
        (Role.NATIONAL_COORDINATOR, "VN", "68", "", {Role.PROVINCE_COORDINATOR}),
        (Role.NATIONAL_COORDINATOR, "VN", "VN", "", {Role.GUIDE_EDITOR}),
        (Role.ADMINISTRATOR, "VN", "24848", "68", set()),
        (Role.ADMINISTRATOR, "VN", "68", "", {Role.PROVINCE_COORDINATOR}),
        (Role.ADMINISTRATOR, "VN", "VN", "", {Role.NATIONAL_COORDINATOR, Role.ADMINISTRATOR}),
    ],
)
def test_who_gives_what_where(
    role: Role, place: str, unit_code: str, province: str, gives: set[Role]
) -> None:
    assert set(roles_to_give([Holding(role, place)], unit_code=unit_code, province=province)) == gives


def test_roles_add_up() -> None:
    held = [Holding(Role.TEAM_LEADER, "24846"), Holding(Role.COMMUNE_COORDINATOR, "24848")]
    assert set(roles_to_give(held, unit_code="24846", province="68")) == {Role.VOLUNTEER}


@pytest.mark.parametrize("code", ["", "6", "681", "2484", "248480", "VNM", "vn", "٢٤٨٤٨", "24848\n", "68 "])
def test_what_is_no_code_of_a_place(code: str) -> None:
    assert level_of(code) is None


def test_an_account_is_opened_only_by_those_who_could_give_all_its_roles() -> None:
    leader = Somebody(Holding(Role.TEAM_LEADER, "24848"))
    member = Member(username="someone", name="Someone")
    volunteer = Holding(Role.VOLUNTEER, "24848", "68")
    official = Holding(Role.OFFICIAL, "24848", "68")
    elsewhere = Holding(Role.VOLUNTEER, "24846", "68")
    assert can_manage_account(leader, member=member, held=[])
    assert can_manage_account(leader, member=member, held=[volunteer])
    assert not can_manage_account(leader, member=member, held=[volunteer, official])
    assert not can_manage_account(leader, member=member, held=[elsewhere])


def test_ones_own_account_is_not_managed_from_outside() -> None:
    leader = Somebody(Holding(Role.TEAM_LEADER, "24848"))
    member = Member(username="someone", name="Someone")
    leader.id = member.pk
    with pytest.raises(UnableToManageAccount):
        check_manage_account(leader, member=member, held=[])


@pytest.mark.parametrize("phone", ["", "0263 555 0123", "+84 263.555.0123", "0263-555-0123"])
def test_phones_that_pass(phone: str) -> None:
    check_phone(phone)


@pytest.mark.parametrize("phone", ["abc", "12", "0" * 40, "０１２３４５６７８", "0123456<b>"])
def test_phones_that_do_not(phone: str) -> None:
    with pytest.raises(UnableToRegister):
        check_phone(phone)


@pytest.mark.parametrize("username", ["", "ab", "Lan", "lan!", "đào.tèo", "a" * 61, " lan", "lan\n"])
def test_user_names_that_do_not_pass(username: str) -> None:
    with pytest.raises(UnableToRegister):
        check_username(username)


@pytest.mark.parametrize("name", ["", "x" * 121, "Lan\x00", "Lan\nAnh"])
def test_names_that_do_not_pass(name: str) -> None:
    with pytest.raises(UnableToRegister):
        check_name(name)


def test_an_unknown_language_does_not_pass() -> None:
    check_languages(["vi", "kpm"])
    with pytest.raises(UnableToRegister):
        check_languages(["vi", "tlh"])
