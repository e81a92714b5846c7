"""Procedures and their dated versions. A version's guide is never changed, so a case may rely on it."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language

from nhipcau.audit.models import audited
from nhipcau.core.ids import new_id
from nhipcau.procedures.enums import Kind, LifeEvent, ProcedureState, RecordingState, VersionState

MARK_LENGTH = 10


class DateRange(Func):
    """`daterange(start, end)`: half-open, without an end when the end is null."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Procedure(models.Model):
    """Something people come for: a national procedure, or steps in an app. Known by a stable English slug."""

    slug = models.CharField(max_length=80, primary_key=True)
    code = models.CharField(
        max_length=12, blank=True, validators=[RegexValidator(r"^[1-9]\.\d{6}$")], help_text="national code"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    life_event = models.CharField(max_length=24, choices=LifeEvent.choices)
    field = models.CharField(max_length=200, blank=True)
    names = models.JSONField()
    summaries = models.JSONField(default=dict)
    official_name = models.TextField(blank=True)
    keywords = models.JSONField(default=dict)
    replaces = models.JSONField(default=list)
    see_also = models.JSONField(default=list)
    replaced_by = models.CharField(max_length=80, blank=True)
    # True once an official has published a version here: the files that ship no longer overwrite it.
    kept_here = models.BooleanField(default=False)
    state = models.CharField(
        max_length=12, choices=ProcedureState.choices, default=ProcedureState.CURRENT, db_index=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="procedures_code_once"),
            models.CheckConstraint(
                condition=Q(kind=Kind.IN_APP) | ~Q(code=""), name="procedures_code_unless_in_app"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The everyday name in the reader's language."""
        return str(self.names.get(get_language() or "vi") or self.names.get("vi") or self.slug)

    @property
    def summary(self) -> str:
        """One or two plain sentences in the reader's language."""
        return str(self.summaries.get(get_language() or "vi") or self.summaries.get("vi") or "")

    @property
    def public_code(self) -> str:
        """What names this guide outside: the national code, else the slug."""
        return self.code or self.slug


class ProcedureVersion(models.Model):
    """What a procedure asks during a period, with its source. Content is written once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    # A province with rules of its own, by its code; empty: the whole country.
    area = models.CharField(max_length=2, blank=True, default="", validators=[RegexValidator(r"^\d{2}$")])
    state = models.CharField(max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    guide = models.JSONField()
    content_hash = models.CharField(max_length=64)
    source_title = models.TextField()
    source_url = models.URLField(max_length=500, blank=True)
    source_kind = models.CharField(max_length=12)
    checked_on = models.DateField()
    # The two pairs of eyes; empty for guides that ship as files and that no official here has read yet.
    written_by = models.CharField(max_length=120, blank=True, default="")
    checked_by = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    confidence = models.CharField(max_length=8)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="procedures_one_published_version",
                expressions=[
                    (F("procedure"), RangeOperators.EQUAL),
                    (F("area"), RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state=VersionState.PUBLISHED),
            ),
            models.UniqueConstraint(
                fields=["procedure", "area", "content_hash"], name="procedures_content_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="procedures_version_period",
            ),
        ]
        triggers = audited("state", "area", "valid_from", "valid_until", "content_hash", "checked_on")

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.valid_from:%Y-%m-%d}"

    @property
    def mark(self) -> str:
        """What a list carries, in its address and in print, so that a change can be told later."""
        return self.content_hash[:MARK_LENGTH]

    def in_force(self, day: date) -> bool:
        """Half-open: the first day counts, the last does not."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


class Recording(models.Model):
    """A guide told aloud by a person, in a language people speak; never by a machine."""

    LARGEST = 4_000_000

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="recordings")
    # The language by its code and by its own name, as the programme lists it.
    language = models.CharField(max_length=3, validators=[RegexValidator(r"^[a-z]{2,3}$")])
    language_name = models.CharField(max_length=60)
    sound = models.BinaryField()
    sound_type = models.CharField(max_length=20)
    # The version it was told from: a later one may say something else.
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=RecordingState, default=RecordingState.WAITING)
    added_at = models.DateTimeField()
    added_by = models.UUIDField()
    heard_at = models.DateTimeField(null=True, blank=True)
    heard_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "language"],
                condition=Q(state=RecordingState.APPROVED),
                name="procedures_one_recording",
            ),
            models.CheckConstraint(
                name="procedures_recording_state_known", condition=Q(state__in=RecordingState.values)
            ),
            models.CheckConstraint(
                name="procedures_recording_heard_by_another",
                condition=~Q(state=RecordingState.APPROVED)
                | (Q(heard_by__isnull=False) & ~Q(heard_by=F("added_by"))),
            ),
        ]
        triggers = audited("procedure_id", "language", "state", "heard_by")

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.language}"


class Stamp(models.Model):
    """A digest of what was last loaded, so that an unchanged library costs nothing to load or to index."""

    name = models.CharField(max_length=40, primary_key=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.name} {self.digest[:12]}"
