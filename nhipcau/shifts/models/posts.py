"""Standing posts: where, by which rule of the calendar, and who is needed; what closes them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.models import audited
from nhipcau.core.constraints import known
from nhipcau.core.ids import new_id
from nhipcau.core.scope import PlaceScoped, ScopedQuerySet
from nhipcau.places.enums import Weekday
from nhipcau.shifts.enums import ClosureReason, OpenTo
from nhipcau.teams.models import DateRange

MOST_SEATS = 60


class TeamRoster(models.Model):
    """How a team signs up. Without a row the defaults hold."""

    unit_path = "team__commune"

    team = models.OneToOneField(
        "teams.Team", on_delete=models.PROTECT, primary_key=True, related_name="roster_settings"
    )
    # Shifts further ahead cannot be taken yet, and nobody holds more than so many ahead: no hoarding.
    release_days = models.PositiveSmallIntegerField(_("open so many days before"), default=21)
    most_ahead = models.PositiveSmallIntegerField(_("most shifts held ahead"), default=8)
    needs_confirming = models.BooleanField(_("the leader confirms each sign-up"), default=False)
    offer_minutes = models.PositiveSmallIntegerField(_("minutes to answer an offer"), default=120)
    experienced_after = models.PositiveSmallIntegerField(_("experienced after so many shifts"), default=3)
    rest_hours = models.PositiveSmallIntegerField(_("hours of rest after an evening"), default=10)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="shifts_team_settings",
                condition=Q(
                    release_days__range=(1, 120),
                    most_ahead__range=(1, 60),
                    offer_minutes__range=(15, 2880),
                    experienced_after__range=(0, 50),
                    rest_hours__lte=24,
                ),
            ),
        ]
        triggers = audited(
            "release_days",
            "most_ahead",
            "needs_confirming",
            "offer_minutes",
            "experienced_after",
            "rest_hours",
            key="team_id",
        )

    def __str__(self) -> str:
        return str(self.team_id)


class Post(PlaceScoped):
    """A standing place to serve: a desk at the centre, a corner of the market, a culture house.

    `point` is the service point it belongs to, if any; `place_name` says where when there is none.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey("teams.Team", on_delete=models.PROTECT, related_name="posts")
    point = models.ForeignKey(
        "places.ServicePoint", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=120)
    place_name = models.CharField(_("where"), max_length=160, blank=True, default="")
    open_to = models.CharField(_("who may sign up"), max_length=8, choices=OpenTo, default=OpenTo.TEAM)
    adults_only = models.BooleanField(_("adults only"), default=False)
    active_from = models.DateField(_("first day"))
    active_until = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager["Post"]] = ScopedQuerySet["Post"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["commune", "name"], name="shifts_post_commune")]
        constraints = [
            known("open_to", OpenTo),
            models.UniqueConstraint(fields=["team", "name"], name="shifts_post_once"),
            models.CheckConstraint(name="shifts_post_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="shifts_post_days",
                condition=Q(active_until__isnull=True) | Q(active_until__gt=F("active_from")),
            ),
        ]
        triggers = audited(
            "team_id",
            "point_id",
            "name",
            "place_name",
            "open_to",
            "adults_only",
            "active_from",
            "active_until",
        )

    def __str__(self) -> str:
        return self.name


class PostRule(models.Model):
    """On which weekdays and at what time a post is served, from a day until, not including, another."""

    unit_path = "post__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="rules")
    weekdays = ArrayField(models.PositiveSmallIntegerField(choices=Weekday), size=7)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))
    on_holidays = models.BooleanField(_("also on public holidays"), default=False)
    valid_from = models.DateField(_("first day"))
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="shifts_rule_times", condition=Q(ends__gt=F("starts"))),
            models.CheckConstraint(
                name="shifts_rule_weekdays",
                condition=Q(weekdays__len__gte=1, weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]),
            ),
            models.CheckConstraint(
                name="shifts_rule_days",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
        ]
        triggers = audited(
            "post_id", "weekdays", "starts", "ends", "on_holidays", "valid_from", "valid_until"
        )

    def __str__(self) -> str:
        return f"{self.weekdays} {self.starts:%H:%M}–{self.ends:%H:%M}"

    @property
    def weekday_words(self) -> str:
        """Its days as people say them: "Monday – Friday, Sunday"."""
        runs: list[list[int]] = []
        for day in sorted(self.weekdays):
            if runs and day == runs[-1][-1] + 1:
                runs[-1].append(day)
            else:
                runs.append([day])
        ends = [[run[0], run[-1]] if len(run) > 1 else run for run in runs]
        return ", ".join(" – ".join(str(Weekday(day).label) for day in run) for run in ends)

    @property
    def last_on(self) -> date | None:
        """The last day, included, as people say it."""
        return self.valid_until - timedelta(days=1) if self.valid_until else None


class Seats(models.Model):
    """How many of whom: shared by the rule of a post and by one shift.

    Below `minimum` the shift is short, at `ideal` it is as wanted, above `maximum` nobody is taken.
    `languages`: code → least level of `teams.enums.LanguageLevel`.
    """

    title = models.CharField(_("role"), max_length=60)
    minimum = models.PositiveSmallIntegerField(_("at least"), default=1)
    ideal = models.PositiveSmallIntegerField(_("best"), default=1)
    maximum = models.PositiveSmallIntegerField(
        _("at most"), default=1, validators=[MaxValueValidator(MOST_SEATS)]
    )
    qualifications = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    languages = models.JSONField(default=dict, blank=True)
    # A newcomer comes only beside somebody experienced, one each.
    pairs_newcomers = models.BooleanField(_("one experienced with each newcomer"), default=True)

    # What it asks for in the words of the screen; filled by `queries.posts.say_what_is_asked`.
    asked_for: Sequence[str] = ()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_numbers",
                condition=Q(ideal__gte=F("minimum"), maximum__gte=F("ideal"), maximum__range=(1, MOST_SEATS)),
            ),
            models.CheckConstraint(name="%(app_label)s_%(class)s_titled", condition=~Q(title="")),
        ]


class PostNeed(Seats):
    """Who is needed each time a rule of a post comes round."""

    unit_path = "rule__post__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.ForeignKey(PostRule, on_delete=models.CASCADE, related_name="needs")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Seats.Meta):
        constraints = [
            *Seats.Meta.constraints,
            models.UniqueConstraint(fields=["rule", "title"], name="shifts_postneed_once"),
        ]
        triggers = audited(
            "rule_id",
            "title",
            "minimum",
            "ideal",
            "maximum",
            "qualifications",
            "languages",
            "pairs_newcomers",
        )

    def __str__(self) -> str:
        return f"{self.title} {self.minimum}/{self.ideal}/{self.maximum}"


class Closure(PlaceScoped):
    """Days on which a commune, or one service point of it, is closed: no shift is made, those made are told.

    `ends_on` is the first day it is open again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(
        "places.ServicePoint", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=14, choices=ClosureReason)
    starts_on = models.DateField(_("closed from"))
    ends_on = models.DateField(_("open again on"))
    made_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Closure"]] = ScopedQuerySet["Closure"].as_manager()

    class Meta:
        constraints = [
            known("reason", ClosureReason),
            models.CheckConstraint(name="shifts_closure_days", condition=Q(ends_on__gt=F("starts_on"))),
            ExclusionConstraint(
                name="shifts_closure_once",
                expressions=[
                    ("commune", RangeOperators.EQUAL),
                    ("point", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", Value("[)")), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = audited("point_id", "reason", "starts_on", "ends_on")

    def __str__(self) -> str:
        return f"{self.commune_id} {self.starts_on} {self.reason}"

    @property
    def last_on(self) -> date:
        """The last day closed, included, as people say it."""
        return self.ends_on - timedelta(days=1)
