"""Phones of the tests: enrolled through the service, with keys of their own, and what they send."""

import base64
import os
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from nhipcau.audit.services import unit_of_work
from nhipcau.cases.enums import CLOSED_STATES
from nhipcau.cases.models import Case
from nhipcau.core.crypto import new_sealing_key
from nhipcau.core.ids import new_id
from nhipcau.devices.models import ProvinceKey
from nhipcau.devices.queries import key_in_use
from nhipcau.devices.services.enrolling import Credentials, enrol, sealing_key
from nhipcau.places.models import Unit
from nhipcau.sync.models import Conflict
from nhipcau.sync.rules.commands import Batch
from nhipcau.sync.services.receiving import receive
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.teams.models import Member


@dataclass
class Phone:
    """A member's phone as the server sees it; `key` is the data key that only the phone has in clear."""

    member: Member
    id: UUID
    key: bytes
    credentials: Credentials
    sequence: "count[int]" = field(default_factory=lambda: count(1))

    def actor(self, now: datetime) -> MemberActor:
        return actor_of(self.member, now)

    def command(self, name: str, data: dict[str, Any], at: datetime, **more: Any) -> dict[str, Any]:
        """A command as it goes over the wire."""
        return {
            "id": str(new_id(at)),
            "seq": next(self.sequence),
            "name": name,
            "v": 1,
            "made_at": at.isoformat(),
            "needs": [],
            "base": None,
            "data": data,
            **more,
        }

    def session(self, at: datetime, **more: Any) -> dict[str, Any]:
        """A help session, version 2."""
        data = {
            "id": str(new_id(at)),
            "commune": "24848",
            "need": "topic:vneid",
            "service_point": None,
            "minutes": 15,
            "outcome": "done",
            "alone": "half",
            "age_band": "60_74",
            "language": "vi",
            "first_time": True,
            "came_back_for_papers": None,
            "papers": "not_checked",
            **more,
        }
        return self.command("sessions.record", data, at, v=2)


def seal(spki: str, key: bytes) -> str:
    """As the browser seals the data key to the province."""
    public = load_der_public_key(base64.b64decode(spki))
    assert isinstance(public, rsa.RSAPublicKey)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    return base64.b64encode(public.encrypt(key, oaep)).decode()


def case_data(**more: Any) -> dict[str, Any]:
    """What a phone sends of a case about VNeID, for somebody who agreed to it."""
    return {
        "id": str(new_id()),
        "commune": "24848",
        "need": "topic:vneid",
        "service_point": None,
        "session": None,
        "name": "Bà Mẫu",
        "phone": "0912345678",
        "helping_language": "vi",
        "keep_months": 6,
        "due_on": None,
        "consent": {"purpose": "follow_up", "method": "spoken_witnessed", "language": "vi"},
        "known_citizen": None,
        "another_person": False,
        **more,
    }


def phone_token() -> str:
    """As the phone makes it."""
    return secrets.token_urlsafe(32)


@cache
def _pair() -> tuple[str, str]:
    """A province's keys: to make them takes longer than most tests, so those of a run share one pair."""
    private, public = new_sealing_key()
    return private, public


def _province_key(actor: MemberActor, now: datetime) -> ProvinceKey:
    province = Unit.objects.get(pk=actor.commune).parent_id
    if key_in_use(province or "") is None:
        private, public = _pair()
        with unit_of_work(by=actor, now=now):
            ProvinceKey.objects.create(
                id=new_id(now), province_id=province, public=public, private=private, made_at=now
            )
    return sealing_key(commune=actor.commune, by=actor, now=now)


def make_phone(member: Member, now: datetime) -> Phone:
    """Signs a new phone in for a member."""
    actor = actor_of(member, now)
    province = _province_key(actor, now)
    key, device_id = os.urandom(32), new_id(now)
    credentials = enrol(
        device_id=device_id,
        escrow_key=province.pk,
        escrow=seal(province.public, key),
        token=phone_token(),
        app="0.1.0",
        by=actor,
        now=now,
        signed_in_at=now,
    )
    return Phone(member, device_id, key, credentials)


def make_waiting(*, volunteer: Member, now: datetime) -> dict[str, str]:
    """A phone of the volunteer, and something it sent about a case of theirs that a person must decide."""
    phone = make_phone(volunteer, now)
    open_cases = Case.objects.filter(assigned_to=volunteer, erased_at__isnull=True)
    case = open_cases.exclude(state__in=CLOSED_STATES).order_by("opened_at", "id")[0]
    day = (now + timedelta(days=9)).date().isoformat()
    # It does not say what it had seen, so nothing is written over.
    command = phone.command("cases.change", {"case": str(case.pk), "set": {"due_on": day}}, now)
    batch = Batch.model_validate({"device_time": now, "commands": [command]})
    receive(device_id=phone.id, batch=batch, by=phone.actor(now), now=now)
    return {"phone": str(phone.id), "conflict": str(Conflict.objects.get(command=command["id"]).pk)}
