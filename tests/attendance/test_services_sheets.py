"""The leader's sheet: everything or nothing, plain words, corrections with a reason."""

from datetime import timedelta

import pytest
from django.http import Http404

from nhipcau.attendance import services
from nhipcau.attendance.enums import AttendanceState, Method
from nhipcau.attendance.models import Attendance, AttendanceStep
from nhipcau.core.errors import UnableTo
from nhipcau.messaging.models import Message
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp, SignUpStep
from nhipcau.teams.access import actor_of
from tests.attendance.conftest import END, START, Morning
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_member, make_shift, make_sign_up

AFTER = END + timedelta(hours=2)


def state_of(sign_up: SignUp) -> str:
    return str(SignUp.objects.values_list("state", flat=True).get(pk=sign_up.pk))


def test_a_whole_sheet_at_once(morning: Morning) -> None:
    three = [morning.put(make_member(f"ban{number}")) for number in range(3)]
    lines = [
        services.Line(morning.sign_up.pk, "came", START, END),
        services.Line(three[0].pk, "did_not_come"),
        services.Line(three[1].pk, "excused", reason="school"),
        services.Line(three[2].pk, ""),
    ]
    said = services.record_sheet(
        shift_id=morning.shift.pk, lines=lines, method="paper", by=morning.leader, now=AFTER
    )
    assert said == 3
    states = [state_of(row) for row in (morning.sign_up, *three)]
    assert states == ["attended", "no_show", "excused", "confirmed"]
    row = Attendance.objects.get()
    assert (row.method_in, row.method_out, row.minutes_credited) == (Method.PAPER, Method.PAPER, 270)
    assert row.recorded_by_id == morning.leader.id


@pytest.mark.parametrize(
    "bad",
    [
        {"came": "came"},
        {"came": "came", "came_at": START},
        {"came": "came", "came_at": START, "left_at": START},
        {"came": "came", "came_at": END, "left_at": START},
        {"came": "came", "came_at": START - timedelta(hours=4), "left_at": END},
        {"came": "came", "came_at": START, "left_at": END + timedelta(hours=4)},
        {"came": "came", "came_at": START, "left_at": AFTER + timedelta(minutes=1)},
        {"came": "excused"},
    ],
)
def test_one_wrong_line_saves_nothing_and_says_whose_it_is(morning: Morning, bad: dict[str, object]) -> None:
    second = morning.put(make_member("ban"))
    lines = [services.Line(morning.sign_up.pk, "did_not_come"), services.Line(second.pk, **bad)]  # type: ignore[arg-type]
    with pytest.raises(services.UnableToWriteDown) as caught:
        services.record_sheet(
            shift_id=morning.shift.pk, lines=lines, method="leader", by=morning.leader, now=AFTER
        )
    assert caught.value.sign_up == second.pk
    assert state_of(morning.sign_up) == "confirmed"
    assert not Attendance.objects.exists()


def test_nothing_is_decided_before_the_shift(morning: Morning) -> None:
    line = services.Line(morning.sign_up.pk, "did_not_come")
    with pytest.raises(UnableTo):
        services.record_sheet(
            shift_id=morning.shift.pk, lines=[line], method="leader", by=morning.leader,
            now=START - timedelta(minutes=1),
        )  # fmt: skip


def test_who_is_there_may_be_written_down_before_they_leave(morning: Morning) -> None:
    row = morning.came(leave=None)
    assert row.state == AttendanceState.HERE
    done = services.check_out(attendance_id=row.pk, by=morning.volunteer, now=END)
    assert done.minutes_credited == 270


def test_nobody_writes_down_their_own_hours(morning: Morning) -> None:
    own = morning.put(morning.leader.member)
    with pytest.raises(services.UnableToWriteDown):
        morning.came(own)
    with pytest.raises(services.UnableToWriteDown):
        services.correct(
            line=services.Line(own.pk, "came", START, END, why="x"), by=morning.leader, now=AFTER
        )


def test_another_place_writes_nothing(morning: Morning, cast: Cast) -> None:
    line = services.Line(morning.sign_up.pk, "came", START, END, why="x")
    for member in (cast.outsider, cast.volunteer, cast.neighbour_volunteer):
        by = actor_of(member, NOW)
        with pytest.raises(Http404):
            services.record_sheet(shift_id=morning.shift.pk, lines=[line], method="leader", by=by, now=AFTER)
        with pytest.raises(Http404):
            services.correct(line=line, by=by, now=AFTER)


def test_a_person_of_another_shift_is_not_on_this_sheet(morning: Morning) -> None:
    other = make_sign_up(make_shift(morning.post, hours=(13.5, 17)), make_member("ban"))
    with pytest.raises(Http404):
        services.record_sheet(
            shift_id=morning.shift.pk,
            lines=[services.Line(other.pk, "")],
            method="leader",
            by=morning.leader,
            now=AFTER,
        )


def test_a_correction_keeps_the_history_and_tells_the_member(morning: Morning) -> None:
    row = morning.approved()
    line = services.Line(morning.sign_up.pk, "came", START + timedelta(hours=1), END, why="Đến muộn một giờ")
    services.correct(line=line, by=morning.leader, now=AFTER + timedelta(days=3))
    row.refresh_from_db()
    assert (row.state, row.minutes_credited, row.approved_by_id) == (AttendanceState.RECORDED, 210, None)
    steps = AttendanceStep.objects.filter(attendance=row).order_by("at", "id")
    assert [step.to_state for step in steps] == ["here", "recorded", "approved", "recorded", "recorded"]
    assert [step.minutes for step in steps] == [None, 270, 270, 270, 210]
    assert steps.last().reason == "Đến muộn một giờ"  # type: ignore[union-attr]
    assert Message.objects.filter(to=morning.volunteer.id, about=row.pk, kind="hours").count() >= 2


def test_a_correction_says_why(morning: Morning) -> None:
    morning.came()
    with pytest.raises(services.UnableToWriteDown):
        services.correct(
            line=services.Line(morning.sign_up.pk, "did_not_come", why=" "), by=morning.leader, now=AFTER
        )


def test_an_attendance_that_was_none_is_taken_back(morning: Morning) -> None:
    row = morning.approved()
    services.correct(
        line=services.Line(morning.sign_up.pk, "", why="Nhầm người"), by=morning.leader, now=AFTER
    )
    row.refresh_from_db()
    assert (row.state, row.minutes_credited) == (AttendanceState.UNDONE, None)
    assert state_of(morning.sign_up) == "confirmed"
    again = morning.came(come=START + timedelta(minutes=30))
    assert (again.pk, again.state, again.minutes_credited) == (row.pk, AttendanceState.RECORDED, 240)


def test_from_missed_to_there_and_back(morning: Morning) -> None:
    for came in ("did_not_come", "excused", "came", "did_not_come"):
        line = services.Line(
            morning.sign_up.pk, came, START if came == "came" else None, END if came == "came" else None,
            reason="ill" if came == "excused" else "", why="Sửa lại",
        )  # fmt: skip
        services.correct(line=line, by=morning.leader, now=AFTER)
    assert state_of(morning.sign_up) == SignUpState.NO_SHOW
    assert Attendance.objects.get().state == AttendanceState.UNDONE
    moves = SignUpStep.objects.filter(sign_up=morning.sign_up).values_list("to_state", flat=True)
    assert sorted(moves) == ["attended", "excused", "no_show", "no_show"]
