"""Signing up, being put on, confirming, giving up, being marked: the database decides under load."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.citizens.queries import check_no_long_number
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.messaging.enums import Kind
from nhipcau.shifts.models import Shift
from nhipcau.signups.enums import EXPECTED, AskState, Refusal, SignUpState, Source
from nhipcau.signups.models import SignUp
from nhipcau.signups.queries.facts import Place, facts_for_day, place_for, seats_left, with_people
from nhipcau.signups.rules.eligibility import MemberFacts, NeedFacts, hard, of_member, of_places, when_asked
from nhipcau.signups.rules.states import (
    NOT_NOW,
    Mover,
    UnableToMoveSignUp,
    check_moment,
    check_move,
    may_follow,
)
from nhipcau.signups.services.seats import (
    LAST_TAKEN,
    UnableToTakeSeat,
    change_state,
    changes_seat,
    lock_need,
    lock_sign_up,
    take_seat,
)
from nhipcau.signups.services.telling import tell_of
from nhipcau.signups.services.waiting import offer_places, taken_otherwise
from nhipcau.teams.enums import Permission

LONGEST_NOTE: Final = 200
# What nobody passes over for somebody who was really there.
_HOLDS_AFTERWARDS: Final[tuple[Refusal, ...]] = (
    Refusal.CALLED_OFF,
    Refusal.ALREADY_ON,
    Refusal.OVERLAP,
    Refusal.FULL,
)
_DECIDED: Final = (SignUpState.ATTENDED, SignUpState.EXCUSED, SignUpState.NO_SHOW)
# Help comes from elsewhere.
_OF_PLACE: Final[tuple[Refusal, ...]] = (Refusal.OTHER_TEAM, Refusal.TOO_FAR)
# Moves into these may give a seat back, or take one again.
_MAY_CHANGE_SEAT: Final = (SignUpState.CANCELLED, SignUpState.SWAPPED, *_DECIDED)
# A published roster tells everybody once, by its own message.
_TOLD: Final = (Source.LEADER, Source.REINFORCEMENT)


class UnableToSignUp(UnableTo):
    """Something speaks against this member on this shift; `refusals` says what."""

    code = "signups.not_eligible"

    def __init__(self, found: Sequence[Refusal]) -> None:
        super().__init__(" ".join(str(refusal.label) for refusal in found))
        self.refusals = tuple(found)


class UnableToNoteSignUp(UnableTo):
    """The note that says why a rule is passed over is missing, or too long."""

    code = "signups.invalid_note"


def join(*, id: UUID, need_id: UUID, by: Actor, now: datetime) -> SignUp:
    """The member `by` signs up. `id` belongs to the tap: sent twice it does one thing.

    Raises `UnableToTakeSeat` when the places are gone – one small question before any transaction, and
    the first one under the lock, so that many losers cost little –, `UnableToSignUp` for every other
    reason, 404.
    """
    mine = _mine_or_refused(need_id, by.id, id)
    if mine is not None:
        return SignUp.objects.get(pk=mine)
    with unit_of_work(by=by, now=now):
        locked = lock_need(need_id)
        mine = _mine_or_refused(need_id, by.id, id) if locked.taken >= locked.maximum else None
        place = _look(need_id, by.id, now, tap=id)
        mine = mine or place.own
        if mine is not None:
            return SignUp.objects.get(pk=mine)
        if place.facts.waiting and offer_places(place.row, now, at_hand=by.id):
            place = _look(need_id, by.id, now, tap=id)
        member = _facts_of(by.id, place.facts, now)
        found = of_member(member, place.facts, now)
        _check(found or of_places(member, _with_people(place.facts, member), now))
        state = SignUpState.APPLIED if place.facts.shift.needs_confirming else SignUpState.CONFIRMED
        sign_up = take_seat(
            place.row, id=id, member_id=by.id, state=state, source=Source.SELF, by=by, now=now
        )
        taken_otherwise(place.row, by.id, now)
    return sign_up


def _mine_or_refused(need_id: UUID, member_id: UUID, tap: UUID) -> UUID | None:
    """The member's own sign-up; None when they have none and a place is free; else `UnableToTakeSeat`."""
    seats = seats_left(need_id, member=member_id, tap=tap)
    if seats is None:
        raise Http404
    left, mine = seats
    if mine is None and left == 0:
        raise UnableToTakeSeat(LAST_TAKEN)
    return mine


def put_on(
    *,
    need_id: UUID,
    member_id: UUID,
    by: Actor | None,
    now: datetime,
    source: str = Source.LEADER,
    state: str = SignUpState.CONFIRMED,
    note: str = "",
    id: UUID | None = None,
) -> SignUp:
    """Whoever runs the team's rosters puts a member on; `by` None: the system, as a published roster.

    With a `note` rules are passed over, but never the hard ones (`enums.HARD`). Somebody who came on the
    day (`Source.WALK_IN`, with `state` attended) is written down whatever the plan was. On the shift
    already: nothing changes. Raises `UnableToSignUp`, `UnableToTakeSeat`, `UnableToNoteSignUp`, 404.
    """
    note = _read_note(note)
    with unit_of_work(by=by, now=now):
        lock_need(need_id)
        tap = id or new_id(now)
        place = _look(need_id, member_id, now, tap=tap)
        check_leads(by, place.row.shift, also=_permissions(source))
        if place.own is not None:
            return SignUp.objects.get(pk=place.own)
        member = _facts_of(member_id, place.facts, now)
        found = [*of_member(member, place.facts, now)]
        found += of_places(member, _with_people(place.facts, member), now)
        _check(_left_over(found, source, note))
        sign_up = take_seat(
            place.row, id=tap, member_id=member_id, state=state, source=source, by=by, now=now, note=note
        )
        taken_otherwise(place.row, member_id, now)
        if source in _TOLD and (by is None or by.id != member_id):
            _tell_put_on(sign_up, now)
    return sign_up


def _left_over(found: Sequence[Refusal], source: str, note: str) -> list[Refusal]:
    """What still speaks against it when a leader has seen the reasons."""
    if source == Source.WALK_IN:
        return [refusal for refusal in found if refusal in _HOLDS_AFTERWARDS]
    against: list[Refusal] = [one for one in when_asked(found) if one != Refusal.NOT_OPEN]
    if source == Source.REINFORCEMENT:
        against = [refusal for refusal in against if refusal not in _OF_PLACE]
    return hard(against) if note else against


def move(
    sign_up: SignUp,
    *,
    to: str,
    by: Actor | None,
    now: datetime,
    reason: str = "",
    note: str = "",
    mover: Mover | None = None,
) -> SignUp:
    """Brings a sign-up into another state, as far as the table lets this person; every move is a step.

    `mover` is found from `by` (None: the system) unless the caller has checked it: what was measured at
    the post (`Mover.POST`). A move that has already happened changes nothing. A seat given back before
    the shift goes to the waiting list. Raises `UnableToMoveSignUp`, `UnableToTakeSeat` when an excused
    member is marked as attended on a full shift, 404.
    """
    note = _read_note(note)
    with unit_of_work(by=by, now=now):
        # Whether the seat changes may only be seen under the lock, so any such move takes it.
        need = lock_need(sign_up.need_id) if to in _MAY_CHANGE_SEAT else None
        row = lock_sign_up(sign_up.pk)
        if row.state == to:
            return row
        part = mover or _mover(row, to, by)
        check_move(row.state, to, part, reason=reason)
        check_moment(to, part, starts_at=row.starts_at, now=now)
        was = row.state
        change_state(row, to, by=by, now=now, reason=reason, note=note)
        _close_asks(row, was, now)
        if need is not None and changes_seat(was, to) and row.starts_at > now:
            need.refresh_from_db(fields=["taken"])
            offer_places(need, now)
        if by is not None and by.id != row.member_id:
            _tell_moved(row, was, now)
    return row


def cancel(*, sign_up_id: UUID, by: Actor, now: datetime, reason: str, note: str = "") -> SignUp:
    """The member, or who runs the rosters, gives the seat back, with a reason."""
    return move(_get(sign_up_id), to=SignUpState.CANCELLED, by=by, now=now, reason=reason, note=note)


def come_after_all(*, sign_up_id: UUID, by: Actor, now: datetime) -> SignUp:
    """No stand-in is wanted any more: back to where the sign-up stood, asked for or confirmed."""
    row = _get(sign_up_id)
    sought = row.steps.filter(to_state=SignUpState.STAND_IN_SOUGHT).order_by("-at", "-id").first()
    # Who only had asked for the shift waits for the leader's word again.
    asked = sought is not None and sought.from_state == SignUpState.APPLIED
    return move(row, to=SignUpState.APPLIED if asked else SignUpState.CONFIRMED, by=by, now=now)


def promise(*, sign_up_id: UUID, by: Actor, now: datetime) -> SignUp:
    """The member says "I will come" after the reminder; said twice it is the same."""
    with unit_of_work(by=by, now=now):
        row = lock_sign_up(sign_up_id)
        if row.member_id != by.id:
            raise Http404
        if row.state not in (SignUpState.APPLIED, SignUpState.CONFIRMED) or row.ends_at <= now:
            raise UnableToMoveSignUp(NOT_NOW)
        if row.promised_at is None:
            row.promised_at = now
            row.save(update_fields=["promised_at"])
    return row


def check_leads(by: Actor | None, shift: Shift, *, also: Sequence[str] = ()) -> None:
    """404 unless `by` runs the rosters of the shift's place, or holds one of the permissions `also` there."""
    if by is not None and not leads(by, shift, also=also):
        raise Http404


def leads(by: Actor, shift: Shift, *, also: Sequence[str] = ()) -> bool:
    """`check_leads` as a question; the shift comes with its commune."""
    province = shift.commune.parent_id or ""
    return any(
        by.scope(permission).covers(commune=shift.commune_id, province=province)
        for permission in (Permission.ROSTER_EDIT, *also)
    )


def _permissions(source: str) -> tuple[str, ...]:
    """Who comes on the day is written down by those who mark attendance; help is sent by who sends it."""
    if source == Source.WALK_IN:
        return (Permission.ATTENDANCE_MARK,)
    return (Permission.REINFORCEMENT_SEND,) if source == Source.REINFORCEMENT else ()


def _look(need_id: UUID, member_id: UUID, now: datetime, *, tap: UUID) -> Place:
    place = place_for(need_id, member=member_id, tap=tap, now=now)
    if place is None:
        raise Http404
    return place


def _facts_of(member_id: UUID, need: NeedFacts, now: datetime) -> MemberFacts:
    found = facts_for_day(member_id, need.shift.day, now)
    if found is None:
        raise Http404
    return found


def _with_people(need: NeedFacts, member: MemberFacts) -> NeedFacts:
    """Who is on matters to newcomers only."""
    return need if member.is_experienced(need.shift) else with_people([need])[0]


def _check(found: Sequence[Refusal]) -> None:
    if found:
        raise UnableToSignUp(found)


def _get(sign_up_id: UUID) -> SignUp:
    found = SignUp.objects.filter(pk=sign_up_id).first()
    if found is None:
        raise Http404
    return found


def _mover(sign_up: SignUp, to: str, by: Actor | None) -> Mover:
    """In which part `by` asks for this move: one's own first, else as who leads; or 404."""
    if by is None:
        return Mover.SYSTEM
    own = by.id == sign_up.member_id
    if own and may_follow(sign_up.state, to, Mover.MEMBER):
        return Mover.MEMBER
    if leads(by, sign_up.shift, also=(Permission.ATTENDANCE_MARK,) if to in _DECIDED else ()):
        return Mover.LEADER
    if own:
        return Mover.MEMBER
    raise Http404


def _close_asks(sign_up: SignUp, was: str, now: datetime) -> None:
    """Nobody is asked any longer to stand in for somebody who comes after all, or no longer has the seat."""
    if was == SignUpState.STAND_IN_SOUGHT or sign_up.state not in EXPECTED:
        sign_up.asks.filter(state=AskState.OPEN).update(state=AskState.WITHDRAWN, answered_at=now)


def _read_note(note: str) -> str:
    text = " ".join(note.split())
    if len(text) > LONGEST_NOTE:
        raise UnableToNoteSignUp(_("A note has at most 200 characters."))
    check_no_long_number(text)
    return text


def _tell_put_on(sign_up: SignUp, now: datetime) -> None:
    tell_of(
        sign_up.need.shift,
        [sign_up.member_id],
        kind=Kind.SIGN_UP,
        subject=lambda: gettext("You are on a shift: %(shift)s"),
        body=lambda: gettext(
            "If you cannot come, say so on the page of the shift. Then we look for somebody else."
        ),
        now=now,
    )


def _tell_moved(sign_up: SignUp, was: str, now: datetime) -> None:
    """What somebody else decided about one's sign-up before or at the shift."""
    said: dict[str, Callable[[], str]] = {
        SignUpState.CONFIRMED: lambda: gettext("Your place is confirmed: %(shift)s"),
        SignUpState.CANCELLED: lambda: gettext("Your place was cancelled: %(shift)s"),
    }
    if sign_up.state in said and was not in _DECIDED:
        tell_of(
            sign_up.shift,
            [sign_up.member_id],
            kind=Kind.SIGN_UP,
            subject=said[sign_up.state],
            body=lambda: str(sign_up.get_reason_display()),
            now=now,
        )
