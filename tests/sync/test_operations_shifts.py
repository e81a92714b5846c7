"""Coming and leaving, told hours later by a phone that had no signal."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from nhipcau.attendance import services as attendance
from nhipcau.attendance.models import Attendance
from nhipcau.attendance.rules.codes import code_at
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.sync.enums import ConflictReason, Keep
from nhipcau.sync.models import Conflict
from nhipcau.sync.services.deciding import decide
from nhipcau.teams.access import actor_of
from tests.factories.cast import Cast
from tests.factories.phones import Phone, make_phone
from tests.factories.rosters import SHIFT_DAY, at, make_post, make_shift, make_sign_up, make_team

from .conftest import Send
from .test_operations_cases import results

START, END = at(SHIFT_DAY, 7), at(SHIFT_DAY, 11, 30)
EVENING = at(SHIFT_DAY, 19)


@pytest.fixture
def sign_up(cast: Cast) -> SignUp:
    return make_sign_up(make_shift(make_post(make_team(cast)), maximum=8), cast.volunteer)


def come(
    phone: Phone, sign_up: SignUp, moment: datetime = START, *, code: str = "", **more: Any
) -> dict[str, Any]:
    data = {"shift": str(sign_up.shift_id), "code": code or code_at(sign_up.shift.post_id, moment)}
    return phone.command("shifts.check_in", {**data, **more}, moment)


def leave(phone: Phone, sign_up: SignUp, moment: datetime = END, **more: Any) -> dict[str, Any]:
    return phone.command("shifts.check_out", {"shift": str(sign_up.shift_id), "code": ""}, moment, **more)


def written(cast: Cast, sign_up: SignUp, came: str, come_at: datetime | None = None) -> None:
    """The leader's sheet, in the afternoon."""
    line = attendance.Line(
        sign_up.pk, came, come_at, END if come_at else None, reason="ill" if came == "excused" else ""
    )
    by, now = actor_of(cast.leader, EVENING), EVENING - timedelta(hours=1)
    attendance.record_sheet(shift_id=sign_up.shift_id, lines=[line], method="leader", by=by, now=now)


def test_the_moment_of_the_scan_counts(phone: Phone, send: Send, sign_up: SignUp) -> None:
    came = come(phone, sign_up)
    answer = send(phone, came, leave(phone, sign_up, needs=[came["id"]]), now=EVENING)
    assert results(answer) == [("applied", ""), ("applied", "")]
    row = Attendance.objects.get()
    assert (row.checked_in_at, row.claimed_at, row.recorded_at) == (START, START, EVENING)
    assert (row.checked_out_at, row.minutes_credited, row.state) == (END, 270, "recorded")
    again = send(phone, come(phone, sign_up), leave(phone, sign_up, END + timedelta(hours=1)), now=EVENING)
    assert results(again) == [("already_applied", ""), ("already_applied", "")]


@pytest.mark.parametrize("wrong", [timedelta(minutes=-7), timedelta(minutes=4), timedelta(days=700)])
def test_a_wrong_clock_is_put_right_by_the_code(
    phone: Phone, send: Send, sign_up: SignUp, wrong: timedelta
) -> None:
    claim = START + wrong
    command = come(
        phone, sign_up, claim, code=code_at(sign_up.shift.post_id, START), seen_at=claim.isoformat()
    )
    assert results(send(phone, command, now=EVENING, device_time=EVENING + wrong)) == [("applied", "")]
    assert Attendance.objects.get().checked_in_at == START


def test_a_code_of_another_hour_proves_nothing(phone: Phone, send: Send, sign_up: SignUp) -> None:
    late = come(phone, sign_up, code=code_at(sign_up.shift.post_id, START + timedelta(minutes=30)))
    ahead = come(phone, sign_up, EVENING, code=code_at(sign_up.shift.post_id, EVENING + timedelta(minutes=5)))
    assert results(send(phone, late, ahead, now=EVENING)) == [("refused", "attendance.stale_code")] * 2


@pytest.mark.parametrize("came", ["did_not_come", "excused", "came"])
def test_what_the_leader_wrote_meanwhile_is_decided_by_a_person(
    phone: Phone, cast: Cast, send: Send, sign_up: SignUp, came: str
) -> None:
    written(cast, sign_up, came, START + timedelta(hours=1) if came == "came" else None)
    command = come(phone, sign_up)
    assert results(send(phone, command, now=EVENING)) == [("needs_person", "attendance.written_otherwise")]
    row = Conflict.objects.get()
    assert row.reason == ConflictReason.CHANGED_MEANWHILE
    decide(conflict_id=row.pk, keep=Keep.PHONE, by=actor_of(cast.leader, EVENING), now=EVENING)
    sign_up.refresh_from_db()
    assert sign_up.state == SignUpState.ATTENDED
    assert Attendance.objects.get().checked_in_at == START


def test_the_way_out_waits_for_the_decision_about_the_way_in(
    phone: Phone, cast: Cast, send: Send, sign_up: SignUp
) -> None:
    written(cast, sign_up, "did_not_come")
    came = come(phone, sign_up)
    left = leave(phone, sign_up, needs=[came["id"]])
    assert len(send(phone, came, left, now=EVENING).later) == 1
    by = actor_of(cast.leader, EVENING)
    decide(conflict_id=Conflict.objects.get().pk, keep=Keep.PHONE, by=by, now=EVENING)
    assert results(send(phone, left, now=EVENING)) == [("applied", "")]
    assert Attendance.objects.get().checked_out_at == END


def test_the_leaders_other_end_is_decided_by_a_person(
    phone: Phone, cast: Cast, send: Send, sign_up: SignUp
) -> None:
    written(cast, sign_up, "came", START)
    command = leave(phone, sign_up, END - timedelta(hours=1))
    assert results(send(phone, command, now=EVENING)) == [("needs_person", "attendance.written_otherwise")]
    by = actor_of(cast.leader, EVENING)
    decide(conflict_id=Conflict.objects.get().pk, keep=Keep.PHONE, by=by, now=EVENING)
    assert Attendance.objects.get().checked_out_at == END - timedelta(hours=1)


def test_taken_off_the_shift_and_come_all_the_same(
    phone: Phone, cast: Cast, send: Send, sign_up: SignUp
) -> None:
    SignUp.objects.filter(pk=sign_up.pk).update(state=SignUpState.CANCELLED, reason="ill")
    assert results(send(phone, come(phone, sign_up), now=EVENING)) == [("needs_person", "sync.not_yours")]
    by = actor_of(cast.leader, EVENING)
    decide(conflict_id=Conflict.objects.get().pk, keep=Keep.PHONE, by=by, now=EVENING)
    assert Attendance.objects.get().checked_in_at == START


def test_somebody_who_was_never_on_the_shift(cast: Cast, send: Send, sign_up: SignUp) -> None:
    stranger = make_phone(cast.official, START - timedelta(days=1))
    answer = send(stranger, come(stranger, sign_up), leave(stranger, sign_up), now=EVENING)
    assert results(answer) == [("refused", "sync.not_found")] * 2


@pytest.mark.parametrize("hours", [1, 26])
def test_no_hours_are_made_up_for_who_forgot_to_check_out(
    phone: Phone, send: Send, sign_up: SignUp, hours: int
) -> None:
    """As on the page: long after the end nobody checks out of a shift by themselves."""
    late = END + timedelta(hours=hours)
    answer = send(phone, come(phone, sign_up), leave(phone, sign_up, late), now=END + timedelta(hours=30))
    assert results(answer) == [("applied", ""), ("refused", "attendance.not_here")]
    row = Attendance.objects.get()
    assert (row.checked_out_at, row.minutes_credited) == (None, None)
