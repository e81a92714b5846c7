"""A phone of the volunteer, and a shorter way to send."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from nhipcau.cases.models import Case
from nhipcau.core.ids import new_id
from nhipcau.sync.rules.commands import Batch
from nhipcau.sync.services.receiving import Answer, receive
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone, make_phone

Send = Callable[..., Answer]


@pytest.fixture
def phone(cast: Cast) -> Phone:
    return make_phone(cast.volunteer, NOW)


@pytest.fixture
def send() -> Send:
    """Sends commands of a phone at a moment; `device_time`: what the phone takes for now."""

    def send_now(
        phone: Phone, *commands: Any, now: datetime = NOW, device_time: datetime | None = None
    ) -> Answer:
        batch = Batch.model_validate({"device_time": device_time or now, "commands": list(commands)})
        return receive(device_id=phone.id, batch=batch, by=phone.actor(now), now=now)

    return send_now


def opening(phone: Phone, **more: Any) -> dict[str, Any]:
    """A case about VNeID, for somebody who agreed to it."""
    data = {
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
    return phone.command("cases.open", data, NOW)


@pytest.fixture
def case(phone: Phone, send: Send) -> Case:
    """Opened by the volunteer from the phone."""
    command = opening(phone)
    send(phone, command)
    return Case.objects.get(pk=command["data"]["id"])
