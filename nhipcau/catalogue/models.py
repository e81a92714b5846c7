"""Records of the national catalogue, each import and every version seen; nothing is overwritten."""

import pgtrigger
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from nhipcau.audit.models import audited
from nhipcau.catalogue.enums import Standing
from nhipcau.core.ids import new_id


class Import(models.Model):
    """One file of the national catalogue taken in: which, when, and what it changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    read = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    missing = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField(default=0)
    # A partial file names only some procedures; the others stay as they are.
    partial = models.BooleanField(default=False)
    # Row number and reason of each record that was refused.
    refused = models.JSONField(default=list)

    class Meta:
        triggers = [
            pgtrigger.Protect(name="keep_imports", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.at:%Y-%m-%d}"


class Record(models.Model):
    """One procedure of the national catalogue, known by its code, as the newest version says."""

    code = models.CharField(
        max_length=12,
        primary_key=True,
        validators=[RegexValidator(r"^[1-9]\.\d{6}$")],
        help_text="national code",
    )
    name = models.TextField()
    field = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=200, blank=True)
    agency = models.TextField(blank=True)
    keywords = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)
    standing = models.CharField(max_length=16, choices=Standing.choices)
    # False once a later complete import no longer names it: kept, and said so on its page.
    listed = models.BooleanField(default=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="catalogue_record_standing_known", condition=Q(standing__in=Standing.values)
            ),
            models.CheckConstraint(
                name="catalogue_record_code_shape", condition=Q(code__regex=r"^[1-9]\.[0-9]{6}$")
            ),
            models.CheckConstraint(name="catalogue_record_named", condition=~Q(name="")),
        ]
        triggers = audited("name", "standing", "listed", key="code")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RecordVersion(models.Model):
    """What the catalogue said about a procedure, as one import found it. Never changed or deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="versions")
    found_in = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="versions")
    seen_at = models.DateTimeField()
    decision = models.CharField(max_length=200, blank=True)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["record", "seen_at"], name="catalogue_version_record")]
        triggers = [
            pgtrigger.Protect(name="keep_versions", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.seen_at:%Y-%m-%d}"
