"""A phone is signed in with the session of the browser; from then on it has a token of its own."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any, cast
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nhipcau.core import clock
from nhipcau.core.doors import public, signed_in
from nhipcau.core.errors import UnableTo
from nhipcau.core.requests import OurRequest
from nhipcau.devices.queries import get_device
from nhipcau.devices.rules import is_fresh
from nhipcau.devices.services.enrolling import Credentials, UnableToEnrol, sealing_key
from nhipcau.devices.services.enrolling import enrol as enrol_phone
from nhipcau.devices.services.enrolling import renew as renew_phone
from nhipcau.teams.access import MemberActor, actor_in
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member

# As the phone makes it: 32 random bytes.
Token = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{43}$")]


class NewDevice(BaseModel):
    """What a phone says of itself: its own id, and its data key sealed to the province."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    escrow_key: UUID
    escrow: str = Field(max_length=2000)
    token: Token
    app: str = Field("", max_length=20, pattern="^[ -~]*$")


class Renewal(BaseModel):
    """A phone that comes back: with a new token."""

    model_config = ConfigDict(extra="ignore")

    token: Token


class UnableToReadPhone(UnableTo):
    """What the phone says of itself has another shape."""

    code = "sync.unreadable"


@public
@never_cache
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Who is signed in in this browser, for the app; with what it needs to sign a phone in."""
    actor, now = cast("MemberActor | None", cast("OurRequest", request).actor), clock.now()
    if actor is None:
        return JsonResponse({"signed_in": False, "server_time": now.isoformat()})
    return JsonResponse(
        {
            "signed_in": True,
            "csrf": get_token(request),
            "member": {
                "id": str(actor.id),
                "name": actor.name,
                "language": cast("Member", request.user).preferred_language,
            },
            # Without it no new phone is signed in: the app asks for the password before it asks for a PIN.
            "fresh": is_fresh(_signed_in_at(request), now),
            **_field_work(actor),
            "server_time": now.isoformat(),
        }
    )


def _field_work(actor: MemberActor) -> dict[str, Any]:
    if not actor.may(Permission.CASES_RECORD_SESSION):
        return {"may": False, "escrow_key": None}
    try:
        key = sealing_key(commune=actor.commune, by=actor, now=clock.now())
    except UnableToEnrol:
        return {"may": False, "escrow_key": None}
    return {"may": True, "escrow_key": {"id": str(key.pk), "spki": key.public}}


@signed_in
@never_cache
@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """Signs this phone in for the member of the session."""
    try:
        new = NewDevice.model_validate(json.loads(request.body))
        credentials = enrol_phone(
            device_id=new.id,
            escrow_key=new.escrow_key,
            escrow=new.escrow,
            token=new.token,
            app=new.app,
            by=actor_in(request),
            now=clock.now(),
            signed_in_at=_signed_in_at(request),
        )
    except (ValidationError, ValueError, RecursionError):
        return _refused(UnableToReadPhone(_("The phone sent something that cannot be read.")))
    except UnableTo as error:
        return _refused(error)
    return _given(credentials)


@signed_in
@never_cache
@require_POST
def renew(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """A member signed in again on their phone: the lease begins anew."""
    # What is not theirs does not exist, whatever was sent with it.
    get_device(device_id, for_=actor_in(request))
    try:
        credentials = renew_phone(
            device_id=device_id,
            token=Renewal.model_validate(json.loads(request.body)).token,
            by=actor_in(request),
            now=clock.now(),
            signed_in_at=_signed_in_at(request),
        )
    except (ValidationError, ValueError, RecursionError):
        return _refused(UnableToReadPhone(_("The phone sent something that cannot be read.")))
    except UnableTo as error:
        return _refused(error)
    return _given(credentials)


def _signed_in_at(request: HttpRequest) -> datetime | None:
    """When the member last showed in this session who they are, by password or second factor."""
    moments = [row["at"] for row in get_authentication_records(request, cast("Member", request.user))]
    return datetime.fromtimestamp(max(moments), UTC) if moments else None


def _given(credentials: Credentials) -> HttpResponse:
    return JsonResponse(
        {
            "token": credentials.token,
            "lease_secret": credentials.lease_secret,
            "lease_until": credentials.lease_until.isoformat(),
            "server_time": clock.now().isoformat(),
        }
    )


def _refused(error: UnableTo) -> HttpResponse:
    return JsonResponse({"code": error.code, "message": str(error)}, status=error.status)
