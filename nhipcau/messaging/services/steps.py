"""The one place where a delivery changes its state."""

from datetime import datetime

from nhipcau.messaging.enums import WAITING, DeliveryState, Trouble
from nhipcau.messaging.models import Delivery
from nhipcau.messaging.rules import LEASE, check_step

CHANGED = (
    "state",
    "attempts",
    "next_try_at",
    "started_at",
    "settled_at",
    "receipt",
    "trouble",
    "gathered_into",
)


def step(
    row: Delivery,
    to: DeliveryState,
    *,
    now: datetime,
    again_at: datetime | None = None,
    trouble: Trouble = Trouble.NONE,
    receipt: str = "",
) -> None:
    """Moves a delivery by the table (raises `IllegalStep`); the caller saves the columns `CHANGED`.

    `again_at`: when one that waits is looked at again.
    """
    check_step(row.state, to)
    row.state, row.trouble, row.receipt = to, trouble, receipt[:200]
    if to == DeliveryState.SENDING:
        row.attempts += 1
        row.started_at, row.next_try_at = now, now + LEASE
    elif to in WAITING:
        row.next_try_at = again_at or now
    else:
        row.settled_at = now
