"""Coming and leaving, told hours later by a phone that had no signal."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from nhipcau.attendance import services as attendance
from nhipcau.attendance.models import Attendance
from nhipcau.attendance.rules.codes import code_at, typed_at
from nhipcau.core.ids import new_id
from nhipcau.shifts.enums import Reason
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.staffing.services.changing import call_off
from nhipcau.sync.enums import ConflictReason, Keep
from nhipcau.sync.models import Conflict
from nhipcau.sync.queries.pack import work
from nhipcau.sync.queries.pack.things import Wanted
from nhipcau.sync.services.deciding import UnableToTake, decide
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


@pytest.mark.parametrize("as_typed", ["{}", " {} ", "lower"])
def test_who_cannot_scan_types_the_short_code(
    phone: Phone, send: Send, sign_up: SignUp, as_typed: str
) -> None:
    code = typed_at(sign_up.shift.post_id, START)
    typed = code.lower().replace("-", " ") if as_typed == "lower" else as_typed.format(code)
    came = come(phone, sign_up, START + timedelta(minutes=3), code=typed)
    left = leave(phone, sign_up, needs=[came["id"]])
    left["data"]["code"] = typed_at(sign_up.shift.post_id, END)
    assert results(send(phone, came, left, now=EVENING)) == [("applied", ""), ("applied", "")]
    row = Attendance.objects.get()
    # The code before is good as well: half a minute is all that it leaves open.
    assert START <= row.checked_in_at <= START + timedelta(seconds=30)
    assert (row.method_in, row.method_out) == ("qr", "qr")


def test_a_short_code_of_another_hour_or_post_proves_nothing(
    phone: Phone, send: Send, sign_up: SignUp
) -> None:
    post, late = sign_up.shift.post_id, START + timedelta(minutes=30)
    wrong = [typed_at(post, late), typed_at(new_id(), START), "7K3M-9QX4", "7K3M-9QX5"]
    answer = send(phone, *(come(phone, sign_up, code=code) for code in wrong), now=EVENING)
    assert results(answer) == [("refused", "attendance.stale_code")] * 4


@pytest.mark.parametrize("wrong", [timedelta(seconds=-2), timedelta(minutes=-4), timedelta(seconds=40)])
def test_a_code_that_has_just_come_up_is_good_at_once(
    phone: Phone, send: Send, sign_up: SignUp, wrong: timedelta
) -> None:
    """With a clock that is a little wrong it is not taken for one that nobody can have seen yet."""
    now = START + timedelta(seconds=1)
    seen = come(phone, sign_up, seen_at=(now + wrong).isoformat())
    assert results(send(phone, seen, now=now)) == [("applied", "")]
    assert START <= Attendance.objects.get().checked_in_at <= now


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


@pytest.mark.parametrize("came_at", [START - timedelta(minutes=35), END + timedelta(hours=1)])
def test_a_proven_arrival_at_another_hour_than_the_shifts_is_decided_by_a_person(
    phone: Phone, cast: Cast, send: Send, sign_up: SignUp, came_at: datetime
) -> None:
    """Somebody who was early; or the shift was moved after the scan."""
    came = come(phone, sign_up, came_at)
    left = leave(phone, sign_up, END + timedelta(minutes=30), needs=[came["id"]])
    answer = send(phone, came, left, now=EVENING)
    assert results(answer) == [("needs_person", "attendance.written_otherwise")]
    assert len(answer.later) == 1
    assert not Attendance.objects.exists()
    by = actor_of(cast.leader, EVENING)
    decide(conflict_id=Conflict.objects.get().pk, keep=Keep.PHONE, by=by, now=EVENING)
    assert results(send(phone, left, now=EVENING)) == [("applied", "")]
    row = Attendance.objects.get()
    # What lies outside the shift counts for nothing.
    assert (row.checked_in_at, row.minutes_credited) == (came_at, 315 if came_at < START else 0)


def test_nobody_is_taken_to_have_been_at_a_shift_that_is_still_to_come(
    phone: Phone, cast: Cast, send: Send, sign_up: SignUp
) -> None:
    early = START - timedelta(hours=12)
    send(phone, come(phone, sign_up, early), now=early)
    by, row = actor_of(cast.leader, early), Conflict.objects.get()
    with pytest.raises(UnableToTake):
        decide(conflict_id=row.pk, keep=Keep.PHONE, by=by, now=early)
    assert decide(conflict_id=row.pk, keep=Keep.SERVER, by=by, now=early).keep == Keep.SERVER
    assert results(send(phone, come(phone, sign_up), now=EVENING)) == [("applied", "")]


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


def test_of_a_shift_called_off_it_is_said_and_what_stands_can_be_kept(
    phone: Phone, cast: Cast, send: Send, sign_up: SignUp
) -> None:
    leader = actor_of(cast.leader, START - timedelta(days=1))
    call_off(by=leader, now=START - timedelta(days=1), shift=sign_up.shift, reason=Reason.WEATHER)
    sent = send(phone, come(phone, sign_up), leave(phone, sign_up), now=EVENING)
    assert results(sent) == [("needs_person", "sync.not_yours")] * 2
    by = actor_of(cast.leader, EVENING)
    for row in Conflict.objects.all():
        with translation.override("en"), pytest.raises(UnableToTake, match="called off"):
            decide(conflict_id=row.pk, keep=Keep.PHONE, by=by, now=EVENING)
        assert decide(conflict_id=row.pk, keep=Keep.SERVER, by=by, now=EVENING).keep == Keep.SERVER


def test_who_was_written_down_by_mistake_can_come_by_their_phone(
    phone: Phone, cast: Cast, send: Send, sign_up: SignUp
) -> None:
    """The pack does not say that they came while that is taken back."""
    leader = actor_of(cast.leader, START)

    def told() -> Any:
        wanted = Wanted(phone.actor(START), SHIFT_DAY, START, "vi")
        (body,) = [one.body for one in work.things(wanted) if one.kind == "shift"]
        return body["checked_in_at"], body["checked_out_at"]

    for came in ("came", ""):
        line = attendance.Line(sign_up.pk, came, START if came == "came" else None, why="Nhầm người")
        attendance.correct(line=line, by=leader, now=START)
        assert bool(told()[0]) == (came == "came")
    assert told() == (None, None)
    assert Attendance.objects.get().state == "undone"


def test_months_later_it_can_still_be_decided(phone: Phone, cast: Cast, send: Send, sign_up: SignUp) -> None:
    SignUp.objects.filter(pk=sign_up.pk).update(state=SignUpState.CANCELLED, reason="ill")
    send(phone, come(phone, sign_up), now=EVENING)
    late = EVENING + timedelta(days=120)
    row = Conflict.objects.get()
    decide(conflict_id=row.pk, keep=Keep.PHONE, by=actor_of(cast.leader, late), now=late)
    assert Attendance.objects.get().checked_in_at == START
