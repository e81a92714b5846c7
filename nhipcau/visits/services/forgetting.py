"""Forgetting address and notes of a visit: in time, or with the person of its case."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from nhipcau.audit.services import unit_of_work
from nhipcau.cases.models import Case
from nhipcau.core.clock import local_date
from nhipcau.visits.models import Visit, VisitStep
from nhipcau.visits.queries import due_for_forgetting, to_forget_with


def forget_cases(sender: type[Case], *, case_ids: list[UUID], now: datetime, **rest: Any) -> None:
    """Hears `cases.forgotten`: a person erased, a yes taken back, a date passed. Their visits lose address
    and notes in the same transaction."""
    _forget(to_forget_with(case_ids), now)


def forget_due(*, now: datetime, limit: int = 500) -> int:
    """Forgets up to `limit` visits past their end date or of erased cases; how many. Safe to repeat."""
    with unit_of_work(by=None, now=now):
        due = due_for_forgetting(local_date(now), limit)
        _forget(due, now)
    return len(due)


def _forget(visit_ids: Sequence[UUID], now: datetime) -> None:
    """Day, hamlet, state and minutes stay as figures; the version stays, for nothing planned changed."""
    if not visit_ids:
        return
    VisitStep.objects.filter(visit_id__in=visit_ids).update(note="")
    Visit.objects.filter(pk__in=visit_ids).update(address="", notes="", result_note="", erased_at=now)
