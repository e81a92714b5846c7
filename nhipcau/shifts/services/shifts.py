"""Making the shifts of a period from the rules of posts, and opening them for sign-up."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.places.models import Unit
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import PostRule, Shift, ShiftNeed
from nhipcau.shifts.queries.shifts import planned_dates
from nhipcau.shifts.rules.calendar import MOST_DAYS, Dated
from nhipcau.shifts.rules.editing import check_edit_roster
from nhipcau.shifts.services.posts import spec_of
from nhipcau.teams.models import Team


class UnableToMakeShifts(UnableTo):
    """The period or the dates do not fit."""

    code = "shifts.unable_to_make_shifts"


@dataclass(frozen=True, slots=True)
class Generated:
    """The shifts made, and the dates asked for that could not be made (any more)."""

    made: tuple[UUID, ...]
    left_out: tuple[Dated, ...]


def check_period(start: date, end: date) -> None:
    """Raises `UnableToMakeShifts` for a period that is empty or too long for one page."""
    if end <= start:
        raise UnableToMakeShifts(_("The period ends before it begins."))
    if (end - start).days > MOST_DAYS:
        raise UnableToMakeShifts(_("Choose at most two months."))


def generate_shifts(
    *,
    by: Actor | None,
    now: datetime,
    rules: Sequence[PostRule],
    start: date,
    end: date,
    chosen: Collection[str] | None = None,
    open_at_once: bool = False,
) -> Generated:
    """The shifts of the rules in `[start, end)`: of the dates `chosen` by their keys, else of all proposed.

    Safe to repeat, also by two at once: a rule has one shift on a date, by a constraint of the database.
    The rules come with post, team, commune and needs (`queries.posts.rules_to_plan`).
    """
    with unit_of_work(by=by, now=now):
        for commune in _communes(rules):
            check_edit_roster(by, commune)
        check_period(start, end)
        dates = planned_dates(rules, start=start, end=end, now=now)
        wanted = [one for one in dates if (one.ticked if chosen is None else one.key in chosen)]
        makeable = [one for one in wanted if one.can_be_made]
        rows = {new_id(now): one for one in makeable}
        Shift.objects.bulk_create(
            [_shift(key, one, open_at_once=open_at_once, now=now) for key, one in rows.items()],
            batch_size=1000,
            ignore_conflicts=True,  # somebody else made it a moment ago
        )
        made = set(Shift.objects.filter(pk__in=rows.keys()).values_list("pk", flat=True))
        ShiftNeed.objects.bulk_create(
            [need for key, one in rows.items() if key in made for need in _needs(key, one.rule, now)],
            batch_size=1000,
        )
        left_out = [one for one in wanted if not one.can_be_made]
        left_out += [one for key, one in rows.items() if key not in made]
        return Generated(tuple(key for key in rows if key in made), tuple(left_out))


def _communes(rules: Iterable[PostRule]) -> list[Unit]:
    return list({rule.post.commune_id: rule.post.commune for rule in rules}.values())


def _shift(key: UUID, one: Dated, *, open_at_once: bool, now: datetime) -> Shift:
    post = one.rule.post
    return Shift(
        id=key,
        post=post,
        rule=one.rule,
        team_id=post.team_id,
        commune_id=post.commune_id,
        day=one.day,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        state=ShiftState.OPEN if open_at_once else ShiftState.DRAFT,
        opened_at=now if open_at_once else None,
        open_to=post.open_to,
        made_at=now,
    )


def _needs(shift: UUID, rule: PostRule, now: datetime) -> list[ShiftNeed]:
    return [
        ShiftNeed(
            id=new_id(now),
            shift_id=shift,
            position=need.position,
            **spec_of(need).seats,
        )
        for need in rule.needs.all()
    ]


def open_shifts(
    *, by: Actor | None, now: datetime, team: Team, start: date, end: date, post: UUID | None = None
) -> int:
    """Volunteers see the team's shifts prepared for days of `[start, end)` from now on; returns how many."""
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, team.commune)
        check_period(start, end)
        drafts = Shift.objects.filter(
            team=team, day__gte=start, day__lt=end, state=ShiftState.DRAFT, starts_at__gt=now
        )
        if post is not None:
            drafts = drafts.filter(post_id=post)
        return drafts.update(state=ShiftState.OPEN, opened_at=now)
