"""Planning a visit, changing it while it is planned, calling it off."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.cases.models import Case
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.places.models import Unit
from nhipcau.procedures.models import Procedure
from nhipcau.teams.enums import Permission
from nhipcau.visits.enums import VisitState
from nhipcau.visits.models import Visit, Visitor
from nhipcau.visits.queries import busy_members, found, going, people_for, visits_to_plan
from nhipcau.visits.rules import (
    LONGEST_HAMLET,
    NewVisit,
    UnableToPlanVisit,
    VisitChange,
    check_move,
    check_need,
    check_visitors,
    check_window,
    keep_until,
)
from nhipcau.visits.services import telling
from nhipcau.visits.services.steps import (
    NOT_FREE,
    UnableToSendVisitor,
    add_step,
    in_words,
    read_text,
    write,
)

# What makes two plans the same, besides who goes.
_CONTENT = (
    "commune_id", "procedure_id", "topic", "case_id", "starts_at", "ends_at", "hamlet", "address", "notes",
)  # fmt: skip


class UnableToPlanTwice(UnableTo):
    """A visit with this id exists and was planned otherwise."""

    code = "visits.visit_differs"


class UnableToChangeVisit(UnableTo):
    """Somebody else changed the visit after it was looked at."""

    code = "visits.changed_meanwhile"


def plan_visit(*, visit: NewVisit, by: Actor, now: datetime) -> Visit:
    """Plans a visit. The same id with the same content is accepted again and changes nothing.

    Raises `UnableToPlanVisit`, `UnableToWriteDown`, `UnableToSendVisitor`, `UnableToPlanTwice`.
    """
    row = _row(visit, by, now)
    with unit_of_work(by=by, now=now):
        existing = Visit.objects.filter(pk=visit.id).first()
        if existing is not None:
            return _same(existing, row, visit.visitors)
        check_window(visit.starts_at, visit.ends_at, now=now)
        _check_references(visit, by)
        check_visitors(visit.visitors)
        _check_people(visit.visitors, visit.commune, now)
        _check_free(visit.visitors, visit.starts_at, visit.ends_at)
        # Two equal requests may race: the second insert waits for the first and then does nothing.
        Visit.objects.bulk_create([row], ignore_conflicts=True)
        if Visitor.objects.filter(visit_id=row.pk).exists():
            return _same(Visit.objects.get(pk=row.pk), row, visit.visitors)
        _send(row, visit.visitors)
        add_step(row, "", by=by, now=now)
        telling.tell_sent(row, visit.visitors, but=by.id, now=now)
    return row


def change_visit(
    *, visit_id: UUID, change: VisitChange, by: Actor, now: datetime, seen_version: int | None = None
) -> Visit:
    """Another day, window, visitors or words for a planned visit; what is so already changes nothing.

    `seen_version` is the version the person looked at. Raises `UnableToMoveVisit` (it has a result or
    is cancelled), `UnableToChangeVisit`, `UnableToPlanVisit`, `UnableToWriteDown`, `UnableToSendVisitor`,
    404.
    """
    with unit_of_work(by=by, now=now):
        visit = found(visits_to_plan(by), visit_id, lock=True)
        check_move(visit.state, VisitState.PLANNED)
        fields = _apply(visit, change, now)
        people = [row.member_id for row in going(visit)]
        wanted = people if change.visitors is None else list(change.visitors)
        check_visitors(tuple(wanted))
        if not fields and set(wanted) == set(people):
            return visit
        _check_seen(visit, seen_version)
        new = [member for member in wanted if member not in people]
        _check_people(new, visit.commune_id, now)
        _check_free(wanted, visit.starts_at, visit.ends_at, but=visit.pk)
        removed = [member for member in people if member not in wanted]
        visit.visitors.filter(member_id__in=removed).update(removed_at=now)
        with in_words():
            write(visit, fields, visit.state, by=by, now=now)
        _send(visit, new)
        telling.tell_sent(visit, new, but=by.id, now=now)
        telling.tell_changed(visit, set(people) & set(wanted), but=by.id, now=now)
        telling.tell_off(visit, removed, but=by.id, now=now)
    return visit


def cancel_visit(*, visit_id: UUID, by: Actor, now: datetime, seen_version: int | None = None) -> Visit:
    """Calls a planned visit off; twice is once. Raises `UnableToMoveVisit`, `UnableToChangeVisit`, 404."""
    with unit_of_work(by=by, now=now):
        visit = found(visits_to_plan(by), visit_id, lock=True)
        if visit.state == VisitState.CANCELLED:
            return visit
        check_move(visit.state, VisitState.CANCELLED)
        _check_seen(visit, seen_version)
        was, visit.state = visit.state, VisitState.CANCELLED
        write(visit, [], was, by=by, now=now)
        telling.tell_off(visit, [row.member_id for row in going(visit)], but=by.id, now=now)
    return visit


def _row(visit: NewVisit, by: Actor, now: datetime) -> Visit:
    check_need(visit.procedure, visit.topic)
    day = local_date(visit.starts_at)
    return Visit(
        id=visit.id,
        commune_id=visit.commune,
        procedure_id=visit.procedure or None,
        topic=visit.topic,
        case_id=visit.case,
        day=day,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        hamlet=read_text(visit.hamlet, LONGEST_HAMLET),
        address=read_text(visit.address),
        notes=read_text(visit.notes),
        planned_by_id=by.id,
        planned_at=now,
        keep_until=keep_until(day, with_case=visit.case is not None),
    )


def _same(existing: Visit, row: Visit, visitors: Sequence[UUID]) -> Visit:
    people = set(existing.visitors.filter(removed_at__isnull=True).values_list("member_id", flat=True))
    same = all(getattr(existing, name) == getattr(row, name) for name in _CONTENT)
    if not same or people != set(visitors):
        raise UnableToPlanTwice(_("This visit was planned before with other content."))
    return existing


def _apply(visit: Visit, change: VisitChange, now: datetime) -> list[str]:
    """Writes the wanted values onto the visit; the columns that became others."""
    wanted = {
        "starts_at": change.starts_at,
        "ends_at": change.ends_at,
        "hamlet": None if change.hamlet is None else read_text(change.hamlet, LONGEST_HAMLET),
        "address": None if change.address is None else read_text(change.address),
        "notes": None if change.notes is None else read_text(change.notes),
    }
    fields = [name for name, value in wanted.items() if value is not None and value != getattr(visit, name)]
    for name in fields:
        setattr(visit, name, wanted[name])
    if "starts_at" in fields or "ends_at" in fields:
        check_window(visit.starts_at, visit.ends_at, now=now)
        visit.day = local_date(visit.starts_at)
        visit.keep_until = keep_until(visit.day, with_case=visit.case_id is not None)
        fields += ["day", "keep_until"]
    return fields


def _check_seen(visit: Visit, seen_version: int | None) -> None:
    if seen_version is not None and seen_version != visit.version:
        raise UnableToChangeVisit(_("Somebody else changed this visit in the meantime. Look at it again."))


def _check_references(visit: NewVisit, by: Actor) -> None:
    """A commune where the person plans, a known procedure, a case of that commune that is not erased."""
    unit = Unit.objects.filter(pk=visit.commune, parent__isnull=False).first()
    scope = by.scope(Permission.VISITS_PLAN)
    if unit is None or not scope.covers(commune=unit.pk, province=unit.parent_id or ""):
        raise UnableToPlanVisit(_("You do not plan visits in this commune."))
    if visit.procedure and not Procedure.objects.filter(pk=visit.procedure).exists():
        raise UnableToPlanVisit(_("The procedure is not known."))
    if visit.case is not None:
        cases = Case.objects.filter(pk=visit.case, commune_id=visit.commune, erased_at__isnull=True)
        if not cases.exists():
            raise UnableToPlanVisit(_("The case is not one of this commune, or its person is erased."))


def _check_people(members: Sequence[UUID], commune: str, now: datetime) -> None:
    if members and people_for(commune, now=now).filter(pk__in=members).count() != len(members):
        raise UnableToSendVisitor(_("Choose people who work in this commune."))


def _check_free(
    members: Sequence[UUID], starts_at: datetime, ends_at: datetime, but: UUID | None = None
) -> None:
    """The usual answer; two plans made at the same moment are told apart by the database."""
    if busy_members(members, starts_at=starts_at, ends_at=ends_at, but=but):
        raise UnableToSendVisitor(NOT_FREE)


def _send(visit: Visit, members: Sequence[UUID]) -> None:
    """Puts members on a visit; whoever was taken off it earlier goes again."""
    with in_words():
        visit.visitors.filter(member_id__in=members).update(removed_at=None)
        known = set(visit.visitors.values_list("member_id", flat=True))
        for member in members:
            if member not in known:
                Visitor.objects.create(
                    visit=visit,
                    member_id=member,
                    starts_at=visit.starts_at,
                    ends_at=visit.ends_at,
                    busy=True,
                )
