"""Approval by somebody else, disagreement, experience, and certificates of what is approved."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.http import Http404

from nhipcau.attendance import services
from nhipcau.attendance.enums import AttendanceState
from nhipcau.attendance.models import Attendance, AttendanceStep, Certificate
from nhipcau.attendance.queries.certificates import digest_of, facts_in
from nhipcau.attendance.queries.hours import total_of
from nhipcau.attendance.rules.states import UnableToMoveAttendance
from nhipcau.messaging.models import Message
from nhipcau.teams.access import actor_of
from nhipcau.volunteers.models import QualificationGrant
from tests.attendance.conftest import END, Morning
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import SHIFT_DAY, make_member, make_shift, make_sign_up

LATER = END + timedelta(days=2)
FIRST, UNTIL = date(2025, 7, 1), date(2025, 7, 9)


def test_only_as_the_leader_saw_it(morning: Morning) -> None:
    row = morning.came()
    assert services.approve(seen={row.pk: 255}, by=morning.leader, now=LATER) == services.Outcome(0, 1)
    assert services.approve(seen={row.pk: 270}, by=morning.leader, now=LATER) == services.Outcome(1, 0)
    assert services.approve(seen={row.pk: 270}, by=morning.leader, now=LATER) == services.Outcome(0, 1)
    row.refresh_from_db()
    assert (row.state, row.approved_by_id, row.approved_at) == ("approved", morning.leader.id, LATER)


def test_a_week_at_once_tells_each_member_once(morning: Morning) -> None:
    more = make_sign_up(make_shift(morning.post, day=SHIFT_DAY + timedelta(days=1)), morning.volunteer.member)
    other = morning.put(make_member("ban"))
    rows = [morning.came(), morning.came(other)]
    line = services.Line(more.pk, "came", more.starts_at, more.ends_at)
    services.record_sheet(shift_id=more.shift_id, lines=[line], method="leader", by=morning.leader, now=LATER)
    rows.append(Attendance.objects.get(sign_up=more))
    done = services.approve(
        seen={row.pk: row.minutes_credited or 0 for row in rows}, by=morning.leader, now=LATER
    )
    assert done.approved == 3
    told = Message.objects.filter(kind="hours").values_list("to", flat=True)
    assert sorted(told, key=str) == sorted([morning.volunteer.id, other.member_id], key=str)
    assert total_of(morning.volunteer.id).minutes == 540


def test_nobody_approves_their_own(morning: Morning, cast: Cast) -> None:
    own = morning.put(cast.leader)
    coordinator = actor_of(cast.coordinator, NOW)
    line = services.Line(own.pk, "came", own.starts_at, own.ends_at)
    services.record_sheet(shift_id=morning.shift.pk, lines=[line], method="leader", by=coordinator, now=LATER)
    row = Attendance.objects.get(sign_up=own)
    with pytest.raises(services.UnableToApprove):
        services.approve(seen={row.pk: 270}, by=morning.leader, now=LATER)
    assert services.approve(seen={row.pk: 270}, by=coordinator, now=LATER).approved == 1
    with pytest.raises(services.UnableToApprove):
        services.take_back_approval(attendance_id=row.pk, reason="x", by=morning.leader, now=LATER)


def test_strangers_approve_nothing(morning: Morning, cast: Cast) -> None:
    row = morning.came()
    for member in (cast.outsider, cast.official, cast.volunteer, cast.neighbour_volunteer):
        by = actor_of(member, NOW)
        if member != cast.volunteer:
            assert services.approve(seen={row.pk: 270}, by=by, now=LATER).approved == 0
        with pytest.raises(Http404):
            services.take_back_approval(attendance_id=row.pk, reason="x", by=by, now=LATER)
    row.refresh_from_db()
    assert row.state == AttendanceState.RECORDED


def test_the_member_disagrees_and_the_leader_looks_again(morning: Morning, cast: Cast) -> None:
    row = morning.came(leave=END - timedelta(hours=2))
    with pytest.raises(Http404):
        services.dispute(attendance_id=row.pk, reason="x", by=morning.leader, now=LATER)
    with pytest.raises(UnableToMoveAttendance):
        services.dispute(attendance_id=row.pk, reason=" ", by=morning.volunteer, now=LATER)
    services.dispute(attendance_id=row.pk, reason="Em ở đến 11:30", by=morning.volunteer, now=LATER)
    services.dispute(attendance_id=row.pk, reason="Em ở đến 11:30", by=morning.volunteer, now=LATER)
    assert AttendanceStep.objects.filter(attendance=row, to_state="disputed").count() == 1
    with pytest.raises(services.UnableToDispute):  # other words would be lost without a sound
        services.dispute(attendance_id=row.pk, reason="Em ở đến 11:45", by=morning.volunteer, now=LATER)
    line = services.Line(morning.sign_up.pk, "came", row.checked_in_at, END, why="Đúng là 11:30")
    services.correct(line=line, by=morning.leader, now=LATER)
    row.refresh_from_db()
    assert (row.state, row.minutes_credited) == (AttendanceState.RECORDED, 270)


def test_after_so_many_approved_shifts_somebody_is_experienced(morning: Morning) -> None:
    grants = QualificationGrant.objects.filter(member_id=morning.volunteer.id, qualification_id="experienced")
    for number in range(3):
        assert not grants.exists()
        sign_up = (
            morning.sign_up
            if number == 0
            else make_sign_up(
                make_shift(morning.post, day=SHIFT_DAY + timedelta(days=number)), morning.volunteer.member
            )
        )
        line = services.Line(sign_up.pk, "came", sign_up.starts_at, sign_up.ends_at)
        now = sign_up.ends_at + timedelta(hours=1)
        services.record_sheet(
            shift_id=sign_up.shift_id, lines=[line], method="leader", by=morning.leader, now=now
        )
        row = Attendance.objects.get(sign_up=sign_up)
        services.approve(seen={row.pk: 270}, by=morning.leader, now=now)
    grant = grants.get()
    assert (grant.state, grant.valid_from) == ("approved", SHIFT_DAY + timedelta(days=2))


def test_experience_counts_from_the_last_of_shifts_approved_together(morning: Morning) -> None:
    rows = [morning.came()]
    for number in (1, 2):
        need = make_shift(morning.post, day=SHIFT_DAY + timedelta(days=number))
        sign_up = make_sign_up(need, morning.volunteer.member)
        line = services.Line(sign_up.pk, "came", sign_up.starts_at, sign_up.ends_at)
        services.record_sheet(
            shift_id=need.shift_id, lines=[line], method="leader", by=morning.leader, now=sign_up.ends_at
        )
        rows.append(Attendance.objects.get(sign_up=sign_up))
    services.approve(seen={row.pk: 270 for row in rows}, by=morning.leader, now=LATER + timedelta(days=1))
    grant = QualificationGrant.objects.get(member_id=morning.volunteer.id, qualification_id="experienced")
    assert grant.valid_from == SHIFT_DAY + timedelta(days=2)


def issue(morning: Morning, **changes: object) -> Certificate:
    values = {"member_id": morning.volunteer.id, "first": FIRST, "until": UNTIL, "by": morning.volunteer}
    return services.issue(**(values | {"now": LATER} | changes))  # type: ignore[arg-type]  # as named


def test_a_certificate_says_what_is_approved_and_nothing_else(morning: Morning) -> None:
    morning.came()
    with pytest.raises(services.UnableToIssue):
        issue(morning)
    services.approve(seen={Attendance.objects.get().pk: 270}, by=morning.leader, now=LATER)
    row = issue(morning)
    facts = facts_in(row)
    assert facts is not None
    assert (row.minutes, row.shifts, facts.minutes, facts.shifts) == (270, 1, 270, 1)
    assert (facts.name, facts.first, facts.last) == ("Tình nguyện viên Mẫu", FIRST, date(2025, 7, 8))
    assert row.digest == digest_of(row.content) == digest_of(facts.as_text())
    assert issue(morning) == row, "the same facts again are the same certificate"
    assert issue(morning, until=date(2025, 7, 8)) != row


@pytest.mark.parametrize(
    ("first", "until"),
    [
        (UNTIL, FIRST),
        (FIRST, FIRST),
        (FIRST, date(2025, 7, 11)),
        (date(2019, 1, 1), UNTIL),
        (date(2025, 6, 1), date(2025, 7, 1)),
        (date(9999, 12, 29), date(9999, 12, 31)),
    ],
)
def test_no_certificate_of_no_period_or_of_nothing(morning: Morning, first: date, until: date) -> None:
    morning.approved()
    with pytest.raises(services.UnableToIssue):
        issue(morning, first=first, until=until)


def test_who_looks_after_the_hours_issues_too_and_nobody_else(morning: Morning, cast: Cast) -> None:
    morning.approved()
    assert issue(morning, by=morning.leader).issued_by_id == morning.leader.id
    for member in (cast.official, cast.outsider, cast.neighbour_volunteer, cast.province):
        with pytest.raises(Http404):
            issue(morning, by=actor_of(member, NOW))


@pytest.mark.parametrize("how", ["take_back", "dispute", "correct"])
def test_hours_that_no_longer_count_withdraw_their_certificates(morning: Morning, how: str) -> None:
    row = morning.approved()
    certificate = issue(morning)
    now = LATER + timedelta(days=1)
    if how == "take_back":
        services.take_back_approval(attendance_id=row.pk, reason="Nhầm", by=morning.leader, now=now)
    elif how == "dispute":
        services.dispute(attendance_id=row.pk, reason="Em ở lâu hơn", by=morning.volunteer, now=now)
    else:
        line = services.Line(morning.sign_up.pk, "did_not_come", why="Nhầm người")
        services.correct(line=line, by=morning.leader, now=now)
    certificate.refresh_from_db()
    assert certificate.revoked_at == now
    assert certificate.reason


def test_a_certificate_of_another_time_stays(morning: Morning) -> None:
    second = make_sign_up(make_shift(morning.post, day=date(2025, 7, 8)), morning.volunteer.member)
    row = morning.approved()
    line = services.Line(second.pk, "came", second.starts_at, second.ends_at)
    services.record_sheet(
        shift_id=second.shift_id, lines=[line], method="leader", by=morning.leader, now=LATER
    )
    services.approve(seen={Attendance.objects.get(sign_up=second).pk: 270}, by=morning.leader, now=LATER)
    stays, goes = issue(morning, first=date(2025, 7, 8)), issue(morning)
    services.take_back_approval(attendance_id=row.pk, reason="Nhầm", by=morning.leader, now=LATER)
    stays.refresh_from_db()
    goes.refresh_from_db()
    assert stays.revoked_at is None
    assert goes.revoked_at is not None


def test_withdrawing_says_why_and_is_not_for_the_holder(morning: Morning, cast: Cast) -> None:
    morning.approved()
    row = issue(morning)
    for by, reason in ((morning.volunteer, "x"), (morning.leader, " ")):
        with pytest.raises(services.UnableToWithdraw):
            services.withdraw(certificate_id=row.pk, reason=reason, by=by, now=LATER)
    with pytest.raises(Http404):
        services.withdraw(certificate_id=row.pk, reason="x", by=actor_of(cast.outsider, NOW), now=LATER)
    assert (
        services.withdraw(certificate_id=row.pk, reason="Sai tên", by=morning.leader, now=LATER).revoked_at
        == LATER
    )
    assert issue(morning) != row, "a withdrawn one is not given again"
    with pytest.raises(ProgrammingError), transaction.atomic():
        Certificate.objects.filter(pk=row.pk).delete()


def test_the_name_leaves_with_the_member_and_the_hours_stay(morning: Morning) -> None:
    morning.approved()
    row = issue(morning)
    assert services.forget_former_holders(now=LATER) == 0
    member = morning.volunteer.member
    type(member).objects.filter(pk=member.pk).update(name="", is_active=False, left_on=SHIFT_DAY)
    assert services.forget_former_holders(now=LATER) == 1
    row.refresh_from_db()
    assert facts_in(row) is None
    assert (row.minutes, row.revoked_at) == (270, None)
