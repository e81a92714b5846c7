"""Work that was somebody's when they did it and no longer is: it is kept for a person, never refused.

Whoever guesses ids learns nothing: what was never theirs is answered like what is not there.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nhipcau.attendance.models import Attendance
from nhipcau.audit.queries import entries_of
from nhipcau.cases.models import Case
from nhipcau.cases.queries import EDIT, can_reach
from nhipcau.core.scope import NATION, Actor
from nhipcau.devices.queries import LEASE
from nhipcau.learning.models import PublicClass, Trainer
from nhipcau.learning.queries import can_count
from nhipcau.places.models import Unit
from nhipcau.signups.enums import HOLDING
from nhipcau.signups.models import SignUp
from nhipcau.sync.enums import ConflictReason, Entity, Result
from nhipcau.sync.models import Conflict
from nhipcau.sync.rules.commands import Done, Held, UnableToApply
from nhipcau.teams.access import ROLES
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Grant
from nhipcau.visits.models import Visit, Visitor
from nhipcau.visits.queries import visits_to_record

WORDS = _("This is not your work any more. Who leads here decides about it: nothing is lost.")


def not_yours(held: Held) -> Done:
    """The answer to the phone."""
    return Done(Result.NEEDS_PERSON, held.entity_id, "sync.not_yours", WORDS, held)


def _held(entity: Entity, entity_id: UUID, commune: str) -> Held:
    return Held(ConflictReason.NOT_YOURS, entity, entity_id, commune)


def by_role(
    entity: Entity, entity_id: UUID, commune: str, permission: Permission, *, by: Actor, at: datetime
) -> Held | None:
    """For what makes a new record: the role in that commune was held, and has ended. A phone may not have
    heard of it for as long as it opens without having met the server."""
    unit = Unit.objects.filter(pk=commune, parent__isnull=False).first()
    if unit is None or by.scope(permission).covers(commune=unit.pk, province=unit.parent_id or ""):
        return None
    roles = [role for role, held in ROLES.items() if permission in held]
    ended = Q(valid_until__isnull=True) | Q(valid_until__gt=at - LEASE)
    grants = Grant.objects.filter(ended, valid_from__lte=at, member_id=by.id, role__in=roles)
    had = grants.filter(unit_code__in=(unit.pk, unit.parent_id, NATION)).exists()
    return _held(entity, entity_id, unit.pk) if had else None


def forgotten() -> UnableToApply:
    """Nothing is kept about an erased person, here or on the phone: this code tells it to drop the words."""
    return UnableToApply(
        "sync.forgotten", _("What was written is erased: its time is over, or the person asked for it.")
    )


def of_case(case_id: UUID, by: Actor) -> Held | None:
    """A case that the member opened, was given, or wrote in; also one whose opening somebody else decided.
    Raises `UnableToApply` where it was theirs, or is, and its person is forgotten."""
    case = Case.objects.select_related("commune").filter(pk=case_id).first()
    still = case is not None and can_reach(by, case, EDIT)
    if case is None or (still and case.erased_at is None):
        return None
    had = (
        still
        or by.id in (case.opened_by_id, case.assigned_to_id)
        or case.events.filter(by_id=by.id).exists()
        or Conflict.objects.filter(name="cases.open", entity_id=case.pk, member_id=by.id).exists()
        or entries_of("cases_case", str(case.pk))
        .filter(changes__assigned_to_id__contains=[str(by.id)])
        .exists()
    )
    if had and case.erased_at is not None:
        raise forgotten()
    return _held(Entity.CASE, case.pk, case.commune_id) if had else None


def of_visit(visit_id: UUID, by: Actor) -> Held | None:
    """A visit on which the member was to go: taken off it, or without the role since."""
    mine = Visitor.objects.filter(visit_id=visit_id, member_id=by.id).first()
    if mine is None:
        return None
    visit = Visit.objects.get(pk=visit_id)
    if mine.removed_at is None and visits_to_record(by).filter(pk=visit_id).exists():
        return None
    if Visit.objects.visible_to(by, Permission.VISITS_PLAN).filter(pk=visit_id).exists():
        return None
    return _held(Entity.VISIT, visit.pk, visit.commune_id)


def of_shift(shift_id: UUID, by: Actor) -> Held | None:
    """A shift that the member was on, and gave up, or from which they were taken."""
    rows = SignUp.objects.filter(shift_id=shift_id, member_id=by.id).select_related("shift")
    found = list(rows.order_by("id"))
    if not found or any(row.state in HOLDING for row in found):
        return None
    if Attendance.objects.filter(shift_id=shift_id, member_id=by.id).exists():
        return None
    return _held(Entity.SHIFT, shift_id, found[0].shift.commune_id)


def of_class(class_id: UUID, by: Actor) -> Held | None:
    """A class that the member taught: only where the room of classes lets them in no more."""
    row = PublicClass.objects.select_related("commune").filter(pk=class_id).first()
    if row is None or can_count(by, row):
        return None
    taught = Trainer.objects.filter(public_class=row, member_id=by.id).exists()
    return _held(Entity.CLASS, row.pk, row.commune_id) if taught else None
