"""Who came is counted, nobody by name, and taken back: in any order, however often a phone sends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core import jobs
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.learning.models import Attendee, PublicClass
from nhipcau.learning.queries import can_plan, get_class, get_class_to_count
from nhipcau.learning.rules import NewAttendee, UnableToAdd, check_attendee, check_can_add, check_room
from nhipcau.teams.enums import languages

_CONTENT = ("at", "age_band", "language", "alone")


class UnableToAddTwice(UnableTo):
    """Somebody with this id was counted before, with other content or in another class."""

    code = "learning.attendee_differs"


class UnableToRemove(UnableTo):
    """Somebody else counted this person."""

    code = "learning.attendee_of_another"


@dataclass(frozen=True, slots=True)
class Added:
    """How many of those sent are new, how many were counted before, how many are in the class now."""

    new: int
    already: int
    people: int


def add_attendees(
    *,
    class_id: UUID,
    attendees: Sequence[NewAttendee],
    by: Actor,
    now: datetime,
    at: datetime | None = None,
    early: bool = False,
) -> Added:
    """Counts people in a class: all or none. Who was counted before with the same content changes nothing,
    also when taken back since, and also when the class is cancelled now. `at`: when they were counted, where
    we hear of it only now. `early`: a person decided that they count, though the class was moved since.

    Raises `UnableToAdd`, `UnableToAddTwice`, `UnableToAddToCancelled`, `UnableToAddMore`, 404.
    """
    wanted = _checked(attendees, at or now)
    with unit_of_work(by=by, now=now):
        row = get_class_to_count(class_id, for_=by, lock=True)
        known = _known(row, wanted)
        fresh = [new for new in wanted.values() if new.id not in known]
        people = Attendee.objects.filter(public_class=row, removed_at__isnull=True).count()
        if fresh:
            check_can_add(row.state, row.day, [] if early else [new.at for new in fresh])
            check_room(people + len(fresh))
            _insert(row, fresh, by, now)
    return Added(len(fresh), len(known), people + len(fresh))


def remove_attendee(*, attendee_id: UUID, by: Actor, now: datetime) -> None:
    """Takes back somebody counted by mistake; again changes nothing. Raises `UnableToRemove`, 404."""
    with unit_of_work(by=by, now=now):
        _remove(attendee_id, by, now)


def correct_attendee(*, attendee_id: UUID, correct: NewAttendee, by: Actor, now: datetime) -> None:
    """Takes somebody back and counts them as they were: what was sent stays what was sent.

    Raises what `add_attendees` and `remove_attendee` raise.
    """
    found = Attendee.objects.filter(pk=attendee_id).values_list("public_class_id", flat=True).first()
    if found is None:
        raise Http404
    with unit_of_work(by=by, now=now):
        # The class first, as everybody who counts does: nobody waits for each other in a circle.
        get_class_to_count(found, for_=by, lock=True)
        _remove(attendee_id, by, now)
        # They were counted before, and so may be from before its day.
        add_attendees(class_id=found, attendees=[correct], by=by, now=now, early=True)


def _checked(attendees: Sequence[NewAttendee], at: datetime) -> dict[UUID, NewAttendee]:
    wanted: dict[UUID, NewAttendee] = {}
    for new in attendees:
        check_attendee(new, at)
        if wanted.setdefault(new.id, new) != new:
            raise _differs()
    if {new.language for new in wanted.values() if new.language} - set(languages()):
        raise UnableToAdd(_("The language is not in the list."))
    return wanted


def _known(row: PublicClass, wanted: dict[UUID, NewAttendee]) -> dict[UUID, Attendee]:
    """Those counted before; raises `UnableToAddTwice` when what was said then differs."""
    known: dict[UUID, Attendee] = Attendee.objects.in_bulk(list(wanted))
    for key, found in known.items():
        same = all(getattr(found, name) == getattr(wanted[key], name) for name in _CONTENT)
        if not same or found.public_class_id != row.pk:
            raise _differs()
    return known


def _differs() -> UnableToAddTwice:
    return UnableToAddTwice(_("This person was counted before, with other content."))


def _insert(row: PublicClass, fresh: list[NewAttendee], by: Actor, now: datetime) -> None:
    try:
        with transaction.atomic():
            Attendee.objects.bulk_create(
                Attendee(
                    id=new.id,
                    public_class=row,
                    age_band=new.age_band,
                    language=new.language,
                    alone=new.alone,
                    at=new.at,
                    recorded_by_id=by.id,
                    recorded_at=now,
                )
                for new in fresh
            )
    except IntegrityError as error:
        # Counted at the same moment in another class: the lock of this one cannot see it.
        raise _differs() from error
    _recount(row)


def _remove(attendee_id: UUID, by: Actor, now: datetime) -> None:
    found = Attendee.objects.select_for_update(of=("self",), no_key=True).filter(pk=attendee_id).first()
    if found is None:
        raise Http404
    row = get_class(found.public_class_id, for_=by)
    if found.recorded_by_id != by.id and not can_plan(by, row):
        raise UnableToRemove(_("Only whoever counted this person, or the leader, can take them back."))
    if found.removed_at is not None:
        return
    found.removed_at, found.removed_by_id = now, by.id
    found.save(update_fields=["removed_at", "removed_by"])
    _recount(row)


def _recount(row: PublicClass) -> None:
    day = row.day.isoformat()
    jobs.enqueue_after("reports.rebuild_day", once=f"reports.rebuild_day:{day}", day=day)
