"""The waiting list of a need: in order, with offers that end; a free place goes to the line first."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import VIETNAM
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.messaging.enums import QUIET_FROM, QUIET_UNTIL, Kind
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups.enums import Refusal, SignUpState, Source, WaitState
from nhipcau.signups.models import SignUp, Waiting
from nhipcau.signups.queries.facts import facts_for_day, member_facts, need_facts, needs_with_facts
from nhipcau.signups.queries.waiting import get_waiting, in_line, needs_to_offer
from nhipcau.signups.rules.eligibility import refusals
from nhipcau.signups.rules.states import is_late
from nhipcau.signups.services.seats import lock_need, take_seat
from nhipcau.signups.services.telling import tell_of

_IN_LINE = (WaitState.WAITING, WaitState.OFFERED)
# A place in line is for whoever may have the seat as soon as there is one.
_FOR_NOW = (Refusal.FULL, Refusal.IN_LINE, Refusal.NEWCOMER)
# An offer shorter than this before the shift is no real question.
_SHORTEST = timedelta(minutes=15)


class UnableToWait(UnableTo):
    """The member could not have the seat anyway, or there is a free one."""

    code = "signups.unable_to_wait"


class UnableToAnswerOffer(UnableTo):
    """The offer is over."""

    code = "signups.offer_over"


def join_line(*, need_id: UUID, by: Actor, now: datetime) -> Waiting:
    """The member waits in line for a place; asked twice they keep the first place. `UnableToWait`, 404."""
    with unit_of_work(by=by, now=now):
        found = _found_against(need_id, by.id, now)
        against = [refusal for refusal in found if refusal not in _FOR_NOW]
        if against:
            raise UnableToWait(" ".join(str(refusal.label) for refusal in against))
        if not found:
            raise UnableToWait(_("There is a free place. Sign up now."))
        try:
            with transaction.atomic():
                return Waiting.objects.create(
                    id=new_id(now), need_id=need_id, member_id=by.id, state=WaitState.WAITING, since=now
                )
        except IntegrityError:
            return Waiting.objects.get(need_id=need_id, member_id=by.id, state__in=_IN_LINE)


def leave_line(*, waiting_id: UUID, by: Actor, now: datetime) -> Waiting:
    """The member no longer waits; a place offered to them goes to the next."""
    return _end(waiting_id, WaitState.LEFT, by, now)


def pass_offer(*, waiting_id: UUID, by: Actor, now: datetime) -> Waiting:
    """The member does not want the place offered; it goes to the next."""
    return _end(waiting_id, WaitState.PASSED, by, now)


def _end(waiting_id: UUID, to: WaitState, by: Actor, now: datetime) -> Waiting:
    with unit_of_work(by=by, now=now):
        need_id = get_waiting(waiting_id, for_=by).need_id
        need = lock_need(need_id)
        waiting = get_waiting(waiting_id, for_=by)
        if waiting.state in _IN_LINE:
            _answer(waiting, to, now)
            offer_places(need, now)
    return waiting


def accept_offer(*, waiting_id: UUID, by: Actor, now: datetime) -> SignUp:
    """The member takes the place offered. Accepted twice it is one sign-up. `UnableToAnswerOffer`, 404."""
    with unit_of_work(by=by, now=now):
        need = lock_need(get_waiting(waiting_id, for_=by).need_id)
        waiting = get_waiting(waiting_id, for_=by)
        if waiting.state == WaitState.TAKEN:
            known = need.sign_ups.filter(member_id=by.id).order_by("-made_at", "-id").first()
            if known is not None:
                return known
        if waiting.state != WaitState.OFFERED or not waiting.offer_until or waiting.offer_until <= now:
            raise UnableToAnswerOffer(
                _("The time for this offer is over. The place went to the next in line.")
            )
        # What changed since the offer still speaks against it; that the place is theirs does not.
        against = _found_against(need.pk, by.id, now)
        if against:
            raise UnableToAnswerOffer(" ".join(str(refusal.label) for refusal in against))
        sign_up = take_seat(
            need,
            id=new_id(now),
            member_id=by.id,
            state=SignUpState.CONFIRMED,
            source=Source.WAITING,
            by=by,
            now=now,
        )
        _answer(waiting, WaitState.TAKEN, now)
    return sign_up


def _found_against(need_id: UUID, member_id: UUID, now: datetime) -> list[Refusal]:
    """What speaks against the member on the need, without their own place in line; or 404."""
    row = needs_with_facts(now, member=member_id).filter(pk=need_id).first()
    if row is None:
        raise Http404
    need = need_facts([row])[0]
    member = facts_for_day(member_id, need.shift.day, now)
    if member is None:
        raise Http404
    return refusals(member, need, now)


def taken_otherwise(need: ShiftNeed, member_id: UUID, now: datetime) -> None:
    """Whoever got a seat no longer waits for it. Under the lock of the need."""
    for waiting in in_line(need.pk, member=member_id):
        _answer(waiting, WaitState.TAKEN, now)


def offer_places(need: ShiftNeed, now: datetime, *, at_hand: UUID | None = None) -> list[Waiting]:
    """Ends old offers and offers every free place to the next in line who may have it.

    Within a unit of work, under the lock of the need; `need` comes fresh from `lock_need`. The member
    `at_hand` keeps their turn, and is not told of a place that they are taking at this moment.
    """
    line = list(need.waiting.filter(state__in=_IN_LINE).order_by("since", "id"))
    for waiting in line:
        if waiting.state == WaitState.OFFERED and waiting.offer_until and waiting.offer_until <= now:
            _answer(waiting, WaitState.LAPSED, now)
    waiting_rows = [waiting for waiting in line if waiting.state == WaitState.WAITING]
    offered = sum(waiting.state == WaitState.OFFERED for waiting in line)
    if not waiting_rows or need.maximum - need.taken <= offered or need.shift.state != ShiftState.OPEN:
        return []
    return _offer(need, waiting_rows, now, at_hand)


def _offer(need: ShiftNeed, line: list[Waiting], now: datetime, at_hand: UUID | None) -> list[Waiting]:
    """Asks the rules for each in line, in order, until the places are gone."""
    facts = need_facts([needs_with_facts(now).get(pk=need.pk)])[0]
    day = facts.shift.day
    people = member_facts(
        [waiting.member_id for waiting in line], start=day, end=day + timedelta(days=1), now=now
    )
    until = offer_end(now, timedelta(minutes=facts.shift.offer_minutes), facts.shift.starts_at)
    made: list[Waiting] = []
    for waiting in line:
        if until is None or facts.maximum - facts.taken <= facts.reserved:
            break
        if not refusals(people[waiting.member_id], facts, now):
            _make_offer(waiting, until, now)
            if waiting.member_id != at_hand:
                _tell_offer(waiting, need, until, now)
            made.append(waiting)
            facts = replace(facts, reserved=facts.reserved + 1)
    return made


def offer_end(now: datetime, minutes: timedelta, starts_at: datetime) -> datetime | None:
    """When an offer made now ends: quiet hours do not count, and never beyond the start of the shift.

    None when the shift is too near for a question.
    """
    if starts_at - now < _SHORTEST:
        return None
    awake, left = now, max(minutes, _SHORTEST)
    while True:
        local = awake.astimezone(VIETNAM)
        if local.time() >= QUIET_FROM:
            awake = datetime.combine(local.date() + timedelta(days=1), QUIET_UNTIL, tzinfo=VIETNAM)
        elif local.time() < QUIET_UNTIL:
            awake = datetime.combine(local.date(), QUIET_UNTIL, tzinfo=VIETNAM)
        else:
            quiet = datetime.combine(local.date(), QUIET_FROM, tzinfo=VIETNAM)
            if awake + left <= quiet:
                return min(awake + left, starts_at)
            left -= quiet - awake
            awake = quiet


def _make_offer(waiting: Waiting, until: datetime, now: datetime) -> None:
    waiting.state, waiting.offered_at, waiting.offer_until = WaitState.OFFERED, now, until
    waiting.save(update_fields=["state", "offered_at", "offer_until"])


def _tell_offer(waiting: Waiting, need: ShiftNeed, until: datetime, now: datetime) -> None:
    def by_when() -> str:
        end = localtime(until)
        return gettext("Answer by %(time)s on %(day)s. After that the place goes to the next in line.") % {
            "time": f"{end.hour}:{end:%M}",
            "day": end.strftime("%d/%m"),
        }

    tell_of(
        need.shift,
        [waiting.member_id],
        kind=Kind.WAITING_OFFER,
        subject=lambda: gettext("A place is free for you: %(shift)s"),
        body=by_when,
        link=reverse("signups:offer", args=[waiting.pk]),
        now=now,
        urgent=is_late(need.shift.starts_at, now),
    )


def _answer(waiting: Waiting, to: WaitState, now: datetime) -> None:
    waiting.state, waiting.answered_at = to, now
    waiting.save(update_fields=["state", "answered_at"])


def move_lines_on(*, now: datetime) -> int:
    """Every few minutes: ends offers not answered and offers what is free; how many offers were made."""
    made = 0
    for need_id in needs_to_offer(now=now):
        with unit_of_work(by=None, now=now):
            made += len(offer_places(lock_need(need_id), now))
    return made
