"""A proposal as its page shows it: days and posts, loads, what is open and why, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nhipcau.roster import plan, services
from nhipcau.roster.models import Proposal, ProposedDuty
from nhipcau.roster.queries.proposals import duties_of, names_of
from nhipcau.roster.rules.proposals import RULES, Comparison, compare
from nhipcau.shifts.models import Post, Shift, ShiftNeed
from nhipcau.shifts.services import holidays_between


@dataclass(slots=True)
class Role:
    """A need of a shift with those the draft puts there."""

    need: ShiftNeed
    duties: list[tuple[ProposedDuty, bool]] = field(default_factory=list)

    @property
    def tone(self) -> str:
        """Which colour its number has."""
        if len(self.duties) < self.need.minimum:
            return "short"
        return "full" if len(self.duties) >= self.need.maximum else "enough"


@dataclass(slots=True)
class Box:
    """A shift in the grid: roles, who is taken off, who joined since, what does not fit."""

    shift: Shift
    roles: list[Role] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def tone(self) -> str:
        """The worst of its roles."""
        tones = {role.tone for role in self.roles}
        return "short" if "short" in tones else "full" if tones == {"full"} else "enough"

    @property
    def words(self) -> str:
        """Day, time and post."""
        return when(self.shift)


@dataclass(frozen=True, slots=True)
class DayRow:
    """A row of the grid."""

    day: date
    holiday: str
    columns: list[tuple[Post, list[Box]]]

    @property
    def locked(self) -> bool:
        """Whether nothing is left to lock."""
        roles = [role for _post, boxes in self.columns for box in boxes for role in box.roles]
        duties = [duty for role in roles for duty, _new in role.duties]
        return bool(duties) and all(duty.locked for duty in duties)


@dataclass(frozen=True, slots=True)
class Gap:
    """A role that is not filled, and which rules bind: how many people each keeps away."""

    need: ShiftNeed
    missing: int
    short: int
    why: list[str]


@dataclass(frozen=True, slots=True)
class LoadRow:
    """What one person carries."""

    member: str
    name: str
    shifts: int
    hours: float
    unpopular: int
    fair: int | None
    carried: int
    carried_unpopular: int
    unsaid: bool
    locked: bool


@dataclass(frozen=True)
class Sheet:
    """Everything that the page of a proposal shows."""

    days: list[DayRow]
    posts: list[Post]
    loads: list[LoadRow]
    gaps: list[Gap]
    wishes: list[str]
    faults: list[str]
    given: list[str]
    difference: Comparison
    fits: bool
    names: Mapping[str, str]

    @property
    def missing(self) -> int:
        """Places below the least numbers."""
        return sum(gap.missing for gap in self.gaps)


def sheet_of(row: Proposal, now: datetime) -> Sheet:
    """The sheet of a proposal as things stand now: seven queries, whatever its size."""
    duties = list(duties_of(row))
    drawn = services.drawn_for(row, now, duties=duties)
    base = services.base_of(row)
    seats = services.still_to_come(drawn, [services.seat_of(duty) for duty in duties], base)
    difference = compare(seats, drawn.published, base)
    found = plan.review(drawn, seats)
    names = names_of(
        {UUID(one.id) for one in drawn.problem.people} | {seat.member for seat in (*seats, *drawn.published)}
    )
    boxes = _boxes(drawn, duties, difference, names)
    faults = [_fault(one.rule.value, one.person, one.duties, boxes, names) for one in found.report.violations]
    return Sheet(
        days=_days(row, boxes.values()),
        posts=_posts(boxes.values()),
        loads=_loads(found, names, drawn.unsaid, {duty.member_id for duty in duties if not duty.locked}),
        gaps=_gaps(drawn, found),
        wishes=_wishes(row, found.hard_wishes, boxes, names),
        faults=faults,
        given=[_fault(one.rule.value, one.person, one.duties, boxes, names) for one in found.report.given],
        difference=difference,
        fits=found.fits,
        names=names,
    )


def when(shift: Shift) -> str:
    """A shift in a line: day, time, post."""
    start, end = localtime(shift.starts_at), localtime(shift.ends_at)
    return f"{start:%d/%m} {start.hour}:{start:%M}–{end.hour}:{end:%M}, {shift.post.name}"


def _boxes(
    drawn: plan.Drawn, duties: Iterable[ProposedDuty], difference: Comparison, names: Mapping[str, str]
) -> dict[UUID, Box]:
    boxes: dict[UUID, Box] = {}
    roles: dict[UUID, Role] = {}
    for need in drawn.needs.values():
        box = boxes.setdefault(need.shift_id, Box(need.shift))
        roles[need.pk] = Role(need)
        box.roles.append(roles[need.pk])
    new = set(difference.added)
    for duty in duties:
        if duty.need_id in roles:
            roles[duty.need_id].duties.append((duty, services.seat_of(duty) in new))
    for seat in difference.removed:
        if seat.shift in boxes:
            boxes[seat.shift].gone.append(names.get(str(seat.member), ""))
    for seat in difference.joined:
        if seat.shift in boxes:
            boxes[seat.shift].joined.append(names.get(str(seat.member), ""))
    return boxes


def _fault(
    rule: str, person: str, shifts: Iterable[str], boxes: Mapping[UUID, Box], names: Mapping[str, str]
) -> str:
    """A broken rule in words; it is noted at its shifts too."""
    words = f"{names.get(person, '')}: {RULES[rule]}" if person else str(RULES[rule])
    at = [boxes[UUID(shift)] for shift in shifts if shift and UUID(shift) in boxes]
    for box in at:
        box.faults.append(words)
    return f"{'; '.join(when(box.shift) for box in at)} – {words}" if at else words


def _wishes(
    row: Proposal, broken: Iterable[Any], boxes: Mapping[UUID, Box], names: Mapping[str, str]
) -> list[str]:
    """The wishes the draft passes over, in a line for each person; they come from the review."""
    days: dict[str, list[str]] = {}
    found = []
    for one in broken:
        if one.wish.duty is not None and UUID(one.wish.duty) in boxes:
            words = _("%(name)s wants to give this shift up: %(shift)s")
            found.append(words % {"name": names.get(one.person), "shift": boxes[UUID(one.wish.duty)].words})
        else:
            on = row.starts_on + timedelta(days=one.wish.day or 0)
            days.setdefault(one.person, []).append(on.strftime("%d/%m"))
    words = _("%(name)s serves, but would rather not: %(days)s")
    return [*found, *(words % {"name": names.get(who), "days": ", ".join(on)} for who, on in days.items())]


def _posts(boxes: Iterable[Box]) -> list[Post]:
    found = {box.shift.post_id: box.shift.post for box in boxes}
    return sorted(found.values(), key=lambda post: (post.name, str(post.pk)))


def _days(row: Proposal, boxes: Iterable[Box]) -> list[DayRow]:
    some = list(boxes)
    posts = _posts(some)
    holidays = holidays_between(row.starts_on, row.ends_on)
    there: dict[tuple[date, UUID], list[Box]] = {}
    for box in some:
        there.setdefault((box.shift.day, box.shift.post_id), []).append(box)
    days = sorted({box.shift.day for box in some})
    return [
        DayRow(day, holidays.get(day, ""), [(post, there.get((day, post.pk), [])) for post in posts])
        for day in days
    ]


def _loads(
    found: plan.Review, names: Mapping[str, str], unsaid: frozenset[UUID], loose: set[UUID]
) -> list[LoadRow]:
    rows = [
        LoadRow(
            member=one.person,
            name=names.get(one.person, ""),
            shifts=one.duties,
            hours=round(one.minutes / 60, 1),
            unpopular=one.unpopular,
            fair=one.fair_load,
            carried=one.carried,
            carried_unpopular=one.carried_unpopular,
            unsaid=UUID(one.person) in unsaid,
            locked=one.duties > 0 and UUID(one.person) not in loose,
        )
        for one in found.explanation.loads
    ]
    return sorted(rows, key=lambda one: (-one.shifts, one.name))


def _gaps(drawn: plan.Drawn, found: plan.Review) -> list[Gap]:
    gaps = []
    for one in found.explanation.uncovered:
        counts = sorted(one.rules.items(), key=lambda item: (-item[1], item[0]))
        why = [_people(number, str(RULES[rule.value])) for rule, number in counts]
        if one.able:
            why.append(_people(len(one.able), _("free, left out to share fairly or to keep wishes")))
        gaps.append(Gap(drawn.needs[UUID(one.need)], one.missing, one.short, why))
    return sorted(gaps, key=lambda gap: (-gap.missing, gap.need.shift.starts_at))


def _people(number: int, words: str) -> str:
    head = ngettext("%(number)s person: %(words)s", "%(number)s people: %(words)s", number)
    return head % {"number": number, "words": words}
