"""What a visit came to: written down once, told apart when two people say different things."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.cases import services as cases
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from nhipcau.visits.enums import VisitState
from nhipcau.visits.models import Visit
from nhipcau.visits.queries import found, visits_to_record
from nhipcau.visits.rules import UnableToReadResult, VisitResult, check_move, check_result
from nhipcau.visits.services import telling
from nhipcau.visits.services.steps import read_text, write


class UnableToRecordResult(UnableTo):
    """Another result stands already, or the visit was called off meanwhile: a person decides.

    `standing` is the visit as it stands, with its result and `result_by`.
    """

    code = "visits.result_differs"

    def __init__(self, standing: Visit) -> None:
        super().__init__(_("Something else was written down for this visit meanwhile. Somebody must choose."))
        self.standing = standing


@dataclass(frozen=True, slots=True)
class RecordedResult:
    """The visit as it stands. `already`: the same result stood before, nothing changed. `merged`: the
    plan had changed since `seen_version`, and the result was written to the visit as it is now.
    `counted_before`: the help was not recorded, for another visitor's of this visit stands; `by` is told.
    """

    visit: Visit
    already: bool
    merged: bool = False
    counted_before: bool = False


def record_result(
    *, visit_id: UUID, result: VisitResult, by: Actor, now: datetime, seen_version: int | None = None
) -> RecordedResult:
    """Writes down what a visit came to, with the help session of its visitor and a line in its case.

    Who wrote the standing result corrects it by naming its version. Whoever was taken off the visit
    meanwhile may still say what they found. Raises `UnableToReadResult`, `UnableToPlanVisit` (note too
    long), `UnableToWriteDown`, `UnableToRecordResult`, what `cases.record_session` raises, and 404.
    """
    result = _checked(result, now)
    with unit_of_work(by=by, now=now):
        visit = found(visits_to_record(by), visit_id, lock=True)
        _check_session(visit, result, by.id)
        if _says(visit, result):
            left = not _attach_session(visit, result, by, now)
            return RecordedResult(visit, already=True, counted_before=left)
        corrects = visit.result_by_id == by.id and visit.version == seen_version
        if visit.state != VisitState.PLANNED and not corrects:
            raise UnableToRecordResult(visit)
        merged = seen_version is not None and seen_version != visit.version
        left = not _apply(visit, result, author=by, by=by, now=now)
    return RecordedResult(visit, already=False, merged=merged, counted_before=left)


def replace_result(
    *,
    visit_id: UUID,
    result: VisitResult,
    by: Actor,
    now: datetime,
    author: UUID | None = None,
    at: datetime | None = None,
    seen_version: int | None = None,
) -> RecordedResult:
    """Puts a result in the place of what stands, as `by` decided; what stood stays in the steps.

    `author` is who brought the result (default: `by`), `at` when they wrote it down, where we hear of it
    only now; the help session is theirs. With `seen_version`
    the decision holds only for the visit as it was shown. Raises as `record_result` does.
    """
    result = _checked(result, at or now)
    with unit_of_work(by=by, now=now):
        visit = found(visits_to_record(by), visit_id, lock=True)
        writer = _author(visit, author, by, now)
        _check_session(visit, result, writer.id)
        if _says(visit, result):
            _attach_session(visit, result, writer, now)
            return RecordedResult(visit, already=True)
        if seen_version is not None and seen_version != visit.version:
            raise UnableToRecordResult(visit)
        _apply(visit, result, author=writer, by=by, now=now)
    return RecordedResult(visit, already=False)


def _checked(result: VisitResult, now: datetime) -> VisitResult:
    check_result(result, now=now)
    return replace(result, note=read_text(result.note))


def _says(visit: Visit, result: VisitResult) -> bool:
    """Whether the visit says this already, whoever wrote it. Once erased, notes are not compared."""
    same_note = visit.erased_at is not None or visit.result_note == result.note
    standing = (visit.state, visit.minutes, visit.next_step)
    return visit.has_result and same_note and standing == (result.state, result.minutes, result.next_step)


def _author(visit: Visit, author: UUID | None, by: Actor, now: datetime) -> Actor:
    """Whoever brought the result: the person who decides, or somebody who is or was on the visit."""
    if author is None or author == by.id:
        return by
    member = Member.objects.filter(pk=author, visits__visit=visit).first()
    if member is None:
        raise Http404
    return actor_of(member, now)


def _check_session(visit: Visit, result: VisitResult, author: UUID) -> None:
    session = result.session
    if session is not None and (session.commune != visit.commune_id or session.volunteer != author):
        raise UnableToReadResult(_("The help was not given on this visit."))


def _apply(visit: Visit, result: VisitResult, *, author: Actor, by: Actor, now: datetime) -> bool:
    check_move(visit.state, result.state)
    was, visit.state = visit.state, result.state
    visit.minutes, visit.next_step = result.minutes, result.next_step
    # What is forgotten stays so: a late result brings no words back.
    visit.result_note = "" if visit.erased_at else result.note
    visit.result_by_id, visit.result_at, visit.recorded_at = author.id, result.at, now
    fields = ["minutes", "next_step", "result_note", "result_by", "result_at", "recorded_at"]
    write(visit, fields, was, by=by, now=now)
    if visit.case_id is not None:
        cases.note_visit(case_id=visit.case_id, note=visit.result_note, by=by, now=now)
    return _attach_session(visit, result, author, now)


def _attach_session(visit: Visit, result: VisitResult, author: Actor, now: datetime) -> bool:
    """The help given at the visit, once: two visitors helped the same person. False: another one stands.
    It is as old as the visit, whose day was judged before."""
    session = result.session
    _take_back_outdated(visit, result, author, now)
    if session is None:
        return True
    if visit.session_id not in (None, session.id):
        telling.tell_counted_once(visit, author.id, now=now)
        return False
    cases.record_session(session=session, by=author, now=now, at=result.at)
    if visit.session_id is None:
        visit.session_id = session.id
        visit.save(update_fields=["session"])
    return True


def _take_back_outdated(visit: Visit, result: VisitResult, author: Actor, now: datetime) -> None:
    """Help that was not given after all, for nobody was met; or that who gave it says anew. Where a case was
    opened from it, it stays."""
    stands = visit.session
    if stands is None:
        return
    given = result.session
    anew = given is not None and given.id != stands.pk and stands.volunteer_id == author.id
    outdated = anew or result.state != VisitState.DONE
    if outdated and cases.withdraw_session(session_id=stands.pk, by=author, now=now):
        visit.session = None
