"""Need against cover: seats needed at least and seats held, by place, in a stretch of days."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Least

from nhipcau.core.clock import local_date
from nhipcau.core.scope import Actor
from nhipcau.places.models import Unit
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Shift, ShiftNeed
from nhipcau.teams.enums import Permission

# So many short shifts are offered for asking at once.
MOST_SHIFTS: Final = 60


@dataclass(frozen=True, slots=True)
class Cover:
    """A place in a stretch of days: seats needed at least, how many of these are held, shifts and short ones.

    What is held above the least number of one shift does not help another, so it is not counted.
    """

    code: str
    name: str
    latitude: float
    longitude: float
    needed: int = 0
    held: int = 0
    shifts: int = 0
    short_shifts: int = 0

    @property
    def short(self) -> int:
        """Seats still lacking."""
        return self.needed - self.held

    @property
    def percent(self) -> int | None:
        """The share held, rounded down so that only what is whole shows 100; None without a need."""
        return 100 * self.held // self.needed if self.needed else None


def open_needs(start: date, end: date) -> QuerySet[ShiftNeed]:
    """The needs of open shifts of the days `[start, end)`."""
    return ShiftNeed.objects.filter(shift__state=ShiftState.OPEN, shift__day__gte=start, shift__day__lt=end)


def needs_to_come(now: datetime, start: date, end: date) -> QuerySet[ShiftNeed]:
    """The needs of `open_needs` whose shift is still to begin: those that `short_shifts` lists."""
    return open_needs(start, end).filter(shift__starts_at__gt=now)


def _seats(needs: QuerySet[ShiftNeed], place: str) -> dict[str, dict[str, int]]:
    """Place -> counted seats: one query, however many places there are."""
    rows = (
        needs.order_by()
        .values(place)
        .annotate(
            needed=Sum("minimum"),
            held=Sum(Least("taken", "minimum")),
            shifts=Count("shift_id", distinct=True),
            short_shifts=Count("shift_id", distinct=True, filter=Q(taken__lt=F("minimum"))),
        )
    )
    return {row.pop(place): row for row in rows}


def _listed(units: Iterable[Unit], seats: dict[str, dict[str, int]]) -> list[Cover]:
    found = [
        Cover(unit.code, unit.full_name, unit.latitude, unit.longitude, **seats.get(unit.code, {}))
        for unit in units
    ]
    # Stable: places equally short stay in the order of their names.
    return sorted(found, key=lambda row: (-row.short, -row.needed))


def cover_of_province(province: str, now: datetime, start: date, end: date) -> list[Cover]:
    """Every commune of a province, shifts still to begin, the shortest first; two queries."""
    units = Unit.objects.filter(parent_id=province).order_by("search_key", "code")
    needs = needs_to_come(now, start, end).filter(shift__commune__parent_id=province)
    return _listed(units, _seats(needs, "shift__commune_id"))


def cover_of_nation(now: datetime, start: date, end: date) -> list[Cover]:
    """Every province, shifts still to begin, the shortest first; two queries."""
    units = Unit.objects.filter(parent__isnull=True).order_by("search_key", "code")
    return _listed(units, _seats(needs_to_come(now, start, end), "shift__commune__parent_id"))


def whole(rows: Iterable[Cover]) -> Cover:
    """The sum of places."""
    listed = list(rows)
    return Cover(
        "",
        "",
        0.0,
        0.0,
        sum(row.needed for row in listed),
        sum(row.held for row in listed),
        sum(row.shifts for row in listed),
        sum(row.short_shifts for row in listed),
    )


def cover_in_short(for_: Actor, now: datetime, start: date, end: date) -> dict[str, int]:
    """For a home page: seats needed and held, short shifts and communes of the actor's places; one query."""
    scope = for_.scope(Permission.REINFORCEMENT_SEND)
    return (
        needs_to_come(now, start, end)
        .filter(scope.q("shift__commune"))
        .aggregate(
            needed=Sum("minimum", default=0),
            held=Sum(Least("taken", "minimum"), default=0),
            short_shifts=Count("shift_id", distinct=True, filter=Q(taken__lt=F("minimum"))),
            short_communes=Count("shift__commune_id", distinct=True, filter=Q(taken__lt=F("minimum"))),
        )
    )


def shifts_of_day(day: date, *, for_: Actor) -> QuerySet[Shift]:
    """The open shifts of a day in the places whose rosters the actor runs, each with seats `needed` and
    `held`; one query."""
    return (
        Shift.objects.filter(for_.scope(Permission.ROSTER_EDIT).q("commune"), state=ShiftState.OPEN, day=day)
        .annotate(needed=Sum("needs__minimum"), held=Sum(Least("needs__taken", "needs__minimum")))
        .select_related("post", "commune")
        .order_by("starts_at", "post__name", "id")
    )


def short_shifts(now: datetime, start: date, end: date) -> QuerySet[Shift]:
    """Open shifts of `[start, end)` still to begin that have fewer people than they need, soonest first.

    Each with `needed` and `held` seats, its post and its commune.
    """
    return (
        Shift.objects.filter(state=ShiftState.OPEN, starts_at__gt=now, day__gte=start, day__lt=end)
        .annotate(needed=Sum("needs__minimum"), held=Sum(Least("needs__taken", "needs__minimum")))
        .filter(held__lt=F("needed"))
        .select_related("post", "commune")
        .order_by("starts_at", "id")
    )


def held_and_needed(shift: Shift) -> tuple[int, int]:
    """What `short_shifts` counted of a shift: seats held, and seats needed at least."""
    counted = vars(shift)
    return counted["held"], counted["needed"]


def short_shifts_of_team(
    team_id: UUID, *, now: datetime, start: date, end: date, for_: Actor
) -> QuerySet[Shift]:
    """The short shifts of one team, as far as the actor may ask for help for them."""
    found = short_shifts(now, start, end).filter(team_id=team_id)
    return found.filter(for_.scope(Permission.REINFORCEMENT_ASK).q("commune"))


def shifts_to_ask_for(
    team_id: UUID, named: Collection[UUID], *, now: datetime, until: date, for_: Actor
) -> list[Shift]:
    """The short shifts of a team before a day, and those named however far ahead; soonest first.

    Many others do not push out the named ones.
    """
    found = short_shifts_of_team(team_id, now=now, start=local_date(now), end=date.max, for_=for_)
    soon = list(found.filter(day__lt=until)[:MOST_SHIFTS])
    beside = set(named) - {shift.pk for shift in soon}
    far = list(found.filter(pk__in=beside)[:MOST_SHIFTS]) if beside else []
    return sorted([*soon, *far], key=lambda shift: (shift.starts_at, shift.pk))
