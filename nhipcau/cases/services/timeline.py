"""A case on its way: moves, notes, dossiers, who follows it and by when."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.cases.enums import CaseState, EventKind
from nhipcau.cases.models import Case, CaseEvent, Dossier
from nhipcau.cases.queries import (
    ASSIGN,
    CLOSE,
    EDIT,
    REOPEN,
    Reach,
    assignees,
    dossier_index,
    get_case,
    ongoing_of,
)
from nhipcau.cases.rules import (
    UnableToMove,
    can_transition,
    check_transition,
    is_closed,
    keep_until,
    public_message,
    read_dossier_code,
    read_note,
)
from nhipcau.cases.services.recount import recount
from nhipcau.citizens import services as citizens
from nhipcau.citizens.queries import check_no_long_number
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor

_OLDEST_DOSSIER = timedelta(days=3 * 366)
_LATEST_DUE = timedelta(days=366)


class UnableToAddDossier(UnableTo):
    """The dossier is already there, or its day is impossible."""

    code = "cases.unable_to_add_dossier"


class UnableToAssign(UnableTo):
    """The member does not work in the commune of the case, or the date is impossible."""

    code = "cases.unable_to_assign"


def reach_for(state: str, to: str) -> Reach:
    """Volunteers bring their own cases to any end; a closed one is opened again by who leads."""
    if is_closed(state):
        return REOPEN
    return CLOSE if is_closed(to) else EDIT


def move_case(*, case_id: UUID, to: str, by: Actor, now: datetime, seen: str = "", note: str = "") -> Case:
    """Brings a case into another state. `seen` is the state the person was looking at.

    A move that has already happened is accepted and changes nothing. Raises `UnableToMove`, 404.
    """
    note = _checked_note(note) if note.strip() else ""
    with unit_of_work(by=by, now=now):
        case = get_case(case_id, for_=by, reach=EDIT, lock=True)
        if case.state == to:
            return case
        if note:
            _check_not_erased(case)
        if seen and seen != case.state:
            raise UnableToMove(_("Somebody else changed this case in the meantime. Look at it again."))
        check_transition(case.state, to)
        get_case(case_id, for_=by, reach=reach_for(case.state, to))
        move(case, to, by, now, note)
    return case


def add_note(*, case_id: UUID, note: str, by: Actor, now: datetime) -> CaseEvent:
    """Free text for the team only, encrypted. Raises `UnableToNote`, `UnableToWriteDown`, 404."""
    text = _checked_note(note)
    with unit_of_work(by=by, now=now):
        case = get_case(case_id, for_=by, reach=EDIT, lock=True)
        _check_not_erased(case)
        return _event(case, EventKind.NOTE, by, now, note=text)


def note_visit(*, case_id: UUID, note: str, by: Actor, now: datetime) -> None:
    """A home visit took place for the case; who may say so is for the room of visits to check.

    The note may be empty. On an erased case only the fact is left.
    """
    text = _checked_note(note) if note.strip() else ""
    with unit_of_work(by=by, now=now):
        case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
        _event(case, EventKind.VISIT, by, now, note="" if case.erased_at else text)


def add_dossier(
    *, case_id: UUID, code: str, submitted_on: date, submitted_by_citizen: bool, by: Actor, now: datetime
) -> Dossier:
    """Writes down a dossier; a case whose papers were ready becomes submitted with it."""
    read, known_shape = read_dossier_code(code)
    today = local_date(now)
    if not today - _OLDEST_DOSSIER <= submitted_on <= today:
        raise UnableToAddDossier(_("The day of submission must be today or earlier."))
    with unit_of_work(by=by, now=now):
        case = get_case(case_id, for_=by, reach=EDIT, lock=True)
        _check_not_erased(case)
        index = dossier_index(read)
        if case.dossiers.filter(code_index=index).exists():
            raise UnableToAddDossier(_("This dossier code is already written down for this case."))
        dossier = Dossier.objects.create(
            id=new_id(now),
            case=case,
            code=read,
            code_index=index,
            known_shape=known_shape,
            submitted_on=submitted_on,
            submitted_by_citizen=submitted_by_citizen,
            recorded_at=now,
            recorded_by_id=by.id,
        )
        _event(case, EventKind.DOSSIER, by, now)
        if can_transition(case.state, CaseState.SUBMITTED):
            move(case, CaseState.SUBMITTED, by, now)
        recount(submitted_on)
    return dossier


def assign_case(*, case_id: UUID, member_id: UUID, by: Actor, now: datetime) -> Case:
    """Gives a case to a member who works in its commune. Raises `UnableToAssign`, 404."""
    with unit_of_work(by=by, now=now):
        case = get_case(case_id, for_=by, reach=ASSIGN, lock=True)
        member = assignees(case, now=now).filter(pk=member_id).first()
        if member is None:
            raise UnableToAssign(_("Choose somebody who works in this commune."))
        if case.assigned_to_id != member.pk:
            case.assigned_to = member
            case.save(update_fields=["assigned_to"])
            _event(case, EventKind.ASSIGNED, by, now)
    return case


def set_due_date(
    *, case_id: UUID, due_on: date | None, by: Actor, now: datetime, at: datetime | None = None
) -> Case:
    """The day by which somebody should look at the case again; None: no such day.

    `at`: when it was said, where we hear of it only now. A day that has passed since is overdue, not lost.
    """
    today = local_date(at or now)
    if due_on is not None and not today <= due_on <= today + _LATEST_DUE:
        raise UnableToAssign(_("Choose a day from today to one year ahead."))
    with unit_of_work(by=by, now=now):
        case = get_case(case_id, for_=by, reach=EDIT, lock=True)
        if case.due_on != due_on:
            case.due_on = due_on
            case.save(update_fields=["due_on"])
            _event(case, EventKind.DUE, by, now)
    return case


def _checked_note(text: str) -> str:
    note = read_note(text)
    check_no_long_number(note)
    return note


def _check_not_erased(case: Case) -> None:
    if case.erased_at is not None:
        raise Http404


def _event(case: Case, kind: EventKind, by: Actor, now: datetime, *, note: str = "") -> CaseEvent:
    return CaseEvent.objects.create(case=case, kind=kind, note=note, at=now, by_id=by.id)


def move(case: Case, to: str, by: Actor, now: datetime, note: str = "") -> None:
    """Into a checked state, with its event; the end date of the person follows. Within a unit of work."""
    was, case.state = case.state, to
    case.closed_at = now if is_closed(to) else None
    case.keep_until = keep_until(to, case.keep_months, now)
    case.save(update_fields=["state", "closed_at", "keep_until"])
    CaseEvent.objects.create(
        case=case,
        kind=EventKind.MOVED,
        from_state=was,
        to_state=to,
        note=note,
        public_message=public_message(was, to),
        at=now,
        by_id=by.id,
    )
    if case.citizen_id is not None:
        last = max(ongoing_of(case.citizen_id).values_list("keep_until", flat=True))
        citizens.keep_until(citizen_id=case.citizen_id, day=last, by=by, now=now)
