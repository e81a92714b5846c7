"""Publishing a proposal: sign-ups made and cancelled in one transaction, or nothing and a reason per row."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.messaging.enums import Kind
from nhipcau.messaging.services import send_all
from nhipcau.roster import plan
from nhipcau.roster.enums import ProposalState
from nhipcau.roster.models import Proposal
from nhipcau.roster.queries.proposals import published_on
from nhipcau.roster.rules.proposals import RULES, Comparison, Seat, check_move, check_open, compare
from nhipcau.roster.services.asking import locked_row
from nhipcau.roster.services.editing import drawn_for
from nhipcau.roster.services.working import seat_of
from nhipcau.shifts.enums import Reason, ShiftState
from nhipcau.shifts.models import Shift, ShiftNeed
from nhipcau.signups.enums import AskState, SignUpState, Source
from nhipcau.signups.models import Ask, SignUp, Waiting
from nhipcau.signups.services import Mover
from nhipcau.signups.services import check_move as check_sign_up
from nhipcau.signups.services.seats import (
    UnableToBeInTwoPlaces,
    UnableToSignUpTwice,
    UnableToTakeSeat,
    change_state,
    take_seat,
)
from nhipcau.signups.services.telling import shift_words
from nhipcau.signups.services.waiting import offer_places, taken_otherwise
from nhipcau.teams.models import Member
from nhipcau.teams.services.telling import draft_for

_MOST_LINES: Final = 40


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why one row cannot be published: a person (None: the shift as a whole), a shift, the code of a rule."""

    member: UUID | None
    shift: UUID
    rule: str

    @property
    def words(self) -> str:
        """The rule as people say it."""
        return str(RULES[self.rule])


# What the database refuses when somebody else was quicker, as the rules call it; any other refusal speaks for
# itself.
_TAKEN: Final[Mapping[type[UnableTo], str]] = {
    UnableToTakeSeat: "full",
    UnableToBeInTwoPlaces: "overlap",
    UnableToSignUpTwice: "duplicate",
}


class UnableToPublish(UnableTo):
    """Something changed since the proposal was made; `conflicts` says what, row by row. Nothing was done."""

    code = "roster.unable_to_publish"

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__(_("Nothing is published yet: these rows no longer fit."))
        self.conflicts = tuple(conflicts)


def base_of(row: Proposal) -> list[Seat]:
    """What was published when the proposal was worked out."""
    return [Seat(*(UUID(key) for key in keys)) for keys in row.facts.get("base", ())]


def publish(*, by: Actor | None, now: datetime, proposal_id: UUID, seen: int) -> Comparison:
    """The draft becomes the roster: people are signed up and cancelled, and told once each.

    Who signed up meanwhile stays. Raises `UnableToPublish` with every row that no longer fits; then
    nothing has changed.
    """
    with unit_of_work(by=by, now=now):
        row = locked_row(proposal_id, by)
        check_open(row.state, row.version, seen)
        draft = [seat_of(duty) for duty in row.duties.select_related("need")]
        keys = {seat.need for seat in draft}
        published = {Seat(one.member_id, one.shift_id, one.need_id): one for one in _locked(row, keys, now)}
        needs = {need.pk: need for need in _locked_needs(keys | {seat.need for seat in published})}
        drawn, base = drawn_for(row, now), base_of(row)
        difference = compare(still_to_come(drawn, draft, base), published, base)
        _refuse(_conflicts(drawn, difference))
        _open(drawn, now)
        _cancel([published[seat] for seat in difference.removed], by, now)
        _take(difference.added, needs, by, now)
        _confirm([published[seat] for seat in difference.kept], by, now)
        _offer({seat.need for seat in difference.removed}, needs, now)
        _tell(row, difference, needs, now)
        check_move(row.state, ProposalState.PUBLISHED)
        row.state, row.published_at, row.version = ProposalState.PUBLISHED, now, row.version + 1
        row.save(update_fields=["state", "published_at", "version"])
    return difference


def still_to_come(drawn: plan.Drawn, draft: Iterable[Seat], base: Collection[Seat]) -> list[Seat]:
    """The draft without what was only kept on shifts that have begun or were called off meanwhile."""
    return [seat for seat in draft if seat.need in drawn.needs or seat not in base]


def _refuse(conflicts: Sequence[Conflict]) -> None:
    if conflicts:
        raise UnableToPublish(conflicts)


def _locked_needs(keys: Iterable[UUID]) -> list[ShiftNeed]:
    """All needs concerned, locked in one order before any seat changes, as everybody locks them."""
    rows = ShiftNeed.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(keys))
    return list(rows.select_related("shift__post").order_by("id"))


def _locked(row: Proposal, keys: Iterable[UUID], now: datetime) -> list[SignUp]:
    """The sign-ups of today under the lock of their needs."""
    own = published_on(row, now=now)
    _locked_needs({*keys, *own.values_list("need_id", flat=True)})
    return list(own.select_related("shift__post", "member"))


def _conflicts(drawn: plan.Drawn, difference: Comparison) -> list[Conflict]:
    known = set(drawn.needs)
    found = [Conflict(seat.member, seat.shift, "left") for seat in difference.left]
    gone = [seat for seat in difference.added if seat.need not in known]
    found += [Conflict(seat.member, seat.shift, "unknown") for seat in gone]
    seats = [seat for seat in difference.after if seat.need in known]
    for fault in plan.review(drawn, seats).report.violations:
        member = UUID(fault.person) if fault.person else None
        found += [Conflict(member, UUID(shift), fault.rule.value) for shift in fault.duties if shift]
    return found


def _open(drawn: plan.Drawn, now: datetime) -> None:
    """With their roster, shifts prepared until now are shown to everybody."""
    shifts = {need.shift_id for need in drawn.needs.values() if need.shift.state == ShiftState.DRAFT}
    Shift.objects.filter(pk__in=shifts, state=ShiftState.DRAFT).update(state=ShiftState.OPEN, opened_at=now)


def _cancel(sign_ups: Iterable[SignUp], by: Actor | None, now: datetime) -> None:
    rows = list(sign_ups)
    for row in rows:
        check_sign_up(row.state, SignUpState.CANCELLED, Mover.LEADER, reason=Reason.ROSTER_CHANGED)
        change_state(row, SignUpState.CANCELLED, by=by, now=now, reason=Reason.ROSTER_CHANGED)
    asks = Ask.objects.filter(sign_up__in=rows, state=AskState.OPEN)
    asks.update(state=AskState.WITHDRAWN, answered_at=now)


def _take(seats: Iterable[Seat], needs: Mapping[UUID, ShiftNeed], by: Actor | None, now: datetime) -> None:
    """After a refusal of the database nothing more can be asked of it: the first one ends the work."""
    line = Waiting.objects.filter(need_id__in=needs).values_list("need_id", "member_id")
    waiting = set(line)
    for seat in seats:
        need = needs[seat.need]
        try:
            take_seat(
                need,
                id=new_id(now),
                member_id=seat.member,
                state=SignUpState.CONFIRMED,
                source=Source.PROPOSAL,
                by=by,
                now=now,
            )
        except tuple(_TAKEN) as error:
            raise UnableToPublish([Conflict(seat.member, seat.shift, _TAKEN[type(error)])]) from error
        if (seat.need, seat.member) in waiting:
            taken_otherwise(need, seat.member, now)


def _confirm(sign_ups: Iterable[SignUp], by: Actor | None, now: datetime) -> None:
    """Who had asked for a shift and is in the draft has it."""
    for row in sign_ups:
        if row.state == SignUpState.APPLIED:
            check_sign_up(row.state, SignUpState.CONFIRMED, Mover.LEADER)
            change_state(row, SignUpState.CONFIRMED, by=by, now=now)


def _offer(freed: Iterable[UUID], needs: Mapping[UUID, ShiftNeed], now: datetime) -> None:
    """Places that became free go to those who wait for them."""
    for key in sorted(freed):
        need = needs[key]
        need.refresh_from_db(fields=["taken"])
        offer_places(need, now)


def _tell(row: Proposal, difference: Comparison, needs: Mapping[UUID, ShiftNeed], now: datetime) -> None:
    """One message to each person whose shifts changed, in their language."""
    changed = {seat.member for seat in (*difference.added, *difference.removed)}
    drafts = []
    for member in Member.objects.filter(pk__in=changed).order_by("id"):
        added = _shifts(difference.added, member, needs)
        removed = _shifts(difference.removed, member, needs)
        words = partial(_words, row, added, removed)
        link = reverse("signups:my_shifts")
        drafts.append(draft_for(member, kind=Kind.ROSTER_PUBLISHED, words=words, link=link, about=row.pk))
    send_all(drafts=drafts, now=now)


def _words(row: Proposal, added: Sequence[Shift], removed: Sequence[Shift]) -> tuple[str, str]:
    subject = gettext("Your shifts from %(first)s to %(last)s") % {
        "first": row.starts_on.strftime("%d/%m"),
        "last": row.last_on.strftime("%d/%m"),
    }
    return subject, "\n".join(
        [*_lines(gettext("New:"), added), *_lines(gettext("No longer yours:"), removed)]
    )


def _shifts(seats: Iterable[Seat], member: Member, needs: Mapping[UUID, ShiftNeed]) -> list[Shift]:
    mine = [needs[seat.need].shift for seat in seats if seat.member == member.pk]
    return sorted(mine, key=lambda shift: shift.starts_at)


def _lines(heading: str, shifts: Sequence[Shift]) -> list[str]:
    return [heading, *(f"– {shift_words(shift)}" for shift in shifts[:_MOST_LINES])] if shifts else []
