"""I cannot come: a stand-in is asked for and takes over; until then the volunteer stays responsible."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.messaging.enums import Kind
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups.enums import EXPECTED, AskState, SignUpState, Source, StandInMode
from nhipcau.signups.models import Ask, SignUp
from nhipcau.signups.queries.calling import (
    Candidate,
    candidates,
    get_ask,
    get_call,
    open_ask_for_all,
    seat_left_by,
)
from nhipcau.signups.queries.facts import member_facts, need_facts, needs_with_facts, with_people
from nhipcau.signups.queries.leaders import leaders_of
from nhipcau.signups.rules.eligibility import refusals, when_asked
from nhipcau.signups.rules.states import is_late
from nhipcau.signups.services.seats import change_state, lock_need, lock_sign_up, take_seat
from nhipcau.signups.services.signing import UnableToSignUp, check_leads, move
from nhipcau.signups.services.telling import tell_of

# More people are not asked for one place at once.
MOST_TOLD: Final = 30


class UnableToAskStandIn(UnableTo):
    """Nobody was named, or the one named may not take the shift."""

    code = "signups.unable_to_ask"


class UnableToTakeOver(UnableTo):
    """Somebody else was faster, or no stand-in is wanted any more."""

    code = "signups.taken_over"


def seek_stand_in(
    *,
    sign_up_id: UUID,
    by: Actor,
    now: datetime,
    mode: str,
    named: UUID | None = None,
    reason: str = "",
) -> SignUp:
    """Asks for a stand-in: a person named, everybody who may, or through the leader.

    The member keeps the seat until somebody takes over. Asked again another way, the first questions
    stay open too. Raises `UnableToAskStandIn`, `UnableToMoveSignUp`, 404.
    """
    with unit_of_work(by=by, now=now):
        row = SignUp.objects.filter(pk=sign_up_id).first()
        if row is None:
            raise Http404
        sign_up = move(row, to=SignUpState.STAND_IN_SOUGHT, by=by, now=now, reason=reason)
        if by.id != sign_up.member_id:
            check_leads(by, sign_up.shift)
        # Said after the one tap, or said anew: the move itself is made only once.
        if reason and sign_up.reason != reason:
            sign_up.reason = reason
            sign_up.save(update_fields=["reason"])
        able = candidates(sign_up.need_id, now=now, instead_of=sign_up)
        if mode == StandInMode.NAMED:
            _ask_named(sign_up, able, named, by, now)
        elif mode == StandInMode.OPEN:
            _ask_all(sign_up, able, by, now)
        _tell_leaders(sign_up, by, now, wants_list=mode == StandInMode.LEADER)
    return sign_up


def _ask_named(
    sign_up: SignUp, able: Sequence[Candidate], named: UUID | None, by: Actor, now: datetime
) -> None:
    if named is None:
        raise UnableToAskStandIn(_("Choose whom you ask."))
    if named not in {one.id for one in able}:
        raise UnableToAskStandIn(_("This person cannot take the shift. Choose somebody else."))
    ask = _ask(sign_up.need, sign_up, StandInMode.NAMED, named, by=by, now=now)
    _tell_asked([named], sign_up, ask, now)


def _ask_all(sign_up: SignUp, able: Sequence[Candidate], by: Actor, now: datetime) -> None:
    if open_ask_for_all(sign_up.pk) is None:
        ask = _ask(sign_up.need, sign_up, StandInMode.OPEN, None, by=by, now=now)
        _tell_asked([one.id for one in able if one.free is not False][:MOST_TOLD], sign_up, ask, now)


def ask_member(
    *, need_id: UUID, member_id: UUID, by: Actor, now: datetime, sign_up_id: UUID | None = None
) -> Ask:
    """The leader asks one member for a free place, or to take over `sign_up_id`; every ask is kept.

    Asked already, it stays the same question. Raises `UnableToAskStandIn` when the member may not, 404.
    """
    with unit_of_work(by=by, now=now):
        need = lock_need(need_id)
        check_leads(by, need.shift)
        sign_up = None
        if sign_up_id is not None:
            sign_up = need.sign_ups.filter(pk=sign_up_id, state__in=EXPECTED).select_related("member").first()
            if sign_up is None:
                raise UnableToAskStandIn(_("No stand-in is wanted for this place any more."))
        if member_id not in {one.id for one in candidates(need_id, now=now, instead_of=sign_up)}:
            raise UnableToAskStandIn(_("This person cannot take the shift. Choose somebody else."))
        known = need.asks.filter(member_id=member_id, state=AskState.OPEN).first()
        if known is not None:
            return known
        ask = _ask(need, sign_up, StandInMode.LEADER, member_id, by=by, now=now)
        if sign_up is not None:
            _tell_asked([member_id], sign_up, ask, now)
        else:
            _tell_wanted(need, ask, now)
    return ask


def answer_ask(*, ask_id: UUID, yes: bool, by: Actor, now: datetime) -> SignUp | None:
    """The member asked answers; a yes takes the place. Raises `UnableToTakeOver`, `UnableToSignUp`, 404."""
    with unit_of_work(by=by, now=now):
        need = lock_need(get_ask(ask_id, for_=by).need_id)
        return _answer(need, get_ask(ask_id, for_=by), yes, by, now)


def answer_call(*, ask_id: UUID, yes: bool, by: Actor, now: datetime) -> SignUp | None:
    """The leader writes down what the member said on the phone."""
    with unit_of_work(by=by, now=now):
        need = lock_need(get_call(ask_id, for_=by).need_id)
        return _answer(need, get_call(ask_id, for_=by), yes, by, now)


def _answer(need: ShiftNeed, ask: Ask, yes: bool, by: Actor, now: datetime) -> SignUp | None:
    assert ask.member_id is not None
    if ask.state == AskState.TAKEN and yes:
        return need.sign_ups.filter(member_id=ask.member_id).order_by("-made_at", "-id").first()
    if ask.state != AskState.OPEN:
        raise UnableToTakeOver(_("This question is no longer open. Somebody else took the place."))
    if not yes:
        _close(ask, AskState.DECLINED, now)
        _tell_declined(ask, now)
        return None
    if ask.sign_up_id is not None:
        sign_up = _take_over(need, ask.sign_up_id, ask.member_id, by, now)
    else:
        _check_eligible(need, ask.member_id, now, leaver=None)
        sign_up = take_seat(
            need,
            id=new_id(now),
            member_id=ask.member_id,
            state=SignUpState.CONFIRMED,
            source=Source.LEADER,
            by=by,
            now=now,
        )
    ask.refresh_from_db()
    _close(ask, AskState.TAKEN, now)
    return sign_up


def take_over(*, sign_up_id: UUID, by: Actor, now: datetime) -> SignUp:
    """The member `by` takes over a place for which everybody is asked. Taken twice it is one sign-up.

    Of two at once exactly one gets it. Raises `UnableToTakeOver`, `UnableToSignUp`, 404.
    """
    with unit_of_work(by=by, now=now):
        row = SignUp.objects.filter(pk=sign_up_id).first()
        if row is None:
            raise Http404
        need = lock_need(row.need_id)
        mine = row.stand_ins.filter(member_id=by.id).first()
        if mine is not None:
            return mine
        ask = open_ask_for_all(sign_up_id)
        if ask is None:
            raise UnableToTakeOver(_("Somebody else took the place, or nobody is wanted any more."))
        sign_up = _take_over(need, sign_up_id, by.id, by, now)
        ask.member_id = by.id
        _close(ask, AskState.TAKEN, now)
    return sign_up


def _take_over(need: ShiftNeed, sign_up_id: UUID, taker: UUID, by: Actor, now: datetime) -> SignUp:
    """Under the lock of the need, in one transaction: nobody sees the seat free in between."""
    old = lock_sign_up(sign_up_id)
    if old.state not in EXPECTED or old.starts_at <= now:
        raise UnableToTakeOver(_("Somebody else took the place, or nobody is wanted any more."))
    _check_eligible(need, taker, now, leaver=old)
    change_state(old, SignUpState.SWAPPED, by=by, now=now, reason=old.reason)
    old.asks.filter(state=AskState.OPEN).update(state=AskState.WITHDRAWN, answered_at=now)
    new = take_seat(
        need,
        id=new_id(now),
        member_id=taker,
        state=SignUpState.CONFIRMED,
        source=Source.STAND_IN,
        by=by,
        now=now,
        stands_in_for=old,
    )
    _tell_taken(old, new, now)
    return new


def _check_eligible(need: ShiftNeed, member_id: UUID, now: datetime, *, leaver: SignUp | None) -> None:
    facts = need_facts([needs_with_facts(now, member=member_id).get(pk=need.pk)], beside=False)[0]
    wanted = [member_id, *([leaver.member_id] if leaver else [])]
    day = facts.shift.day
    people = member_facts(wanted, start=day, end=day + timedelta(days=1), now=now)
    member = people[member_id]
    if not member.is_experienced(facts.shift):
        facts = with_people([facts])[0]
    if leaver is not None:
        facts = seat_left_by(facts, people[leaver.member_id])
    found = when_asked(refusals(member, facts, now))
    if found:
        raise UnableToSignUp(found)


def _ask(
    need: ShiftNeed, sign_up: SignUp | None, mode: str, member_id: UUID | None, *, by: Actor, now: datetime
) -> Ask:
    """A question of record. The database keeps one open question for a member and a need."""
    try:
        with transaction.atomic():
            return Ask.objects.create(
                id=new_id(now),
                need=need,
                sign_up=sign_up,
                mode=mode,
                member_id=member_id,
                asked_by_id=by.id,
                asked_at=now,
            )
    except IntegrityError as error:
        raise UnableToAskStandIn(_("This person is being asked already.")) from error


def _close(ask: Ask, to: AskState, now: datetime) -> None:
    ask.state, ask.answered_at = to, now
    ask.save(update_fields=["state", "answered_at", "member"])


def lapse_asks(*, now: datetime) -> int:
    """Questions about shifts that have begun, or were called off, are over."""
    with unit_of_work(by=None, now=now):
        over = Ask.objects.filter(state=AskState.OPEN)
        begun = over.filter(need__shift__starts_at__lte=now)
        off = over.filter(need__shift__state=ShiftState.CANCELLED)
        return sum(rows.update(state=AskState.LAPSED, answered_at=now) for rows in (begun, off))


def _tell_asked(people: Sequence[UUID], sign_up: SignUp, ask: Ask, now: datetime) -> None:
    shift, name = sign_up.need.shift, sign_up.member.name
    tell_of(
        shift,
        people,
        kind=Kind.STAND_IN,
        subject=lambda: gettext("Can you take over? %(shift)s"),
        # Everybody who may come is asked, also from afar: a name is for whoever was asked by name.
        body=lambda: (
            gettext("%(name)s cannot come and looks for a stand-in.") % {"name": name}
            if ask.member_id
            else gettext("Somebody cannot come and looks for a stand-in.")
        ),
        link=reverse("signups:ask", args=[ask.pk]) if ask.member_id else "",
        now=now,
        urgent=is_late(shift.starts_at, now),
    )


def _tell_wanted(need: ShiftNeed, ask: Ask, now: datetime) -> None:
    tell_of(
        need.shift,
        [ask.member_id] if ask.member_id else [],
        kind=Kind.STAND_IN,
        subject=lambda: gettext("Can you help? %(shift)s"),
        body=lambda: gettext("Your leader asks whether you can take this shift."),
        link=reverse("signups:ask", args=[ask.pk]),
        now=now,
        urgent=is_late(need.shift.starts_at, now),
    )


def _tell_taken(old: SignUp, new: SignUp, now: datetime) -> None:
    name = new.member.name
    tell_of(
        new.need.shift,
        [old.member_id],
        kind=Kind.STAND_IN,
        subject=lambda: gettext("Your shift is taken over: %(shift)s"),
        body=lambda: (
            gettext("%(name)s comes in your place. Thank you for saying so in time.") % {"name": name}
        ),
        now=now,
    )


def _tell_declined(ask: Ask, now: datetime) -> None:
    """Who asked one person by name hears their no: nobody else is being asked for them."""
    sign_up = ask.sign_up
    if ask.mode != StandInMode.NAMED or sign_up is None or ask.member is None:
        return
    shift, name = ask.need.shift, ask.member.name
    tell_of(
        shift,
        [sign_up.member_id],
        kind=Kind.STAND_IN,
        subject=lambda: gettext("No stand-in yet: %(shift)s"),
        body=lambda: (
            gettext("%(name)s cannot take over. Ask somebody else. Until then the place stays yours.")
            % {"name": name}
        ),
        link=reverse("signups:cannot_come", args=[sign_up.pk]),
        now=now,
        urgent=is_late(shift.starts_at, now),
    )


def _tell_leaders(sign_up: SignUp, by: Actor, now: datetime, *, wants_list: bool) -> None:
    """The leader hears of it when asked to find somebody, or when little time is left."""
    shift, name = sign_up.need.shift, sign_up.member.name
    late = is_late(shift.starts_at, now)
    if wants_list or late:
        leaders = leaders_of([shift.team_id], shift.day).get(shift.team_id, [])
        tell_of(
            shift,
            [one.pk for one in leaders if one.pk != by.id],
            kind=Kind.STAND_IN,
            subject=lambda: gettext("Stand-in wanted: %(shift)s"),
            body=lambda: (
                gettext("%(name)s cannot come. Open the list of people you can ask.") % {"name": name}
            ),
            link=reverse("staffing:call_list", args=[sign_up.need_id]) + f"?for={sign_up.pk}",
            now=now,
            urgent=late,
        )
