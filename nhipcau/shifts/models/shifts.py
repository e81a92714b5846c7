"""Dated shifts and their needs, each with its counted seats."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from nhipcau.audit.models import audited
from nhipcau.core.constraints import known
from nhipcau.core.ids import new_id
from nhipcau.core.scope import PlaceScoped, ScopedQuerySet
from nhipcau.shifts.enums import OpenTo, Reason, ShiftState
from nhipcau.shifts.models.posts import Post, PostRule, Seats


class Shift(PlaceScoped):
    """One stretch of one day at a post. `day` is the local date on which it starts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="shifts")
    rule = models.ForeignKey(
        PostRule, on_delete=models.SET_NULL, null=True, blank=True, related_name="shifts"
    )
    team = models.ForeignKey("teams.Team", on_delete=models.PROTECT, related_name="shifts")
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ShiftState, default=ShiftState.DRAFT)
    open_to = models.CharField(max_length=8, choices=OpenTo, default=OpenTo.TEAM)
    note = models.CharField(max_length=300, blank=True, default="")
    reason = models.CharField(max_length=18, choices=Reason, blank=True, default="")
    opened_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Shift"]] = ScopedQuerySet["Shift"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["commune", "day"], name="shifts_shift_commune"),
            models.Index(fields=["team", "day"], name="shifts_shift_team"),
            models.Index(fields=["state", "starts_at"], name="shifts_shift_state"),
        ]
        constraints = [
            known("state", ShiftState),
            known("open_to", OpenTo),
            models.UniqueConstraint(
                fields=["post", "starts_at"], condition=~Q(state="cancelled"), name="shifts_shift_once"
            ),
            models.UniqueConstraint(
                fields=["rule", "day"], condition=~Q(state="cancelled"), name="shifts_shift_rule_once"
            ),
            models.CheckConstraint(name="shifts_shift_times", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="shifts_shift_cancelled_has_reason",
                condition=Q(state=ShiftState.CANCELLED, reason__in=Reason.values)
                | (~Q(state=ShiftState.CANCELLED) & Q(reason="")),
            ),
        ]
        triggers = audited("post_id", "team_id", "day", "starts_at", "ends_at", "state", "open_to", "reason")

    def __str__(self) -> str:
        return f"{self.post_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def hours(self) -> float:
        """Its length in hours."""
        return (self.ends_at - self.starts_at).total_seconds() / 3600


class ShiftNeed(Seats):
    """Who is needed on one shift. `taken` is kept by the database itself; it never passes `maximum`."""

    unit_path = "shift__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="needs")
    position = models.PositiveSmallIntegerField(default=0)
    taken = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta(Seats.Meta):
        constraints = [
            *Seats.Meta.constraints,
            models.UniqueConstraint(fields=["shift", "title"], name="shifts_shiftneed_once"),
            models.CheckConstraint(
                name="shifts_shiftneed_capacity", condition=Q(taken__gte=0, taken__lte=F("maximum"))
            ),
        ]
        triggers = audited("shift_id", "title", "minimum", "ideal", "maximum", "qualifications", "languages")

    def __str__(self) -> str:
        return f"{self.title} {self.taken}/{self.maximum}"

    @property
    def free(self) -> int:
        """Seats left."""
        return max(0, self.maximum - self.taken)
