"""Changing a proposal by hand: every change is checked against all rules before it is kept."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.http import Http404

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.roster import plan
from nhipcau.roster.enums import DutySource
from nhipcau.roster.models import Proposal, ProposedDuty
from nhipcau.roster.rules.proposals import RULES, SOFT, Seat, check_open
from nhipcau.roster.services.asking import locked_row
from nhipcau.roster.services.working import seat_of, wishes_of
from nhipcau.shifts.models import ShiftNeed


class UnableToServe(UnableTo):
    """Rules keep this person from this place; `rules` are their codes."""

    code = "roster.unable_to_serve"

    def __init__(self, rules: Sequence[str]) -> None:
        super().__init__("; ".join(str(RULES[rule]) for rule in rules))
        self.rules = tuple(rules)


@contextmanager
def _change(
    proposal_id: UUID, by: Actor | None, now: datetime, seen: int, *, duties: bool = True
) -> Iterator[Proposal]:
    """The proposal as it was seen, locked; one version further at the end.

    When its `duties` change, what was proven of it holds no longer.
    """
    with unit_of_work(by=by, now=now):
        row = locked_row(proposal_id, by)
        check_open(row.state, row.version, seen)
        yield row
        row.version += 1
        row.facts = row.facts | ({"by_hand": True} if duties else {})
        row.save(update_fields=["version", "asked", "facts"])


def drawn_for(
    row: Proposal,
    now: datetime,
    *,
    duties: Sequence[ProposedDuty] | None = None,
    without: Sequence[Seat] = (),
) -> plan.Drawn:
    """The problem of a proposal as things stand now, with its locks and wishes."""
    wishes = wishes_of([row], duties=duties)
    wishes = replace(wishes, locked=tuple(seat for seat in wishes.locked if seat not in without))
    return plan.problem_of([row.team_id], row.starts_on, row.ends_on, now=now, wishes=wishes)


def put_on(
    *,
    by: Actor | None,
    now: datetime,
    proposal_id: UUID,
    seen: int,
    member_id: UUID,
    need_id: UUID,
    anyway: bool = False,
) -> ProposedDuty:
    """Puts a member on a need of the draft. Raises `UnableToServe`.

    With `anyway` what a person may waive is passed over, and the duty is locked: the leader has asked.
    """
    with _change(proposal_id, by, now, seen) as row:
        _welcome_back(row, member_id, need_id)
        drawn = drawn_for(row, now)
        seats = [seat_of(duty) for duty in row.duties.select_related("need")]
        waived = _check(drawn, Seat(member_id, drawn.shift_of.get(need_id, need_id), need_id), seats, anyway)
        return ProposedDuty.objects.create(
            id=new_id(now),
            proposal=row,
            need_id=need_id,
            member_id=member_id,
            locked=waived,
            source=DutySource.HAND,
        )


def _check(drawn: plan.Drawn, seat: Seat, beside: Sequence[Seat], anyway: bool) -> bool:
    """Raises `UnableToServe`; True when rules were passed over."""
    rules = plan.against(drawn, seat.member, seat.need, beside)
    if rules and not (anyway and set(rules) <= SOFT):
        raise UnableToServe(rules)
    return bool(rules)


def _welcome_back(row: Proposal, member_id: UUID, need_id: UUID) -> None:
    """Whoever is put on by hand is no longer kept off that shift."""
    kept_off = row.asked.get("kept_off", [])
    if any(member == str(member_id) for member, _ in kept_off):
        shift = ShiftNeed.objects.filter(pk=need_id).values_list("shift_id", flat=True).first()
        row.asked["kept_off"] = [pair for pair in kept_off if pair != [str(member_id), str(shift)]]


def take_off(
    *,
    by: Actor | None,
    now: datetime,
    proposal_id: UUID,
    seen: int,
    duty_id: UUID,
    keep_off: bool = False,
) -> None:
    """Takes a duty out of the draft; `keep_off`: working it out again does not put the member back."""
    with _change(proposal_id, by, now, seen) as row:
        duty = _duty(row, duty_id)
        if keep_off:
            pair = [str(duty.member_id), str(duty.need.shift_id)]
            row.asked["kept_off"] = [*row.asked.get("kept_off", []), pair]
        duty.delete()


def move(
    *, by: Actor | None, now: datetime, proposal_id: UUID, seen: int, duty_id: UUID, need_id: UUID
) -> ProposedDuty:
    """The same member on another need, checked as if they were on neither. Raises `UnableToServe`."""
    with _change(proposal_id, by, now, seen) as row:
        duty = _duty(row, duty_id)
        old = seat_of(duty)
        drawn = drawn_for(row, now, without=[old])
        seats = [seat_of(one) for one in row.duties.select_related("need") if one.pk != duty.pk]
        _check(drawn, Seat(duty.member_id, old.shift, need_id), seats, False)
        duty.need_id, duty.source = need_id, DutySource.HAND
        duty.save(update_fields=["need", "source"])
        return duty


def lock(
    *,
    by: Actor | None,
    now: datetime,
    proposal_id: UUID,
    seen: int,
    locked: bool,
    duty_id: UUID | None = None,
    day: date | None = None,
    member_id: UUID | None = None,
) -> int:
    """Locks or unlocks one duty, a day's, a member's, or all; returns how many are concerned."""
    with _change(proposal_id, by, now, seen, duties=False) as row:
        duties = row.duties.all()
        if duty_id is not None:
            duties = duties.filter(pk=duty_id)
        if day is not None:
            duties = duties.filter(need__shift__day=day)
        if member_id is not None:
            duties = duties.filter(member_id=member_id)
        return ProposedDuty.objects.filter(pk__in=duties.values("pk")).update(locked=locked)


def _duty(row: Proposal, duty_id: UUID) -> ProposedDuty:
    found = row.duties.select_related("need").filter(pk=duty_id).first()
    if found is None:
        raise Http404
    return found
