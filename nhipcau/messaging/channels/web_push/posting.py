"""Handing a notice to a push service. Loads an HTTP client: import it only where something is sent."""

from typing import Any, Final

import requests
from pywebpush import WebPushException, webpush

from nhipcau.messaging.channels.protocol import (
    AddressGone,
    DeliveryTrouble,
    Notice,
    PermanentTrouble,
    TemporaryTrouble,
)
from nhipcau.messaging.channels.web_push.keys import contact, private_key
from nhipcau.messaging.enums import Trouble

CONNECT_SECONDS, ANSWER_SECONDS = 5, 10
# How long a service keeps a notice for a phone that is off.
KEEP_SECONDS: Final = 12 * 3600
KEEP_URGENT_SECONDS: Final = 2 * 3600


def post(notice: Notice, payload: str, subscription: dict[str, Any]) -> str:
    """The service's answer (201 or 202); raises what `Sender.deliver` raises."""
    try:
        return _post(notice, payload, subscription)
    except WebPushException as error:
        raise _trouble(error) from error
    except (requests.ConnectionError, requests.Timeout) as error:
        raise TemporaryTrouble(Trouble.UNREACHABLE) from error
    except (requests.RequestException, ValueError) as error:
        raise PermanentTrouble(Trouble.REFUSED) from error


def _post(notice: Notice, payload: str, subscription: dict[str, Any]) -> str:
    with requests.Session() as session:
        session.max_redirects = 0  # a service we know answers itself
        answer = webpush(
            subscription,
            data=payload,
            vapid_private_key=private_key(),
            vapid_claims={"sub": contact()},
            ttl=KEEP_URGENT_SECONDS if notice.urgent else KEEP_SECONDS,
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            # The topic lets a service replace an earlier copy that the phone has not fetched yet.
            headers={"Urgency": "high" if notice.urgent else "normal", "Topic": notice.id.hex},
            requests_session=session,
        )
    return str(answer.status_code)


def _trouble(error: WebPushException) -> DeliveryTrouble:
    status = error.status_code or 0
    if status in (404, 410):
        return AddressGone()
    if status == 429 or status >= 500:
        wait = error.retry_after or ""
        return TemporaryTrouble(Trouble.BUSY, int(wait) if wait.isdecimal() and len(wait) < 7 else 0)
    return PermanentTrouble(Trouble.REFUSED)
