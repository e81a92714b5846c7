"""What a browser tells us when somebody wants notices there, and which of it we believe."""

import base64
import json
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo

LONGEST: Final = 4000


class UnableToReadSubscription(UnableTo):
    """Not what a browser says when it is asked for notices, or a service we do not know."""

    code = "messaging.unreadable_subscription"


def is_known_service(endpoint: str) -> bool:
    """Whether an address belongs to a push service of `settings.PUSH_SERVICES`, over HTTPS.

    Anybody signed in can give us an address; without this the server would call whatever they name.
    """
    if not endpoint.isascii() or not endpoint.isprintable() or "\\" in endpoint:
        return False
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return False
    host = parts.netloc.lower()
    return parts.scheme == "https" and any(
        host.endswith(known) if known.startswith(".") else host == known for known in settings.PUSH_SERVICES
    )


def read_subscription(text: str) -> tuple[str, str]:
    """Endpoint and canonical JSON of a subscription as a browser gives it.

    Raises `UnableToReadSubscription`.
    """
    if len(text) > LONGEST:
        raise UnableToReadSubscription(_("This browser gave no address for notices."))
    try:
        given = json.loads(text)
        endpoint, keys = given["endpoint"], given["keys"]
        whole = isinstance(endpoint, str) and (_size(keys["p256dh"]), _size(keys["auth"])) == (65, 16)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnableToReadSubscription(_("This browser gave no address for notices.")) from error
    if not whole:
        raise UnableToReadSubscription(_("This browser gave no address for notices."))
    if not is_known_service(endpoint):
        raise UnableToReadSubscription(_("We do not know the notice service of this browser."))
    keys = {"p256dh": keys["p256dh"], "auth": keys["auth"]}
    return endpoint, json.dumps({"endpoint": endpoint, "keys": keys}, separators=(",", ":"))


def _size(text: str) -> int:
    """How many bytes a URL-safe base 64 text holds; ValueError when it is none."""
    bare = text.rstrip("=")
    return len(base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True))
