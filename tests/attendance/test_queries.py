"""What each list costs: the same number of queries for one row as for three."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nhipcau.attendance import services
from nhipcau.attendance.models import Attendance
from nhipcau.attendance.rules.codes import code_at
from nhipcau.core.clock import local_date
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from tests.attendance.conftest import END, START, Morning
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import SHIFT_DAY, make_member, make_post, make_shift, make_sign_up

LATER = END + timedelta(days=5)
# Session, member and grants come with every page of a member.
FRAME = 3
SignIn = Callable[[Member], Client]


def cost(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def fill(morning: Morning, number: int) -> None:
    """So many people on the shift, waiting for approval; as many shifts of the volunteer, approved."""
    for turn in range(1, number + 1):
        morning.came(morning.put(make_member(f"ban{turn}")))
        morning.put(make_member(f"sau{turn}"))
        day = SHIFT_DAY + timedelta(days=turn)
        other = make_sign_up(make_shift(morning.post, day=day), morning.volunteer.member)
        line = services.Line(other.pk, "came", other.starts_at, other.ends_at)
        services.record_sheet(
            shift_id=other.shift_id, lines=[line], method="leader", by=morning.leader, now=LATER
        )
        row = Attendance.objects.get(sign_up=other)
        services.approve(seen={row.pk: 270}, by=morning.leader, now=LATER)
        services.issue(
            member_id=morning.volunteer.id,
            first=day,
            until=local_date(LATER),
            by=morning.volunteer,
            now=LATER,
        )
        helper = actor_of(make_member(f"giup{turn}"), NOW)
        code = code_at(morning.post.pk, START)
        services.offer_help(code=code, seen_at=START, shift_id=morning.shift.pk, by=helper, now=START)
        if turn > 1:
            make_shift(make_post(morning.team, name=f"Bàn {turn}"))


@pytest.mark.parametrize("number", [1, 3])
def test_what_lists_cost(
    morning: Morning, cast: Cast, sign_in: SignIn, frozen: Callable[[datetime], None], number: int
) -> None:
    fill(morning, number)
    frozen(LATER)
    leader, volunteer = sign_in(cast.leader), sign_in(cast.volunteer)
    lists = [
        (leader, reverse("attendance:today") + f"?day={SHIFT_DAY}", 1),
        (leader, reverse("attendance:sheet", args=[morning.shift.pk]) + "?q=giup", 5),
        (leader, reverse("attendance:approve"), 2),
        (leader, reverse("attendance:members"), 2),
        (leader, reverse("attendance:member", args=[cast.volunteer.pk]), 5),
        (leader, reverse("attendance:post", args=[morning.post.pk]), 3),
        (volunteer, reverse("attendance:mine"), 6),
    ]
    found = {url: cost(client, url) - FRAME for client, url, _most in lists}
    assert found == {url: most for _client, url, most in lists}


@pytest.mark.parametrize("number", [1, 3])
def test_what_approving_costs(morning: Morning, number: int) -> None:
    """A whole week in a handful of queries a record: one to write, one for its step, one message a person."""
    rows = [morning.came(morning.put(make_member(f"ban{turn}"))) for turn in range(number)]
    with CaptureQueriesContext(connection) as seen:
        services.approve(seen={row.pk: 270 for row in rows}, by=morning.leader, now=LATER)
    assert len(seen) <= 14 + 8 * number


@pytest.mark.parametrize("number", [1, 3])
def test_what_the_scan_costs(
    morning: Morning, cast: Cast, sign_in: SignIn, frozen: Callable[[datetime], None], number: int
) -> None:
    for turn in range(1, number):
        morning.put(make_member(f"ban{turn}"))
    frozen(START)
    url = reverse("attendance:scan", args=[code_at(morning.post.pk, START)])
    assert cost(sign_in(cast.volunteer), url) - FRAME == 5
