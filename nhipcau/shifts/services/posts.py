"""Standing posts: raising, changing and ending them, their rules, and who is needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.places.models import OpeningHours, ServicePoint
from nhipcau.shifts.enums import OpenTo, Starter
from nhipcau.shifts.models import Post, PostNeed, PostRule, TeamRoster
from nhipcau.shifts.models.posts import Seats
from nhipcau.shifts.rules.editing import check_edit_roster
from nhipcau.shifts.rules.needs import NeedSpec, RuleSpec, check_needs, starter_rules
from nhipcau.teams.models import Team
from nhipcau.volunteers.models import Qualification


class UnableToSavePost(UnableTo):
    """The name, the place or the days of a post do not fit."""

    code = "shifts.unable_to_save_post"


class UnableToSaveRule(UnableTo):
    """The weekdays, times or days of a rule do not fit."""

    code = "shifts.unable_to_save_rule"


class UnableToSaveSettings(UnableTo):
    """The numbers by which a team signs up do not fit."""

    code = "shifts.unable_to_save_settings"


@dataclass(frozen=True, slots=True)
class PostSpec:
    """What a leader says of a post. Without a point, `place_name` says where it is."""

    name: str
    point: ServicePoint | None = None
    place_name: str = ""
    open_to: OpenTo = OpenTo.TEAM
    adults_only: bool = False


def _fill(post: Post, spec: PostSpec) -> Post:
    if not spec.name.strip():
        raise UnableToSavePost(_("Give the post a name."))
    if spec.point is not None and spec.point.commune_id != post.commune_id:
        raise UnableToSavePost(_("This service point is in another commune."))
    post.name, post.point, post.place_name = spec.name.strip(), spec.point, spec.place_name.strip()
    post.open_to, post.adults_only = spec.open_to, spec.adults_only
    return post


def _save(post: Post, *, new: bool = False) -> Post:
    try:
        with transaction.atomic():
            post.save(force_insert=new)
    except IntegrityError as error:
        raise UnableToSavePost(_("This team has a post of this name already.")) from error
    return post


def make_post(
    *, by: Actor | None, now: datetime, team: Team, post: PostSpec, active_from: date | None = None
) -> Post:
    """A new standing post of a team, in the commune of the team, from today unless another day is given."""
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, team.commune)
        row = Post(id=new_id(now), team=team, commune_id=team.commune_id)
        row.active_from = active_from or local_date(now)
        return _save(_fill(row, post), new=True)


def edit_post(*, by: Actor | None, now: datetime, post: Post, spec: PostSpec) -> Post:
    """Corrects a post. Shifts made before keep whom they are open to."""
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, post.commune)
        return _save(_fill(post, spec))


def end_post(*, by: Actor | None, now: datetime, post: Post, on: date) -> Post:
    """From that day no shift is made any more; those there already stay until they are called off."""
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, post.commune)
        if on <= post.active_from:
            raise UnableToSavePost(_("A post ends after it began."))
        post.active_until = on
        return _save(post)


@dataclass(frozen=True, slots=True)
class RuleDays:
    """From which day a rule holds, until, not including, which day; and whether on public holidays too."""

    valid_from: date
    valid_until: date | None = None
    on_holidays: bool = False


def _check_rule(weekdays: Iterable[int], starts: time, ends: time, days: RuleDays) -> list[int]:
    wanted = sorted(set(weekdays))
    if not wanted or not set(wanted) <= set(range(7)):
        raise UnableToSaveRule(_("Choose at least one day of the week."))
    if ends <= starts:
        raise UnableToSaveRule(_("A shift ends after it begins, on the same day."))
    if days.valid_until is not None and days.valid_until <= days.valid_from:
        raise UnableToSaveRule(_("A rule ends after it begins."))
    return wanted


def add_rule(*, by: Actor | None, now: datetime, post: Post, times: RuleSpec, days: RuleDays) -> PostRule:
    """One more rule of the calendar. It needs roles before shifts come of it (`set_needs`)."""
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, post.commune)
        weekdays = _check_rule(times.weekdays, times.starts, times.ends, days)
        return PostRule.objects.create(
            id=new_id(now),
            post=post,
            weekdays=weekdays,
            starts=times.starts,
            ends=times.ends,
            on_holidays=days.on_holidays,
            valid_from=days.valid_from,
            valid_until=days.valid_until,
        )


def edit_rule(
    *, by: Actor | None, now: datetime, rule: PostRule, times: RuleSpec, days: RuleDays
) -> PostRule:
    """Changes a rule for the shifts made from now on; those there already keep their times."""
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, rule.post.commune)
        rule.weekdays = _check_rule(times.weekdays, times.starts, times.ends, days)
        rule.starts, rule.ends, rule.on_holidays = times.starts, times.ends, days.on_holidays
        rule.valid_from, rule.valid_until = days.valid_from, days.valid_until
        rule.save()
        return rule


def end_rule(*, by: Actor | None, now: datetime, rule: PostRule) -> bool:
    """No shift comes of it any more. True when it was never used and is gone altogether."""
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, rule.post.commune)
        today = local_date(now)
        if not rule.shifts.exists() or rule.valid_from >= today:
            PostRule.objects.filter(pk=rule.pk).delete()
            return True
        if rule.valid_until is None or rule.valid_until > today:
            rule.valid_until = today
            rule.save(update_fields=["valid_until"])
        return False


def known_qualifications(codes: Iterable[str]) -> set[str]:
    """Those of the codes that are qualifications in use."""
    return set(Qualification.objects.filter(pk__in=set(codes), active=True).values_list("pk", flat=True))


def set_needs(
    *, by: Actor | None, now: datetime, rule: PostRule, needs: Iterable[NeedSpec]
) -> list[PostNeed]:
    """Who is needed each time the rule comes round: these roles and no others, in this order."""
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, rule.post.commune)
        wanted = list(needs)
        known = known_qualifications(code for row in wanted for code in row.qualifications)
        wanted = check_needs(wanted, known=known)
        kept = {row.pk: row for row in rule.needs.all()}
        rows = [_need(rule, kept.get(spec.id) if spec.id else None, spec, now) for spec in wanted]
        gone = kept.keys() - {row.pk for row in rows}
        PostNeed.objects.filter(pk__in=gone).delete()
        for position, row in enumerate(rows):
            row.position = position
            row.save(force_insert=row.pk not in kept)
        return rows


def _need(rule: PostRule, kept: PostNeed | None, spec: NeedSpec, now: datetime) -> PostNeed:
    row = kept or PostNeed(id=new_id(now), rule=rule)
    for name, value in spec.seats.items():
        setattr(row, name, value)
    return row


def start_with(*, by: Actor | None, now: datetime, post: Post, starter: Starter) -> list[PostRule]:
    """The usual rules by one tap, each asking for one to three volunteers; none twice."""
    with unit_of_work(by=by, now=now):
        hours = OpeningHours.objects.filter(point_id=post.point_id) if post.point_id else ()
        wanted = starter_rules(starter, hours)
        if not wanted:
            raise UnableToSaveRule(_("The opening hours of this service point are not known yet."))
        there = {(tuple(row.weekdays), row.starts, row.ends) for row in post.rules.all()}
        made = []
        for times in wanted:
            if (times.weekdays, times.starts, times.ends) in there:
                continue
            days = RuleDays(valid_from=max(post.active_from, local_date(now)))
            rule = add_rule(by=by, now=now, post=post, times=times, days=days)
            usual = NeedSpec(gettext("Volunteer"), minimum=1, ideal=2, maximum=3)
            set_needs(by=by, now=now, rule=rule, needs=[usual])
            made.append(rule)
        return made


@dataclass(frozen=True, slots=True)
class RosterSettings:
    """By which numbers a team signs up."""

    release_days: int
    most_ahead: int
    needs_confirming: bool
    offer_minutes: int
    experienced_after: int
    rest_hours: int


def set_team_roster(*, by: Actor | None, now: datetime, team: Team, settings: RosterSettings) -> TeamRoster:
    """How the team signs up from now on."""
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, team.commune)
        values = {name: getattr(settings, name) for name in RosterSettings.__slots__}
        try:
            with transaction.atomic():
                row, _made = TeamRoster.objects.update_or_create(team=team, defaults=values)
        except IntegrityError as error:
            raise UnableToSaveSettings(_("One of the numbers is too small or too large.")) from error
        return row


def spec_of(need: Seats) -> NeedSpec:
    """A role as it stands, to be kept or changed."""
    return NeedSpec(
        title=need.title,
        minimum=need.minimum,
        ideal=need.ideal,
        maximum=need.maximum,
        qualifications=tuple(need.qualifications),
        languages=dict(need.languages),
        pairs_newcomers=need.pairs_newcomers,
        id=need.pk,
    )
