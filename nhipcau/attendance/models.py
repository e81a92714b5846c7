"""Who came and left when, walk-ins, certificates of hours, calendar links and boards."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from nhipcau.attendance.enums import BY_ANOTHER, MEASURED, AttendanceState, Method, WalkInState
from nhipcau.audit.models import audited, update_of
from nhipcau.core.constraints import known
from nhipcau.core.crypto import EncryptedTextField
from nhipcau.core.ids import new_id
from nhipcau.core.scope import PlaceScoped, ScopedQuerySet

# Whose shift it was cannot be sent wrongly: the sign-up says it.
_COPY = """
    SELECT row.shift_id, row.member_id INTO NEW.shift_id, NEW.member_id
      FROM signups_signup row WHERE row.id = NEW.sign_up_id;
    RETURN NEW;
"""
_ON_SIGN_UP = pgtrigger.Insert | update_of("sign_up_id", "shift_id", "member_id")


class Seconds(Func):
    """Seconds between coming and leaving."""

    template = "EXTRACT(EPOCH FROM checked_out_at - checked_in_at)"
    output_field = models.DecimalField(max_digits=20, decimal_places=6)


class Attendance(models.Model):
    """One person at one shift: when they came and left, how that is known, and whether the hours count.

    `minutes_measured` is what lies between, `minutes_credited` what `rules.hours` makes of it. `claimed_at`
    is what the phone said at the check-in: a claim, kept beside the server's own moment.
    """

    unit_path = "shift__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sign_up = models.OneToOneField("signups.SignUp", on_delete=models.PROTECT, related_name="attendance")
    # The next two are copied by the database from the sign-up.
    shift = models.ForeignKey("shifts.Shift", on_delete=models.PROTECT, related_name="attendances")
    member = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="attendances")
    state = models.CharField(max_length=16, choices=AttendanceState)
    checked_in_at = models.DateTimeField()
    method_in = models.CharField(max_length=8, choices=Method)
    checked_out_at = models.DateTimeField(null=True, blank=True)
    method_out = models.CharField(max_length=8, choices=Method, blank=True, default="")
    claimed_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    minutes_measured = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes_credited = models.PositiveSmallIntegerField(null=True, blank=True)
    approved_by = models.ForeignKey(
        "teams.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    # The last word why: a disagreement, a correction, what was taken back.
    reason = models.CharField(max_length=200, blank=True, default="")

    objects: ClassVar[models.Manager["Attendance"]] = ScopedQuerySet["Attendance"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["member", "checked_in_at"], name="attendance_member"),
            models.Index(fields=["state", "checked_in_at"], name="attendance_state"),
        ]
        constraints = [
            known("state", AttendanceState),
            known("method_in", Method),
            models.CheckConstraint(
                name="attendance_out_after_in",
                condition=Q(checked_out_at__isnull=True) | Q(checked_out_at__gt=F("checked_in_at")),
            ),
            models.CheckConstraint(
                name="attendance_hours_have_an_end",
                condition=Q(
                    state__in=MEASURED,
                    checked_out_at__isnull=False,
                    minutes_measured__isnull=False,
                    minutes_credited__isnull=False,
                )
                | Q(~Q(state__in=MEASURED), minutes_measured__isnull=True, minutes_credited__isnull=True),
            ),
            models.CheckConstraint(
                name="attendance_never_more_than_measured",
                condition=Q(minutes_measured__isnull=True) | Q(minutes_measured__lte=Seconds() / 60),
            ),
            # Rounding to the nearest quarter adds at most seven minutes.
            models.CheckConstraint(
                name="attendance_never_more_than_rounded",
                condition=Q(minutes_credited__isnull=True)
                | Q(minutes_credited__lte=F("minutes_measured") + 7),
            ),
            models.CheckConstraint(
                name="attendance_approved_by_somebody",
                condition=Q(
                    state=AttendanceState.APPROVED, approved_by__isnull=False, approved_at__isnull=False
                )
                | Q(~Q(state=AttendanceState.APPROVED), approved_by__isnull=True, approved_at__isnull=True),
            ),
            models.CheckConstraint(
                name="attendance_not_approved_by_oneself",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("member")),
            ),
            models.CheckConstraint(
                name="attendance_not_written_by_oneself",
                condition=~Q(method_in__in=BY_ANOTHER) | ~Q(recorded_by=F("member")),
            ),
        ]
        triggers = [
            *audited(
                "sign_up_id", "state", "checked_in_at", "method_in", "checked_out_at", "method_out",
                "minutes_measured", "minutes_credited", "recorded_by_id", "approved_by_id",
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="copies_sign_up", when=pgtrigger.Before, operation=_ON_SIGN_UP, func=_COPY
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.member_id} {self.state}"

    @property
    def is_measured(self) -> bool:
        """Whether there are hours."""
        return self.state in MEASURED


class AttendanceStep(models.Model):
    """One move of an attendance: from which state to which, when, by whom, why. Only ever added."""

    # Counted up by the database: two steps of one moment keep their order.
    id = models.BigAutoField(primary_key=True)
    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="steps")
    from_state = models.CharField(max_length=16, choices=AttendanceState, blank=True, default="")
    to_state = models.CharField(max_length=16, choices=AttendanceState)
    at = models.DateTimeField()
    # Empty: the system itself.
    by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["attendance", "at"], name="attendance_step")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class WalkIn(models.Model):
    """Somebody at the post, by its code, who is not on the shift and offers to help now."""

    unit_path = "shift__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shift = models.ForeignKey("shifts.Shift", on_delete=models.PROTECT, related_name="walk_ins")
    member = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="walk_ins")
    state = models.CharField(max_length=8, choices=WalkInState, default=WalkInState.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "teams.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[models.Manager["WalkIn"]] = ScopedQuerySet["WalkIn"].as_manager()

    class Meta:
        constraints = [
            known("state", WalkInState),
            models.UniqueConstraint(fields=["shift", "member"], name="attendance_walkin_once"),
            models.CheckConstraint(
                name="attendance_walkin_not_by_oneself",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("member")),
            ),
        ]
        triggers = audited("shift_id", "member_id", "state", "answered_by_id")

    def __str__(self) -> str:
        return f"{self.member_id} {self.state}"


class Certificate(models.Model):
    """A certificate of approved hours: what it says is frozen, and its page says whether it stands.

    `content` is the JSON of `queries.certificates.Facts`; `digest` is its SHA-256, printed on the paper.
    `ends_on` is the first day after the period.
    """

    unit_path = "member__commune"
    retention = "The name is erased when the member's own is, a year after leaving (forget_former_holders)."

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=9, unique=True)
    token = models.CharField(max_length=43, unique=True)
    member = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="certificates")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("first day after it"))
    minutes = models.PositiveIntegerField()
    shifts = models.PositiveIntegerField()
    content = EncryptedTextField(blank=True, default="")
    digest = models.CharField(max_length=64)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="vi")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Empty while withdrawn by the system itself, because hours in it were corrected.
    revoked_by = models.ForeignKey(
        "teams.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True, default="")
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Certificate"]] = ScopedQuerySet["Certificate"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["member", "issued_at"], name="attendance_certificate_member")]
        constraints = [
            models.CheckConstraint(
                name="attendance_certificate_days", condition=Q(ends_on__gt=F("starts_on"))
            ),
            models.CheckConstraint(
                name="attendance_certificate_has_hours", condition=Q(minutes__gt=0, shifts__gt=0)
            ),
            models.CheckConstraint(
                name="attendance_certificate_withdrawn_says_why",
                condition=Q(revoked_at__isnull=True, reason="")
                | (Q(revoked_at__isnull=False) & ~Q(reason="")),
            ),
        ]
        triggers = [
            *audited("member_id", "starts_on", "ends_on", "minutes", "issued_by_id", "revoked_at"),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.code


class Link(models.Model):
    """A secret address that shows something without signing in, until it is ended or renewed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token = models.CharField(max_length=43, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.id}"


def _one_of(name: str, first: str, second: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{first}__isnull": False, f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": True, f"{second}__isnull": False}),
    )


def _one_at_a_time(name: str, field: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=[field], condition=Q(**{"ended_at__isnull": True, f"{field}__isnull": False}), name=name
    )


class CalendarFeed(Link):
    """A calendar that a phone reads: the shifts of one person, or the cover of one post."""

    member = models.ForeignKey(
        "teams.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    post = models.ForeignKey("shifts.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            _one_of("attendance_feed_of_one", "member", "post"),
            _one_at_a_time("attendance_feed_member", "member"),
            _one_at_a_time("attendance_feed_post", "post"),
        ]
        triggers = audited("member_id", "post_id", "ended_at")


class Board(PlaceScoped, Link):
    """A screen on the wall of a post, or of a service point with all its posts."""

    post = models.ForeignKey("shifts.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    point = models.ForeignKey(
        "places.ServicePoint", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="vi")

    objects: ClassVar[models.Manager[Any]] = ScopedQuerySet["Board"].as_manager()

    class Meta:
        constraints = [
            _one_of("attendance_board_of_one", "post", "point"),
            _one_at_a_time("attendance_board_post", "post"),
            _one_at_a_time("attendance_board_point", "point"),
        ]
        triggers = audited("post_id", "point_id", "ended_at")
