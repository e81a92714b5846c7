"""Reading when members can serve, and how much they want to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from nhipcau.volunteers.enums import DayPart, Liking
from nhipcau.volunteers.models import DateAvailability, VolunteerProfile, WeeklyAvailability
from nhipcau.volunteers.rules import Availability, Limits


def availability(members: Iterable[UUID], from_day: date, until_day: date) -> dict[UUID, Availability]:
    """When each of the members can serve in `[from_day, until_day)`: two queries, however many members.

    Every member asked for is in the answer.
    """
    wanted = list(members)
    weekly: dict[UUID, dict[tuple[int, DayPart], Liking]] = {member: {} for member in wanted}
    dates: dict[UUID, dict[tuple[date, DayPart], bool]] = {member: {} for member in wanted}
    week = WeeklyAvailability.objects.filter(member_id__in=wanted)
    for member, weekday, part, liking in week.values_list("member_id", "weekday", "part", "liking"):
        weekly[member][weekday, DayPart(part)] = Liking(liking)
    days = DateAvailability.objects.filter(member_id__in=wanted, day__gte=from_day, day__lt=until_day)
    for member, day, part, free in days.values_list("member_id", "day", "part", "free"):
        dates[member][day, DayPart(part)] = free
    return {member: Availability(member, weekly[member], dates[member]) for member in wanted}


def usual_week(member_id: UUID) -> Availability:
    """The usual week of one member, without the days that differ."""
    rows = WeeklyAvailability.objects.filter(member_id=member_id).values_list("weekday", "part", "liking")
    week = {(weekday, DayPart(part)): Liking(liking) for weekday, part, liking in rows}
    return Availability(member_id, week, {})


def default_limits() -> Limits:
    """What holds for whoever has set nothing."""
    blank = VolunteerProfile()
    return Limits(blank.shifts_a_week, blank.hours_a_day, blank.reach_km)


def limits(members: Iterable[UUID]) -> dict[UUID, Limits]:
    """How much each of the members wants to serve at most: one query."""
    found = dict.fromkeys(members, default_limits())
    rows = VolunteerProfile.objects.filter(member_id__in=list(found))
    for member, *values in rows.values_list("member_id", "shifts_a_week", "hours_a_day", "reach_km"):
        found[member] = Limits(*values)
    return found


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row that differ from the usual week in the same way, first and last included."""

    first: date
    last: date
    parts: tuple[DayPart, ...]
    free: bool


def exceptions_of(member_id: UUID, *, today: date) -> list[Stretch]:
    """The days from today on that differ from the usual week, joined where they follow each other."""
    rows = DateAvailability.objects.filter(member_id=member_id, day__gte=today).order_by("day", "id")
    days: dict[tuple[date, bool], set[str]] = {}
    for day, part, free in rows.values_list("day", "part", "free"):
        days.setdefault((day, free), set()).add(part)
    found: list[Stretch] = []
    for (day, free), chosen in sorted(days.items(), key=lambda item: (item[0][1], item[0][0])):
        parts = tuple(part for part in DayPart if part in chosen)
        last = found[-1] if found else None
        if last and (last.free, last.parts, last.last + timedelta(days=1)) == (free, parts, day):
            found[-1] = Stretch(last.first, day, parts, free)
        else:
            found.append(Stretch(day, day, parts, free))
    return sorted(found, key=lambda stretch: (stretch.first, stretch.last))
