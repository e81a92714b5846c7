"""Changing one shift that is there: calling it off, moving its times, its seats. People on it are told."""

from collections.abc import Callable, Iterable
from datetime import datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.messaging.enums import Kind
from nhipcau.shifts.enums import ClosureReason, Reason, ShiftState
from nhipcau.shifts.models import Shift, ShiftNeed
from nhipcau.shifts.services import (
    MOST_NEEDS,
    NeedSpec,
    UnableToSetNeeds,
    check_edit_roster,
    check_needs,
    span,
)
from nhipcau.shifts.services.posts import known_qualifications
from nhipcau.signups.enums import BUSY, AskState, SignUpState, WaitState
from nhipcau.signups.models import Ask, SignUp, Waiting
from nhipcau.signups.queries.people import expected_on, people_on
from nhipcau.signups.services import Mover, check_move, is_late
from nhipcau.signups.services.seats import change_state, lock_need
from nhipcau.signups.services.telling import shift_link, shift_words
from nhipcau.signups.services.waiting import offer_places
from nhipcau.teams.models import Member
from nhipcau.teams.services.telling import tell

MOST_NAMES = 10


class UnableToChangeShift(UnableTo):
    """The shift has begun, is called off, or its people cannot follow."""

    code = "staffing.unable_to_change_shift"


def _check_changeable(shift: Shift, now: datetime) -> None:
    if shift.state == ShiftState.CANCELLED:
        raise UnableToChangeShift(_("This shift is called off already."))
    if shift.starts_at <= now:
        raise UnableToChangeShift(_("This shift has begun."))


def _locked(shift_id: UUID) -> Shift:
    """The shift with its post, after its needs: whoever signs up meanwhile waits, and then sees the change.

    The locks do not hold up references to the shift, or two people would wait for each other.
    """
    needs = ShiftNeed.objects.select_for_update(no_key=True).filter(shift_id=shift_id).order_by("id")
    list(needs.values_list("pk", flat=True))
    shifts = Shift.objects.select_for_update(of=("self",), no_key=True).select_related("post")
    return shifts.get(pk=shift_id)


def call_off(*, by: Actor | None, now: datetime, shift: Shift, reason: Reason) -> int:
    """The shift does not take place: every sign-up is cancelled with that reason, people are told.

    Returns how many people were counted on.
    """
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, shift.commune)
        return _call_off(_locked(shift.pk), by, now, reason, "")


def call_off_closed(shifts: Iterable[Shift], *, by: Actor | None, now: datetime, why: str) -> int:
    """Within the unit of work of a closure: its shifts. `why` is the closure's reason, an enum's value."""
    rows = [_locked(shift.pk) for shift in shifts]
    still = [row for row in rows if row.state != ShiftState.CANCELLED]
    return sum(_call_off(row, by, now, Reason.POST_CLOSED, why) for row in still)


def _call_off(shift: Shift, by: Actor | None, now: datetime, reason: Reason, why: str) -> int:
    _check_changeable(shift, now)
    was_open = shift.state == ShiftState.OPEN
    shift.state, shift.reason = ShiftState.CANCELLED, reason
    shift.save(update_fields=["state", "reason"])
    people = list(expected_on([shift.pk]))
    for sign_up in people:
        check_move(sign_up.state, SignUpState.CANCELLED, Mover.SYSTEM, reason=reason)
        change_state(sign_up, SignUpState.CANCELLED, by=by, now=now, reason=reason)
    waiting = _end_questions(shift, now)
    if was_open:
        _tell_called_off(shift, [row.member for row in people] + waiting, now, why or reason)
    return len(people)


def _end_questions(shift: Shift, now: datetime) -> list[Member]:
    """Nobody waits for a place any more, and nobody is asked; returns those who waited."""
    rows = Waiting.objects.filter(need__shift=shift, state__in=(WaitState.WAITING, WaitState.OFFERED))
    waiting = [row.member for row in rows.select_related("member").order_by("since", "id")]
    rows.update(state=WaitState.LAPSED, answered_at=now)
    asks = Ask.objects.filter(need__shift=shift, state=AskState.OPEN)
    asks.update(state=AskState.WITHDRAWN, answered_at=now)
    return waiting


def _words_of(reason: str) -> str:
    choices = {**dict(Reason.choices), **dict(ClosureReason.choices)}
    return str(choices[reason])


def _tell_called_off(shift: Shift, members: list[Member], now: datetime, reason: str) -> None:
    def words() -> tuple[str, str]:
        body = gettext("Reason: %(reason)s. You need not do anything.") % {"reason": _words_of(reason)}
        return gettext("Called off: %(shift)s") % {"shift": shift_words(shift)}, body

    _tell(shift, members, words, now)


def _tell(shift: Shift, members: list[Member], words: Callable[[], tuple[str, str]], now: datetime) -> None:
    tell(
        members,
        kind=Kind.SHIFT_CHANGE,
        words=words,
        link=shift_link(shift.pk),
        about=shift.pk,
        now=now,
        urgent=is_late(shift.starts_at, now),
    )


def _names(members: Iterable[Member]) -> str:
    names = [str(member) for member in members]
    more = (
        [gettext("and %(count)s more") % {"count": len(names) - MOST_NAMES}]
        if len(names) > MOST_NAMES
        else []
    )
    return ", ".join([*names[:MOST_NAMES], *more])


def move_shift(
    *, by: Actor | None, now: datetime, shift: Shift, starts: time, ends: time, note: str = ""
) -> Shift:
    """Other times on the same day, and a note for those who come. Everybody on it moves along and is told.

    Raises `UnableToChangeShift` with their names when somebody is on another shift then.
    """
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, shift.commune)
        row = _locked(shift.pk)
        _check_changeable(row, now)
        was = (row.starts_at, row.ends_at)
        row.starts_at, row.ends_at = span(row.day, starts, ends)
        row.note = note.strip()
        if ends <= starts or row.starts_at <= now:
            raise UnableToChangeShift(_("A shift begins in the future and ends after it begins."))
        try:
            with transaction.atomic():
                row.save(update_fields=["starts_at", "ends_at", "note"])
        except IntegrityError as error:
            raise _refused_move(row, error) from error
        if was != (row.starts_at, row.ends_at) and row.state == ShiftState.OPEN:
            _tell_moved(row, now)
        return row


def _refused_move(shift: Shift, error: IntegrityError) -> UnableToChangeShift:
    if "signups_signup_no_overlap" not in str(error):
        return UnableToChangeShift(_("This post has another shift that begins then."))
    here = [row.member_id for row in people_on([shift.pk])]
    elsewhere = SignUp.objects.filter(
        member_id__in=here, state__in=BUSY, starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at
    ).exclude(shift=shift)
    members = Member.objects.filter(pk__in=elsewhere.values("member_id")).order_by("name", "id")
    return UnableToChangeShift(
        gettext("On another shift at this time: %(names)s. Take them off first, or choose other times.")
        % {"names": _names(members)}
    )


def _tell_moved(shift: Shift, now: datetime) -> None:
    def words() -> tuple[str, str]:
        return gettext("New times: %(shift)s") % {"shift": shift_words(shift)}, shift.note

    _tell(shift, [row.member for row in expected_on([shift.pk])], words, now)


def set_seats(*, by: Actor | None, now: datetime, shift: Shift, need: NeedSpec) -> ShiftNeed:
    """Changes a role of a shift (`need.id`), or adds one. A new free place goes to whoever waits for it.

    Raises `UnableToChangeShift` with their names when more people are on it than there would be seats.
    """
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, shift.commune)
        _check_changeable(_locked(shift.pk), now)
        there = {row.pk: row for row in shift.needs.all()}
        was = there.pop(need.id, None) if need.id else None
        # A skill that is no longer in use stays where it is asked for already.
        kept = set(was.qualifications if was else ())
        check_needs([need], known=known_qualifications(need.qualifications) | kept)
        others = list(there.values())
        if any(row.title.casefold() == need.title.strip().casefold() for row in others):
            raise UnableToSetNeeds(_("Two roles have the same name."))
        if need.id is None and len(others) >= MOST_NEEDS:
            raise UnableToSetNeeds(_("A shift has at most 8 roles."))
        if need.id is None:
            row = ShiftNeed(id=new_id(now), shift=shift, position=len(others))
        else:
            row = lock_need(need.id)
        _write_seats(row, need)
        if need.id is not None:
            offer_places(row, now)
        return row


def _write_seats(row: ShiftNeed, need: NeedSpec) -> None:
    for name, value in need.seats.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            if row._state.adding:
                row.save(force_insert=True)
            else:
                row.save(update_fields=list(need.seats))
    except IntegrityError as error:
        if "shifts_shiftneed_capacity" not in str(error):
            raise
        here = [one for one in people_on([row.shift_id]) if one.need_id == row.pk]
        raise UnableToChangeShift(
            gettext("%(count)s people are on it: %(names)s. Take somebody off first.")
            % {"count": len(here), "names": _names(one.member for one in here)}
        ) from error
