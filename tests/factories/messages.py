"""Messages and addresses for tests: made through the services, as other rooms make them."""

import base64
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from nhipcau.messaging import services
from nhipcau.messaging.enums import Channel, DeliveryState, Kind, Trouble
from nhipcau.messaging.models import Address, Delivery, Message

BROWSER_KEY = ec.derive_private_key(7, ec.SECP256R1())
BROWSER_SECRET = bytes(range(16))


def tell(to: UUID, now: datetime, *, subject: str = "Ca trực thứ Hai", **more: object) -> Message:
    """One message, sent as a room sends it: inside its own transaction."""
    values: dict[str, Any] = {"kind": Kind.SHIFT_REMINDER, "body": "Bắt đầu lúc 7:00.", "link": "/messages/"}
    draft = services.Draft(to=to, subject=subject, **values | more)
    with transaction.atomic():
        return services.send_all(drafts=[draft], now=now)[0]


def confirmed_email(to: UUID, now: datetime, email: str = "lan@example.vn") -> Address:
    """An e-mail address whose code was typed in. The installation must have a mail server."""
    row = services.give_email(recipient=to, email=email, commune="24848", language="vi", now=now)
    services.confirm_email(recipient=to, code=row.code, now=now)
    return row


def subscription(endpoint: str = "https://fcm.googleapis.com/fcm/send/abc") -> str:
    """What a browser tells about itself."""
    numbers = BROWSER_KEY.public_key().public_numbers()
    point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    keys = {
        name: base64.urlsafe_b64encode(value).decode().rstrip("=")
        for name, value in (("p256dh", point), ("auth", BROWSER_SECRET))
    }
    return json.dumps({"endpoint": endpoint, "expirationTime": None, "keys": keys})


def browser(to: UUID, now: datetime, endpoint: str = "https://fcm.googleapis.com/fcm/send/abc") -> Address:
    """A browser that shows notices."""
    return services.give_browser(
        recipient=to, subscription=subscription(endpoint), label="Android", commune="24848", now=now
    )


def make_messages(to: UUID, now: datetime) -> dict[str, str]:
    """One of each, for the addresses of pages; one more that did not get through."""
    message, address = tell(to, now), browser(to, now)
    lost = Delivery.objects.get(message=tell(to, now), channel=Channel.WEB_PUSH)
    Delivery.objects.filter(pk=lost.pk).update(
        state=DeliveryState.GIVEN_UP, trouble=Trouble.REFUSED, attempts=1, settled_at=now
    )
    return {"message": str(message.pk), "address": str(address.pk), "delivery": str(lost.pk)}
