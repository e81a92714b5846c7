"""Phones are signed in, signed in again, and shut from afar."""

import base64
import binascii
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.crypto import new_sealing_key
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.devices.models import Device, ProvinceKey
from nhipcau.devices.queries import get_device, key_in_use, token_hash
from nhipcau.devices.rules import is_fresh, lease_from
from nhipcau.places.models import Unit
from nhipcau.teams.enums import Permission

# A sealed key of 3072 bits.
_SEALED_BYTES: Final = 384
MOST_DEVICES: Final = 20


class UnableToEnrol(UnableTo):
    """The phone cannot be signed in for this member."""

    code = "sync.unable_to_enrol"
    status = 409


class UnableToEnrolMore(UnableToEnrol):
    """The member is signed in on more phones than anybody carries."""

    code = "sync.too_many_devices"


class UnableToTakeDevice(UnableToEnrol):
    """A phone of this id is another member's."""

    code = "sync.device_taken"


class UnableToRenew(UnableTo):
    """The phone was shut from afar; only who looks after the commune opens it again."""

    code = "sync.device_revoked"
    status = 403


class UnableToTrustSession(UnableTo):
    """The member signed in too long ago for what opens a store to be handed out."""

    code = "sync.sign_in_again"
    status = 403


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a phone gets once it is signed in. The token is the one it has made."""

    token: str
    lease_secret: str
    lease_until: datetime


def sealing_key(*, commune: str, by: Actor, now: datetime) -> ProvinceKey:
    """The key to which phones of a commune's province seal; made when the first one asks."""
    province = Unit.objects.filter(pk=commune).values_list("parent_id", flat=True).first()
    if not province:
        raise UnableToEnrol(_("You have no home commune yet. Ask who leads your team."))
    found = key_in_use(province)
    if found is not None:
        return found
    private, public = new_sealing_key()
    with unit_of_work(by=by, now=now):
        # Two phones at once: the database lets one key in, and both take that one.
        ProvinceKey.objects.bulk_create(
            [ProvinceKey(id=new_id(now), province_id=province, public=public, private=private, made_at=now)],
            ignore_conflicts=True,
        )
        return ProvinceKey.objects.get(province_id=province, retired_at__isnull=True)


def enrol(
    *,
    device_id: UUID,
    escrow_key: UUID,
    escrow: str,
    token: str,
    app: str,
    by: Actor,
    now: datetime,
    signed_in_at: datetime | None = None,
) -> Credentials:
    """Signs a phone in, with the token it has made for itself: so the same enrolment twice, one after the
    other or at the same moment, leaves one token that opens. The same phone again by the same member: the
    same secret. Where its enrolment is not just under way, only for who has just signed in: a phone that was
    shut does not come back as another one through the session in its browser.

    Raises `UnableToEnrol`, `UnableToRenew`, `UnableToTrustSession`.
    """
    if not by.may(Permission.CASES_RECORD_SESSION):
        raise UnableToEnrol(_("Your account has no work in the field yet. Ask who leads your team."))
    _check_escrow(escrow)
    _check_token(token, device_id)
    with unit_of_work(by=by, now=now):
        key = sealing_key(commune=by.commune, by=by, now=now)
        if key.pk != escrow_key:
            raise UnableToEnrol(_("Your province has a new key. Try again."))
        known = Device.objects.select_for_update().filter(pk=device_id).first()
        if known is not None:
            _check_own(known, by)
        # Of an enrolment whose answer was lost the store is not made yet: there is nothing to open.
        if known is None or not is_fresh(known.enrolled_at, now):
            _check_fresh(signed_in_at, now)
        if known is not None:
            known.escrow, known.escrow_key = escrow, key
            return _enrol_again(known, token, by, now)
        if Device.objects.filter(member_id=by.id, revoked_at__isnull=True).count() >= MOST_DEVICES:
            raise UnableToEnrolMore(_("You are signed in on too many phones. Shut some of them first."))
        return _enrol_new(device_id, key=key, escrow=escrow, token=token, app=app, by=by, now=now)


def _enrol_new(
    device_id: UUID, *, key: ProvinceKey, escrow: str, token: str, app: str, by: Actor, now: datetime
) -> Credentials:
    device = Device.objects.create(
        id=device_id,
        commune_id=by.commune,
        member_id=by.id,
        token_hash=token_hash(token),
        lease_secret=_new_secret(),
        lease_until=lease_from(now),
        enrolled_at=now,
        seen_at=now,
        app=app[:20],
        escrow_key=key,
        escrow=escrow,
    )
    return Credentials(token, device.lease_secret, device.lease_until)


def _enrol_again(device: Device, token: str, by: Actor, now: datetime) -> Credentials:
    device.lease_secret = device.lease_secret or _new_secret()
    return _new_token(device, token, by, now, "escrow", "escrow_key", "lease_secret")


def _check_own(device: Device, by: Actor) -> None:
    if device.member_id != by.id:
        raise UnableToTakeDevice(_("This phone is signed in for somebody else."))
    if device.revoked_at is not None:
        raise UnableToRenew(_("This phone was shut. Ask who leads your team."))


def _check_fresh(signed_in_at: datetime | None, now: datetime) -> None:
    if not is_fresh(signed_in_at, now):
        raise UnableToTrustSession(_("Type your password once more: then this phone opens again."))


def _new_secret() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def renew(
    *, device_id: UUID, token: str, by: Actor, now: datetime, signed_in_at: datetime | None
) -> Credentials:
    """A member signed in again on a phone of theirs: the new token that it made, and the secret that opens
    the store.

    Raises `UnableToRenew`, `UnableToTakeDevice`, `UnableToTrustSession`, 404.
    """
    _check_token(token, device_id)
    with unit_of_work(by=by, now=now):
        device = get_device(device_id, for_=by, lock=True)
        _check_own(device, by)
        _check_fresh(signed_in_at, now)
        if not device.lease_secret:
            raise UnableToRenew(_("This phone was away for more than a year and does not open any more."))
        return _new_token(device, token, by, now)


def _new_token(device: Device, token: str, by: Actor, now: datetime, *also: str) -> Credentials:
    """The phone is looked after where its member lives now."""
    device.token_hash, device.lease_until, device.seen_at = token_hash(token), lease_from(now), now
    device.commune_id = by.commune or device.commune_id
    device.save(update_fields=["token_hash", "lease_until", "seen_at", "commune", *also])
    return Credentials(token, device.lease_secret, device.lease_until)


def revoke(*, device_id: UUID, by: Actor, now: datetime) -> Device:
    """Shuts a phone: it is told when it next asks, forgets what it can read, and keeps what it has not sent
    sealed. Twice is once. Raises 404."""
    with unit_of_work(by=by, now=now):
        device = get_device(device_id, for_=by, lock=True)
        if device.revoked_at is None:
            device.revoked_at = now
            device.save(update_fields=["revoked_at"])
    return device


def reopen(*, device_id: UUID, by: Actor, now: datetime) -> Device:
    """The phone was found: its member may sign in on it again. Raises 404."""
    with unit_of_work(by=by, now=now):
        device = get_device(device_id, for_=by, lock=True)
        if device.member_id == by.id and not by.may(Permission.DEVICES_MANAGE):
            raise UnableToRenew(_("This phone was shut. Ask who leads your team."))
        if device.revoked_at is not None:
            device.revoked_at = None
            device.save(update_fields=["revoked_at"])
    return device


def _check_token(token: str, device_id: UUID) -> None:
    if Device.objects.filter(token_hash=token_hash(token)).exclude(pk=device_id).exists():
        raise UnableToEnrol(_("This did not work. Try again."))


def _check_escrow(escrow: str) -> None:
    try:
        sealed = base64.b64decode(escrow, validate=True)
    except (binascii.Error, ValueError):
        sealed = b""
    if len(sealed) != _SEALED_BYTES:
        raise UnableToEnrol(_("The phone did not seal its key. Try again."))
