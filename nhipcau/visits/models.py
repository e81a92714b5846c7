"""Home visits: where and when, who goes, and what was found; with every step kept."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from nhipcau.audit.models import audited, update_of
from nhipcau.cases.models import Need
from nhipcau.core.constraints import known
from nhipcau.core.crypto import EncryptedTextField
from nhipcau.core.ids import new_id
from nhipcau.core.scope import ScopedQuerySet
from nhipcau.teams.models import MomentRange
from nhipcau.visits.enums import RESULTS, NextStep, VisitState

LONGEST_MINUTES = 480
# When a visit moves or ends, its visitors move along; the overlap constraint may refuse.
_MOVE = """
    UPDATE visits_visitor SET starts_at = NEW.starts_at, ends_at = NEW.ends_at,
           busy = (NEW.state = 'planned' AND removed_at IS NULL)
     WHERE visit_id = NEW.id;
    RETURN NULL;
"""
# The times are the visit's, whatever was sent, so that the overlap constraint cannot be deceived.
_COPY = """
    SELECT visit.starts_at, visit.ends_at, visit.state = 'planned' AND NEW.removed_at IS NULL
      INTO NEW.starts_at, NEW.ends_at, NEW.busy
      FROM visits_visit visit WHERE visit.id = NEW.visit_id;
    RETURN NEW;
"""
# A step is never changed or deleted; only its note can be emptied.
_APPEND_ONLY = """
    IF TG_OP = 'UPDATE' AND NEW.note = '' AND to_jsonb(OLD) - 'note' = to_jsonb(NEW) - 'note' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the steps of a visit are append-only';
"""
_WITH_RESULT = Q(state__in=RESULTS)


class LocalDay(Func):
    """The calendar day in Vietnam at a moment."""

    template = "(%(expressions)s AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
    output_field = models.DateField()


class Visit(Need):
    """A visit at home, for a case or as a call on a household. `version` counts every change of it.

    Address and notes are for those who go and those who plan; they are emptied after `keep_until`.
    `result_at` is the moment it happened, as the visitor says; `recorded_at` the server's own.
    """

    retention: ClassVar[str] = "keep_until"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(default=1)
    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="visits"
    )
    # The local day on which it starts.
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # A part of the commune, as everybody there calls it; no household.
    hamlet = models.CharField(max_length=80, blank=True, default="")
    address = EncryptedTextField(blank=True, default="")
    notes = EncryptedTextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=VisitState, default=VisitState.PLANNED)
    planned_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    next_step = models.CharField(max_length=16, choices=NextStep, blank=True, default="")
    result_note = EncryptedTextField(blank=True, default="")
    result_by = models.ForeignKey(
        "teams.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    result_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    # The help given there, when it was recorded with the result.
    session = models.ForeignKey(
        "cases.HelpSession", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    keep_until = models.DateField()
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet["Visit"].as_manager()

    class Meta(Need.Meta):
        constraints = [
            *Need.Meta.constraints,
            known("state", VisitState),
            models.CheckConstraint(
                name="visits_visit_next_step_known", condition=Q(next_step__in=["", *NextStep.values])
            ),
            models.CheckConstraint(name="visits_visit_version", condition=Q(version__gte=1)),
            models.CheckConstraint(name="visits_visit_window", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="visits_visit_day", condition=Q(day=LocalDay("starts_at"))),
            models.CheckConstraint(
                name="visits_visit_result_with_its_state",
                condition=Q(
                    _WITH_RESULT,
                    ~Q(next_step=""),
                    result_by__isnull=False,
                    result_at__isnull=False,
                    recorded_at__isnull=False,
                )
                | Q(
                    ~_WITH_RESULT,
                    next_step="",
                    minutes__isnull=True,
                    result_by__isnull=True,
                    result_at__isnull=True,
                    recorded_at__isnull=True,
                    session__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="visits_visit_minutes",
                condition=Q(minutes__isnull=True) & ~Q(state=VisitState.DONE)
                | Q(minutes__isnull=False, minutes__gte=1, minutes__lte=LONGEST_MINUTES),
            ),
        ]
        indexes = [
            models.Index(fields=["commune", "starts_at"], name="visits_visit_place_start"),
            models.Index(
                fields=["keep_until"], name="visits_visit_keep", condition=Q(erased_at__isnull=True)
            ),
        ]
        triggers = [
            *audited(
                "version", "case_id", "day", "starts_at", "ends_at", "state", "minutes", "next_step",
                "result_by_id", "session_id", "keep_until", "erased_at",
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="moves_visitors",
                when=pgtrigger.After,
                operation=update_of("starts_at", "ends_at", "state"),
                func=_MOVE,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.day} {self.state}"

    @property
    def has_result(self) -> bool:
        return self.state in RESULTS


class Visitor(models.Model):
    """A member on a visit. Whoever is taken off stays written down: a phone may still bring a result."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="visitors")
    member = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="visits")
    removed_at = models.DateTimeField(null=True, blank=True)
    # The next three are copied by the database from the visit.
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    busy = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "member"], name="visits_visitor_once"),
            ExclusionConstraint(
                name="visits_visitor_no_overlap",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    (MomentRange("starts_at", "ends_at", Value("[)")), RangeOperators.OVERLAPS),
                ],
                condition=Q(busy=True),
            ),
        ]
        indexes = [models.Index(fields=["member", "starts_at"], name="visits_visitor_member")]
        triggers = [
            *audited("visit_id", "member_id", "removed_at"),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="copies_visit",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | update_of("visit_id", "removed_at"),
                func=_COPY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.visit_id}"


class VisitStep(models.Model):
    """One change of a visit, and what was said with it. Only ever added: a result decided against stays."""

    unit_path = "visit__commune"
    retention: ClassVar[str] = "visit__keep_until"

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="steps")
    # The version that the step made.
    version = models.PositiveIntegerField()
    from_state = models.CharField(max_length=10, choices=VisitState, blank=True, default="")
    to_state = models.CharField(max_length=10, choices=VisitState)
    at = models.DateTimeField()
    by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveSmallIntegerField(null=True)
    next_step = models.CharField(max_length=16, choices=NextStep, blank=True, default="")
    note = EncryptedTextField(blank=True, default="")
    result_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, null=True, related_name="+")
    result_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["visit", "id"], name="visits_step_visit")]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_APPEND_ONLY,
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
