"""The key by which push services and browsers know this installation (VAPID, RFC 8292)."""

import base64
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from py_vapid import Vapid

from nhipcau.core.crypto import secret_number

# The order of the curve P-256 (FIPS 186-4): a private key is a number from 1 to one less.
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def private_key() -> Vapid:
    """`NHIPCAU_PUSH_KEY`, else made from the installation's index key: nothing more to keep or lose."""
    if settings.PUSH_KEY:
        return Vapid.from_string(settings.PUSH_KEY)
    number = secret_number(purpose="messaging.web_push", below=_ORDER - 1) + 1
    return Vapid.from_raw(base64.urlsafe_b64encode(number.to_bytes(32, "big")))


def public_key() -> str:
    """What a browser needs to subscribe (`applicationServerKey`): the point, URL-safe base 64."""
    numbers = private_key().public_key.public_numbers()
    point: bytes = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def contact() -> str:
    """Whom a push service may ask about us: the site, in the form the standard's libraries accept."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    return f"https://{host}" if "." in host and ":" not in host else "https://localhost"
