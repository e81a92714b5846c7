"""Registering members, their profile, their first password, and their leaving."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import record_act, unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.crypto import blind_index
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.messaging import services as messaging
from nhipcau.places.enums import Level
from nhipcau.places.models import Unit
from nhipcau.teams.access import MemberActor
from nhipcau.teams.models import Grant, Member, MemberLanguage, TeamMembership
from nhipcau.teams.queries import holdings_of, member_by_id
from nhipcau.teams.rules import (
    UnableToEdit,
    UnableToRegister,
    check_edit_place,
    check_languages,
    check_manage_account,
    check_name,
    check_person,
    check_phone,
)

RETENTION = timedelta(days=365)


class UnableToSetPassword(UnableTo):
    """The link is spent or too old, or the password too easy to guess."""

    code = "teams.unable_to_set_password"

    def __init__(self, message: str, reasons: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)


class _SignInLinks(PasswordResetTokenGenerator):
    """Tokens that die with the first password set through them, the next sign-in, or after three days.

    They also die when a role is given or ended: whoever made a link for a member without roles must
    not hold a way into what that member becomes.
    """

    key_salt = "nhipcau.teams.sign_in_link"

    def _make_hash_value(self, user: Member, timestamp: int) -> str:
        held = Grant.objects.filter(member_id=user.pk).order_by("id").values_list("id", "valid_until")
        return f"{super()._make_hash_value(user, timestamp)}{list(held)}"


_links = _SignInLinks()


def phone_index(phone: str) -> str:
    """The blind index of a phone number, whatever separators it was written with."""
    return blind_index("".join(sign for sign in phone if sign.isdigit()), purpose="teams.member.phone")


def _home(by: MemberActor | None, code: str) -> Unit | None:
    """The home commune, checked to be one of the actor's; empty only for whoever edits the whole country."""
    if not code:
        check_edit_place(by, commune="", province="")
        return None
    unit = Unit.objects.filter(code=code, level=Level.COMMUNE).first()
    if unit is None:
        raise UnableToRegister(_("There is no such commune."))
    check_edit_place(by, commune=unit.code, province=unit.parent_id or "")
    return unit


def register_member(
    *,
    by: MemberActor | None,
    now: datetime,
    username: str,
    name: str,
    commune: str,
    phone: str = "",
    password: str = "",
    languages: Mapping[str, str] | None = None,
    preferred_language: str = "vi",
    member_id: UUID | None = None,
) -> Member:
    """A new member with an account. Without a `password` nobody can sign in until a link has set one.

    `commune` is a code; `languages` maps the code of a language to a `LanguageLevel`.
    """
    with unit_of_work(by=by, now=now):
        home = _home(by, commune)
        check_person(username=username, name=name, phone=phone)
        member = Member(
            id=member_id or new_id(now),
            username=username,
            name=name,
            phone=phone,
            phone_index=phone_index(phone),
            commune=home,
            preferred_language=preferred_language,
            joined_on=local_date(now),
            password=make_password(password or None),
        )
        try:
            with transaction.atomic():
                member.save(force_insert=True)
        except IntegrityError as error:
            raise UnableToRegister(_("This user name is taken. Add a digit, for example.")) from error
        _write_languages(member, languages or {})
        return member


def _write_languages(member: Member, languages: Mapping[str, str]) -> None:
    check_languages(languages)
    MemberLanguage.objects.filter(member=member).delete()
    MemberLanguage.objects.bulk_create(
        MemberLanguage(member=member, language=code, level=level) for code, level in languages.items()
    )


def edit_member(
    *, by: MemberActor | None, now: datetime, member: Member, name: str, phone: str, commune: str
) -> Member:
    """Corrects what the programme knows of a member; both the old and the new home must be the actor's."""
    with unit_of_work(by=by, now=now):
        if member.commune is not None:
            check_edit_place(by, commune=member.commune.code, province=member.commune.parent_id or "")
        home = _home(by, commune)
        check_name(name)
        check_phone(phone)
        member.name, member.phone, member.commune = name, phone, home
        member.phone_index = phone_index(phone)
        member.save(update_fields=["name", "phone", "phone_index", "commune"])
        return member


def set_profile(
    *,
    by: MemberActor,
    now: datetime,
    phone: str,
    preferred_language: str,
    languages: Mapping[str, str],
) -> Member:
    """What members say of themselves."""
    with unit_of_work(by=by, now=now):
        member = Member.objects.select_for_update().get(pk=by.id)
        check_phone(phone)
        member.phone, member.preferred_language = phone, preferred_language
        member.phone_index = phone_index(phone)
        member.save(update_fields=["phone", "phone_index", "preferred_language"])
        _write_languages(member, languages)
        return member


def _check_account(by: MemberActor | None, member: Member, now: datetime) -> None:
    unit = member.commune
    check_edit_place(by, commune=unit.code if unit else "", province=(unit.parent_id or "") if unit else "")
    check_manage_account(by, member=member, held=holdings_of(member.pk, now=now))


def make_sign_in_link(*, by: MemberActor | None, now: datetime, member: Member) -> str:
    """A token with which the member sets a password, once, within three days. Who made it is recorded."""
    with unit_of_work(by=by, now=now):
        _check_account(by, member, now)
        if not member.is_active:
            raise UnableToEdit(_("This member's account is closed."))
        place = member.commune_id or ""
        record_act(
            by=by, action="link", entity="teams_member", entity_id=str(member.pk), commune=place, now=now
        )
        return _links.make_token(member)


def member_of_link(member_id: UUID, token: str) -> Member:
    """The member whom a sign-in link belongs to, while it is good."""
    member = member_by_id(member_id)
    if member is None or not member.is_active or not _links.check_token(member, token):
        raise UnableToSetPassword(
            str(_("This link has been used or is too old. Ask your team leader for a new one."))
        )
    return member


def set_first_password(*, now: datetime, member_id: UUID, token: str, password: str) -> Member:
    """Sets the password through a sign-in link, which is spent by it."""
    with unit_of_work(by=None, now=now):
        Member.objects.select_for_update().filter(pk=member_id).first()
        member = member_of_link(member_id, token)
        try:
            validate_password(password, user=member)
        except ValidationError as error:
            raise UnableToSetPassword(
                str(_("Choose a password that is harder to guess.")), reasons=error.messages
            ) from error
        member.set_password(password)
        member.save(update_fields=["password"])
        return member


def close_account(*, by: MemberActor | None, now: datetime, member: Member) -> Member:
    """A member leaves: the account shuts at once; roles, team places and messages end. The history stays."""
    with unit_of_work(by=by, now=now):
        _check_account(by, member, now)
        today = local_date(now)
        _end_all(member, now, today)
        messaging.forget(recipient=member.pk)  # nobody who left is told anything any more
        member.is_active, member.left_on = False, max(today, member.joined_on)
        member.save(update_fields=["is_active", "left_on"])
        return member


def _end_all(member: Member, now: datetime, today: date) -> None:
    Grant.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now), member=member).update(
        valid_until=Greatest(F("valid_from"), now)
    )
    TeamMembership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today), member=member).update(
        ends_on=Greatest(F("starts_on"), today)
    )


def end_old_sessions(*, now: datetime) -> int:
    """Removes sign-ins that have run out: who was signed in when, and how. How many were removed."""
    with unit_of_work(by=None, now=now):
        return Session.objects.filter(expire_date__lt=now).delete()[0]


def forget_former_members(*, now: datetime) -> int:
    """Removes name, phone number and user name of those who left a year ago. How many were forgotten."""
    with unit_of_work(by=None, now=now):
        gone = Member.objects.filter(left_on__lte=local_date(now) - RETENTION).exclude(name="")
        forgotten = list(gone.select_for_update().order_by("id"))
        for member in forgotten:
            member.name = member.phone = member.phone_index = ""
            member.username = f"former-{member.pk.hex}"
            member.set_unusable_password()
        Member.objects.bulk_update(
            forgotten, ["name", "phone", "phone_index", "username", "password"], batch_size=500
        )
        MemberLanguage.objects.filter(member__in=forgotten).delete()
        return len(forgotten)
