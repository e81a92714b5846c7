"""Personal data of a case: shown with a record of the look, taken back, and forgotten in time."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404

from nhipcau.audit.services import record_read, unit_of_work
from nhipcau.cases import signals
from nhipcau.cases.enums import EventKind
from nhipcau.cases.models import Case, CaseEvent, Dossier, PapersCheck
from nhipcau.cases.queries import EDIT, ERASE, PERSONAL, Reach, due_for_erasure, get_case, ongoing_of
from nhipcau.citizens import services as citizens
from nhipcau.citizens.enums import Purpose
from nhipcau.citizens.models import Citizen
from nhipcau.citizens.queries import HeldData
from nhipcau.core.clock import local_date
from nhipcau.core.scope import Actor


def show_person(*, case_id: UUID, by: Actor, now: datetime) -> tuple[Case, HeldData]:
    """What we hold about the person of a case. The look is recorded, on the case and on the person."""
    case, citizen = _with_person(case_id, by, PERSONAL)
    record_read(by=by, entity="cases_case", entity_id=str(case.pk), commune=case.commune_id, now=now)
    return case, citizens.export_for_citizen(citizen=citizen, by=by, now=now)


def withdraw_consent(*, case_id: UUID, by: Actor, now: datetime) -> None:
    """The citizen takes back the yes to follow-up; without another purpose everything is erased."""
    _case, citizen = _with_person(case_id, by, EDIT)
    with unit_of_work(by=by, now=now):
        gone = citizens.withdraw_consent(citizen_id=citizen.pk, purpose=Purpose.FOLLOW_UP, by=by, now=now)
        if not gone:
            forget([row.pk for row in ongoing_of(citizen.pk)], by=by, now=now)


def erase_person(*, case_id: UUID, by: Actor, now: datetime) -> None:
    """Erases the person of a case everywhere, as they asked."""
    _case, citizen = _with_person(case_id, by, ERASE)
    citizens.erase_citizen(citizen_id=citizen.pk, by=by, now=now)


def forget_citizens(
    sender: type[Citizen], *, citizen_ids: list[UUID], by: Actor | None, now: datetime, **rest: Any
) -> None:
    """Hears `citizens.erased`: cases of these people lose their link, notes and follow pages."""
    cases = Case.objects.filter(citizen_id__in=citizen_ids, erased_at__isnull=True)
    forget(cases.values_list("id", flat=True), by=by, now=now)


def erase_due(*, now: datetime, limit: int = 500) -> int:
    """Forgets up to `limit` cases past their end date; how many. Safe to repeat."""
    with unit_of_work(by=None, now=now):
        due = due_for_erasure(local_date(now), limit)
        forget(due, by=None, now=now)
    return len(due)


def forget(case_ids: Iterable[UUID], *, by: Actor | None, now: datetime) -> None:
    """Empties notes, token, dossier codes and papers and cuts the link to the person.

    State, dates and figures stay. A dossier code opens the person's file on the official portal: as good
    as a name.
    """
    ids = list(case_ids)
    if not ids:
        return
    CaseEvent.objects.filter(case_id__in=ids).update(note="")
    Dossier.objects.filter(case_id__in=ids).update(code="", code_index="")
    PapersCheck.objects.filter(case_id__in=ids).update(content="")
    Case.objects.filter(pk__in=ids).update(citizen=None, token="", token_hash=None, erased_at=now)
    CaseEvent.objects.bulk_create(
        CaseEvent(case_id=case_id, kind=EventKind.ERASED, at=now, by_id=by.id if by else None)
        for case_id in ids
    )
    signals.forgotten.send(sender=Case, case_ids=ids, now=now)


def _with_person(case_id: UUID, by: Actor, reach: Reach) -> tuple[Case, Citizen]:
    case = get_case(case_id, for_=by, reach=reach)
    if case.citizen is None:
        raise Http404
    return case, case.citizen
