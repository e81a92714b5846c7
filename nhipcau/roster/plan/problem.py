"""From posts, people and what is published to a problem of the core."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from nhipcau.core.clock import VIETNAM
from nhipcau.roster.plan.people import LEVELS, guest, has_said, person_of, strangers, with_late_joiners
from nhipcau.roster.plan.source import Drawing, Wishes, is_unpopular, load_of, part_of, read
from nhipcau.roster.rules.proposals import Seat
from nhipcau.shifts.models import ShiftNeed
from planning import rostering as core

# What it costs to take a published duty from somebody: more than any wish, less than an empty place.
CHANGE: Final = 80


@dataclass(frozen=True)
class Drawn:
    """A problem with what it was drawn from. `unsaid`: people who have not said when they are free."""

    problem: core.Problem
    needs: Mapping[UUID, ShiftNeed]
    published: tuple[Seat, ...]
    unsaid: frozenset[UUID]

    @cached_property
    def shift_of(self) -> dict[UUID, UUID]:
        """The shift of each need."""
        return {key: need.shift_id for key, need in self.needs.items()}


def problem_of(
    teams: Iterable[UUID], start: date, end: date, *, now: datetime, wishes: Wishes | None = None
) -> Drawn:
    """The problem of these teams for days of `[start, end)`: five queries, whatever the number of people."""
    drawing = read(frozenset(teams), start, end, now, wishes or Wishes())
    welcome = strangers(drawing)
    members = [one for key, one in drawing.people.items() if key not in welcome and drawing.is_own(one)]
    people = [person_of(drawing, one) for one in members]
    guests = [guest(drawing, key) for key in sorted(welcome)]
    # A team in which everybody is new must begin somewhere.
    experienced = any(one.experience is core.Experience.EXPERIENCED for one in (*people, *guests))
    mixing = core.Mixing.HARD if experienced else core.Mixing.NONE
    published = tuple(sorted(Seat(row.member_id, row.shift_id, row.need_id) for row in drawing.holders))
    locked = {*drawing.wishes.locked, *(seat for seat in published if seat.member in welcome)}
    known = {one.id for one in (*people, *guests)}
    needs = {need.pk: need for need in drawing.needs}
    problem = core.Problem(
        weights=core.Weights(change=CHANGE),
        start=start,
        days=(end - start).days,
        duties=tuple(_duties(drawing, mixing)),
        people=(*with_late_joiners(drawing, people), *guests),
        locked=tuple(
            assignment(seat) for seat in sorted(locked) if str(seat.member) in known and seat.need in needs
        ),
        previous=tuple(assignment(seat) for seat in published or drawing.wishes.draft) or None,
    )
    unsaid = frozenset(one.id for one in members if not has_said(one))
    return Drawn(core.share_fairly(problem), needs, published, unsaid)


def assignment(seat: Seat) -> core.Assignment:
    """The seat as the core knows it."""
    return core.Assignment(str(seat.member), str(seat.shift), str(seat.need))


def seat_of(one: core.Assignment) -> Seat:
    """And back."""
    return Seat(UUID(one.person), UUID(one.duty), UUID(one.need))


def _duties(drawing: Drawing, mixing: core.Mixing) -> Iterable[core.Duty]:
    by_shift: dict[UUID, list[ShiftNeed]] = {}
    for need in drawing.needs:
        by_shift.setdefault(need.shift_id, []).append(need)
    for key, needs in by_shift.items():
        shift = needs[0].shift
        local = shift.starts_at.astimezone(VIETNAM)
        start = local.hour * 60 + local.minute
        load = load_of(shift.starts_at, shift.ends_at)
        yield core.Duty(
            id=str(key),
            day=drawing.day_of(shift.starts_at),
            start=start,
            end=start + int((shift.ends_at - shift.starts_at).total_seconds() // 60),
            needs=tuple(_need(need) for need in needs),
            post=str(shift.post_id),
            team=str(shift.team_id),
            kind=part_of(start).value,
            load=load,
            unpopular=load if is_unpopular(shift.starts_at, drawing.holidays) else 0,
            mixing=mixing if any(need.pairs_newcomers for need in needs) else core.Mixing.NONE,
        )


def _need(need: ShiftNeed) -> core.Need:
    return core.Need(
        id=str(need.pk),
        minimum=need.minimum,
        ideal=need.ideal,
        maximum=need.maximum,
        qualifications=tuple(need.qualifications),
        languages={code: LEVELS[level] for code, level in need.languages.items()},
    )
