"""Classes are planned, changed, cancelled, and marked as held."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.cases.queries import CLOCK_SKEW
from nhipcau.citizens.queries import check_no_long_number
from nhipcau.core import jobs
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.learning.enums import ClassState
from nhipcau.learning.models import PublicClass, Trainer
from nhipcau.learning.queries import PLAN, get_class, get_class_to_count, teachers_for
from nhipcau.learning.rules import NewClass, UnableToMove, UnableToPlan, check_class, check_move
from nhipcau.learning.services.telling import tell_asked, tell_changed, tell_off
from nhipcau.places.models import ServicePoint, Unit
from nhipcau.procedures.models import Procedure

_NO_OVERLAP = "learning_trainer_no_overlap"


class UnableToPlanTwice(UnableTo):
    """A class with this id exists and says something else."""

    code = "learning.class_differs"


class UnableToChange(UnableTo):
    """The class was changed by somebody else since it was read."""

    code = "learning.class_changed"


class UnableToBeInTwoPlaces(UnableTo):
    """Somebody who is to teach has another class at that time."""

    code = "learning.trainer_busy"


class UnableToCancel(UnableTo):
    """People were counted: the class took place."""

    code = "learning.people_counted"


def plan_class(*, plan: NewClass, by: Actor, now: datetime) -> PublicClass:
    """Writes a class down and tells who teaches it. The same again changes nothing.

    Raises `UnableToPlan`, `UnableToPlanTwice`, `UnableToBeInTwoPlaces`.
    """
    plan = _tidy(plan)
    check_class(plan, now)
    with unit_of_work(by=by, now=now):
        commune = _commune(plan, by)
        if _already(plan):
            return get_class(plan.id, for_=by, permission=PLAN)
        _check_references(plan, commune, set(plan.trainers), now)
        row = PublicClass(
            id=plan.id,
            commune=commune,
            planned_by_id=by.id,
            planned_at=now,
            changed_at=now,
            **_columns(plan),
        )
        try:
            with _one_place_at_a_time():
                row.save(force_insert=True)
                _put_on(row, set(plan.trainers), now)
        except UnableToPlanTwice:
            # The same class was sent twice at the same moment: what the other one wrote is compared.
            _already(plan)
            return get_class(plan.id, for_=by, permission=PLAN)
        tell_asked(row, plan.trainers, but=by.id, now=now)
    return row


def change_class(*, class_id: UUID, plan: NewClass, version: int, by: Actor, now: datetime) -> PublicClass:
    """Changes a planned class as it was read in `version`; without a difference nothing changes.

    Raises `UnableToPlan`, `UnableToMove`, `UnableToChange`, `UnableToBeInTwoPlaces`, 404.
    """
    plan = _tidy(plan)
    with unit_of_work(by=by, now=now):
        row = get_class(class_id, for_=by, permission=PLAN, lock=True)
        old = _trainers(row)
        if _content(row, old) == _said(plan):
            return row
        if row.version != version:
            raise UnableToChange(_("Somebody changed this class in the meantime. Look at it again."))
        _check_change(row, plan, old, now)
        moved = (row.starts_at, row.place, row.service_point_id)
        # Who no longer teaches is free before the times change.
        row.trainers.filter(member_id__in=old - set(plan.trainers)).update(ended_at=now)
        for name, value in _columns(plan).items():
            setattr(row, name, value)
        row.version, row.changed_at = row.version + 1, now
        with _one_place_at_a_time():
            row.save()
            _put_on(row, set(plan.trainers) - old, now)
        tell_off(row, old - set(plan.trainers), but=by.id, now=now)
        tell_asked(row, set(plan.trainers) - old, but=by.id, now=now)
        if moved != (row.starts_at, row.place, row.service_point_id):
            tell_changed(row, old & set(plan.trainers), but=by.id, now=now)
    return row


def cancel_class(*, class_id: UUID, by: Actor, now: datetime) -> PublicClass:
    """The class does not take place; again changes nothing. Raises `UnableToMove`, `UnableToCancel`, 404."""
    with unit_of_work(by=by, now=now):
        row = get_class(class_id, for_=by, permission=PLAN, lock=True)
        if row.state == ClassState.CANCELLED:
            return row
        check_move(row.state, ClassState.CANCELLED)
        if row.attendees.filter(removed_at__isnull=True).exists():
            raise UnableToCancel(_("People are counted in this class already. Mark it as held."))
        _move(row, ClassState.CANCELLED, now)
        tell_off(row, _trainers(row), but=by.id, now=now)
    return row


def close_class(*, class_id: UUID, by: Actor, now: datetime) -> PublicClass:
    """The class was held, says whoever taught it or leads; again changes nothing.

    Raises `UnableToMove` before it begins, `UnableToBeInTwoPlaces` when it had been cancelled and somebody
    taught another one at that time, 404.
    """
    with unit_of_work(by=by, now=now):
        row = get_class_to_count(class_id, for_=by, lock=True)
        if row.state == ClassState.HELD:
            return row
        check_move(row.state, ClassState.HELD)
        if now + CLOCK_SKEW < row.starts_at:
            raise UnableToMove(_("This class has not begun yet."))
        with _one_place_at_a_time():
            _move(row, ClassState.HELD, now)
    return row


def _move(row: PublicClass, to: ClassState, now: datetime) -> None:
    row.state, row.version, row.changed_at = to, row.version + 1, now
    row.save(update_fields=["state", "version", "changed_at"])
    _recount(row)


def _tidy(plan: NewClass) -> NewClass:
    """Without spaces around words, people in one order and once."""
    title, place = " ".join(plan.title.split()), " ".join(plan.place.split())
    for text in (title, place):
        check_no_long_number(text)
    return replace(plan, trainers=tuple(sorted(set(plan.trainers))), title=title, place=place)


def _columns(plan: NewClass) -> dict[str, Any]:
    return {
        "procedure_id": plan.procedure or None,
        "topic": plan.topic,
        "title": plan.title,
        "place": plan.place,
        "service_point_id": plan.service_point,
        "day": local_date(plan.starts_at),
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "expected": plan.expected,
    }


def _said(plan: NewClass) -> dict[str, Any]:
    return _columns(plan) | {"commune_id": plan.commune, "trainers": set(plan.trainers)}


def _trainers(row: PublicClass) -> set[UUID]:
    return set(row.trainers.filter(ended_at__isnull=True).values_list("member_id", flat=True))


def _content(row: PublicClass, trainers: set[UUID]) -> dict[str, Any]:
    """What a class says, as `_said` of a plan."""
    names = ("procedure_id", "topic", "title", "place", "service_point_id", "day", "starts_at", "ends_at")
    found = {name: getattr(row, name) for name in (*names, "expected", "commune_id")}
    return found | {"trainers": trainers}


def _already(plan: NewClass) -> bool:
    """Whether the class is there as planned; raises `UnableToPlanTwice` when it says something else."""
    row = PublicClass.objects.filter(pk=plan.id).first()
    if row is None:
        return False
    if _content(row, _trainers(row)) != _said(plan):
        raise UnableToPlanTwice(_("This class was planned before with other content."))
    return True


def _commune(plan: NewClass, by: Actor) -> Unit:
    commune = Unit.objects.filter(pk=plan.commune, parent__isnull=False).first()
    if commune is None or not by.scope(PLAN).covers(commune=commune.pk, province=commune.parent_id or ""):
        raise UnableToPlan(_("You do not work in this commune."))
    return commune


def _check_references(plan: NewClass, commune: Unit, trainers: set[UUID], now: datetime) -> None:
    if plan.procedure and not Procedure.objects.filter(pk=plan.procedure).exists():
        raise UnableToPlan(_("The procedure is not known."))
    point = plan.service_point
    if point and not ServicePoint.objects.filter(pk=point, commune=commune).exists():
        raise UnableToPlan(_("The service point is not in this commune."))
    if trainers and teachers_for(commune, now=now).filter(pk__in=trainers).count() != len(trainers):
        raise UnableToPlan(_("Choose people who help in this commune."))


def _check_change(row: PublicClass, plan: NewClass, old: set[UUID], now: datetime) -> None:
    if row.state != ClassState.PLANNED:
        raise UnableToMove(
            _("This is no longer possible: the class was held or cancelled. Look at it again.")
        )
    if plan.commune != row.commune_id:
        raise UnableToPlan(_("A class stays in its commune. Cancel it and plan another one."))
    check_class(plan, now)
    _check_references(plan, row.commune, set(plan.trainers) - old, now)
    counted = row.attendees.filter(removed_at__isnull=True)
    if local_date(plan.starts_at) > local_date(now) and counted.exists():
        raise UnableToPlan(_("People are counted in this class already, so it cannot be on a later day."))


def _put_on(row: PublicClass, members: set[UUID], now: datetime) -> None:
    """These members teach the class; who taught it before teaches it again."""
    again = row.trainers.filter(member_id__in=members)
    known = set(again.values_list("member_id", flat=True))
    again.update(ended_at=None)
    Trainer.objects.bulk_create(
        Trainer(
            id=new_id(now), public_class=row, member_id=member, starts_at=row.starts_at, ends_at=row.ends_at
        )
        for member in sorted(members - known)
    )


@contextmanager
def _one_place_at_a_time() -> Iterator[None]:
    """Says in words what the database refuses: two classes of a member at the same time, one id twice."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if _NO_OVERLAP in str(error):
            raise UnableToBeInTwoPlaces(
                _("Somebody who is to teach has another class at that time. Choose another time or person.")
            ) from error
        raise UnableToPlanTwice(_("This class was planned before with other content.")) from error


def _recount(row: PublicClass) -> None:
    day = row.day.isoformat()
    jobs.enqueue_after("reports.rebuild_day", once=f"reports.rebuild_day:{day}", day=day)
