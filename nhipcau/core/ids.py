"""Identifiers: UUIDv7 for records, short speakable codes for people, random tokens for links.

A code has seven random characters and one check character. The alphabet has 31 signs – a prime –
without 0, 1, I, L and O, so a weighted sum modulo 31 finds every single wrong character and every
swap of two neighbours (the argument of ISO 7064 for prime moduli).
"""

import secrets
from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.core import clock
from nhipcau.core.errors import UnableTo

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_BODY = 7
_VALUE = {sign: index for index, sign in enumerate(ALPHABET)}


def new_id(at: datetime | None = None, entropy: int | None = None) -> UUID:
    """A UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, then 74 random bits.

    `at` and `entropy` let a seeded generator make the same identifiers twice.
    """
    moment = at if at is not None else clock.now()
    millis = int(moment.timestamp() * 1000) & ((1 << 48) - 1)
    random = (entropy if entropy is not None else secrets.randbits(74)) & ((1 << 74) - 1)
    high, low = random >> 62, random & ((1 << 62) - 1)
    return UUID(int=millis << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def made_at(identifier: UUID) -> datetime:
    """When one of our own identifiers (UUIDv7) was made, to the millisecond."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)


class UnableToReadCode(UnableTo):
    """The text is no code of ours, or one of its characters is wrong."""

    code = "core.unreadable_code"


def _check_sign(body: str) -> str:
    total = sum((position + 2) * _VALUE[sign] for position, sign in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]


def make_code(entropy: int | None = None) -> str:
    """A new code such as `7K3M-9QX4`: 31^7 (2.7e10) possibilities and a check character."""
    number = entropy if entropy is not None else secrets.randbelow(len(ALPHABET) ** _BODY)
    signs = []
    for _step in range(_BODY):
        number, value = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[value])
    body = "".join(signs)
    whole = body + _check_sign(body)
    return f"{whole[:4]}-{whole[4:]}"


def read_code(text: str) -> str:
    """Canonical form of a code as a person typed or spoke it: any case, spaces, dashes or dots.

    Raises `UnableToReadCode` when it is not a code or its check character does not fit.
    """
    signs = "".join(sign for sign in text[:64].upper() if sign.isalnum())
    if len(signs) != _BODY + 1 or any(sign not in _VALUE for sign in signs):
        raise UnableToReadCode(
            _("A code has 8 letters or digits, for example 7K3M-9QX4. It never has 0, 1, I, L or O.")
        )
    if _check_sign(signs[:_BODY]) != signs[_BODY]:
        raise UnableToReadCode(
            _("One character of this code is not right. Please compare it with your card.")
        )
    return f"{signs[:4]}-{signs[4:]}"


def new_token() -> str:
    """An unguessable link token: 160 random bits, 27 characters safe in an address."""
    return secrets.token_urlsafe(20)
