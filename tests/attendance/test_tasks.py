"""The work of the night and of every quarter of an hour, as the worker calls it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from nhipcau.attendance import services
from nhipcau.attendance.enums import AttendanceState
from nhipcau.attendance.models import Attendance, Certificate
from nhipcau.attendance.tasks import close_forgotten, forget
from nhipcau.teams.models import Member
from tests.attendance.conftest import END, Morning
from tests.factories.rosters import SHIFT_DAY, make_member

Freeze = Callable[[datetime], None]


def test_the_worker_closes_what_was_forgotten(morning: Morning, frozen: Freeze) -> None:
    morning.came(leave=None)
    frozen(END)
    assert close_forgotten(0) == 0
    frozen(END + timedelta(hours=1))
    assert close_forgotten(0) == 1
    assert Attendance.objects.get().state == AttendanceState.NOT_CHECKED_OUT


def test_the_worker_closes_all_however_many(
    morning: Morning, frozen: Freeze, monkeypatch: pytest.MonkeyPatch
) -> None:
    morning.came(leave=None)
    for name in ("mot", "hai"):
        morning.came(morning.put(make_member(name)), leave=None)
    monkeypatch.setattr("nhipcau.attendance.services.arriving.MOST_CLOSED", 2)
    frozen(END + timedelta(hours=1))
    assert close_forgotten(0) == 3


def test_the_worker_forgets_names(morning: Morning, frozen: Freeze) -> None:
    frozen(END + timedelta(days=400))
    morning.approved()
    services.issue(
        member_id=morning.volunteer.id, first=SHIFT_DAY, until=date(2025, 7, 8), by=morning.volunteer,
        now=END + timedelta(days=3),
    )  # fmt: skip
    assert forget(0) == 0
    Member.objects.filter(pk=morning.volunteer.id).update(name="", is_active=False, left_on=SHIFT_DAY)
    assert forget(0) == 1
    assert Certificate.objects.get().content == ""
