"""Who may grant what to whom, and which values a member, a team and a grant may have."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import NATION, Scope
from nhipcau.teams.enums import LEVELS, UNIT_CODE_PATTERNS, Level, Permission, Role, languages
from nhipcau.teams.models import Grant, Member, Team, TeamMembership

# Whom a role appoints, inside its own place. The administrator appoints those who lead a province
# or the country and nobody who meets citizens: accounts and cases stay in different hands.
APPOINTS: Final[dict[Role, frozenset[Role]]] = {
    Role.VOLUNTEER: frozenset(),
    Role.OFFICIAL: frozenset(),
    Role.GUIDE_EDITOR: frozenset(),
    Role.TEAM_LEADER: frozenset({Role.VOLUNTEER}),
    Role.COMMUNE_COORDINATOR: frozenset({Role.VOLUNTEER, Role.TEAM_LEADER}),
    Role.PROVINCE_COORDINATOR: frozenset(
        {Role.VOLUNTEER, Role.TEAM_LEADER, Role.COMMUNE_COORDINATOR, Role.OFFICIAL}
    ),
    Role.NATIONAL_COORDINATOR: frozenset(
        {
            Role.VOLUNTEER,
            Role.TEAM_LEADER,
            Role.COMMUNE_COORDINATOR,
            Role.OFFICIAL,
            Role.PROVINCE_COORDINATOR,
            Role.GUIDE_EDITOR,
        }
    ),
    Role.ADMINISTRATOR: frozenset({Role.PROVINCE_COORDINATOR, Role.NATIONAL_COORDINATOR, Role.ADMINISTRATOR}),
}


class UnableToGrant(UnableTo):
    """The role cannot be given, or taken away, by this member on this place."""

    code = "teams.unable_to_grant"


class UnableToEdit(UnableTo):
    """The member or team lies outside the places of whoever asks."""

    code = "teams.unable_to_edit"


class UnableToRegister(UnableTo):
    """What is known of the new member is not enough, or already taken."""

    code = "teams.unable_to_register"


class UnableToManageAccount(UnableTo):
    """Whoever opens or closes an account must be able to appoint every role it holds."""

    code = "teams.unable_to_manage_account"


class UnableToJoin(UnableTo):
    """The member cannot be in this team at that time."""

    code = "teams.unable_to_join"


@dataclass(frozen=True, slots=True)
class Holding:
    """A role held now on a place, as the rules need to know it; `province` is set for a commune."""

    role: Role
    unit_code: str
    province: str = ""
    place: str = ""

    @property
    def label(self) -> str:
        """Such as "Team leader – Xã Lạc Dương"."""
        return f"{self.role.label} – {self.place or self.unit_code}"


class Holder(Protocol):
    """Whoever asks, with the roles held now."""

    @property
    def id(self) -> object: ...

    @property
    def holdings(self) -> tuple[Holding, ...]: ...

    def scope(self, permission: str) -> Scope: ...


def _passes(check: Callable[..., None], *args: object, **values: object) -> bool:
    try:
        check(*args, **values)
    except UnableTo:
        return False
    return True


def level_of(unit_code: str) -> Level | None:
    """Nation, province or commune by the form of the code; None when it is no such code."""
    for level, pattern in UNIT_CODE_PATTERNS.items():
        if re.fullmatch(pattern, unit_code):
            return level
    return None


def _lies_inside(unit_code: str, province: str, outer: str) -> bool:
    return outer in (NATION, unit_code) or (bool(province) and outer == province)


def roles_to_give(holdings: Iterable[Holding], *, unit_code: str, province: str) -> tuple[Role, ...]:
    """The roles that the holder of these may give on a place. `province`: the commune's, else empty."""
    allowed: set[Role] = set()
    for holding in holdings:
        if _lies_inside(unit_code, province, holding.unit_code):
            allowed |= APPOINTS[holding.role]
    level = level_of(unit_code)
    return tuple(role for role in Role if role in allowed and LEVELS[role] == level)


def check_role_fits(*, role: Role, unit_code: str) -> None:
    """A role is held on places of one size only."""
    if level_of(unit_code) != LEVELS[role]:
        raise UnableToGrant(_("This role does not belong to a place of this size."))


def check_grant(by: Holder | None, *, member: Member, role: Role, unit_code: str, province: str) -> None:
    """Nobody grants to themselves, above their own place, or a role they do not appoint."""
    check_role_fits(role=role, unit_code=unit_code)
    if not member.is_active:
        raise UnableToGrant(_("This member's account is closed."))
    if by is None:
        return
    if by.id == member.id:
        raise UnableToGrant(_("You cannot give a role to yourself."))
    if role not in roles_to_give(by.holdings, unit_code=unit_code, province=province):
        raise UnableToGrant(_("You cannot give this role on this place."))


def check_end_grant(by: Holder | None, *, grant: Grant, province: str) -> None:
    """A role is taken by those who could give it. One's own role may always be laid down."""
    if by is None or by.id == grant.member_id:
        return
    if Role(grant.role) not in roles_to_give(by.holdings, unit_code=grant.unit_code, province=province):
        raise UnableToGrant(_("You cannot end this role."))


def can_end_grant(by: Holder | None, *, grant: Grant, province: str) -> bool:
    """Whether `check_end_grant` lets it pass."""
    return _passes(check_end_grant, by, grant=grant, province=province)


def check_edit_place(by: Holder | None, *, commune: str, province: str) -> None:
    """Teams and members of a commune are edited by those who hold `teams.edit` there."""
    if by is None:
        return
    if not by.scope(Permission.TEAMS_EDIT).covers(commune=commune, province=province):
        raise UnableToEdit(_("This place is not one of yours."))


def can_edit_place(by: Holder | None, *, commune: str, province: str) -> bool:
    """Whether `check_edit_place` lets it pass."""
    return _passes(check_edit_place, by, commune=commune, province=province)


def check_manage_account(by: Holder | None, *, member: Member, held: Iterable[Holding]) -> None:
    """A sign-in link opens an account with all its roles: only those who could give them may make one.

    Otherwise a team leader could enter as the commune's official. The same holds for closing it.
    """
    if by is None:
        return
    if by.id == member.id:
        raise UnableToManageAccount(_("For your own account, use your profile."))
    for holding in held:
        if holding.role not in roles_to_give(
            by.holdings, unit_code=holding.unit_code, province=holding.province
        ):
            raise UnableToManageAccount(_("This member holds a role that you cannot give."))


def can_manage_account(by: Holder | None, *, member: Member, held: Iterable[Holding]) -> bool:
    """Whether `check_manage_account` lets it pass."""
    return _passes(check_manage_account, by, member=member, held=held)


def needs_new_password(held: Iterable[Holding], *, role: Role, unit_code: str) -> bool:
    """Whether somebody who could not give this role may know the member's password.

    Who made the link behind a password could open the account with it. Links are made by those who could
    give every role held then; a role that fewer people can give must not fall to them. Volunteers see only
    their own cases, so a first or further place as one changes nothing.
    """
    if role == Role.VOLUNTEER:
        return False
    givers = {giver for giver, roles in APPOINTS.items() if role in roles}
    return not any(
        holding.unit_code == unit_code
        and {giver for giver, roles in APPOINTS.items() if holding.role in roles} <= givers
        for holding in held
    )


def check_phone(phone: str) -> None:
    """Digits with the usual separators; empty is fine. Real ranges are not checked: they change."""
    if phone and not re.fullmatch(r"\+?[0-9][0-9 .()-]{6,22}", phone, re.ASCII):
        raise UnableToRegister(_("Write the phone number with digits, for example 0263 555 0123."))


def check_username(username: str) -> None:
    """Small letters, digits and a few signs, so that it can be said and typed on any phone."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,59}", username, re.ASCII):
        raise UnableToRegister(
            _("A user name has 3 to 60 small letters without marks, digits, dots or dashes.")
        )


def check_name(name: str) -> None:
    """Somebody has to be called by it."""
    if not name or len(name) > 120 or not name.isprintable():
        raise UnableToRegister(_("Write the member's name, at most 120 characters."))


def check_person(*, username: str, name: str, phone: str) -> None:
    """All that must hold of a new member's own words."""
    check_username(username)
    check_name(name)
    check_phone(phone)


def check_languages(codes: Iterable[str]) -> None:
    """Only languages of the table."""
    if any(code not in languages() for code in codes):
        raise UnableToRegister(_("One of these languages is not in the list."))


def check_team_open(team: Team, *, day: date) -> None:
    """A team that has ended takes nobody."""
    if team.ends_on is not None and team.ends_on <= day:
        raise UnableToJoin(_("This team no longer works."))


def check_member_active(member: Member) -> None:
    """A member who left joins nothing."""
    if not member.is_active:
        raise UnableToJoin(_("This member's account is closed."))


def check_end_membership(membership: TeamMembership, *, day: date) -> None:
    """A membership ends once, and not before it began."""
    if membership.ends_on is not None and membership.ends_on <= day:
        raise UnableToJoin(_("This member has already left the team."))
    if membership.starts_on > day:
        raise UnableToJoin(_("This membership has not begun yet."))
