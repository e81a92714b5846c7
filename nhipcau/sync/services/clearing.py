"""What came from phones is forgotten in time, or with the person it speaks of; receipts after a year."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from nhipcau.audit.services import unit_of_work
from nhipcau.cases.models import Case
from nhipcau.citizens.models import Citizen
from nhipcau.citizens.queries import Asked
from nhipcau.core.clock import local_date
from nhipcau.sync.enums import ConflictState, Keep
from nhipcau.sync.models import Conflict, Receipt
from nhipcau.sync.queries.conflicts import about_cases, about_people, due_to_empty
from nhipcau.sync.rules.keeping import KEEP_RECEIPTS
from nhipcau.sync.services.announcing import tell_forgotten


def forget_citizens(sender: type[Citizen], *, asked: tuple[Asked, ...], now: datetime, **rest: Any) -> None:
    """Hears `citizens.erased`: cases of those who asked for it that came from phones and were never opened.

    Where only an end date passed, what came from a phone has its own."""
    _empty(about_people(asked), now)


def forget_cases(sender: type[Case], *, case_ids: list[UUID], now: datetime, **rest: Any) -> None:
    """Hears `cases.forgotten`: what came from phones about these cases and their visits is emptied."""
    _empty(about_cases(case_ids), now)


def forget_due(*, now: datetime, limit: int = 500) -> int:
    """Empties up to `limit` conflicts past their end date; how many. Safe to repeat."""
    with unit_of_work(by=None, now=now):
        due = due_to_empty(local_date(now), limit)
        _empty(due, now)
    return len(due)


def drop_receipts(*, now: datetime, limit: int = 5000) -> int:
    """Deletes up to `limit` receipts that no phone can ask for any more; how many. Safe to repeat."""
    with unit_of_work(by=None, now=now):
        old = Receipt.objects.filter(received_at__lt=now - KEEP_RECEIPTS).order_by("received_at", "id")
        gone, _each = Receipt.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()
    return gone


def _empty(ids: Iterable[UUID], now: datetime) -> None:
    """One that nobody decided about has nothing left to decide: what stands is kept, and people are told."""
    rows = Conflict.objects.filter(pk__in=list(ids))
    waited = list(rows.filter(state=ConflictState.OPEN).select_related("commune").order_by("id"))
    rows.filter(pk__in=[row.pk for row in waited]).update(
        state=ConflictState.DECIDED, keep=Keep.SERVER, decided_at=now
    )
    rows.update(content="", phone_index="", emptied_at=now)
    for row in waited:
        tell_forgotten(row, now=now)
