"""What comes off a phone without its PIN: sealed as the app seals it, as a file and as codes."""

import base64
import json
import os
import zlib
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.factories.phones import Phone

Data = dict[str, Any]
_PART = 868


def seal_record(phone: Phone, where: str, value: Any) -> Data:
    """A record as it lies in the phone's store, padded to blocks of 64 bytes."""
    text = json.dumps(value, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 64)
    nonce = os.urandom(12)
    box = AESGCM(phone.key).encrypt(nonce, text, f"nhipcau/{where}/{phone.id}".encode())
    return {"where": where, "iv": base64.b64encode(nonce).decode(), "box": base64.b64encode(box).decode()}


def rescue_file(
    phone: Phone, *outbox: Data, drawer: tuple[Data, ...] = (), device: UUID | None = None
) -> str:
    """The file: commands that were not answered, then those that were put aside with their answer."""
    records = [seal_record(phone, f"outbox/{one['id']}", one) for one in outbox]
    receipt = {"result": "refused", "code": "x", "words": "x", "about": None}
    records += [
        seal_record(
            phone, f"drawer/{one['id']}", {"command": one, "receipt": {"id": one["id"], **receipt}, "at": 1}
        )
        for one in drawer
    ]
    return rescue_of(device or phone.id, records)


def rescue_of(device: UUID, records: list[Any]) -> str:
    """A file of records as they are."""
    return json.dumps(
        {"format": "nhipcau-rescue", "v": 1, "device": str(device), "records": records},
        separators=(",", ":"),
    )


def deflated(text: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(text) + packer.flush()


def codes_of(packed: bytes, checksum: str) -> list[str]:
    """Codes with any content."""
    whole = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    total = max(1, -(-len(whole) // _PART))
    return [f"NCR1:{checksum}:{at + 1}/{total}:{whole[at * _PART : (at + 1) * _PART]}" for at in range(total)]


def rescue_codes(text: str) -> list[str]:
    """The codes of a file, in order."""
    return codes_of(deflated(text.encode()), sha256(text.encode()).hexdigest()[:8])
