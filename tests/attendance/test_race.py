"""Two hands at once, on real connections with committed rows: one arrival, one calendar, one certificate."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from typing import Any

from django.db import connections, transaction

from nhipcau.attendance import services
from nhipcau.attendance.models import Attendance, AttendanceStep, Board, CalendarFeed, Certificate, WalkIn
from nhipcau.attendance.rules.codes import code_at
from nhipcau.core.ids import new_id
from nhipcau.places.enums import PointKind
from nhipcau.places.services import add_service_point
from nhipcau.shifts.models import Post
from nhipcau.teams.access import actor_of
from tests.attendance.conftest import END, START
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import SHIFT_DAY, make_member, make_post, make_shift, make_sign_up, make_team

TAPS = 5


def at_once(act: Callable[[], Any]) -> list[Any]:
    """The same tap so many times at the same moment, each on a connection of its own."""
    gate = Barrier(TAPS)

    def run(_turn: int) -> Any:
        try:
            gate.wait()
            return act()
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(TAPS) as pool:
        return list(pool.map(run, range(TAPS)))


def test_taps_at_the_same_moment_do_one_thing(committed: Cast) -> None:
    team = make_team(committed)
    post = make_post(team, name=f"Bàn {new_id()}")
    need = make_shift(post, maximum=8)
    sign_up = make_sign_up(need, committed.volunteer)
    own, leader = actor_of(committed.volunteer, NOW), actor_of(committed.leader, NOW)
    helper = actor_of(make_member("tap.helper"), NOW)
    code, shift = code_at(post.pk, START), need.shift_id

    at_once(lambda: services.check_in(code=code, seen_at=START, shift_id=shift, by=own, now=START))
    row = Attendance.objects.get(sign_up=sign_up)
    at_once(lambda: services.check_out(attendance_id=row.pk, by=own, now=END))
    steps = AttendanceStep.objects.filter(attendance=row).order_by("id").values_list("to_state", flat=True)
    assert list(steps) == ["here", "recorded"]

    at_once(lambda: services.offer_help(code=code, seen_at=START, shift_id=shift, by=helper, now=START))
    asked = WalkIn.objects.get(shift_id=shift)
    at_once(lambda: services.answer_walk_in(walk_in_id=asked.pk, accept=True, by=leader, now=START))
    assert Attendance.objects.filter(shift_id=shift).count() == 2

    later = END + timedelta(days=1)
    done = at_once(lambda: services.approve(seen={row.pk: 270}, by=leader, now=later))
    assert sorted(outcome.approved for outcome in done) == [0] * (TAPS - 1) + [1]
    until = SHIFT_DAY + timedelta(days=1)
    at_once(lambda: services.issue(member_id=own.id, first=SHIFT_DAY, until=until, by=own, now=later))
    assert Certificate.objects.filter(member_id=own.id).count() == 1

    at_once(lambda: services.renew_own_feed(by=own, now=later))
    assert CalendarFeed.objects.filter(member_id=own.id, ended_at__isnull=True).count() == 1


def test_the_board_of_a_point_is_renewed_from_any_of_its_posts(committed: Cast) -> None:
    team = make_team(committed, name=f"Đội {new_id()}")
    point = add_service_point(by=None, now=NOW, commune="24848", kind=PointKind.CENTRE, name="Trung tâm")
    posts = [make_post(team, name=f"Bàn {new_id()}") for _turn in range(TAPS)]
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(point=point)
    leader, turns = actor_of(committed.leader, NOW), iter(posts)
    at_once(
        lambda: services.renew_board(
            post_id=next(turns).pk, whole_point=True, language="vi", by=leader, now=NOW
        )
    )
    assert Board.objects.filter(point=point).count() == TAPS
    assert Board.objects.filter(point=point, ended_at__isnull=True).count() == 1


def test_no_certificate_outlives_hours_taken_back_while_it_was_made(committed: Cast) -> None:
    need = make_shift(
        make_post(make_team(committed, name=f"Đội {new_id()}"), name=f"Bàn {new_id()}"), maximum=8
    )
    member = make_member(f"holder.{new_id()}")
    sign_up, leader = make_sign_up(need, member), actor_of(committed.leader, NOW)
    own, later = actor_of(member, NOW), END + timedelta(days=1)
    line = services.Line(sign_up.pk, "came", START, END)
    services.record_sheet(shift_id=need.shift_id, lines=[line], method="leader", by=leader, now=later)
    row = Attendance.objects.get(sign_up=sign_up)
    services.approve(seen={row.pk: 270}, by=leader, now=later)
    read, until = Event(), SHIFT_DAY + timedelta(days=1)

    def make_slowly() -> None:
        try:
            with transaction.atomic():
                services.issue(member_id=own.id, first=SHIFT_DAY, until=until, by=own, now=later)
                read.set()
                time.sleep(0.7)
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(make_slowly)
        assert read.wait(10)
        services.take_back_approval(attendance_id=row.pk, reason="Nhầm", by=leader, now=later)
        made.result()
    assert Certificate.objects.get(member=member).revoked_at == later
