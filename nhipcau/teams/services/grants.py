"""Giving a role on a place and ending it."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.teams.access import MemberActor
from nhipcau.teams.enums import Role
from nhipcau.teams.models import Grant, Member
from nhipcau.teams.queries import holdings_of, place
from nhipcau.teams.rules import UnableToGrant, check_end_grant, check_grant, needs_new_password


def grant_role(
    *,
    by: MemberActor | None,
    now: datetime,
    member: Member,
    role: Role,
    unit_code: str,
    valid_until: datetime | None = None,
) -> Grant:
    """Gives a member a role on a place (commune, province or `VN`). `by` None: the system itself.

    A higher role shuts the account until a new link has set a new password (`needs_new_password`).
    """
    with unit_of_work(by=by, now=now):
        where = place(unit_code)
        if where is None:
            raise UnableToGrant(_("There is no such place."))
        if valid_until is not None and valid_until <= now:
            raise UnableToGrant(_("The role would have ended already."))
        check_grant(by, member=member, role=role, unit_code=unit_code, province=where.province)
        held = holdings_of(member.pk, now=now)
        if by and needs_new_password(held, role=role, unit_code=unit_code):
            _shut(member)
        try:
            with transaction.atomic():
                return Grant.objects.create(
                    member=member,
                    role=role,
                    unit_code=unit_code,
                    granted_by=by.member if by else None,
                    valid_from=now,
                    valid_until=valid_until,
                )
        except IntegrityError as error:
            raise UnableToGrant(_("This member holds this role on this place already.")) from error


def end_grant(*, by: MemberActor | None, now: datetime, grant_id: UUID) -> Grant:
    """Ends a role at this moment; a role that has ended already stays as it is."""
    with unit_of_work(by=by, now=now):
        grant = Grant.objects.select_for_update().get(pk=grant_id)
        where = place(grant.unit_code)
        check_end_grant(by, grant=grant, province=where.province if where else "")
        if grant.valid_until is None or grant.valid_until > now:
            grant.valid_until = max(now, grant.valid_from)
            grant.save(update_fields=["valid_until"])
        return grant


def _shut(member: Member) -> None:
    """No password fits any more, and whoever is signed in with the old one is signed out."""
    Member.objects.select_for_update().get(pk=member.pk)  # no link sets one meanwhile
    member.password = make_password(None)
    member.save(update_fields=["password"])
