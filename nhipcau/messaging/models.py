"""Messages, their deliveries, and where and when their recipients want to be reached.

A recipient is a member's id: the teams room stands above this one, so there is no foreign key.
"""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from nhipcau.core.crypto import EncryptedTextField
from nhipcau.core.ids import new_id
from nhipcau.messaging.enums import (
    CEILING,
    HIGHEST_CEILING,
    QUIET_FROM,
    QUIET_UNTIL,
    WAITING,
    Channel,
    DeliveryState,
    Kind,
    Trouble,
)


class Message(models.Model):
    """One thing told to one person, written in the transaction that made it true."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    to = models.UUIDField()
    kind = models.CharField(max_length=20, choices=Kind)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    # A path of ours, such as /roster/…; empty: nothing to open.
    link = models.CharField(max_length=500, blank=True)
    # The record it speaks of, in whatever room; null: none.
    about = models.UUIDField(null=True, blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="vi")
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    # Laid into the inbox; null: the person does not want this kind there.
    shown_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(F("to"), F("created_at").desc(), name="messaging_inbox"),
            models.Index(
                fields=["to"],
                name="messaging_unread",
                condition=Q(shown_at__isnull=False, read_at__isnull=True),
            ),
            models.Index(fields=["created_at"], name="messaging_message_age"),
        ]
        constraints = [
            models.CheckConstraint(name="messaging_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="messaging_link_inside",
                condition=Q(link="") | (Q(link__startswith="/") & ~Q(link__startswith="//")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Delivery(models.Model):
    """One message on its way by one channel. Its state moves only by `rules.TRANSITIONS`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    # Copies of the message's own, so that the worker finds what waits for whom in one index.
    recipient = models.UUIDField()
    urgent = models.BooleanField(default=False)
    channel = models.CharField(max_length=20, choices=Channel)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    # When a waiting one is looked at again; of one being sent: when its worker counts as dead.
    next_try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(max_length=200, blank=True)
    trouble = models.CharField(max_length=20, choices=Trouble, blank=True, default="")
    gathered_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="others"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="messaging_once_by_channel", fields=["message", "channel"]),
            models.CheckConstraint(name="messaging_state_known", condition=Q(state__in=DeliveryState.values)),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="messaging_due",
                condition=Q(state__in=[*WAITING, DeliveryState.SENDING]),
            ),
            models.Index(
                fields=["recipient", "channel"],
                name="messaging_waiting_for",
                condition=Q(state__in=WAITING),
            ),
            # What went out to a person today, for the ceiling.
            models.Index(fields=["recipient", "started_at"], name="messaging_sent_to"),
            # What did not get through, for those who run the programme.
            models.Index(
                F("settled_at").desc(),
                F("id").desc(),
                name="messaging_given_up",
                condition=Q(state=DeliveryState.GIVEN_UP),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state} {self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def is_fresh(self) -> bool:
        """Never tried: it may still go together with others."""
        return self.attempts == 0


class Address(models.Model):
    """Where somebody can be reached: an e-mail address, or the subscription of one browser."""

    unit_path = "unit_code"
    retention = "Removed by the person, when it no longer exists, or with the account (services.forget)."

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recipient = models.UUIDField()
    # The recipient's home commune when it was given, as a code: places stand above this room.
    unit_code = models.CharField(max_length=5, blank=True, default="")
    channel = models.CharField(max_length=20, choices=Channel)
    value = EncryptedTextField()
    value_index = models.CharField(max_length=32)
    # What the person calls it by, such as "Android"; never part of the address.
    label = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    # The code on its way to an address not yet confirmed.
    code = EncryptedTextField(blank=True, default="")
    code_until = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="messaging_address_once", fields=["recipient", "channel", "value_index"]
            ),
            # A browser belongs to whoever used it last: the others' notices must not appear there.
            models.UniqueConstraint(
                name="messaging_browser_of_one",
                fields=["value_index"],
                condition=Q(channel=Channel.WEB_PUSH),
            ),
            models.UniqueConstraint(
                name="messaging_one_email", fields=["recipient"], condition=Q(channel=Channel.EMAIL)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} address {self.pk}"


class Preference(models.Model):
    """When somebody wants peace. Without a row the usual hours hold."""

    recipient = models.UUIDField(primary_key=True)
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_until = models.TimeField(default=QUIET_UNTIL)
    urgent_at_night = models.BooleanField(default=False)
    daily_ceiling = models.PositiveSmallIntegerField(
        default=CEILING, validators=[MaxValueValidator(HIGHEST_CEILING)]
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="messaging_ceiling_sane",
                condition=Q(daily_ceiling__gte=1, daily_ceiling__lte=HIGHEST_CEILING),
            )
        ]

    def __str__(self) -> str:
        return f"preference {self.pk}"


class OptOut(models.Model):
    """One kind that somebody does not want by one channel."""

    recipient = models.UUIDField()
    kind = models.CharField(max_length=20, choices=Kind)
    channel = models.CharField(max_length=20, choices=Channel)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="messaging_declined_once", fields=["recipient", "kind", "channel"])
        ]

    def __str__(self) -> str:
        return f"{self.kind} not by {self.channel}"
