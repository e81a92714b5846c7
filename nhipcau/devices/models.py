"""Phones that are signed in, and the keys of provinces to which they seal their own."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from nhipcau.audit.models import audited
from nhipcau.core.crypto import EncryptedTextField
from nhipcau.core.ids import new_id
from nhipcau.core.scope import PlaceScoped, ScopedQuerySet


class ProvinceKey(models.Model):
    """The pair of keys of a province: phones seal their data key to the public half.

    With the private half a coordinator receives what lies on a phone whose PIN is forgotten.
    """

    unit_path = "province"
    retention: ClassVar[str] = "retired_at"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    province = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    # SubjectPublicKeyInfo, base64 of DER.
    public = models.TextField()
    private = EncryptedTextField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="devices_key_one_in_use", fields=["province"], condition=Q(retired_at__isnull=True)
            ),
        ]
        triggers = audited("province_id", "retired_at")

    def __str__(self) -> str:
        return f"key of {self.province_id}"


class Device(PlaceScoped):
    """One member on one phone. Two members who share a phone are two devices with a store each.

    `commune` is the member's home commune when the phone was last signed in: where it is looked after.
    """

    retention: ClassVar[str] = "lease_until"

    # Made by the phone.
    id = models.UUIDField(primary_key=True, editable=False)
    member = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    # The token itself is nowhere but on the phone, sealed.
    token_hash = models.CharField(max_length=32, unique=True)
    # One of the three things that open the phone's store; the phone forgets it when the lease ends.
    lease_secret = EncryptedTextField()
    lease_until = models.DateTimeField()
    enrolled_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    app = models.CharField(max_length=20, blank=True, default="")
    # How many commands the phone said it still holds, when last seen.
    waiting = models.PositiveIntegerField(default=0)
    # The server's clock less the phone's, when last seen.
    skew_seconds = models.BigIntegerField(default=0)
    escrow_key = models.ForeignKey(ProvinceKey, on_delete=models.PROTECT, related_name="+")
    # The phone's data key, sealed to the province (RSA-OAEP); base64.
    escrow = models.TextField()

    objects = ScopedQuerySet["Device"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["commune", "seen_at"], name="devices_device_place")]
        triggers = audited("member_id", "revoked_at")

    def __str__(self) -> str:
        return f"device {self.pk}"
