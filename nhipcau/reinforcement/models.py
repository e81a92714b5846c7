"""A team's request for people, the offers made to it, and the people named in them."""

from datetime import date, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.models import audited
from nhipcau.core.constraints import known
from nhipcau.core.ids import new_id
from nhipcau.core.scope import PlaceScoped, ScopedQuerySet
from nhipcau.reinforcement.enums import AGREED_OFFERS, LIVE_OFFERS, Answer, OfferState, RequestState, Why
from nhipcau.volunteers.enums import DayPart

MOST_PEOPLE = 60
LONGEST_DAYS = 62


class Request(PlaceScoped):
    """A team asks for people from a day until, not including, another, in some parts of those days.

    `languages`: code → least level of `teams.enums.LanguageLevel`. `shifts`: the short shifts it grew from.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey("teams.Team", on_delete=models.PROTECT, related_name="requests_for_help")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("first day without them"))
    parts = ArrayField(models.CharField(max_length=10, choices=DayPart), size=3)
    people = models.PositiveSmallIntegerField(_("how many people"))
    qualifications = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    languages = models.JSONField(default=dict, blank=True)
    why = models.CharField(_("why"), max_length=18, choices=Why)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    transport = models.BooleanField(_("we pay for the way or fetch them"), default=False)
    meals = models.BooleanField(_("meals"), default=False)
    lodging = models.BooleanField(_("a place to sleep"), default=False)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.ASKED)
    asked_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    shifts = models.ManyToManyField("shifts.Shift", through="RequestedShift", related_name="+")

    objects: ClassVar[models.Manager["Request"]] = ScopedQuerySet["Request"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["commune", "state", "starts_on"], name="reinforcement_request_place"),
            models.Index(fields=["state", "ends_on"], name="reinforcement_request_state"),
        ]
        constraints = [
            known("state", RequestState),
            known("why", Why),
            models.CheckConstraint(
                name="reinforcement_request_days",
                condition=Q(ends_on__gt=F("starts_on"))
                & Q(ends_on__lte=F("starts_on") + timedelta(days=LONGEST_DAYS)),
            ),
            models.CheckConstraint(
                name="reinforcement_request_people", condition=Q(people__range=(1, MOST_PEOPLE))
            ),
            models.CheckConstraint(
                name="reinforcement_request_parts",
                condition=Q(parts__len__gte=1, parts__contained_by=DayPart.values),
            ),
        ]
        triggers = audited(
            "team_id",
            "starts_on",
            "ends_on",
            "parts",
            "people",
            "qualifications",
            "languages",
            "why",
            "state",
        )

    def __str__(self) -> str:
        return f"{self.team_id} {self.starts_on} {self.state}"

    @property
    def last_on(self) -> date:
        """The last day, included, as people say it."""
        return self.ends_on - timedelta(days=1)


class RequestedShift(models.Model):
    """A short shift for which the request was made."""

    unit_path = "request__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="requested")
    shift = models.ForeignKey("shifts.Shift", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "shift"], name="reinforcement_shift_once"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.shift_id}"


class Offer(models.Model):
    """People of one team, offered by the province to a team that asked. Both sides must say yes."""

    unit_path = "request__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="offers")
    team = models.ForeignKey("teams.Team", on_delete=models.PROTECT, related_name="offers_of_help")
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OFFERED)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    offered_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sender_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, null=True, related_name="+")
    sender_at = models.DateTimeField(null=True, blank=True)
    receiver_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, null=True, related_name="+")
    receiver_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Offer"]] = ScopedQuerySet["Offer"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "state"], name="reinforcement_offer_team")]
        constraints = [
            known("state", OfferState),
            models.UniqueConstraint(
                fields=["request", "team"],
                condition=Q(state__in=LIVE_OFFERS),
                name="reinforcement_offer_once",
            ),
            models.CheckConstraint(
                name="reinforcement_offer_agreed_by_both",
                condition=~Q(state__in=AGREED_OFFERS) | Q(sender_at__isnull=False, receiver_at__isnull=False),
            ),
        ]
        triggers = audited("request_id", "team_id", "state", "sender_by_id", "receiver_by_id")

    def __str__(self) -> str:
        return f"{self.team_id} {self.state}"

    @property
    def is_agreed(self) -> bool:
        """Whether both sides have said yes."""
        return self.state in AGREED_OFFERS


class OfferedPerson(models.Model):
    """A person named in an offer, and their own answer: nobody is sent who has not said yes."""

    unit_path = "offer__request__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="people")
    member = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="offered_to")
    answer = models.CharField(max_length=5, choices=Answer, default=Answer.ASKED)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["member", "answer"], name="reinforcement_person_member")]
        constraints = [
            known("answer", Answer),
            models.UniqueConstraint(fields=["offer", "member"], name="reinforcement_person_once"),
            models.CheckConstraint(
                name="reinforcement_person_answered",
                condition=Q(answer=Answer.ASKED) | Q(answered_at__isnull=False),
            ),
        ]
        triggers = audited("offer_id", "member_id", "answer")

    def __str__(self) -> str:
        return f"{self.member_id} {self.answer}"
