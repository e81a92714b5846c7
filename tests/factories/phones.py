"""Phones of the tests: enrolled through the service, with keys of their own, and what they send."""

import base64
import os
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from nhipcau.core.ids import new_id
from nhipcau.sync.services.enrolling import Credentials, enrol, sealing_key
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


def make_phone(member: Member, now: datetime) -> Phone:
    """Signs a new phone in for a member."""
    actor = actor_of(member, now)
    province = sealing_key(commune=actor.commune, by=actor, now=now)
    key, device_id = os.urandom(32), new_id(now)
    credentials = enrol(
        device_id=device_id,
        escrow_key=province.pk,
        escrow=seal(province.public, key),
        app="0.1.0",
        by=actor,
        now=now,
    )
    return Phone(member, device_id, key, credentials)
