"""Once more, by the hand of somebody who runs the programme: what was given up goes out again.

Quiet hours, wishes and the daily ceiling hold as for everything that waits. What is too old to be of use
stays given up. Who asked is noted by the caller: the record of acts stands beside this room.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from nhipcau.messaging.enums import Channel
from nhipcau.messaging.queries import worth_another_try
from nhipcau.messaging.services.steps import wake


def try_again(*, delivery_id: UUID, now: datetime) -> bool:
    """One delivery; False when there is nothing to do: it waits already, went out, or is too old."""
    with transaction.atomic():
        return bool(wake(worth_another_try(now).filter(pk=delivery_id), now=now))


def try_all_again(*, channel: Channel, now: datetime) -> int:
    """All of a channel; how many."""
    with transaction.atomic():
        return wake(worth_another_try(now).filter(channel=channel), now=now)
