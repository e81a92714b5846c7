"""Whatever people press, in whatever order: an attendance and its sign-up never contradict each other."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from nhipcau.attendance import services
from nhipcau.attendance.enums import MEASURED, AttendanceState
from nhipcau.attendance.models import Attendance, AttendanceStep, Certificate
from nhipcau.attendance.rules.codes import code_at
from nhipcau.attendance.rules.hours import credited, measured
from nhipcau.attendance.rules.states import FIRST, TRANSITIONS
from nhipcau.core.errors import UnableTo
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp
from tests.attendance.conftest import END, START, Morning

pytestmark = pytest.mark.django_db
REFUSALS = (UnableTo, Http404)
minutes = st.integers(-200, 500)
said = st.sampled_from(["came", "did_not_come", "excused", ""])


class Post(RuleBasedStateMachine):
    """One volunteer and one leader act on one shift; time goes on, sometimes past its end."""

    morning: Morning

    @initialize()
    def begins(self) -> None:
        self.now = START - timedelta(minutes=20)

    @rule(wait=st.integers(1, 120))
    def waits(self, wait: int) -> None:
        self.now += timedelta(minutes=wait)

    def tries(self, act: Any, **values: Any) -> None:
        """A refusal leaves everything as it was; what it leaves is checked by the invariants."""
        self.now += timedelta(seconds=7)
        try:
            act(now=self.now, **values)
        except REFUSALS:
            return

    @property
    def row(self) -> Attendance | None:
        return Attendance.objects.filter(sign_up=self.morning.sign_up).first()

    @rule()
    def comes(self) -> None:
        code = code_at(self.morning.post.pk, self.now)
        seen = self.now
        self.tries(
            services.check_in,
            code=code,
            seen_at=seen,
            shift_id=self.morning.shift.pk,
            by=self.morning.volunteer,
        )

    @rule(stays=st.booleans())
    def leaves(self, stays: bool) -> None:
        if self.row is not None:
            act = services.stay if stays else services.check_out
            self.tries(act, attendance_id=self.row.pk, by=self.morning.volunteer)

    @rule(
        came=st.sampled_from(["came", "did_not_come", "excused", ""]),
        first=minutes,
        last=minutes,
        fix=st.booleans(),
    )
    def leader_writes(self, came: str, first: int, last: int, fix: bool) -> None:
        line = services.Line(
            self.morning.sign_up.pk,
            came,
            START + timedelta(minutes=first) if came == "came" else None,
            START + timedelta(minutes=last) if came == "came" and last % 5 else None,
            reason="family" if came == "excused" else "",
            why="Sửa lại" if fix else "",
        )
        if fix:
            self.tries(services.correct, line=line, by=self.morning.leader)
        else:
            self.tries(
                services.record_sheet, shift_id=self.morning.shift.pk, lines=[line], method="leader",
                by=self.morning.leader,
            )  # fmt: skip

    @rule(wrong=st.booleans())
    def leader_approves(self, wrong: bool) -> None:
        if self.row is not None:
            seen = {self.row.pk: (self.row.minutes_credited or 0) + (15 if wrong else 0)}
            self.tries(services.approve, seen=seen, by=self.morning.leader)

    @rule(reason=st.sampled_from(["", "Sai giờ"]), leader=st.booleans())
    def somebody_objects(self, reason: str, leader: bool) -> None:
        if self.row is not None:
            act = services.take_back_approval if leader else services.dispute
            by = self.morning.leader if leader else self.morning.volunteer
            self.tries(act, attendance_id=self.row.pk, reason=reason, by=by)

    @rule()
    def certificate_is_asked_for(self) -> None:
        day = self.morning.shift.day
        self.tries(
            services.issue, member_id=self.morning.volunteer.id, first=day, until=day + timedelta(days=1),
            by=self.morning.volunteer,
        )  # fmt: skip

    @rule()
    def worker_runs(self) -> None:
        services.close_forgotten(now=self.now)

    @invariant()
    def attendance_and_sign_up_agree(self) -> None:
        sign_up = SignUp.objects.get(pk=self.morning.sign_up.pk)
        there = self.row is not None and self.row.state != AttendanceState.UNDONE
        assert there == (sign_up.state == SignUpState.ATTENDED)
        need = ShiftNeed.objects.get(pk=self.morning.need.pk)
        assert need.taken == (0 if sign_up.state == SignUpState.EXCUSED else 1)

    @invariant()
    def hours_follow_the_rule(self) -> None:
        row = self.row
        if row is None or row.state not in MEASURED:
            assert row is None or row.minutes_credited is None
            return
        assert row.checked_out_at is not None
        assert row.minutes_measured == measured(row.checked_in_at, row.checked_out_at)
        assert row.minutes_credited == credited(row.checked_in_at, row.checked_out_at, START, END)

    @invariant()
    def steps_follow_the_table(self) -> None:
        was = ""
        for step in AttendanceStep.objects.filter(attendance__sign_up=self.morning.sign_up).order_by("id"):
            assert step.from_state == was
            assert step.to_state in (TRANSITIONS[AttendanceState(was)] if was else FIRST)
            was = step.to_state
        assert was == (self.row.state if self.row else "")

    @invariant()
    def no_certificate_says_more_than_is_approved(self) -> None:
        standing = Certificate.objects.filter(revoked_at__isnull=True).first()
        if standing is not None:
            assert self.row is not None
            assert (self.row.state, self.row.minutes_credited) == ("approved", standing.minutes)


def test_in_whatever_order(morning: Morning) -> None:
    reverse("attendance:mine")  # reads all addresses now: what fails there is no fault of the machine

    class Mine(Post):
        def __init__(self) -> None:
            super().__init__()
            self.morning = morning
            self.point = transaction.savepoint()

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.point)

    quiet = settings(
        max_examples=15,
        stateful_step_count=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    run_state_machine_as_test(Mine, settings=quiet)
