"""Qualifications as data, availability, limits, consent of guardians, badges and applications."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.models import audited
from nhipcau.core.constraints import known
from nhipcau.core.crypto import EncryptedTextField
from nhipcau.core.ids import new_id
from nhipcau.core.scope import PlaceScoped, ScopedQuerySet
from nhipcau.teams.models import DateRange
from nhipcau.volunteers.enums import ApplicationState, ConsentState, DayPart, GrantState, Liking


class Qualification(models.Model):
    """Something a volunteer can be known to be able to do. Data, so that no province needs a developer.

    `includes`: whoever has this one has those too (and what they include). `unit_code` is where it is
    used: the nation `VN` or a province.
    """

    code = models.CharField(max_length=40, primary_key=True)
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    name_th = models.CharField(max_length=120, blank=True, default="")
    includes = models.ManyToManyField("self", symmetrical=False, related_name="included_in", blank=True)
    needs_evidence = models.BooleanField(default=True)
    lasts_months = models.PositiveSmallIntegerField(null=True, blank=True)
    unit_code = models.CharField(max_length=5, default="VN")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="volunteers_qualification_code", condition=Q(code__regex=r"^[a-z][a-z0-9_]{1,39}$")
            ),
        ]
        triggers = audited(
            "name_vi",
            "name_en",
            "name_th",
            "needs_evidence",
            "lasts_months",
            "active",
            key="code",
            place="unit_code",
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Its name in the language of the screen."""
        return {"vi": self.name_vi, "th": self.name_th}.get(get_language() or "vi") or self.name_en


class QualificationGrant(models.Model):
    """A member's claim to a qualification, its evidence, and what was decided.

    Approved, it holds from `valid_from` until, not including, `valid_until`; a shift asks at its own date.
    """

    unit_path = "member__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="qualifications")
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="grants")
    state = models.CharField(max_length=10, choices=GrantState, default=GrantState.CLAIMED)
    evidence = models.CharField(max_length=300, blank=True, default="")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    claimed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "teams.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True, default="")
    warned_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["QualificationGrant"]] = ScopedQuerySet[
        "QualificationGrant"
    ].as_manager()

    class Meta:
        indexes = [models.Index(fields=["member", "qualification"], name="volunteers_grant_member")]
        constraints = [
            known("state", GrantState),
            models.CheckConstraint(
                name="volunteers_grant_days",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="volunteers_grant_not_by_oneself",
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=F("member"))
                | Q(state=GrantState.WITHDRAWN),
            ),
            models.UniqueConstraint(
                fields=["member", "qualification"],
                condition=Q(state=GrantState.CLAIMED),
                name="volunteers_grant_one_claim",
            ),
            ExclusionConstraint(
                name="volunteers_grant_once",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    ("qualification", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until", Value("[)")), RangeOperators.OVERLAPS),
                ],
                condition=Q(state=GrantState.APPROVED),
            ),
        ]
        triggers = audited(
            "member_id", "qualification_id", "state", "valid_from", "valid_until", "decided_by_id", "reason"
        )

    def __str__(self) -> str:
        return f"{self.member_id} {self.qualification_id} {self.state}"


class VolunteerProfile(models.Model):
    """Limits a member has set and what the rosters must know. Without a row the defaults hold.

    `minor_until` is the day of the eighteenth birthday of somebody younger, and nothing else is kept of it.
    """

    unit_path = "member__commune"

    member = models.OneToOneField(
        "teams.Member", on_delete=models.PROTECT, primary_key=True, related_name="volunteer_profile"
    )
    shifts_a_week = models.PositiveSmallIntegerField(_("shifts a week"), default=4)
    hours_a_day = models.PositiveSmallIntegerField(_("hours a day"), default=8)
    reach_km = models.PositiveSmallIntegerField(_("how far you can go (km)"), default=15)
    minor_until = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="volunteers_profile_limits",
                condition=Q(shifts_a_week__range=(0, 14), hours_a_day__range=(1, 12), reach_km__lte=300),
            ),
        ]
        triggers = audited("shifts_a_week", "hours_a_day", "reach_km", "minor_until", key="member_id")

    def __str__(self) -> str:
        return str(self.member_id)


class WeeklyAvailability(models.Model):
    """A part of the week in which a member is usually free. No row: not free.

    A member without any row has not said yet: they are asked before they are put on a roster, and may
    sign up themselves at any time.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("teams.Member", on_delete=models.CASCADE, related_name="weekly_availability")
    weekday = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=10, choices=DayPart)
    liking = models.CharField(max_length=10, choices=Liking, default=Liking.CAN)

    class Meta:
        constraints = [
            known("part", DayPart),
            known("liking", Liking),
            models.CheckConstraint(name="volunteers_weekly_weekday", condition=Q(weekday__lte=6)),
            models.UniqueConstraint(fields=["member", "weekday", "part"], name="volunteers_weekly_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.weekday} {self.part}"


class DateAvailability(models.Model):
    """An exception on one date and part of the day: free although not usually, or away."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("teams.Member", on_delete=models.CASCADE, related_name="date_availability")
    day = models.DateField()
    part = models.CharField(max_length=10, choices=DayPart)
    free = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["day", "member"], name="volunteers_date_day")]
        constraints = [
            known("part", DayPart),
            models.UniqueConstraint(fields=["member", "day", "part"], name="volunteers_date_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.day} {self.part} {'free' if self.free else 'away'}"


class GuardianConsent(models.Model):
    """The consent of a minor's guardian: who gave it, how to reach them, until when.

    `ended_on` is the day on which it was withdrawn, or replaced by a newer one.
    """

    unit_path = "member__commune"
    retention = "Erased a year after the consent ended (forget_old_consents)."

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="guardian_consents")
    state = models.CharField(max_length=10, choices=ConsentState, default=ConsentState.GIVEN)
    guardian_name = EncryptedTextField()
    guardian_phone = EncryptedTextField(blank=True, default="")
    given_on = models.DateField()
    valid_until = models.DateField()
    recorded_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            known("state", ConsentState),
            models.CheckConstraint(
                name="volunteers_consent_days", condition=Q(valid_until__gt=F("given_on"))
            ),
            models.CheckConstraint(
                name="volunteers_consent_ended",
                condition=Q(state=ConsentState.GIVEN, ended_on__isnull=True)
                | (~Q(state=ConsentState.GIVEN) & Q(ended_on__gte=F("given_on"))),
            ),
            models.CheckConstraint(
                name="volunteers_consent_not_by_oneself", condition=~Q(recorded_by=F("member"))
            ),
            models.UniqueConstraint(
                fields=["member"], condition=Q(state=ConsentState.GIVEN), name="volunteers_consent_one"
            ),
        ]
        triggers = audited("member_id", "state", "given_on", "valid_until", "recorded_by_id", "ended_on")

    def __str__(self) -> str:
        return f"{self.member_id} {self.state} until {self.valid_until}"


class Badge(models.Model):
    """The token behind the QR code of a member's badge. A new badge ends the one before."""

    unit_path = "member__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="badges")
    token = models.CharField(max_length=43, unique=True)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(revoked_at__isnull=True), name="volunteers_badge_one"
            ),
        ]
        triggers = audited("member_id", "issued_at", "revoked_at")

    def __str__(self) -> str:
        return f"badge of {self.member_id}"


class Application(PlaceScoped):
    """Somebody who asks to join the teams of a commune."""

    retention = "Name and phone number are erased 30 days after the answer, or 90 days without one."

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = EncryptedTextField()
    phone = EncryptedTextField()
    phone_index = models.CharField(max_length=32, db_index=True, editable=False)
    languages = models.JSONField(default=dict)
    qualifications = models.JSONField(default=list)
    preferred_language = models.CharField(max_length=2, default="vi")
    is_minor = models.BooleanField(default=False)
    message = EncryptedTextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=ApplicationState, default=ApplicationState.SENT)
    token = models.CharField(max_length=43, unique=True)
    sent_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "teams.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    member = models.ForeignKey(
        "teams.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True, default="")

    objects: ClassVar[models.Manager["Application"]] = ScopedQuerySet["Application"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["commune", "state", "sent_at"], name="volunteers_application_place")]
        constraints = [
            known("state", ApplicationState),
            models.CheckConstraint(
                name="volunteers_application_decided",
                condition=Q(state=ApplicationState.SENT, decided_at__isnull=True)
                | (~Q(state=ApplicationState.SENT) & Q(decided_at__isnull=False)),
            ),
        ]
        triggers = audited("state", "commune_id", "decided_by_id", "member_id")

    def __str__(self) -> str:
        return f"application {self.id} {self.state}"


class MemberImport(models.Model):
    """A table of new members that somebody sent and has not confirmed yet: nobody is registered by it."""

    unit_path = "made_by__commune"
    retention = "Removed when it is confirmed or dropped, and after a day in any case (forget_imports)."

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    made_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    file_name = models.CharField(max_length=120, blank=True, default="")
    rows = EncryptedTextField()

    class Meta:
        indexes = [models.Index(fields=["made_by", "made_at"], name="volunteers_import_owner")]

    def __str__(self) -> str:
        return f"import {self.id}"
