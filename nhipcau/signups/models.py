"""Who serves: sign-ups with states, questions to stand in, the waiting list. Rows are never deleted."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value

from nhipcau.audit.models import audited, update_of
from nhipcau.core.constraints import known
from nhipcau.core.ids import new_id
from nhipcau.core.scope import ScopedQuerySet
from nhipcau.shifts.enums import Reason
from nhipcau.shifts.models.shifts import Shift, ShiftNeed
from nhipcau.signups.enums import (
    BUSY,
    EXPECTED,
    HOLDING,
    AskState,
    SignUpState,
    Source,
    StandInMode,
    WaitState,
)
from nhipcau.teams.models import MomentRange

_HOLDING_SQL = ", ".join(f"'{state.value}'" for state in HOLDING)
# The times are the shift's, whatever was sent, so that the overlap constraint cannot be deceived.
_COPY = """
    SELECT shift.id, shift.starts_at, shift.ends_at INTO NEW.shift_id, NEW.starts_at, NEW.ends_at
      FROM shifts_shiftneed need JOIN shifts_shift shift ON shift.id = need.shift_id
     WHERE need.id = NEW.need_id;
    RETURN NEW;
"""
# The last step of a sign-up takes the row of the need, so the lock is short; the check refuses the seat
# that is not there.
_COUNT = f"""
    IF TG_OP = 'UPDATE' AND OLD.state IN ({_HOLDING_SQL})
       AND (NEW.state NOT IN ({_HOLDING_SQL}) OR NEW.need_id <> OLD.need_id) THEN
        UPDATE shifts_shiftneed SET taken = taken - 1 WHERE id = OLD.need_id;
    END IF;
    IF NEW.state IN ({_HOLDING_SQL})
       AND (TG_OP = 'INSERT' OR OLD.state NOT IN ({_HOLDING_SQL}) OR NEW.need_id <> OLD.need_id) THEN
        UPDATE shifts_shiftneed SET taken = taken + 1 WHERE id = NEW.need_id;
    END IF;
    RETURN NULL;
"""  # noqa: S608 - made of our own enumeration

_ON_NEED = pgtrigger.Insert | update_of("need_id", "shift_id")
_ON_SEAT = pgtrigger.Insert | update_of("need_id", "state")
_ON_TIMES = update_of("starts_at", "ends_at")
# When a shift moves, those on it move along; the overlap constraint may refuse.
_MOVE = """
    UPDATE signups_signup SET starts_at = NEW.starts_at, ends_at = NEW.ends_at WHERE shift_id = NEW.id;
    RETURN NULL;
"""


class StaffedShift(Shift):
    """A shift as this room knows it: the database moves its sign-ups along with it."""

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(name="moves_sign_ups", when=pgtrigger.After, operation=_ON_TIMES, func=_MOVE),
        ]


class SignUp(models.Model):
    """A member on a need of a shift. It changes state; it is never deleted, and never doubled."""

    unit_path = "shift__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    need = models.ForeignKey(ShiftNeed, on_delete=models.PROTECT, related_name="sign_ups")
    # The next three are copied by the database from the need's shift.
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="sign_ups")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    member = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="sign_ups")
    state = models.CharField(max_length=16, choices=SignUpState)
    source = models.CharField(max_length=14, choices=Source)
    reason = models.CharField(max_length=18, choices=Reason, blank=True, default="")
    # Why the shift was given up or missed, in the member's or leader's own words; nothing personal.
    note = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # When the member pressed "I will come" after the reminder.
    promised_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    stands_in_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="stand_ins"
    )

    objects = ScopedQuerySet["SignUp"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["member", "starts_at"], name="signups_signup_member"),
            models.Index(fields=["shift", "state"], name="signups_signup_shift"),
        ]
        constraints = [
            known("state", SignUpState),
            known("source", Source),
            models.UniqueConstraint(
                fields=["shift", "member"], condition=Q(state__in=HOLDING), name="signups_signup_once"
            ),
            models.CheckConstraint(
                name="signups_signup_given_up_has_reason",
                condition=~Q(state__in=[SignUpState.CANCELLED, SignUpState.EXCUSED]) | ~Q(reason=""),
            ),
            ExclusionConstraint(
                name="signups_signup_no_overlap",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    (MomentRange("starts_at", "ends_at", Value("[)")), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=BUSY),
            ),
        ]
        triggers = [
            *audited("shift_id", "need_id", "member_id", "state", "source", "reason"),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="copies_shift",
                when=pgtrigger.Before,
                operation=_ON_NEED,
                func=_COPY,
            ),
            pgtrigger.Trigger(
                name="counts_seats",
                when=pgtrigger.After,
                operation=_ON_SEAT,
                func=_COUNT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.state}"

    @property
    def is_expected(self) -> bool:
        """Whether the member is still counted on."""
        return self.state in EXPECTED


class SignUpStep(models.Model):
    """One move of a sign-up: from which state to which, when, by whom, why. Only ever added."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sign_up = models.ForeignKey(SignUp, on_delete=models.PROTECT, related_name="steps")
    from_state = models.CharField(max_length=16, choices=SignUpState, blank=True, default="")
    to_state = models.CharField(max_length=16, choices=SignUpState)
    at = models.DateTimeField()
    by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=18, choices=Reason, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["sign_up", "at"], name="signups_step_signup")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class Ask(models.Model):
    """A question whether somebody takes over a sign-up or fills a free seat; `member` empty: open to all.

    What was asked and answered also says who was asked least recently.
    """

    unit_path = "need__shift__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    need = models.ForeignKey(ShiftNeed, on_delete=models.PROTECT, related_name="asks")
    sign_up = models.ForeignKey(SignUp, on_delete=models.PROTECT, null=True, blank=True, related_name="asks")
    mode = models.CharField(max_length=6, choices=StandInMode)
    member = models.ForeignKey(
        "teams.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="asks"
    )
    asked_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=AskState, default=AskState.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet["Ask"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["member", "asked_at"], name="signups_ask_member")]
        constraints = [
            known("mode", StandInMode),
            known("state", AskState),
            models.CheckConstraint(
                name="signups_ask_open_has_no_member",
                condition=~Q(mode=StandInMode.OPEN, member__isnull=False, state=AskState.OPEN),
            ),
            models.UniqueConstraint(
                fields=["need", "member"],
                condition=Q(state=AskState.OPEN, member__isnull=False),
                name="signups_ask_once",
            ),
            models.UniqueConstraint(
                fields=["sign_up"],
                condition=Q(state=AskState.OPEN, mode=StandInMode.OPEN),
                name="signups_ask_open_once",
            ),
        ]
        triggers = audited("need_id", "sign_up_id", "mode", "member_id", "state")

    def __str__(self) -> str:
        return f"{self.mode} {self.state}"


class Waiting(models.Model):
    """A place on the waiting list of a need, in the order of `since`; an offer has an end."""

    unit_path = "need__shift__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    need = models.ForeignKey(ShiftNeed, on_delete=models.PROTECT, related_name="waiting")
    member = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="waiting")
    state = models.CharField(max_length=8, choices=WaitState, default=WaitState.WAITING)
    since = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, blank=True)
    offer_until = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet["Waiting"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["need", "state", "since"], name="signups_waiting_need")]
        constraints = [
            known("state", WaitState),
            models.UniqueConstraint(
                fields=["need", "member"],
                condition=Q(state__in=[WaitState.WAITING, WaitState.OFFERED]),
                name="signups_waiting_once",
            ),
            models.CheckConstraint(
                name="signups_waiting_offer_ends",
                condition=~Q(state=WaitState.OFFERED)
                | Q(offered_at__isnull=False, offer_until__gt=F("offered_at")),
            ),
        ]
        triggers = audited("need_id", "member_id", "state", "offer_until")

    def __str__(self) -> str:
        return f"{self.member_id} {self.state}"
