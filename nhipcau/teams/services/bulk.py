"""Many teams and members at once, under the same rules: for imports and for the demo."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.ids import new_id
from nhipcau.core.scope import NATION
from nhipcau.places.enums import Level
from nhipcau.places.models import Unit
from nhipcau.teams.access import MemberActor
from nhipcau.teams.enums import Role, TeamKind, TeamRole
from nhipcau.teams.models import (
    Campaign,
    Grant,
    Member,
    MemberLanguage,
    Team,
    TeamMembership,
)
from nhipcau.teams.rules import (
    UnableToGrant,
    UnableToRegister,
    check_edit_place,
    check_grant,
    check_languages,
    check_person,
)
from nhipcau.teams.services.members import phone_index
from nhipcau.teams.services.teams import UnableToMakeTeam

_BATCH = 500


@dataclass(frozen=True, slots=True)
class NewTeam:
    """A team to make. `id` may be given so that members can name it."""

    name: str
    commune: str
    kind: TeamKind = TeamKind.COMMUNE
    starts_on: date | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewMember:
    """A member to register, with a team and the roles on places (`role`, `unit_code`) from the first day.

    Without a password the account cannot sign in until a link has set one, and costs no hashing.
    """

    username: str
    name: str
    commune: str
    phone: str = ""
    password: str = ""
    languages: dict[str, str] = field(default_factory=dict)
    preferred_language: str = "vi"
    team: UUID | None = None
    team_role: TeamRole = TeamRole.MEMBER
    roles: tuple[tuple[Role, str], ...] = ()
    id: UUID | None = None


def _communes(by: MemberActor | None, codes: set[str]) -> dict[str, Unit]:
    found = Unit.objects.filter(level=Level.COMMUNE).in_bulk(codes)
    missing = sorted(codes - found.keys())
    if missing:
        raise UnableToRegister(_("There is no such commune: %(codes)s.") % {"codes": ", ".join(missing[:10])})
    for unit in found.values():
        check_edit_place(by, commune=unit.code, province=unit.parent_id or "")
    return found


def add_teams_in_bulk(
    *, by: MemberActor | None, now: datetime, teams: Sequence[NewTeam], campaign: Campaign | None = None
) -> list[Team]:
    """Makes all the teams, in the order given, or none."""
    with unit_of_work(by=by, now=now):
        communes = _communes(by, {new.commune for new in teams})
        if any(not new.name.strip() for new in teams):
            raise UnableToMakeTeam(_("Give the team a name."))
        rows = [
            Team(
                id=new.id or new_id(now),
                name=new.name.strip(),
                commune=communes[new.commune],
                kind=new.kind,
                campaign=campaign,
                starts_on=new.starts_on or local_date(now),
            )
            for new in teams
        ]
        try:
            with transaction.atomic():
                return Team.objects.bulk_create(rows, batch_size=_BATCH)
        except IntegrityError as error:
            raise UnableToMakeTeam(_("This commune has a team of this name already.")) from error


def add_members_in_bulk(
    *, by: MemberActor | None, now: datetime, members: Sequence[NewMember]
) -> list[Member]:
    """Registers all the members with their teams and roles, in the order given, or none."""
    with unit_of_work(by=by, now=now):
        communes = _communes(by, {new.commune for new in members})
        rows = [_member(new, communes[new.commune], now) for new in members]
        try:
            with transaction.atomic():
                Member.objects.bulk_create(rows, batch_size=_BATCH)
                _add_profiles(members, rows)
                _add_memberships(by, now, members, rows)
                _add_grants(by, now, members, rows)
        except IntegrityError as error:
            raise UnableToRegister(
                _("A user name appears twice or is taken, or a team would have two leaders.")
            ) from error
        return rows


def _member(new: NewMember, commune: Unit, now: datetime) -> Member:
    check_person(username=new.username, name=new.name, phone=new.phone)
    check_languages(new.languages)
    return Member(
        id=new.id or new_id(now),
        username=new.username,
        name=new.name,
        phone=new.phone,
        phone_index=phone_index(new.phone),
        commune=commune,
        preferred_language=new.preferred_language,
        joined_on=local_date(now),
        password=make_password(new.password or None),
    )


def _add_profiles(members: Sequence[NewMember], rows: Sequence[Member]) -> None:
    pairs = list(zip(members, rows, strict=True))
    MemberLanguage.objects.bulk_create(
        [
            MemberLanguage(member=row, language=code, level=level)
            for new, row in pairs
            for code, level in new.languages.items()
        ],
        batch_size=_BATCH,
    )


def _add_memberships(
    by: MemberActor | None, now: datetime, members: Sequence[NewMember], rows: Sequence[Member]
) -> None:
    wanted = {new.team for new in members if new.team}
    teams = Team.objects.select_related("commune").in_bulk(wanted)
    if len(teams) != len(wanted):
        raise UnableToRegister(_("There is no such team."))
    for team in teams.values():
        check_edit_place(by, commune=team.commune_id, province=team.commune.parent_id or "")
    today = local_date(now)
    TeamMembership.objects.bulk_create(
        [
            TeamMembership(team=teams[new.team], member=row, role=new.team_role, starts_on=today)
            for new, row in zip(members, rows, strict=True)
            if new.team
        ],
        batch_size=_BATCH,
    )


def _add_grants(
    by: MemberActor | None, now: datetime, members: Sequence[NewMember], rows: Sequence[Member]
) -> None:
    wanted = {code for new in members for _role, code in new.roles}
    provinces = dict(Unit.objects.filter(code__in=wanted).values_list("code", "parent_id"))
    if wanted - provinces.keys() - {NATION}:
        raise UnableToGrant(_("There is no such place."))
    grants = []
    for new, row in zip(members, rows, strict=True):
        for role, code in new.roles:
            check_grant(by, member=row, role=role, unit_code=code, province=provinces.get(code) or "")
            grants.append(
                Grant(
                    member=row,
                    role=role,
                    unit_code=code,
                    granted_by=by.member if by else None,
                    valid_from=now,
                )
            )
    Grant.objects.bulk_create(grants, batch_size=_BATCH)
