"""Units with dated kinds, what they were formed from, and the points where people are helped."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.models import audited
from nhipcau.core.ids import new_id
from nhipcau.core.scope import PlaceScoped, ScopedQuerySet
from nhipcau.places.enums import (
    COMMUNE_KINDS,
    KIND_WORDS,
    PROVINCE_KINDS,
    Kind,
    Level,
    PointKind,
    Share,
    Weekday,
)

PHONE = RegexValidator(r"^\+?[0-9][0-9 .]{2,18}\Z", _("Use digits, for example 0263 382 2345."))


class Unit(models.Model):
    """A province or a commune-level unit. The code is text: it has leading zeros.

    `kind` is the kind in force when the kinds were last refreshed (at every start and every change);
    `kinds` holds the dated truth.
    """

    code = models.CharField(max_length=5, primary_key=True)
    level = models.CharField(max_length=8, choices=Level)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=14, choices=Kind)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="communes")
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.PositiveIntegerField(null=True)
    search_key = models.CharField(max_length=80, db_index=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    source = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="places_unit_shape",
                condition=Q(level=Level.PROVINCE, parent__isnull=True, code__regex=r"^\d{2}$")
                | Q(level=Level.COMMUNE, parent__isnull=False, code__regex=r"^\d{5}$"),
            ),
            models.CheckConstraint(
                name="places_unit_kind_fits_level",
                condition=Q(level=Level.PROVINCE, kind__in=PROVINCE_KINDS)
                | Q(level=Level.COMMUNE, kind__in=COMMUNE_KINDS),
            ),
            models.CheckConstraint(
                name="places_unit_ends_after_start",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
        ]
        triggers = audited("name", "kind", "parent_id", "valid_from", "valid_until", key="code", place="code")

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Such as "Xã Lạc Dương" or "Thành phố Huế"."""
        return f"{KIND_WORDS[self.kind]} {self.name}"

    @property
    def is_province(self) -> bool:
        return self.level == Level.PROVINCE


class Days(Func):
    """`daterange(start, end)`, half-open."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Minutes(Func):
    """Minutes since midnight of a time of day."""

    template = "(EXTRACT(EPOCH FROM %(expressions)s) / 60)::int"
    output_field = models.IntegerField()


class TimeSpan(Func):
    """A half-open range of minutes of the day: PostgreSQL has no range of times."""

    function = "INT4RANGE"
    output_field = IntegerRangeField()


class UnitKind(models.Model):
    """What a unit was called in law during a period, and by which decision."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="kinds")
    kind = models.CharField(max_length=14, choices=Kind)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    source = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="places_unitkind_start"),
            models.CheckConstraint(
                name="places_unitkind_ends_after_start",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
            ExclusionConstraint(
                name="places_unitkind_one_at_a_time",
                expressions=[
                    (F("unit"), RangeOperators.EQUAL),
                    (Days("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = audited("unit_id", "kind", "valid_from", "valid_until", "source", place="unit_id")

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.valid_from}"


class FormerUnit(models.Model):
    """A commune-level unit as it stood on 30 June 2025, with its district and province by name and code."""

    code = models.CharField(max_length=5, primary_key=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=14, choices=Kind)
    district_code = models.CharField(max_length=3)
    district = models.CharField(max_length=80)
    province_code = models.CharField(max_length=2)
    province = models.CharField(max_length=80)
    search_key = models.CharField(max_length=80, db_index=True)

    def __str__(self) -> str:
        return f"{self.full_name}, {self.district}, {self.province}"

    @property
    def full_name(self) -> str:
        """Such as "Thị trấn Lạc Dương"; the name of "Phường 3" is its number."""
        return f"{KIND_WORDS[self.kind]} {self.name}"


class Succession(models.Model):
    """One former unit went, whole or in part, to one present unit. `rank` 0 is named first."""

    former = models.ForeignKey(FormerUnit, on_delete=models.CASCADE, related_name="successions")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="successions")
    share = models.CharField(max_length=16, choices=Share)
    rank = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["former", "unit"], name="places_succession_once"),
            models.UniqueConstraint(
                fields=["former"],
                condition=Q(share=Share.WHOLE_POPULATION),
                name="places_succession_one_population",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.former_id} → {self.unit_id}"


class ServicePoint(PlaceScoped):
    """Where people are helped: a centre, a desk, a point in a hamlet, a kiosk. A public address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("kind"), max_length=14, choices=PointKind)
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    phone = models.CharField(_("phone number"), max_length=20, blank=True, default="", validators=[PHONE])
    zalo_url = models.URLField(_("Zalo page"), blank=True, default="")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    active_from = models.DateField(_("open from"))
    active_until = models.DateField(_("closed from"), null=True, blank=True)

    objects: ClassVar[models.Manager["ServicePoint"]] = ScopedQuerySet["ServicePoint"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["commune", "kind"], name="places_point_commune")]
        constraints = [
            models.UniqueConstraint(fields=["commune", "name"], name="places_point_name_once"),
            models.CheckConstraint(name="places_point_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="places_point_ends_after_start",
                condition=Q(active_until__isnull=True) | Q(active_until__gt=F("active_from")),
            ),
            models.CheckConstraint(
                name="places_point_whole_position",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
        ]
        triggers = audited("kind", "name", "address", "phone", "zalo_url", "active_from", "active_until")

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """One stretch of one weekday in which a point is open; a day may have several, never overlapping."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="places_hours_weekday", condition=Q(weekday__lte=6)),
            models.CheckConstraint(name="places_hours_close_after_open", condition=Q(closes__gt=F("opens"))),
            ExclusionConstraint(
                name="places_hours_never_overlap",
                expressions=[
                    (F("point"), RangeOperators.EQUAL),
                    (F("weekday"), RangeOperators.EQUAL),
                    (TimeSpan(Minutes("opens"), Minutes("closes")), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = audited("point_id", "weekday", "opens", "closes")

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}–{self.closes:%H:%M}"


class LoadedData(models.Model):
    """Which version of a shipped table is in the database, so that an unchanged one is not loaded again."""

    name = models.CharField(max_length=20, primary_key=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.digest[:8]}"
