"""Members, teams, campaigns and grants, with the rules that the database itself keeps."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Func, Q, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.models import audited
from nhipcau.core.crypto import EncryptedTextField
from nhipcau.core.ids import new_id
from nhipcau.core.scope import PlaceScoped, ScopedQuerySet
from nhipcau.teams.enums import (
    LEVELS,
    UNIT_CODE_PATTERNS,
    LanguageLevel,
    Level,
    Role,
    TeamKind,
    TeamRole,
    languages,
)


class DateRange(Func):
    """`daterange(start, end, bounds)`, for exclusion constraints."""

    function = "DATERANGE"
    output_field = DateRangeField()


class MomentRange(Func):
    """`tstzrange(start, end, bounds)`, for exclusion constraints."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def _in_force(start: str, end: str, point: date | datetime) -> Q:
    """Half-open: the start belongs to it, the end does not; an empty end never comes."""
    return Q(**{f"{start}__lte": point}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": point}))


class MemberQuerySet(ScopedQuerySet["Member"]):
    """Members; `visible_to` goes by the home commune."""


class MemberManager(BaseUserManager["Member"]):
    """What the login needs. There is no superuser: rights come from grants only."""

    def get_queryset(self) -> MemberQuerySet:
        return MemberQuerySet(self.model, using=self._db)

    def visible_to(self, actor: Any, permission: str) -> MemberQuerySet:
        return self.get_queryset().visible_to(actor, permission)


class Member(AbstractBaseUser):
    """A person of the programme who signs in. A phone number is personal and kept encrypted."""

    unit_path = "commune"
    retention = "Name and phone number are removed a year after the member left (forget_former_members)."

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(
        _("user name"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9._-]{2,59}\Z", _("Use small letters, digits, dots."))],
    )
    name = models.CharField(_("name"), max_length=120)
    phone = EncryptedTextField(_("phone number"), blank=True, default="")
    phone_index = models.CharField(max_length=32, blank=True, default="", db_index=True, editable=False)
    commune = models.ForeignKey(
        "places.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("home commune"),
    )
    is_active = models.BooleanField(default=True)
    preferred_language = models.CharField(
        _("language of the screens"), max_length=2, choices=settings.LANGUAGES, default="vi"
    )
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    objects: ClassVar[MemberManager] = MemberManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        indexes = [models.Index(fields=["commune", "name"], name="teams_member_commune")]
        constraints = [
            models.CheckConstraint(
                name="teams_member_leaves_after_joining",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=models.F("joined_on")),
            ),
            models.CheckConstraint(
                name="teams_member_named", condition=~Q(name="") | Q(left_on__isnull=False)
            ),
        ]
        triggers = audited("is_active", "commune_id", "preferred_language", "joined_on", "left_on")

    def __str__(self) -> str:
        return self.name or gettext("Former member")

    def get_full_name(self) -> str:
        return str(self)


class MemberLanguage(models.Model):
    """A language in which a member can help, by its code in `enums.languages()`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(max_length=3)
    level = models.CharField(max_length=6, choices=LanguageLevel, default=LanguageLevel.GOOD)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "language"], name="teams_member_language_once"),
            models.CheckConstraint(
                name="teams_member_language_level", condition=Q(level__in=LanguageLevel.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language} ({self.level})"

    @property
    def name(self) -> str:
        """The language's name in the language of the screen."""
        return languages()[self.language].name


class Campaign(models.Model):
    """A drive with dates, such as a summer: teams are raised for it and its goals are measured.

    `ends_on` is the first day after it. `unit_code` is the nation `VN`, a province or a commune.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=160)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("ends on"))
    unit_code = models.CharField(max_length=5)
    goals = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="teams_campaign_days", condition=Q(ends_on__gt=models.F("starts_on"))
            ),
            models.UniqueConstraint(fields=["name", "unit_code", "starts_on"], name="teams_campaign_once"),
        ]
        triggers = audited("name", "starts_on", "ends_on", "unit_code", "goals", place="unit_code")

    def __str__(self) -> str:
        return self.name

    @property
    def last_on(self) -> date:
        """The last day, included, as people say it."""
        return self.ends_on - timedelta(days=1)


class TeamQuerySet(ScopedQuerySet["Team"]):
    """Teams by place and day."""

    def active(self, day: date) -> "TeamQuerySet":
        """Teams that work on that day."""
        return self.filter(_in_force("starts_on", "ends_on", day))


class Team(PlaceScoped):
    """A group of members based in a commune. `ends_on` is the first day it no longer works."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind of team"), max_length=12, choices=TeamKind, default=TeamKind.COMMUNE)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="teams"
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["commune", "name"], name="teams_team_commune")]
        constraints = [
            models.UniqueConstraint(fields=["commune", "name", "starts_on"], name="teams_team_once"),
            models.CheckConstraint(name="teams_team_kind", condition=Q(kind__in=TeamKind.values)),
            models.CheckConstraint(
                name="teams_team_days",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("starts_on")),
            ),
        ]
        triggers = audited("name", "kind", "commune_id", "campaign_id", "starts_on", "ends_on")

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(ScopedQuerySet["TeamMembership"]):
    """Memberships by day."""

    def active(self, day: date) -> "MembershipQuerySet":
        """Memberships that hold on that day."""
        return self.filter(_in_force("starts_on", "ends_on", day))


class TeamMembership(models.Model):
    """A member in a team from a day until, not including, another."""

    unit_path = "team__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role in the team"), max_length=8, choices=TeamRole, default=TeamRole.MEMBER)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="teams_membership_role", condition=Q(role__in=TeamRole.values)),
            models.CheckConstraint(
                name="teams_membership_days",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
            ),
            ExclusionConstraint(
                name="teams_membership_once",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    ("member", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", Value("[)")), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="teams_one_leader",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", Value("[)")), RangeOperators.OVERLAPS),
                ],
                condition=Q(role=TeamRole.LEADER),
            ),
        ]
        triggers = audited("team_id", "member_id", "role", "starts_on", "ends_on")

    def __str__(self) -> str:
        return f"{self.member_id} {self.role} {self.team_id}"


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants by moment."""

    def active(self, now: datetime) -> "GrantQuerySet":
        """Grants in force at that moment."""
        return self.filter(_in_force("valid_from", "valid_until", now))


def _role_fits_level() -> Q:
    fits = Q()
    for level in Level:
        roles = [role.value for role, own in LEVELS.items() if own == level]
        fits |= Q(role__in=roles, unit_code__regex=UNIT_CODE_PATTERNS[level])
    return fits


class Grant(models.Model):
    """A role of a member on a place, for a time. Never deleted: it ends."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=24, choices=Role)
    unit_code = models.CharField(max_length=5)
    granted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit_code", "role"], name="teams_grant_unit")]
        constraints = [
            models.CheckConstraint(name="teams_grant_role_fits_place", condition=_role_fits_level()),
            models.CheckConstraint(
                name="teams_grant_times",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="teams_grant_not_by_oneself",
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=models.F("member")),
            ),
            ExclusionConstraint(
                name="teams_grant_once",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("unit_code", RangeOperators.EQUAL),
                    (MomentRange("valid_from", "valid_until", Value("[)")), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = audited(
            "member_id", "role", "unit_code", "granted_by_id", "valid_from", "valid_until", place="unit_code"
        )

    def __str__(self) -> str:
        return f"{self.member_id} {self.role} {self.unit_code}"
