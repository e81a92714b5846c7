"""Holding what a person has in hand against the guide of their case, and keeping the result with it."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.cases.enums import CaseState, EventKind, PapersVerdict
from nhipcau.cases.models import Case, CaseEvent, PapersCheck
from nhipcau.cases.queries import (
    EDIT,
    get_case,
    papers_history,
    sheet,
    version_held,
    version_now,
    versions_shown,
)
from nhipcau.cases.rules import can_transition
from nhipcau.cases.services.timeline import move
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.procedures.models import ProcedureVersion

# A phone shows what held when it last met the server: so long ago at most.
_CARRIED: Final = timedelta(days=10)
# A verdict that is sure says how far the case is; what must be asked first does not.
_STATES = {
    PapersVerdict.READY: CaseState.PAPERS_READY,
    PapersVerdict.MISSING: CaseState.PAPERS_MISSING,
}


class UnableToCheckPapers(UnableTo):
    """The case has no such list, or the list was checked before with other papers."""

    code = "cases.unable_to_check_papers"


@dataclass(frozen=True, slots=True)
class NewPapersCheck:
    """What was said and ticked. `id` is made by whoever records it; `version` is the one that was shown."""

    id: UUID
    case: UUID
    version: UUID
    answers: Mapping[str, Any]
    have: Collection[str]


def check_papers(
    *, check: NewPapersCheck, by: Actor, now: datetime, at: datetime | None = None
) -> PapersCheck:
    """Keeps the result with the case; a sure one brings the case to "papers ready" or "papers missing",
    unless the papers were checked again since, or somebody else moved it. `at`: when they were checked, where
    we hear of it only now.

    The same id with the same content is accepted again. Raises `UnableToCheckPapers`, 404.
    """
    with unit_of_work(by=by, now=now):
        case = get_case(check.case, for_=by, reach=EDIT, lock=True)
        if case.erased_at is not None or case.procedure is None:
            raise Http404
        checked_at = at or now
        latest = papers_history(case).first()
        version = _version(case, latest, check.version, now, at)
        found = sheet(case, version, dict(check.answers), check.have, local_date(checked_at))
        row = PapersCheck(
            id=check.id,
            case=case,
            version=version,
            content=json.dumps({"answers": found.answers, "have": list(found.have)}, ensure_ascii=False),
            verdict=found.verdict,
            missing=found.lacking,
            checked_at=checked_at,
            checked_by_id=by.id,
        )
        existing = PapersCheck.objects.filter(pk=check.id).first()
        if existing is not None:
            return _same(existing, row)
        row.save(force_insert=True)
        CaseEvent.objects.create(case=case, kind=EventKind.PAPERS, at=now, by_id=by.id)
        state = _STATES.get(PapersVerdict(found.verdict))
        newest = _is_newest(case, latest, checked_at, by)
        if newest and state is not None and can_transition(case.state, state):
            move(case, state, by, now)
    return row


def _is_newest(case: Case, latest: PapersCheck | None, checked_at: datetime, by: Actor) -> bool:
    """Neither checked again since nor moved since by somebody else: that is, by hand, as an older check that
    was sent late is no news either. Of one's own moves the server may know only when they came."""
    if latest is not None and latest.checked_at > checked_at:
        return False
    checks = CaseEvent.objects.filter(case=case, kind=EventKind.PAPERS, by=OuterRef("by"), at=OuterRef("at"))
    moves = CaseEvent.objects.filter(case=case, kind=EventKind.MOVED, at__gt=checked_at).exclude(by_id=by.id)
    return not moves.exclude(Exists(checks)).exists()


def _same(existing: PapersCheck, row: PapersCheck) -> PapersCheck:
    names = ("case_id", "version_id", "content", "checked_by_id")
    if any(getattr(existing, name) != getattr(row, name) for name in names):
        raise UnableToCheckPapers(_("These papers were checked before with another result."))
    return existing


def _version(
    case: Case, latest: PapersCheck | None, version: UUID, now: datetime, at: datetime | None
) -> ProcedureVersion:
    """The version that the person holds, or the one in force, now or when they were checked without signal:
    no other says anything about this case."""
    for row in (version_held(case, latest), version_now(case, local_date(now))):
        if row is not None and row.pk == version:
            return row
    if at is not None:
        day = local_date(at)
        shown = versions_shown(case, day - _CARRIED, day).filter(pk=version).first()
        if shown is not None:
            return shown
    raise UnableToCheckPapers(_("The list has changed in the meantime. Open the papers of the case again."))
