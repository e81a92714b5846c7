"""Raising teams and campaigns, and who is in a team."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.places.enums import Level
from nhipcau.places.models import Unit
from nhipcau.teams.access import MemberActor
from nhipcau.teams.enums import Permission, TeamKind, TeamRole
from nhipcau.teams.models import Campaign, Member, Team, TeamMembership
from nhipcau.teams.queries import place
from nhipcau.teams.rules import (
    UnableToEdit,
    UnableToJoin,
    check_edit_place,
    check_end_membership,
    check_member_active,
    check_team_open,
)
from nhipcau.teams.services.members import register_member


class UnableToMakeTeam(UnableTo):
    """The name, the place or the days do not fit."""

    code = "teams.unable_to_make_team"


class UnableToStartCampaign(UnableTo):
    """The name, the place or the days do not fit."""

    code = "teams.unable_to_start_campaign"


def _base(by: MemberActor | None, code: str) -> Unit:
    unit = Unit.objects.filter(code=code, level=Level.COMMUNE).first()
    if unit is None:
        raise UnableToMakeTeam(_("There is no such commune."))
    check_edit_place(by, commune=unit.code, province=unit.parent_id or "")
    return unit


def _check_editable(by: MemberActor | None, team: Team) -> None:
    check_edit_place(by, commune=team.commune_id, province=team.commune.parent_id or "")


def make_team(
    *,
    by: MemberActor | None,
    now: datetime,
    name: str,
    commune: str,
    kind: TeamKind = TeamKind.COMMUNE,
    campaign: Campaign | None = None,
    starts_on: date | None = None,
    team_id: UUID | None = None,
) -> Team:
    """A new team based in a commune, at work from today unless another day is given."""
    with unit_of_work(by=by, now=now):
        unit = _base(by, commune)
        if not name.strip():
            raise UnableToMakeTeam(_("Give the team a name."))
        try:
            with transaction.atomic():
                return Team.objects.create(
                    id=team_id or new_id(now),
                    name=name.strip(),
                    commune=unit,
                    kind=kind,
                    campaign=campaign,
                    starts_on=starts_on or local_date(now),
                )
        except IntegrityError as error:
            raise UnableToMakeTeam(_("This commune has a team of this name already.")) from error


def edit_team(
    *,
    by: MemberActor | None,
    now: datetime,
    team: Team,
    name: str,
    kind: TeamKind,
    ends_on: date | None,
    campaign: Campaign | None = None,
) -> Team:
    """Corrects name, kind and campaign; `ends_on` is the first day on which the team no longer works."""
    with unit_of_work(by=by, now=now):
        _check_editable(by, team)
        if not name.strip():
            raise UnableToMakeTeam(_("Give the team a name."))
        if ends_on is not None and ends_on <= team.starts_on:
            raise UnableToMakeTeam(_("A team cannot end before it begins."))
        team.name, team.kind, team.ends_on, team.campaign = name.strip(), kind, ends_on, campaign
        try:
            with transaction.atomic():
                team.save(update_fields=["name", "kind", "ends_on", "campaign"])
        except IntegrityError as error:
            raise UnableToMakeTeam(_("This commune has a team of this name already.")) from error
        return team


def _join(team: Team, member: Member, role: TeamRole, day: date) -> TeamMembership:
    try:
        with transaction.atomic():
            return TeamMembership.objects.create(team=team, member=member, role=role, starts_on=day)
    except IntegrityError as error:
        if "teams_one_leader" in str(error):
            raise UnableToJoin(_("This team has a leader already. Change their part first.")) from error
        raise UnableToJoin(_("This member is in the team already.")) from error


def add_to_team(
    *,
    by: MemberActor | None,
    now: datetime,
    team: Team,
    member: Member,
    role: TeamRole = TeamRole.MEMBER,
    starts_on: date | None = None,
) -> TeamMembership:
    """A member joins a team. The view has made sure that `by` may see the member."""
    with unit_of_work(by=by, now=now):
        day = starts_on or local_date(now)
        _check_editable(by, team)
        check_team_open(team, day=day)
        check_member_active(member)
        return _join(team, member, role, day)


def register_in_team(*, by: MemberActor | None, now: datetime, team: Team | None, **person: Any) -> Member:
    """A new member (`person`: as for `register_member`) who joins `team`, if one is given."""
    with unit_of_work(by=by, now=now):
        member = register_member(by=by, now=now, **person)
        if team is not None:
            add_to_team(by=by, now=now, team=team, member=member)
        return member


def set_team_role(
    *, by: MemberActor | None, now: datetime, membership: TeamMembership, role: TeamRole
) -> TeamMembership:
    """A new part in the team from today; what was stays on record unless it began today."""
    with unit_of_work(by=by, now=now):
        today = local_date(now)
        _check_editable(by, membership.team)
        check_end_membership(membership, day=today)
        if membership.role == role:
            return membership
        membership.ends_on = today
        membership.save(update_fields=["ends_on"])
        return _join(membership.team, membership.member, role, today)


def end_membership(*, by: MemberActor | None, now: datetime, membership: TeamMembership) -> TeamMembership:
    """A member leaves a team today."""
    with unit_of_work(by=by, now=now):
        today = local_date(now)
        _check_editable(by, membership.team)
        check_end_membership(membership, day=today)
        membership.ends_on = today
        membership.save(update_fields=["ends_on"])
        return membership


def leave_team(*, by: MemberActor, now: datetime, membership: TeamMembership) -> TeamMembership:
    """A member leaves a team of their own accord, today. Raises `UnableToJoin` for who leads it, 404."""
    with unit_of_work(by=by, now=now):
        if membership.member_id != by.id:
            raise Http404
        if membership.role == TeamRole.LEADER:
            raise UnableToJoin(_("You lead this team. Ask your coordinator to name another leader first."))
        check_end_membership(membership, day=local_date(now))
        membership.ends_on = local_date(now)
        membership.save(update_fields=["ends_on"])
        return membership


def start_campaign(
    *,
    by: MemberActor | None,
    now: datetime,
    name: str,
    starts_on: date,
    ends_on: date,
    unit_code: str,
    goals: dict[str, Any] | None = None,
) -> Campaign:
    """A campaign of a commune, a province or the country; `goals` maps an indicator's name to a number."""
    with unit_of_work(by=by, now=now):
        where = place(unit_code)
        if where is None:
            raise UnableToStartCampaign(_("There is no such place."))
        if by and not by.scope(Permission.TEAMS_EDIT).covers_unit(where.code, where.province):
            raise UnableToEdit(_("This place is not one of yours."))
        if not name.strip() or ends_on <= starts_on:
            raise UnableToStartCampaign(_("A campaign needs a name, and it ends after it begins."))
        try:
            with transaction.atomic():
                return Campaign.objects.create(
                    name=name.strip(),
                    starts_on=starts_on,
                    ends_on=ends_on,
                    unit_code=unit_code,
                    goals=goals or {},
                )
        except IntegrityError as error:
            raise UnableToStartCampaign(_("This campaign exists already.")) from error
