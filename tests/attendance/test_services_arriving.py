"""Coming and leaving by the code of the post, walk-ins, and those who forget to leave."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from nhipcau.attendance import services
from nhipcau.attendance.enums import AttendanceState, Method, WalkInState
from nhipcau.attendance.models import Attendance, AttendanceStep
from nhipcau.attendance.rules.codes import code_at
from nhipcau.core.errors import UnableTo
from nhipcau.messaging.models import Message
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups.enums import SignUpState, Source
from nhipcau.signups.models import SignUp
from nhipcau.teams.access import actor_of
from tests.attendance.conftest import END, START, Morning
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_member, make_post, make_shift, make_sign_up


def come(morning: Morning, at: datetime, *, taps: datetime | None = None) -> Attendance:
    return services.check_in(
        code=code_at(morning.post.pk, at),
        seen_at=at,
        shift_id=morning.shift.pk,
        by=morning.volunteer,
        now=taps or at,
    )


def test_coming_and_leaving_is_measured(morning: Morning) -> None:
    row = come(morning, START - timedelta(minutes=10), taps=START - timedelta(minutes=6))
    assert (row.state, row.method_in) == (AttendanceState.HERE, Method.QR)
    assert row.checked_in_at == START - timedelta(minutes=10), "the scan counts, not the tap after signing in"
    morning.sign_up.refresh_from_db()
    assert morning.sign_up.state == SignUpState.ATTENDED
    left = END + timedelta(minutes=3)
    code = code_at(morning.post.pk, left)
    row = services.check_out(attendance_id=row.pk, by=morning.volunteer, now=left, code=code)
    assert (row.state, row.method_out) == (AttendanceState.RECORDED, Method.QR)
    assert (row.minutes_measured, row.minutes_credited) == (283, 285)
    steps = AttendanceStep.objects.filter(attendance=row).order_by("at").values_list("from_state", "to_state")
    assert list(steps) == [("", "here"), ("here", "recorded")]


def test_twice_is_once(morning: Morning) -> None:
    first = come(morning, START)
    assert come(morning, START + timedelta(minutes=1)) == first
    left = services.check_out(attendance_id=first.pk, by=morning.volunteer, now=END)
    again = services.check_out(attendance_id=first.pk, by=morning.volunteer, now=END + timedelta(minutes=9))
    assert again.checked_out_at == left.checked_out_at
    assert again.method_out == Method.BUTTON
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize("late", [61, 120, 3600])
def test_a_code_sent_on_is_worth_nothing(morning: Morning, late: int) -> None:
    code, seen = code_at(morning.post.pk, START), START + timedelta(seconds=late)
    with pytest.raises(services.UnableToReadPostCode):
        services.check_in(code=code, seen_at=seen, shift_id=morning.shift.pk, by=morning.volunteer, now=seen)


def test_a_scan_is_not_kept_for_later(morning: Morning) -> None:
    with pytest.raises(services.UnableToReadPostCode):
        come(morning, START, taps=START + timedelta(minutes=11))


def test_the_code_of_another_post_opens_nothing(morning: Morning) -> None:
    other = make_post(morning.team, name="Chợ")
    with pytest.raises(Http404):
        services.check_in(
            code=code_at(other.pk, START),
            seen_at=START,
            shift_id=morning.shift.pk,
            by=morning.volunteer,
            now=START,
        )


@pytest.mark.parametrize("at", [START - timedelta(minutes=31), END])
def test_only_from_half_an_hour_before_until_the_end(morning: Morning, at: datetime) -> None:
    with pytest.raises(Http404):
        come(morning, at)


@pytest.mark.parametrize("state", [SignUpState.NO_SHOW, SignUpState.EXCUSED])
def test_what_the_leader_decided_is_not_undone_by_a_scan(morning: Morning, state: SignUpState) -> None:
    SignUp.objects.filter(pk=morning.sign_up.pk).update(state=state, reason="ill")
    with pytest.raises(services.UnableToCheckIn):
        come(morning, START + timedelta(minutes=40))


def test_a_check_out_by_mistake_is_taken_back_while_the_shift_runs(morning: Morning) -> None:
    row = come(morning, START)
    services.check_out(attendance_id=row.pk, by=morning.volunteer, now=START + timedelta(hours=1))
    back = services.stay(attendance_id=row.pk, by=morning.volunteer, now=START + timedelta(hours=2))
    assert (back.state, back.checked_out_at, back.minutes_credited) == (AttendanceState.HERE, None, None)
    services.check_out(attendance_id=row.pk, by=morning.volunteer, now=END)
    with pytest.raises(services.UnableToCheckOut):
        services.stay(attendance_id=row.pk, by=morning.volunteer, now=END + timedelta(minutes=1))


def test_nobody_leaves_for_another(morning: Morning, cast: Cast) -> None:
    row = come(morning, START)
    for member in (cast.leader, cast.outsider):
        for service in (services.check_out, services.stay):
            with pytest.raises(Http404):
                service(attendance_id=row.pk, by=actor_of(member, NOW), now=END)


def test_who_forgets_to_leave_gets_no_hours_until_the_leader_speaks(morning: Morning) -> None:
    row = come(morning, START)
    assert services.close_forgotten(now=END + timedelta(minutes=44)) == 0
    assert services.close_forgotten(now=END + timedelta(minutes=45)) == 1
    assert services.close_forgotten(now=END + timedelta(minutes=60)) == 0
    row.refresh_from_db()
    assert (row.state, row.minutes_credited, row.checked_out_at) == (
        AttendanceState.NOT_CHECKED_OUT,
        None,
        None,
    )
    message = Message.objects.get(to=morning.volunteer.id, kind="hours")
    assert message.about == row.pk
    with pytest.raises(services.UnableToCheckOut):
        services.check_out(attendance_id=row.pk, by=morning.volunteer, now=END + timedelta(hours=1))
    done = morning.came(leave=END - timedelta(hours=1))
    assert (done.state, done.minutes_credited, done.method_in) == (AttendanceState.RECORDED, 210, Method.QR)


def test_somebody_not_on_the_shift_offers_help_and_the_leader_takes_them(morning: Morning) -> None:
    helper = make_member("helper")
    by = actor_of(helper, NOW)
    code = code_at(morning.post.pk, START)
    asked = services.offer_help(code=code, seen_at=START, shift_id=morning.shift.pk, by=by, now=START)
    again = services.offer_help(code=code, seen_at=START, shift_id=morning.shift.pk, by=by, now=START)
    assert asked == again
    later = START + timedelta(minutes=20)
    services.answer_walk_in(walk_in_id=asked.pk, accept=True, by=morning.leader, now=later)
    row = Attendance.objects.get(member=helper)
    assert (row.checked_in_at, row.method_in, row.state) == (START, Method.WALK_IN, AttendanceState.HERE)
    assert (row.sign_up.source, row.sign_up.state) == (Source.WALK_IN, SignUpState.ATTENDED)
    assert Message.objects.filter(to=helper.pk).count() == 1
    # Answered once it stays so, and leaving works as for everybody.
    assert (
        services.answer_walk_in(walk_in_id=asked.pk, accept=False, by=morning.leader, now=later).state
        == "accepted"
    )
    services.check_out(attendance_id=row.pk, by=by, now=END)
    row.refresh_from_db()
    assert row.minutes_credited == 270


def test_who_is_taken_gets_a_role_that_has_a_place_left(morning: Morning) -> None:
    ShiftNeed.objects.filter(pk=morning.need.pk).update(maximum=2)
    morning.put(make_member("ban"))
    free = ShiftNeed.objects.create(
        shift=morning.shift, title="Tiếp đón", position=1, minimum=1, ideal=1, maximum=1
    )
    helper = make_member("helper")
    code = code_at(morning.post.pk, START)
    asked = services.offer_help(
        code=code, seen_at=START, shift_id=morning.shift.pk, by=actor_of(helper, NOW), now=START
    )
    services.answer_walk_in(walk_in_id=asked.pk, accept=True, by=morning.leader, now=START)
    assert SignUp.objects.get(member=helper).need_id == free.pk


def test_the_leader_may_thank_them(morning: Morning) -> None:
    by = actor_of(make_member("helper"), NOW)
    code = code_at(morning.post.pk, START)
    asked = services.offer_help(code=code, seen_at=START, shift_id=morning.shift.pk, by=by, now=START)
    done = services.answer_walk_in(walk_in_id=asked.pk, accept=False, by=morning.leader, now=START)
    assert done.state == WalkInState.DECLINED
    assert Message.objects.filter(to=by.id).count() == 1, "no silence at the post"
    assert not SignUp.objects.filter(member_id=by.id).exists()


def test_who_was_thanked_is_not_told_that_the_leader_will_answer(morning: Morning) -> None:
    by = actor_of(make_member("helper"), NOW)
    code, shift = code_at(morning.post.pk, START), morning.shift.pk
    asked = services.offer_help(code=code, seen_at=START, shift_id=shift, by=by, now=START)
    services.answer_walk_in(walk_in_id=asked.pk, accept=False, by=morning.leader, now=START)
    with pytest.raises(services.UnableToCheckIn):
        services.offer_help(code=code, seen_at=START, shift_id=shift, by=by, now=START)


def test_a_walk_in_is_refused_where_the_database_refuses(morning: Morning) -> None:
    helper = make_member("helper")
    other = make_shift(make_post(morning.team, name="Chợ"))
    make_sign_up(other, helper)
    with pytest.raises(UnableTo):
        services.add_walk_in(
            need_id=morning.need.pk,
            shift_id=morning.shift.pk,
            member_id=helper.pk,
            by=morning.leader,
            now=START,
        )
    assert not Attendance.objects.exists()


def test_strangers_answer_nothing(morning: Morning, cast: Cast) -> None:
    by = actor_of(make_member("helper"), NOW)
    code = code_at(morning.post.pk, START)
    asked = services.offer_help(code=code, seen_at=START, shift_id=morning.shift.pk, by=by, now=START)
    for member in (cast.outsider, cast.neighbour_volunteer, cast.volunteer):
        with pytest.raises(Http404):
            services.answer_walk_in(walk_in_id=asked.pk, accept=True, by=actor_of(member, NOW), now=START)


def test_the_database_refuses_what_cannot_be(morning: Morning) -> None:
    row = morning.approved()
    wrong = [
        {"checked_out_at": row.checked_in_at},
        {"minutes_credited": (row.minutes_measured or 0) + 8},
        {"minutes_measured": (row.minutes_measured or 0) + 1},
        {"minutes_measured": None},
        {"approved_by_id": row.member_id},
        {"approved_by_id": None},
        {"recorded_by_id": row.member_id},
        {"state": "here"},
        {"state": "nonsense"},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Attendance.objects.filter(pk=row.pk).update(**values)
    # Whose shift it was comes from the sign-up, whatever is sent.
    Attendance.objects.filter(pk=row.pk).update(member=morning.leader.member)
    row.refresh_from_db()
    assert row.member_id == morning.volunteer.id
