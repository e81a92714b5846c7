"""What a phone asks and says: commands in, the day pack out. The token in the header is the door."""

from datetime import datetime
from typing import Any, Final, Literal, cast

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from ninja.security import HttpBearer

from nhipcau.core import clock
from nhipcau.core.errors import UnableTo
from nhipcau.core.limits import take_try
from nhipcau.devices.models import Device
from nhipcau.devices.queries import device_by_token
from nhipcau.devices.services.enrolling import revoke
from nhipcau.sync.rules.commands import MOST_BYTES, Batch, UnableToTakeSoMuch, read_batch
from nhipcau.sync.services.packing import hand_out
from nhipcau.sync.services.receiving import Answer, receive
from nhipcau.teams.access import MemberActor, actor_of


class UnableToLetPhoneIn(UnableTo):
    """No phone has this token: it was signed in again, or never."""

    code = "sync.unknown_token"
    status = 401


class UnableToTrustPhone(UnableToLetPhoneIn):
    """The phone was shut from afar."""

    code = "sync.device_revoked"


class UnableToTrustLease(UnableToLetPhoneIn):
    """The phone was away for too long."""

    code = "sync.lease_ended"


class UnableToTrustMember(UnableToLetPhoneIn):
    """The account was closed."""

    code = "sync.account_closed"


class UnableToTryAgain(UnableToLetPhoneIn):
    """Too many tokens that nobody has came from one corner of the network."""

    code = "sync.too_many_tries"
    status = 429


# A token cannot be guessed; this keeps who tries all the same from costing us anything. A right one is never
# kept out by others: thousands of phones share an address of a mobile network.
WRONG_TRIES: Final = 200
WAIT_SECONDS: Final = 600
_DEADLOCK: Final = "40P01"


class ByToken(HttpBearer):
    """Whoever holds the token of a phone that is signed in, within its lease."""

    def __call__(self, request: HttpRequest) -> Device:
        """Without a token, or with another sort of key: refused like a token that nobody has."""
        scheme, _space, token = request.headers.get(self.header, "").partition(" ")
        return self.authenticate(request, token.strip() if scheme.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> Device:
        device = device_by_token(token)
        if device is None:
            now = clock.now()
            if not take_try("sync.token", request, most=WRONG_TRIES, seconds=WAIT_SECONDS, now=now):
                raise UnableToTryAgain(_("Too many tries. Wait a while."))
            raise UnableToLetPhoneIn(_("This phone is not signed in. Sign in again: nothing is lost."))
        if device.revoked_at is not None:
            raise UnableToTrustPhone(_("This phone was shut. Ask who leads your team."))
        if not device.member.is_active:
            raise UnableToTrustMember(_("This account is closed."))
        if device.lease_until <= clock.now():
            raise UnableToTrustLease(_("This phone was away for too long. Sign in again: nothing is lost."))
        return device


router = Router(tags=["sync"], auth=ByToken())


class Refusal(Schema):
    """Why a request could not be answered: a stable code, and a sentence."""

    code: str
    message: str


class ReceiptOut(Schema):
    """The one answer to a command. `words` are for a person; `about` is the record it made or changed."""

    id: str
    result: Literal["applied", "already_applied", "merged", "needs_person", "refused"]
    code: str
    words: str
    about: str | None


class ReceiptsOut(Schema):
    """One receipt a command; `later`: ids of commands that wait for one they need."""

    server_time: str
    lease_until: str
    receipts: list[ReceiptOut]
    later: list[str]


class LeftOut(Schema):
    """When the phone was shut."""

    server_time: str


class ItemOut(Schema):
    """A thing of the day pack; without `body` it is gone."""

    seq: int
    kind: str
    id: str
    body: dict[str, Any] | None


class PackOut(Schema):
    """What changed for this phone after a place in its own sequence."""

    epoch: str
    server_time: str
    lease_until: str
    items: list[ItemOut]
    next: int
    more: bool


REFUSALS = {401: Refusal, 413: Refusal, 422: Refusal, 429: Refusal}
COMMANDS_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": Batch.model_json_schema()}},
    }
}


def _who(request: HttpRequest) -> tuple[Device, MemberActor]:
    device = cast("Device", vars(request)["auth"])
    return device, actor_of(device.member, clock.now())


def _received(device: Device, batch: Batch, by: MemberActor, now: datetime) -> Answer:
    """Of two phones that change the same in opposite order the database ends one: it goes after the other."""
    try:
        return receive(device_id=device.pk, batch=batch, by=by, now=now)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != _DEADLOCK:
            raise
        return receive(device_id=device.pk, batch=batch, by=by, now=now)


@router.post("/commands", response={200: ReceiptsOut, **REFUSALS}, openapi_extra=COMMANDS_BODY)
def commands(request: HttpRequest, response: HttpResponse) -> Any:
    """A phone's commands, at most 200 and 512 KiB at once. The same command again: the same receipt."""
    device, actor = _who(request)
    response["Cache-Control"] = "no-store"
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise UnableToTakeSoMuch(_("Too much at once. Send less at a time."))
    now = clock.now()
    answer = _received(device, read_batch(request.body), actor, now)
    return {
        "server_time": now.isoformat(),
        "lease_until": answer.lease_until.isoformat(),
        "receipts": [
            {
                "id": str(row.pk),
                "result": row.result,
                "code": row.code,
                "words": row.words,
                "about": str(row.about) if row.about else None,
            }
            for row in answer.receipts
        ],
        "later": [str(each) for each in answer.later],
    }


@router.post("/leave", response={200: LeftOut, **REFUSALS})
def leave(request: HttpRequest, response: HttpResponse) -> Any:
    """The member takes their work off this phone: its token opens nothing any more."""
    device, actor = _who(request)
    response["Cache-Control"] = "no-store"
    now = clock.now()
    revoke(device_id=device.pk, by=actor, now=now)
    return {"server_time": now.isoformat()}


@router.get("/pack", response={200: PackOut, **REFUSALS})
def pack(
    request: HttpRequest,
    response: HttpResponse,
    after: int = 0,
    epoch: str = "",
    language: Literal["vi", "en", "th"] = "vi",
) -> Any:
    """What this volunteer needs here and now, after a place in the phone's own sequence, page by page."""
    device, actor = _who(request)
    response["Cache-Control"] = "no-store"
    now = clock.now()
    page = hand_out(device_id=device.pk, after=after, epoch=epoch, language=language, by=actor, now=now)
    return {
        "epoch": page.epoch,
        "server_time": now.isoformat(),
        "lease_until": page.lease_until.isoformat(),
        "items": [
            {"seq": item.sequence, "kind": item.kind, "id": item.id, "body": item.body} for item in page.items
        ],
        "next": page.next,
        "more": page.more,
    }
