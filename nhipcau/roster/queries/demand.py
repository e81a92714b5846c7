"""What is known of visitors at a point: counts, help sessions as a lower bound, and the shifts that serve."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Case, CharField, Count, Value, When
from django.db.models.functions import TruncTime
from django.http import Http404

from nhipcau.cases.models import HelpSession
from nhipcau.core.clock import VIETNAM
from nhipcau.places.models import ServicePoint
from nhipcau.roster.models import VisitorCount
from nhipcau.roster.rules.demand import HalfDay, half_day
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import ShiftNeed
from nhipcau.shifts.queries.posts import serves_on
from nhipcau.teams.models import Team
from nhipcau.volunteers.enums import PART_STARTS, DayPart

PARTS: Final = tuple(DayPart)


@dataclass(frozen=True, slots=True)
class CountedPoint:
    """A point at which a team has a post, and on how many days since some day visitors were counted."""

    point: ServicePoint
    days: int


def counted_points(team: Team, *, since: date, today: date) -> list[CountedPoint]:
    """The points at which the team serves, by name; two queries."""
    at_posts = team.posts.filter(serves_on(today), point__isnull=False).values("point_id")
    points = list(ServicePoint.objects.filter(pk__in=at_posts).order_by("kind", "name", "id")[:50])
    counts = VisitorCount.objects.filter(point__in=points, day__gte=since).values("point_id")
    days = {row["point_id"]: row["days"] for row in counts.annotate(days=Count("day", distinct=True))}
    return [CountedPoint(point, days.get(point.pk, 0)) for point in points]


def get_counted_point(team: Team, point_id: UUID) -> ServicePoint:
    """A point of the team's commune; or 404."""
    found = ServicePoint.objects.filter(pk=point_id, commune_id=team.commune_id).first()
    if found is None:
        raise Http404
    return found


def counts_of(point: ServicePoint, *, start: date, end: date) -> dict[HalfDay, VisitorCount]:
    """The counts on days of `[start, end)`."""
    rows = VisitorCount.objects.filter(point=point, day__gte=start, day__lt=end).order_by("day", "id")
    return {(row.day, DayPart(row.part)): row for row in rows}


def _part() -> Case:
    """The part of the day of a help session, by the clock of Viet Nam."""
    starts = sorted(((start, part) for part, start in PART_STARTS.items()), reverse=True)
    whens = [When(local__gte=start, then=Value(part.value)) for start, part in starts]
    return Case(*whens, default=Value(starts[-1][1].value), output_field=CharField())


def sessions_at(point: ServicePoint, *, start: date, end: date) -> dict[HalfDay, int]:
    """Help sessions recorded at the point, by half-day: so many people came at least."""
    rows = (
        HelpSession.objects.filter(
            commune_id=point.commune_id, service_point=point, day__gte=start, day__lt=end
        )
        .annotate(local=TruncTime("at", tzinfo=VIETNAM))
        .annotate(part=_part())
        .values("day", "part")
        .annotate(number=Count("id"))
        .order_by("day", "part")
    )
    return {(row["day"], DayPart(row["part"])): row["number"] for row in rows}


@dataclass(frozen=True, slots=True)
class Served:
    """The roles on the shifts of a point in one half-day, those of the first post first."""

    needs: tuple[ShiftNeed, ...]

    @property
    def best(self) -> int:
        """How many people are wanted now."""
        return sum(need.ideal for need in self.needs)

    def proposed(self, people: int) -> int:
        """The best number of the first role, so that all roles together come to `people`."""
        first = self.needs[0]
        return max(first.minimum, 1, people - (self.best - first.ideal))


def served_at(team: Team, point: ServicePoint, *, start: date, end: date) -> dict[HalfDay, Served]:
    """What the team's shifts at a point ask for, by half-day of `[start, end)`."""
    needs: Iterable[ShiftNeed] = (
        ShiftNeed.objects.filter(
            shift__team=team, shift__post__point=point, shift__day__gte=start, shift__day__lt=end
        )
        .exclude(shift__state=ShiftState.CANCELLED)
        .select_related("shift__post")
        .order_by("shift__starts_at", "shift__post__name", "position", "id")
    )
    found: dict[HalfDay, list[ShiftNeed]] = {}
    for need in needs:
        found.setdefault(half_day(need.shift.starts_at), []).append(need)
    return {key: Served(tuple(rows)) for key, rows in found.items()}
