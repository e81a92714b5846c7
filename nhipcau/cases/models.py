"""Help sessions (no name, ever) and cases with their timeline, dossiers and rating."""

from typing import ClassVar

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from nhipcau.audit.models import audited
from nhipcau.cases.enums import (
    CLOSED_STATES,
    AgeBand,
    Alone,
    CaseState,
    EventKind,
    Outcome,
    Papers,
    PapersVerdict,
    PublicMessage,
    Stars,
    Topic,
)
from nhipcau.core.constraints import known
from nhipcau.core.crypto import EncryptedTextField
from nhipcau.core.ids import new_id
from nhipcau.core.scope import PlaceScoped, ScopedQuerySet

LONGEST_SESSION = 480


class Need(PlaceScoped):
    """What a person asks for: a procedure of the catalogue or a topic, exactly one of the two."""

    procedure = models.ForeignKey(
        "procedures.Procedure", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    topic = models.CharField(max_length=20, choices=Topic, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_one_need",
                condition=Q(procedure__isnull=True, topic__in=Topic.values)
                | Q(procedure__isnull=False, topic=""),
            ),
        ]


class HelpSession(Need):
    """One time one person was helped. No name: need, place, minutes, outcome, how much alone."""

    # The phone or page makes the id, so that the same record sent twice is kept once.
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service_point = models.ForeignKey(
        "places.ServicePoint", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    day = models.DateField()
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_SESSION)]
    )
    outcome = models.CharField(max_length=20, choices=Outcome)
    alone = models.CharField(max_length=20, choices=Alone)
    age_band = models.CharField(max_length=10, choices=AgeBand, default=AgeBand.NOT_SAID)
    # The language that helped, by its code in `teams.enums.languages()`; never asked as an origin.
    language = models.CharField(max_length=3, blank=True, default="")
    first_time = models.BooleanField()
    came_back_for_papers = models.BooleanField(null=True, blank=True)
    # Whether the person came with all the papers; which ones is not written down.
    papers = models.CharField(max_length=12, choices=Papers, default=Papers.NOT_CHECKED)
    volunteer = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="help_sessions")
    team = models.ForeignKey("teams.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    case = models.ForeignKey(
        "cases.Case", on_delete=models.SET_NULL, null=True, blank=True, related_name="sessions"
    )
    recorded_at = models.DateTimeField()

    objects = ScopedQuerySet["HelpSession"].as_manager()

    class Meta(Need.Meta):
        constraints = [
            *Need.Meta.constraints,
            models.CheckConstraint(
                name="cases_helpsession_minutes", condition=Q(minutes__gte=1, minutes__lte=LONGEST_SESSION)
            ),
            known("outcome", Outcome),
            known("alone", Alone),
            known("age_band", AgeBand),
            known("papers", Papers),
        ]
        indexes = [
            models.Index(fields=["commune", "day"], name="cases_session_place_day"),
            models.Index(fields=["volunteer", "day"], name="cases_session_who_day"),
            models.Index(fields=["day"], name="cases_session_day"),
        ]
        triggers = audited(
            "day", "minutes", "procedure_id", "topic", "outcome", "alone", "papers", "volunteer_id"
        )

    def __str__(self) -> str:
        return f"help session {self.pk}"


class Case(Need):
    """Something that must be followed to its end, for a citizen who agreed to it."""

    retention: ClassVar[str] = "keep_until"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Null once the citizen is erased: the case stays as a number.
    citizen = models.ForeignKey(
        "citizens.Citizen", on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    # The guide as it was published when the case opened: later changes do not rewrite it.
    procedure_version = models.ForeignKey(
        "procedures.ProcedureVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    service_point = models.ForeignKey(
        "places.ServicePoint", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    code = models.CharField(max_length=9, unique=True)
    # The card can be printed again, so the link's token is kept, encrypted; the hash finds it.
    token = EncryptedTextField(blank=True)
    token_hash = models.CharField(max_length=32, unique=True, null=True, blank=True)
    state = models.CharField(max_length=20, choices=CaseState, default=CaseState.OPENED)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    assigned_to = models.ForeignKey(
        "teams.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="assigned_cases"
    )
    due_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    keep_months = models.PositiveSmallIntegerField(default=6)
    keep_until = models.DateField()
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet["Case"].as_manager()

    class Meta(Need.Meta):
        constraints = [
            *Need.Meta.constraints,
            known("state", CaseState),
            models.CheckConstraint(
                name="cases_case_keep_months", condition=Q(keep_months__gte=1, keep_months__lte=12)
            ),
            models.CheckConstraint(
                name="cases_case_closed_has_moment",
                condition=Q(state__in=CLOSED_STATES, closed_at__isnull=False)
                | (~Q(state__in=CLOSED_STATES) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="cases_case_erased_is_empty",
                condition=Q(erased_at__isnull=True, token_hash__isnull=False)
                | Q(erased_at__isnull=False, token_hash__isnull=True, citizen__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["commune", "state", "due_on"], name="cases_case_place_state"),
            models.Index(fields=["keep_until"], name="cases_case_keep", condition=Q(erased_at__isnull=True)),
        ]
        triggers = audited("code", "state", "assigned_to_id", "due_on", "keep_until", "erased_at")

    def __str__(self) -> str:
        return self.code

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED_STATES


def _append_only(column: str, what: str) -> pgtrigger.Trigger:
    """Rows are never changed or deleted; only one column can be emptied, when a citizen is erased."""
    return pgtrigger.Trigger(
        name="append_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'UPDATE' AND NEW.{column} = ''
               AND to_jsonb(OLD) - '{column}' = to_jsonb(NEW) - '{column}' THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'the {what} of a case is append-only';
        """,
    )


class CaseEvent(models.Model):
    """One line of a case's timeline. Append-only; the order is the server's."""

    unit_path = "case__commune"
    retention: ClassVar[str] = "case__keep_until"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind)
    from_state = models.CharField(max_length=20, choices=CaseState, blank=True)
    to_state = models.CharField(max_length=20, choices=CaseState, blank=True)
    note = EncryptedTextField(blank=True, default="")
    public_message = models.CharField(max_length=20, choices=PublicMessage, blank=True)
    at = models.DateTimeField()
    # Null: the citizen on the public page, or the system.
    by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedQuerySet["CaseEvent"].as_manager()

    class Meta:
        constraints = [known("kind", EventKind)]
        indexes = [models.Index(fields=["case", "id"], name="cases_event_case")]
        triggers = [*audited("case_id", "kind", "from_state", "to_state"), _append_only("note", "timeline")]

    def __str__(self) -> str:
        return f"{self.kind} {self.to_state}".strip()

    @property
    def shown_to_citizen(self) -> bool:
        return bool(self.public_message)


class PapersCheck(models.Model):
    """What a person had in hand on one day, held against the guide. Answers and ticks are encrypted.

    A later check is a new row; when the person is erased only the verdict and the number are left.
    """

    unit_path = "case__commune"
    retention: ClassVar[str] = "case__keep_until"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="papers_checks")
    version = models.ForeignKey("procedures.ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    # JSON: answers by question, and the ids of the papers in hand.
    content = EncryptedTextField(blank=True, default="")
    verdict = models.CharField(max_length=12, choices=PapersVerdict)
    missing = models.PositiveSmallIntegerField()
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")

    objects = ScopedQuerySet["PapersCheck"].as_manager()

    class Meta:
        constraints = [
            known("verdict", PapersVerdict),
            models.CheckConstraint(
                name="cases_paperscheck_missing_counted",
                condition=Q(verdict=PapersVerdict.MISSING, missing__gte=1)
                | (~Q(verdict=PapersVerdict.MISSING) & Q(missing=0)),
            ),
        ]
        indexes = [models.Index(fields=["case", "checked_at"], name="cases_papers_case")]
        triggers = [
            *audited("case_id", "version_id", "verdict", "missing"),
            _append_only("content", "check of papers"),
        ]

    def __str__(self) -> str:
        return f"papers {self.verdict}"


class Dossier(models.Model):
    """A dossier on the official portal, by its code. The citizen submits; we only write the code down.

    The code opens the person's file on the portal, so it is kept like a name: encrypted, until the case ends.
    """

    unit_path = "case__commune"
    retention: ClassVar[str] = "case__keep_until"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="dossiers")
    code = EncryptedTextField(blank=True)
    code_index = models.CharField(max_length=32, blank=True)
    known_shape = models.BooleanField()
    submitted_on = models.DateField()
    submitted_by_citizen = models.BooleanField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")

    objects = ScopedQuerySet["Dossier"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="cases_dossier_once_per_case",
                fields=["case", "code_index"],
                condition=~Q(code_index=""),
            ),
        ]
        indexes = [models.Index(fields=["submitted_on"], name="cases_dossier_day")]
        triggers = audited("case_id", "submitted_on", "submitted_by_citizen")

    def __str__(self) -> str:
        return self.code


class Rating(models.Model):
    """What the citizen thinks of the help: one to five, one per case."""

    unit_path = "case__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField(choices=Stars)
    at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet["Rating"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="cases_rating_stars", condition=Q(stars__gte=1, stars__lte=5)),
        ]
        indexes = [models.Index(fields=["at"], name="cases_rating_at")]
        triggers = audited("case_id", "stars")

    def __str__(self) -> str:
        return f"{self.stars}/5"
