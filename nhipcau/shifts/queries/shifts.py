"""Reading shifts: what a period would bring, a team's week, one shift."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from nhipcau.core.scope import Actor
from nhipcau.shifts.models import Closure, Post, PostRule, Shift, ShiftNeed
from nhipcau.shifts.rules.calendar import Calendar, Dated, holidays_between, worked_in_lieu
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Team


def closures_over(communes: Iterable[str], *, start: date, end: date) -> QuerySet[Closure]:
    """What closes those communes, or points of them, on days of `[start, end)`."""
    over = Closure.objects.filter(commune_id__in=list(communes), starts_on__lt=end, ends_on__gt=start)
    return over.select_related("point").order_by("starts_on", "id")


def planned_dates(rules: Sequence[PostRule], *, start: date, end: date, now: datetime) -> list[Dated]:
    """Every date of the rules in a period with what stands against it: two queries, however many dates."""
    posts = {rule.post_id for rule in rules}
    made = Shift.objects.filter(post_id__in=posts, day__gte=start, day__lt=end).order_by("starts_at", "id")
    closures = closures_over({rule.post.commune_id for rule in rules}, start=start, end=end)
    calendar = Calendar(holidays_between(start, end), tuple(closures), now, worked_in_lieu(start, end))
    return calendar.plan(rules, made, start=start, end=end)


def shifts_visible_to(actor: Actor, permission: str = Permission.ROSTER_VIEW) -> QuerySet[Shift]:
    """Shifts of the actor's places."""
    return Shift.objects.filter(actor.scope(permission).q("commune"))


def _needs() -> "Prefetch[str, QuerySet[ShiftNeed], str]":
    return Prefetch("needs", ShiftNeed.objects.order_by("position", "id"))


def team_shifts(
    team: Team, *, start: date, end: date, posts: Iterable[UUID] | None = None
) -> QuerySet[Shift]:
    """The shifts of a team, or of those posts of it, on days of `[start, end)`, with post and needs."""
    shifts = Shift.objects.filter(team=team, day__gte=start, day__lt=end)
    if posts is not None:
        shifts = shifts.filter(post_id__in=list(posts))
    return (
        shifts.select_related("post__point", "commune")
        .prefetch_related(_needs())
        .order_by("starts_at", "post__name", "id")
    )


def shifts_of_table(team: Team, needs: Iterable[UUID], days: Iterable[date]) -> QuerySet[Shift]:
    """The shifts of a team that have one of the needs, or are on one of the days, with post and needs."""
    named = ShiftNeed.objects.filter(pk__in=list(needs)).values("shift_id")
    shifts = Shift.objects.filter(Q(pk__in=named) | Q(day__in=list(days)), team=team)
    related = shifts.select_related("post__point", "commune").prefetch_related(_needs())
    return related.order_by("starts_at", "post__name", "id")


def get_shift(shift_id: UUID, *, for_: Actor, permission: str = Permission.ROSTER_VIEW) -> Shift:
    """A shift with post, team, commune and needs; or 404."""
    shifts = shifts_visible_to(for_, permission).select_related(
        "post__point", "team", "commune__parent", "rule"
    )
    found = shifts.prefetch_related(_needs()).filter(pk=shift_id).first()
    if found is None:
        raise Http404
    return found


def get_shift_need(need_id: UUID, *, for_: Actor, permission: str = Permission.ROSTER_VIEW) -> ShiftNeed:
    """A role of a shift with shift, post and commune; or 404."""
    needs = ShiftNeed.objects.filter(for_.scope(permission).q("shift__commune"))
    found = needs.select_related("shift__post", "shift__team", "shift__commune__parent").filter(pk=need_id)
    need = found.first()
    if need is None:
        raise Http404
    return need


def shifts_closed_by(
    *, commune: str, point: UUID | None, start: date, end: date, now: datetime
) -> QuerySet[Shift]:
    """Shifts to come that a closure would call off, drafts too, each with needs and post."""
    shifts = Shift.objects.filter(commune_id=commune, day__gte=start, day__lt=end, starts_at__gt=now)
    if point is not None:
        shifts = shifts.filter(post__point_id=point)
    return (
        shifts.exclude(state="cancelled")
        .select_related("post", "team")
        .prefetch_related(_needs())
        .order_by("starts_at", "post__name", "id")
    )


def shifts_after(post: Post, *, day: date, now: datetime) -> QuerySet[Shift]:
    """The shifts of a post to come from that day on, drafts too; what is called off is left out."""
    rows = Shift.objects.filter(post=post, day__gte=day, starts_at__gt=now)
    return rows.exclude(state="cancelled").order_by("starts_at", "id")


def closure_list(team: Team, *, today: date) -> QuerySet[Closure]:
    """Closures of the team's commune and its points, from a month ago on, the latest first."""
    rows = Closure.objects.filter(commune_id=team.commune_id, ends_on__gt=today - timedelta(days=31))
    return rows.select_related("point").order_by("-starts_on", "id")


def get_closure(closure_id: UUID, *, team: Team, for_: Actor) -> Closure:
    """A closure of the team's commune, whose rosters the actor runs; or 404."""
    rows = Closure.objects.filter(for_.scope(Permission.ROSTER_EDIT).q("commune"), commune_id=team.commune_id)
    found = rows.select_related("point", "commune__parent").filter(pk=closure_id).first()
    if found is None:
        raise Http404
    return found
