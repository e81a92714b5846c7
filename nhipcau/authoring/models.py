"""Drafts of guides and what happened to each; the database itself keeps writer and second reader apart."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q

from nhipcau.audit.models import audited
from nhipcau.authoring.enums import Act, DraftState
from nhipcau.core.ids import new_id


class NotAmong(Func):
    """`value <> ALL (array)`: true when the value is none of the array's; unknown, so allowed, for null."""

    template = "(%(expressions)s))"
    arg_joiner = " <> ALL ("
    output_field = models.BooleanField()


OPEN = (DraftState.DRAFT, DraftState.FACT_CHECKED)
READ_BY_TWO = (DraftState.FACT_CHECKED, DraftState.PUBLISHED)


class Draft(models.Model):
    """One version of a guide in the making: its words, whose they are, who compared them with the sources.

    `content` is a guide file with exactly one version. `revision` grows with every change, so that nobody
    approves or publishes other words than those they read.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.CharField(max_length=80, db_index=True)
    # The province for which it is written, by its code; empty: the whole country.
    area = models.CharField(max_length=2, blank=True, default="", validators=[RegexValidator(r"^\d{2}$")])
    content = models.JSONField()
    based_on = models.ForeignKey(
        "procedures.ProcedureVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=12, choices=DraftState.choices, default=DraftState.DRAFT)
    written_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    # Everybody who changed a word, the writer included: none of them may be the second reader.
    editors = ArrayField(models.UUIDField())
    checked_by = models.ForeignKey(
        "teams.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_as = models.ForeignKey(
        "procedures.ProcedureVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "area"], name="authoring_draft_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "area"], condition=Q(state__in=OPEN), name="authoring_one_open_draft"
            ),
            models.CheckConstraint(
                condition=NotAmong(F("checked_by"), F("editors")),
                name="authoring_second_reader_wrote_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(checked_by=F("written_by")), name="authoring_second_reader_is_another"
            ),
            models.CheckConstraint(
                condition=Q(state=DraftState.DRAFT, checked_by__isnull=True)
                | Q(state__in=READ_BY_TWO, checked_by__isnull=False)
                | Q(state=DraftState.WITHDRAWN),
                name="authoring_state_and_second_reader",
            ),
            models.CheckConstraint(
                condition=~Q(state=DraftState.PUBLISHED) | Q(published_as__isnull=False),
                name="authoring_published_as",
            ),
            models.CheckConstraint(condition=Q(state__in=DraftState.values), name="authoring_known_state"),
        ]
        triggers = audited(
            "procedure", "area", "state", "written_by_id", "checked_by_id", "published_as_id", "revision"
        )

    def __str__(self) -> str:
        return f"{self.procedure} {self.area} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Step(models.Model):
    """One thing that happened to a draft, with the note that came with it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="steps")
    act = models.CharField(max_length=10, choices=Act.choices)
    by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    revision = models.PositiveIntegerField()
    part = models.CharField(max_length=20, blank=True, default="")
    note = models.TextField(max_length=1500, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["draft", "at"], name="authoring_step_draft")]
        triggers = audited("draft_id", "act", "by_id", "revision")

    def __str__(self) -> str:
        return f"{self.draft_id} {self.act}"
