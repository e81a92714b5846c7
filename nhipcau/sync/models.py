"""Phones, the receipts of what they sent, what waits for a person, and what each phone was given."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from nhipcau.audit.models import audited
from nhipcau.core.constraints import known
from nhipcau.core.crypto import EncryptedTextField
from nhipcau.core.ids import new_id
from nhipcau.core.scope import PlaceScoped, ScopedQuerySet
from nhipcau.sync.enums import ConflictReason, ConflictState, Entity, Keep, Result


class Receipt(models.Model):
    """The one answer to a command, kept so that the same command gets the same answer again."""

    # The command's id, made by the phone.
    id = models.UUIDField(primary_key=True, editable=False)
    device = models.ForeignKey("devices.Device", on_delete=models.PROTECT, related_name="receipts")
    sequence = models.BigIntegerField()
    name = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    # A keyed digest of everything the command says.
    digest = models.CharField(max_length=32)
    result = models.CharField(max_length=20, choices=Result)
    code = models.CharField(max_length=60, blank=True, default="")
    words = models.CharField(max_length=300, blank=True, default="")
    about = models.UUIDField(null=True, blank=True)
    # The command that this one was sent instead of, after a person had changed it.
    replaces = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            known("result", Result),
            models.CheckConstraint(
                name="sync_receipt_says_why",
                condition=Q(result__in=(Result.NEEDS_PERSON, Result.REFUSED)) ^ Q(code=""),
            ),
        ]
        indexes = [
            models.Index(fields=["device", "received_at"], name="sync_receipt_device"),
            models.Index(fields=["received_at"], name="sync_receipt_received"),
            models.Index(fields=["replaces"], name="sync_receipt_replaces", condition=~Q(replaces=None)),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.result}"


class Conflict(PlaceScoped):
    """A command that a person must decide about. Both sides stay readable until the end date."""

    retention: ClassVar[str] = "keep_until"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    command = models.UUIDField(unique=True)
    device = models.ForeignKey("devices.Device", on_delete=models.PROTECT, related_name="conflicts")
    member = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    # The record it is about; a case or session that was never saved has the id that the phone made.
    entity = models.CharField(max_length=20, choices=Entity)
    entity_id = models.UUIDField()
    reason = models.CharField(max_length=20, choices=ConflictReason)
    # JSON: {"version", "data": what the phone sent, "base", "skew", "fields": [{"name", "base", "theirs",
    # "mine"}]}, and once decided "stood": what stood then.
    content = EncryptedTextField(blank=True, default="")
    # Of a case that was never opened: the blind index of the person's number, as citizens have it.
    phone_index = models.CharField(max_length=32, blank=True, default="")
    state = models.CharField(max_length=10, choices=ConflictState, default=ConflictState.OPEN)
    made_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "teams.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    keep = models.CharField(max_length=10, choices=Keep, blank=True, default="")
    keep_until = models.DateField()
    emptied_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet["Conflict"].as_manager()

    class Meta:
        constraints = [
            known("reason", ConflictReason),
            known("entity", Entity),
            known("state", ConflictState),
            models.CheckConstraint(
                name="sync_conflict_decided_whole",
                condition=Q(state=ConflictState.OPEN, decided_at__isnull=True, keep="")
                | Q(state=ConflictState.DECIDED, decided_at__isnull=False, keep__in=Keep.values),
            ),
        ]
        indexes = [
            models.Index(fields=["commune", "state", "raised_at"], name="sync_conflict_place"),
            models.Index(fields=["member", "state"], name="sync_conflict_member"),
            models.Index(fields=["entity", "entity_id"], name="sync_conflict_entity"),
            models.Index(
                fields=["keep_until"], name="sync_conflict_keep", condition=Q(emptied_at__isnull=True)
            ),
            models.Index(fields=["phone_index"], name="sync_conflict_phone", condition=~Q(phone_index="")),
        ]
        triggers = audited("entity_id", "reason", "state", "decided_by_id", "keep")

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"

    @property
    def is_open(self) -> bool:
        return self.state == ConflictState.OPEN


class PackLedger(models.Model):
    """What a phone was given: for each item a keyed digest and the place in the phone's own sequence."""

    device = models.OneToOneField(
        "devices.Device", on_delete=models.CASCADE, primary_key=True, related_name="ledger"
    )
    epoch = models.CharField(max_length=12)
    sequence = models.PositiveBigIntegerField(default=0)
    # {"kind/id": [digest or null when it is gone, sequence]}
    items = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"pack of {self.device_id}"
