"""Public classes in villages, who teaches them, and who came: an age band each, never a name."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.models import audited, update_of
from nhipcau.cases.enums import AgeBand, Alone, Topic
from nhipcau.cases.models import Need
from nhipcau.core.constraints import known
from nhipcau.core.ids import new_id
from nhipcau.core.scope import ScopedQuerySet
from nhipcau.learning.enums import ClassState
from nhipcau.teams.models import MomentRange

MOST_PEOPLE = 500
# When a class moves or ends, those who teach it are free or busy with it: the overlap constraint decides.
_MOVE = """
    UPDATE learning_trainer SET starts_at = NEW.starts_at, ends_at = NEW.ends_at, busy = true
     WHERE public_class_id = NEW.id;
    RETURN NULL;
"""
# The times are those of the class, whatever was sent.
_COPY = """
    SELECT one.starts_at, one.ends_at, one.state <> 'cancelled' AND NEW.ended_at IS NULL
      INTO NEW.starts_at, NEW.ends_at, NEW.busy
      FROM learning_publicclass one WHERE one.id = NEW.public_class_id;
    RETURN NEW;
"""
# Phones agree without asking each other because what was counted stays as it is: it is only ever taken back.
_ONLY_TAKEN_BACK = """
    IF TG_OP = 'UPDATE' AND OLD.removed_at IS NULL
       AND to_jsonb(OLD) - '{removed_at,removed_by_id}'::text[]
         = to_jsonb(NEW) - '{removed_at,removed_by_id}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a person counted in a class can only be taken back, once';
"""


class FirstDay(Func):
    """The day in Vietnam on which a class begins."""

    template = "(starts_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
    output_field = models.DateField()


class PublicClass(Need):
    """A class for the people of a commune, about a procedure or a topic, in `[starts_at, ends_at)`.

    `title` says it in the people's words; `place` is a hamlet's house of culture or the like, where it is
    not a service point.
    """

    # The phone or page makes the id, so that the same class sent twice is kept once.
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(_("title"), max_length=120, blank=True, default="")
    place = models.CharField(_("place"), max_length=120, blank=True, default="")
    service_point = models.ForeignKey(
        "places.ServicePoint", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    expected = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=9, choices=ClassState, default=ClassState.PLANNED)
    version = models.PositiveIntegerField(default=1)
    planned_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects: ClassVar[models.Manager["PublicClass"]] = ScopedQuerySet["PublicClass"].as_manager()

    class Meta(Need.Meta):
        indexes = [models.Index(fields=["commune", "day"], name="learning_class_place_day")]
        constraints = [
            *Need.Meta.constraints,
            known("state", ClassState),
            models.CheckConstraint(name="learning_class_times", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="learning_class_day", condition=Q(day=FirstDay())),
            models.CheckConstraint(
                name="learning_class_expected", condition=Q(expected__range=(0, MOST_PEOPLE))
            ),
            models.CheckConstraint(
                name="learning_class_has_a_place",
                condition=~Q(place="") | Q(service_point__isnull=False),
            ),
            models.CheckConstraint(
                name="learning_class_other_is_named", condition=~Q(topic=Topic.OTHER) | ~Q(title="")
            ),
        ]
        triggers = [
            *audited(
                "procedure_id", "topic", "title", "place", "service_point_id", "day", "starts_at", "ends_at",
                "expected", "state", "version",
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="moves_trainers",
                when=pgtrigger.After,
                operation=update_of("starts_at", "ends_at", "state"),
                func=_MOVE,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"class {self.pk}"

    @property
    def is_cancelled(self) -> bool:
        return self.state == ClassState.CANCELLED


class Trainer(models.Model):
    """A member who teaches a class. Nobody teaches two at once; who no longer teaches it has an end.

    The row stays: a phone without signal may still send who came.
    """

    unit_path = "public_class__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    public_class = models.ForeignKey(PublicClass, on_delete=models.PROTECT, related_name="trainers")
    member = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="classes_taught")
    ended_at = models.DateTimeField(null=True, blank=True)
    # The next three are copied by the database from the class.
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    busy = models.BooleanField(editable=False, default=True)

    objects: ClassVar[models.Manager["Trainer"]] = ScopedQuerySet["Trainer"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["member", "starts_at"], name="learning_trainer_member")]
        constraints = [
            models.UniqueConstraint(fields=["public_class", "member"], name="learning_trainer_once"),
            ExclusionConstraint(
                name="learning_trainer_no_overlap",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    (MomentRange("starts_at", "ends_at", Value("[)")), RangeOperators.OVERLAPS),
                ],
                condition=Q(busy=True),
            ),
        ]
        triggers = [
            *audited("public_class_id", "member_id", "ended_at"),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="copies_class",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | update_of("public_class_id", "starts_at", "ends_at", "busy", "ended_at"),
                func=_COPY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.public_class_id}"


class Attendee(models.Model):
    """One person who came. No name, no origin: an age band, the language that helps, how much alone.

    `at` is when it happened, by the phone; `alone` empty: not asked. Taken back: `removed_at`.
    """

    unit_path = "public_class__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    public_class = models.ForeignKey(PublicClass, on_delete=models.PROTECT, related_name="attendees")
    age_band = models.CharField(max_length=10, choices=AgeBand, default=AgeBand.NOT_SAID)
    # The language that helped, by its code in `teams.enums.languages()`; never asked as an origin.
    language = models.CharField(max_length=3, blank=True, default="")
    alone = models.CharField(max_length=20, choices=Alone, blank=True, default="")
    at = models.DateTimeField()
    recorded_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        "teams.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[models.Manager["Attendee"]] = ScopedQuerySet["Attendee"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["public_class", "at"], name="learning_attendee_class")]
        constraints = [
            known("age_band", AgeBand),
            models.CheckConstraint(
                name="learning_attendee_alone_known", condition=Q(alone__in=["", *Alone.values])
            ),
            models.CheckConstraint(
                name="learning_attendee_taken_back_by_somebody",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]
        triggers = [
            *audited(
                "public_class_id", "age_band", "language", "alone", "at", "recorded_by_id", "removed_at"
            ),
            pgtrigger.Trigger(
                name="only_taken_back",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_ONLY_TAKEN_BACK,
            ),
        ]

    def __str__(self) -> str:
        return f"attendee {self.pk}"
