"""The one place where a delivery changes its state."""

from datetime import datetime

from django.db.models import QuerySet

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


def wake(rows: QuerySet[Delivery], *, now: datetime) -> int:
    """Puts given-up deliveries among those that wait; how many. Two statements, however many rows.

    What was never tried begins anew and may go together with others. What was tried stays a delivery
    that failed, with what is gathered in it. Two people at once wake a delivery once.
    """
    count = 0
    # The state is asked of the row itself: somebody else may have woken it a moment ago.
    given_up = Delivery.objects.filter(pk__in=rows.order_by().values("pk"), state=DeliveryState.GIVEN_UP)
    for to, some in (
        (DeliveryState.QUEUED, given_up.filter(attempts=0)),
        (DeliveryState.FAILED, given_up.filter(attempts__gt=0)),
    ):
        check_step(DeliveryState.GIVEN_UP, to)
        count += some.update(state=to, next_try_at=now, settled_at=None)
    return count
