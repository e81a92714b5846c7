"""A phone of the volunteer, and a shorter way to send."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from nhipcau.cases.models import Case
from nhipcau.sync.rules.commands import Batch
from nhipcau.sync.services.receiving import Answer, receive
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone, case_data, make_phone

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


def opening(phone: Phone, /, **more: Any) -> dict[str, Any]:
    """A case about VNeID, for somebody who agreed to it."""
    return phone.command("cases.open", case_data(**more), NOW)


@pytest.fixture
def case(phone: Phone, send: Send) -> Case:
    """Opened by the volunteer from the phone."""
    command = opening(phone)
    send(phone, command)
    return Case.objects.get(pk=command["data"]["id"])
