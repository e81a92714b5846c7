"""A person who must be followed up, and what they agreed to. Personal data exists only here.

Never an identity number, birth date, ethnic origin, picture, password or one-time code.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from nhipcau.audit.models import audited
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.core.crypto import EncryptedTextField
from nhipcau.core.ids import new_id
from nhipcau.core.scope import PlaceScoped, ScopedQuerySet


class Citizen(PlaceScoped):
    """A name and a phone number with an end date. After erasure only the empty row remains."""

    # The date after which `services.erase_due` empties the row.
    retention: ClassVar[str] = "keep_until"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = EncryptedTextField()
    phone = EncryptedTextField(blank=True)
    phone_index = models.CharField(max_length=32, blank=True)
    # A code of `teams.enums.languages()`; that room stands on the same floor.
    helping_language = models.CharField(max_length=3, blank=True, default="")
    keep_until = models.DateField()
    registered_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet["Citizen"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="citizens_citizen_erased_is_empty",
                condition=Q(erased_at__isnull=True)
                | Q(
                    Exact(Cast("name", models.TextField()), models.Value("")),
                    Exact(Cast("phone", models.TextField()), models.Value("")),
                    phone_index="",
                    helping_language="",
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["phone_index"], name="citizens_phone", condition=~Q(phone_index="")),
            models.Index(fields=["keep_until"], name="citizens_due", condition=Q(erased_at__isnull=True)),
        ]
        triggers = audited("keep_until", "erased_at")

    def __str__(self) -> str:
        return f"citizen {self.pk}"


class ConsentWords(models.Model):
    """The exact words people were shown, kept once, so that each consent can be proven."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    purpose = models.CharField(max_length=20, choices=Purpose)
    version = models.CharField(max_length=10)
    language = models.CharField(max_length=2)
    words = models.TextField()

    class Meta:
        triggers = audited("version", "language", key="sha256")

    def __str__(self) -> str:
        return f"{self.purpose} {self.version} ({self.language})"


class Consent(models.Model):
    """One yes of one person to one purpose, with the words shown; withdrawn when they say so."""

    unit_path = "citizen__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose)
    words = models.ForeignKey(ConsentWords, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=20, choices=ConsentMethod)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # A member's id; the teams room stands on the same floor. Null: recorded by the system.
    recorded_by = models.UUIDField(null=True, blank=True)

    objects = ScopedQuerySet["Consent"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="citizens_consent_purpose_known", condition=Q(purpose__in=Purpose.values)
            ),
            models.CheckConstraint(
                name="citizens_consent_method_known", condition=Q(method__in=ConsentMethod.values)
            ),
            models.CheckConstraint(
                name="citizens_consent_withdrawn_after_given",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("given_at")),
            ),
            models.UniqueConstraint(
                name="citizens_consent_one_live",
                fields=["citizen", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]
        triggers = audited("citizen_id", "purpose", "method", "given_at", "withdrawn_at")

    def __str__(self) -> str:
        return f"{self.purpose} of {self.citizen_id}"
