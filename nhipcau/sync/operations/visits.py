"""What a home visit came to, as its visitors send it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from nhipcau.cases.queries import team_at_work
from nhipcau.cases.services import NewSession, record_sessions_in_bulk
from nhipcau.core.clock import local_date
from nhipcau.core.scope import Actor
from nhipcau.sync.enums import ConflictReason, Entity, Result
from nhipcau.sync.operations import former
from nhipcau.sync.operations.sessions import Session, Word, new_session
from nhipcau.sync.rules.commands import Command, Done, FieldConflict, Held, Operation, Shape
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from nhipcau.visits import services
from nhipcau.visits.enums import VisitState
from nhipcau.visits.models import Visit
from nhipcau.visits.services import UnableToRecordResult, VisitResult

_COUNTED_ONCE = _("The help was written down by another visitor already. It counts once.")


class ResultShape(Shape):
    """`outcome` is a state that carries a result; `minutes` where somebody was met."""

    visit: UUID
    outcome: Word
    minutes: Annotated[int, Field(ge=0, le=480)] | None = None
    next_step: Word
    note: Annotated[str, Field(max_length=2000)] = ""
    session: Session | None = None


def _record(command: Command, by: Actor, now: datetime) -> Done:
    data: ResultShape = command.data
    if (lost := former.of_visit(data.visit, by)) is not None:
        # Who was taken off the visit may have found somebody else there: a person decides.
        return former.not_yours(lost)
    seen = command.base.get("version")
    try:
        recorded = services.record_result(
            visit_id=data.visit,
            result=_result(command, by),
            by=by,
            now=now,
            seen_version=seen if isinstance(seen, int) else None,
        )
    except UnableToRecordResult as error:
        return _held(command, error.standing)
    words = _COUNTED_ONCE if recorded.counted_before else ""
    if recorded.already:
        return Done(Result.ALREADY_APPLIED, about=data.visit, words=words)
    return Done(Result.MERGED if recorded.merged else Result.APPLIED, about=data.visit, words=words)


def _result(command: Command, author: Actor) -> VisitResult:
    data: ResultShape = command.data
    return VisitResult(
        state=data.outcome,
        at=command.at,
        next_step=data.next_step,
        minutes=data.minutes or None,
        note=data.note,
        session=_session(command, author),
    )


def _session(command: Command, author: Actor) -> NewSession | None:
    data: Session | None = command.data.session
    if data is None:
        return None
    team = team_at_work(author, commune=data.commune, today=local_date(command.at))
    return new_session(data, at=command.at, by=author, team=team)


def _held(command: Command, visit: Visit) -> Done:
    data: ResultShape = command.data
    theirs: dict[str, Any] = {
        "outcome": visit.state,
        "minutes": visit.minutes,
        "next_step": visit.next_step,
        "note": visit.result_note,
    }
    mine = data.model_dump(mode="json")
    cancelled = visit.state == VisitState.CANCELLED
    fields = tuple(FieldConflict(name, None, theirs[name], mine[name]) for name in theirs)
    held = Held(
        ConflictReason.NOT_YOURS if cancelled else ConflictReason.OTHER_RESULT,
        Entity.VISIT,
        visit.pk,
        visit.commune_id,
        fields,
    )
    if cancelled:
        words = _("This visit was called off meanwhile. Who plans the visits decides: nothing is lost.")
        return Done(Result.NEEDS_PERSON, visit.pk, "sync.not_yours", words, held)
    words = _("Somebody else wrote down another result. Look at both and choose.")
    return Done(Result.NEEDS_PERSON, visit.pk, "sync.other_result", words, held)


def _take(command: Command, by: Actor, now: datetime) -> Done:
    """In the author's name, with the help they gave: also when they may record none there any more."""
    author = actor_of(Member.objects.get(pk=command.author or by.id), now)
    result = _result(command, author)
    session = result.session
    if session is not None:
        others = Visit.objects.filter(pk=command.data.visit, session__isnull=False)
        if not others.exclude(session_id=session.id).exclude(session__volunteer_id=author.id).exists():
            record_sessions_in_bulk(sessions=[session], by=by, now=now)
    services.replace_result(
        visit_id=command.data.visit, result=result, by=by, now=now, author=author.id, at=command.at
    )
    return Done(about=command.data.visit)


def _lost(command: Command, by: Actor, now: datetime) -> Held | None:
    return former.of_visit(command.data.visit, by)


OPERATIONS = (Operation("visits.record_result", 1, ResultShape, _record, take=_take, lost=_lost),)
