"""Ways in from other rooms' pages: there for those who may, and not for others."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.core import clock
from nhipcau.shifts.models import Shift
from nhipcau.teams.models import Member
from tests.attendance.conftest import Morning
from tests.factories.cast import Cast

SignIn = Callable[[Member], Client]


def test_from_a_shift_and_a_post(morning: Morning, sign_in: SignIn, cast: Cast) -> None:
    links = {
        reverse("staffing:shift", args=[morning.shift.pk]): reverse(
            "attendance:sheet", args=[morning.shift.pk]
        ),
        reverse("staffing:post", args=[morning.post.pk]): reverse("attendance:post", args=[morning.post.pk]),
    }
    for page, link in links.items():
        for member, there in ((cast.leader, True), (cast.official, True), (cast.province, False)):
            answer = sign_in(member).get(page)
            assert answer.status_code == 200
            assert (f'href="{link}"' in answer.content.decode()) == there, (page, member)


def test_from_a_member_and_a_profile(cast: Cast, sign_in: SignIn) -> None:
    page, link = (reverse(name, args=[cast.volunteer.pk]) for name in ("teams:member", "attendance:member"))
    assert f'href="{link}"' in sign_in(cast.leader).get(page).content.decode()
    assert f'href="{link}"' not in sign_in(cast.province).get(page).content.decode()
    profile = sign_in(cast.volunteer).get(reverse("teams:profile")).content.decode()
    assert reverse("attendance:mine") in profile


@pytest.mark.parametrize("day", ["", "2025-07-07", "9999-12-31", "0001-01-01", "x"])
def test_any_day_may_be_asked_for(morning: Morning, sign_in: SignIn, cast: Cast, day: str) -> None:
    answer = sign_in(cast.leader).get(reverse("attendance:today"), {"day": day})
    assert answer.status_code == 200
    assert ("Bàn hướng dẫn" in answer.content.decode()) == (day == "2025-07-07")
    assert Shift.objects.filter(day__lt=clock.local_date(clock.now()) + timedelta(days=1)).exists()
