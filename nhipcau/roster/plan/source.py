"""What a problem is drawn from: read in a fixed number of queries, whatever the number of people.

The facts of people and shifts are those of `queries.facts`, the truth of every sign-up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from nhipcau.core.clock import VIETNAM
from nhipcau.roster.rules.proposals import Seat
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import ShiftNeed
from nhipcau.shifts.services import holidays_between
from nhipcau.signups.enums import EXPECTED, SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.signups.queries.facts import facts_of, members_with_facts, shift_facts
from nhipcau.signups.services import MemberFacts, ShiftFacts
from nhipcau.teams.models import TeamMembership
from nhipcau.volunteers.enums import PART_STARTS, DayPart
from planning import rostering as core

LEDGER: Final = timedelta(weeks=12)
HALF_DAY: Final = 240  # minutes that count as one half-day of load
PARTS: Final = tuple(PART_STARTS)
BOUNDS: Final = [*(start.hour * 60 + start.minute for start in PART_STARTS.values()), 24 * 60]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wished beyond what stands in the database.

    `kept_off`: (member, shift) that a leader does not want; `away`: (member, first day, first day back);
    `draft`: seats of an earlier draft, kept where nothing is published; `fixed`: seats that drafts of other
    teams give to shared people.
    """

    locked: tuple[Seat, ...] = ()
    kept_off: tuple[tuple[UUID, UUID], ...] = ()
    away: tuple[tuple[UUID, date, date], ...] = ()
    draft: tuple[Seat, ...] = ()
    fixed: tuple[tuple[UUID, datetime, datetime], ...] = ()


@dataclass
class Drawing:
    """What was read, while the problem is being made."""

    teams: frozenset[UUID]
    start: date
    end: date
    now: datetime
    wishes: Wishes
    needs: list[ShiftNeed]
    shifts: dict[UUID, ShiftFacts]
    people: dict[UUID, MemberFacts]
    holders: list[SignUp]
    ledger: dict[UUID, core.History]
    holidays: Mapping[date, str]
    held: dict[UUID, set[UUID]] = field(default_factory=dict)  # member -> shifts published

    def day_of(self, moment: datetime) -> int:
        """The day of the horizon of a moment, negative before it."""
        return (moment.astimezone(VIETNAM).date() - self.start).days

    def is_own(self, member: MemberFacts) -> bool:
        """Whether they are in one of the teams at some time of the horizon."""
        return any(spell.team in self.teams for spell in member.spells)


def read(teams: frozenset[UUID], start: date, end: date, now: datetime, wishes: Wishes) -> Drawing:
    """Needs of shifts to come, who holds them, members of the teams and whoever holds a seat, the ledger."""
    of_shift = Q(
        shift__team_id__in=teams, shift__day__gte=start, shift__day__lt=end, shift__starts_at__gt=now
    )
    needs = list(
        ShiftNeed.objects.filter(of_shift)
        .exclude(shift__state=ShiftState.CANCELLED)
        .select_related("shift__post__point", "shift__commune", "shift__team__roster_settings")
        .order_by("shift__starts_at", "shift_id", "position", "id")
    )
    holding = SignUp.objects.filter(of_shift, state__in=EXPECTED).exclude(shift__state=ShiftState.CANCELLED)
    holders = list(holding.order_by("shift_id", "member_id"))
    members = TeamMembership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=start), team_id__in=teams, starts_on__lt=end
    )
    rows = members_with_facts(start, end, now).filter(
        Q(pk__in=members.values("member_id")) | Q(pk__in={row.member_id for row in holders})
    )
    shifts = {need.shift_id: need.shift for need in needs}
    drawing = Drawing(
        teams,
        start,
        end,
        now,
        wishes,
        needs,
        {key: shift_facts(shift) for key, shift in shifts.items()},
        facts_of(rows.order_by("id")),
        holders,
        {},
        holidays_between(start - LEDGER, end + timedelta(days=1), "en"),
    )
    drawing.ledger = _ledger(drawing)
    for row in holders:
        drawing.held.setdefault(row.member_id, set()).add(row.shift_id)
    return drawing


def _ledger(drawing: Drawing) -> dict[UUID, core.History]:
    """What everybody carried in the weeks before: half-days, and how many of them nobody likes."""
    before = datetime.combine(drawing.start, time.min, tzinfo=VIETNAM)
    served = SignUp.objects.filter(
        member_id__in=drawing.people.keys(),
        state__in=(SignUpState.ATTENDED, SignUpState.CONFIRMED),
        starts_at__gte=before - LEDGER,
        starts_at__lt=min(before, drawing.now),
    )
    found: dict[UUID, core.History] = {}
    for member, starts_at, ends_at in served.values_list("member_id", "starts_at", "ends_at"):
        was = found.get(member, core.History())
        load = load_of(starts_at, ends_at)
        hard = load if is_unpopular(starts_at, drawing.holidays) else 0
        found[member] = core.History(was.load + load, was.unpopular + hard)
    return found


def load_of(starts_at: datetime, ends_at: datetime) -> int:
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    return max(1, round(minutes / HALF_DAY))


def is_unpopular(starts_at: datetime, holidays: Mapping[date, str]) -> bool:
    """Evenings, weekends and public holidays are shared out fairly on their own."""
    local = starts_at.astimezone(VIETNAM)
    late = local.time() >= PART_STARTS[DayPart.EVENING]
    return late or local.weekday() >= 5 or local.date() in holidays


def part_of(minute: int) -> DayPart:
    return max((part for part, start in zip(PARTS, BOUNDS, strict=False) if start <= minute), key=PARTS.index)


def window(drawing: Drawing, starts_at: datetime, ends_at: datetime) -> core.Window:
    local = starts_at.astimezone(VIETNAM)
    start = local.hour * 60 + local.minute
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    return core.Window(drawing.day_of(starts_at), start, start + minutes)
