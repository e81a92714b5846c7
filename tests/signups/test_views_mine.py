"""What a volunteer sees: shifts for me, my shifts, one shift; few queries, few bytes, the right buttons."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nhipcau.core import clock
from nhipcau.core.clock import local_date
from nhipcau.core.ids import new_id
from nhipcau.shifts.enums import OpenTo, ShiftState
from nhipcau.shifts.models import Post, ShiftNeed, TeamRoster
from nhipcau.signups import services
from nhipcau.signups.enums import Refusal, StandInMode
from nhipcau.signups.models import SignUp
from nhipcau.signups.queries.for_me import A_DAY, for_me
from nhipcau.teams import services as teams
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member, Team
from nhipcau.volunteers.models import VolunteerProfile, WeeklyAvailability
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import SHIFT_DAY, make_member, make_post, make_shift, make_sign_up, make_team

pytestmark = pytest.mark.django_db
FOR_ME, MINE = reverse("signups:for_me"), reverse("signups:my_shifts")


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are looked at on the day of the cast."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def client(member: Member) -> Client:
    found = Client()
    found.force_login(member)
    found.cookies["lang"] = "en"
    return found


@pytest.fixture
def team(cast: Cast) -> Team:
    return make_team(cast)


@pytest.fixture
def post(team: Team) -> Post:
    return make_post(team)


def shown(member: Member, **options: Any) -> list[Any]:
    found = for_me(member.pk, now=NOW, **options)
    return [choice.need.pk for _day, choices in found.days for choice in choices]


def test_only_what_i_may_take(cast: Cast, team: Team, post: Post) -> None:
    mine = make_shift(post)
    make_shift(post, hours=(13, 17), state=ShiftState.DRAFT)
    full = make_shift(make_post(team, name="Đầy"), maximum=1, ideal=1)
    make_sign_up(full, cast.leader)
    make_shift(make_post(team, name="Khó"), qualifications=["teaching"])
    make_shift(make_post(team, name="Tiếng"), languages={"kpm": "good"})
    assert shown(cast.volunteer) == [mine.pk]
    make_sign_up(make_shift(make_post(team, name="Chợ"), hours=(8, 9)), cast.volunteer)
    assert shown(cast.volunteer) == []


def test_where_a_stand_in_is_wanted(cast: Cast, team: Team, post: Post) -> None:
    need = make_shift(post, maximum=1, ideal=1)
    row = make_sign_up(need, cast.leader)
    assert shown(cast.volunteer) == []
    services.seek_stand_in(
        sign_up_id=row.pk, by=actor_of(cast.leader, NOW), now=NOW, mode=StandInMode.OPEN, reason="family"
    )
    assert shown(cast.volunteer) == [need.pk]
    text = client(cast.volunteer).get(FOR_ME).content.decode()
    assert reverse("signups:take_over", args=[row.pk]) in text
    assert reverse("signups:join", args=[need.pk]) not in text


def test_as_far_as_i_can_go_the_nearest_first(cast: Cast, team: Team) -> None:
    far_member = make_member("nguoixa", cast.neighbour.code)
    VolunteerProfile.objects.create(member=far_member, reach_km=40, updated_at=NOW)
    here = Post.objects.create(
        team=team, commune=cast.neighbour, name="Gần", open_to=OpenTo.REACH, active_from=SHIFT_DAY
    )
    there = make_post(team, name="Xa", open_to=OpenTo.REACH)
    closed = make_post(team, name="Đội", open_to=OpenTo.COMMUNE)
    order = [make_shift(here, hours=(9, 11)), make_shift(there, hours=(9, 11))]
    make_shift(closed, hours=(9, 11))
    assert shown(far_member) == [], "in no team nobody serves: the badge would say so"
    own = teams.make_team(by=None, now=NOW, name="Đội xa", commune=cast.neighbour.code)
    teams.add_to_team(by=None, now=NOW, team=own, member=far_member)
    assert shown(far_member) == [need.pk for need in order]
    VolunteerProfile.objects.update(reach_km=1)
    assert shown(far_member) == [order[0].pk]


def test_when_i_said_i_can_come(cast: Cast, post: Post) -> None:
    morning, afternoon = make_shift(post), make_shift(post, hours=(13, 17))
    assert shown(cast.volunteer) == [morning.pk, afternoon.pk]
    WeeklyAvailability.objects.create(member=cast.volunteer, weekday=0, part="afternoon")
    assert shown(cast.volunteer) == [afternoon.pk]
    assert shown(cast.volunteer, all_times=True) == [morning.pk, afternoon.pk]


def test_a_day_shows_the_first_few_and_leads_to_all(cast: Cast, team: Team) -> None:
    needs = [make_shift(make_post(team, name=f"Bàn {n:02d}")) for n in range(A_DAY + 3)]
    assert len(shown(cast.volunteer)) == A_DAY
    assert set(shown(cast.volunteer, start=SHIFT_DAY, one_day=True)) == {need.pk for need in needs}
    text = client(cast.volunteer).get(FOR_ME).content.decode()
    assert f"?day={SHIFT_DAY.isoformat()}" in text


def test_who_holds_enough_is_told_so_and_may_still_stand_in(cast: Cast, team: Team, post: Post) -> None:
    TeamRoster.objects.create(team=team, most_ahead=1)
    make_sign_up(make_shift(post, day=SHIFT_DAY + timedelta(days=7)), cast.volunteer)
    make_shift(post)
    assert for_me(cast.volunteer.pk, now=NOW).why == [Refusal.ENOUGH_AHEAD]
    assert "The most shifts held ahead are reached" in client(cast.volunteer).get(FOR_ME).content.decode()
    need = make_shift(make_post(team, name="Chợ"), maximum=1, ideal=1)
    row = make_sign_up(need, cast.leader)
    services.seek_stand_in(
        sign_up_id=row.pk, by=actor_of(cast.leader, NOW), now=NOW, mode=StandInMode.OPEN, reason="family"
    )
    assert shown(cast.volunteer) == [need.pk]
    services.take_over(sign_up_id=row.pk, by=actor_of(cast.volunteer, NOW), now=NOW)


def test_many_days_lead_on(cast: Cast, team: Team) -> None:
    posts = [make_post(team, name=f"Bàn {n}") for n in range(A_DAY)]
    for day in range(6):
        for post in posts:
            make_shift(post, day=SHIFT_DAY + timedelta(days=day))
    first = for_me(cast.volunteer.pk, now=NOW)
    assert first.later is not None
    second = for_me(cast.volunteer.pk, now=NOW, start=first.later)
    days = [day for day, _rows in first.days] + [day for day, _rows in second.days]
    assert days == [SHIFT_DAY + timedelta(days=n) for n in range(6)]
    assert second.later is None


def test_what_is_released_long_before_is_shown(cast: Cast, team: Team, post: Post) -> None:
    far, unreleased = (make_shift(post, day=local_date(NOW) + timedelta(days=ahead)) for ahead in (120, 121))
    assert shown(cast.volunteer) == []
    TeamRoster.objects.create(team=team, release_days=120)
    assert shown(cast.volunteer) == [far.pk]
    assert reverse("signups:join", args=[far.pk]) in client(cast.volunteer).get(FOR_ME).content.decode()
    assert shown(cast.volunteer, start=unreleased.shift.day) == []
    TeamRoster.objects.update(release_days=119)
    assert shown(cast.volunteer) == []


def test_what_is_not_released_yet_hides_nothing(cast: Cast, team: Team, post: Post) -> None:
    day = SHIFT_DAY + timedelta(days=60)
    TeamRoster.objects.create(team=team, release_days=120)
    free = make_shift(post, day=day)
    slow = make_team(cast, name="Đội mở muộn")
    for number in range(12):
        make_shift(make_post(slow, name=f"Bàn {number:02d}"), day=day, hours=(6, 7))
    assert shown(cast.volunteer) == [free.pk]


def test_four_months_come_page_by_page(cast: Cast, team: Team, post: Post) -> None:
    TeamRoster.objects.create(team=team, release_days=120)
    wanted = [SHIFT_DAY + timedelta(days=day) for day in range(0, 110, 2)]
    for day in wanted:
        make_shift(post, day=day)
    pages, days, start = 0, [], None
    while pages == 0 or start:
        found = for_me(cast.volunteer.pk, now=NOW, start=start)
        days += [day for day, _rows in found.days]
        pages, start = pages + 1, found.later
    assert (pages, days) == (3, wanted)
    browser = client(cast.volunteer)
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(FOR_ME)
    assert len(queries) <= 10
    assert len(response.content) <= 60_000


@pytest.mark.parametrize("count", [1, 3])
def test_the_first_screen_costs_the_same_for_many(cast: Cast, team: Team, count: int) -> None:
    for number in range(count):
        make_shift(make_post(team, name=f"Bàn {number}"), pairs_newcomers=True, maximum=4)
    browser = client(cast.volunteer)
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(FOR_ME)
    assert (len(queries), response.content.count(b'name="tap"')) == (8, count)


@pytest.mark.parametrize("count", [1, 3])
def test_my_shifts_cost_the_same_for_many(cast: Cast, team: Team, count: int) -> None:
    for number in range(count):
        day = SHIFT_DAY + timedelta(days=number)
        make_sign_up(make_shift(make_post(team, name=f"Bàn {number}"), day=day), cast.volunteer)
        past = make_shift(make_post(team, name=f"Cũ {number}"), day=SHIFT_DAY - timedelta(days=20 + number))
        make_sign_up(past, cast.volunteer)
    browser = client(cast.volunteer)
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(MINE)
    assert (len(queries), response.content.count(b"I cannot come")) == (9, count)


def test_a_shift_of_mine(cast: Cast, team: Team, post: Post) -> None:
    need = make_shift(post)
    make_sign_up(need, cast.leader)
    row = make_sign_up(need, cast.volunteer)
    browser = client(cast.volunteer)
    for address in (MINE, reverse("signups:my_shift", args=[need.shift_id])):
        text = browser.get(address).content.decode()
        assert "With you: Mẫu" in text
        assert reverse("signups:cannot_come", args=[row.pk]) in text
        assert "I will come" not in text


def test_i_will_come_stands_there_the_day_before(
    cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = make_shift(post)
    row = make_sign_up(need, cast.volunteer)
    monkeypatch.setattr(clock, "now", lambda: need.shift.starts_at - timedelta(hours=20))
    browser, page = client(cast.volunteer), reverse("signups:my_shift", args=[need.shift_id])
    promise = reverse("signups:promise", args=[row.pk])
    assert promise in browser.get(page).content.decode()
    response = browser.post(promise, follow=True)
    assert "You said that you come" in response.content.decode()
    assert promise not in response.content.decode()


def test_why_not(cast: Cast, team: Team) -> None:
    need = make_shift(make_post(team), qualifications=["teaching"], maximum=1, ideal=1)
    text = client(cast.volunteer).get(reverse("signups:my_shift", args=[need.shift_id])).content.decode()
    assert "Why not?" in text
    assert "A skill that is needed is missing" in text
    assert reverse("signups:join_line", args=[need.pk]) not in text


def test_full_leads_to_the_line(cast: Cast, team: Team) -> None:
    need = make_shift(make_post(team), maximum=1, ideal=1)
    make_sign_up(need, cast.leader)
    browser, page = client(cast.volunteer), reverse("signups:my_shift", args=[need.shift_id])
    assert reverse("signups:join_line", args=[need.pk]) in browser.get(page).content.decode()
    browser.post(reverse("signups:join_line", args=[need.pk]))
    assert "You wait in line" in browser.get(page).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_one_shift_costs_the_same_for_many_roles(cast: Cast, team: Team, count: int) -> None:
    need = make_shift(make_post(team), pairs_newcomers=True)
    for number in range(count - 1):
        ShiftNeed.objects.create(shift=need.shift, title=f"Vai {number}", minimum=1, ideal=1, maximum=1)
    browser = client(cast.volunteer)
    with CaptureQueriesContext(connection) as queries:
        browser.get(reverse("signups:my_shift", args=[need.shift_id]))
    assert len(queries) == 10


def test_a_stranger_does_not_find_the_shift(cast: Cast, post: Post) -> None:
    need = make_shift(post)
    page = reverse("signups:my_shift", args=[need.shift_id])
    assert client(cast.neighbour_volunteer).get(page).status_code == 404
    assert client(cast.coordinator).get(page).status_code == 200
    assert Client().get(page).status_code == 302


def test_a_draft_is_seen_by_those_who_run_rosters(cast: Cast, post: Post) -> None:
    page = reverse("signups:my_shift", args=[make_shift(post, state=ShiftState.DRAFT).shift_id])
    assert client(cast.volunteer).get(page).status_code == 404
    assert client(cast.leader).get(page).status_code == 200


@pytest.mark.parametrize("address", [FOR_ME, MINE])
def test_whoever_does_not_serve_has_no_such_page(cast: Cast, address: str) -> None:
    assert client(cast.administrator).get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    "query", ["day=x", "from=9999-12-31", "day=0001-01-01", "from=%00", "day=2025-07-07"]
)
def test_strange_days_are_passed_over(cast: Cast, post: Post, query: str) -> None:
    make_shift(post)
    assert client(cast.volunteer).get(f"{FOR_ME}?{query}").status_code == 200


def test_the_same_tap_over_http_is_one_sign_up(cast: Cast, post: Post) -> None:
    need, tap = make_shift(post), str(new_id())
    browser, join = client(cast.volunteer), reverse("signups:join", args=[need.pk])
    for _time in range(2):
        assert browser.post(join, {"tap": tap}).status_code == 302
    assert str(SignUp.objects.get().pk) == tap


def test_a_shift_that_runs_asks_for_the_code_and_not_for_promises(
    cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_sign_up(make_shift(post), cast.volunteer)
    monkeypatch.setattr(clock, "now", lambda: row.starts_at + timedelta(minutes=20))
    for address in (MINE, reverse("signups:my_shift", args=[row.shift_id])):
        text = client(cast.volunteer).get(address).content.decode()
        assert "Scan the code at the post" in text
        assert reverse("signups:cannot_come", args=[row.pk]) not in text
        assert reverse("signups:promise", args=[row.pk]) not in text
    services.move(
        row, to="attended", by=actor_of(cast.volunteer, NOW), now=clock.now(), mover=services.Mover.POST
    )
    text = client(cast.volunteer).get(reverse("signups:my_shift", args=[row.shift_id])).content.decode()
    assert "Why not?" not in text


def test_the_note_is_for_those_who_come(cast: Cast, post: Post) -> None:
    need = make_shift(post)
    type(need.shift).objects.filter(pk=need.shift_id).update(note="Chìa khóa ở phòng bảo vệ")
    page = reverse("signups:my_shift", args=[need.shift_id])
    assert "phòng bảo vệ" not in client(cast.volunteer).get(page).content.decode()
    make_sign_up(need, cast.volunteer)
    assert "phòng bảo vệ" in client(cast.volunteer).get(page).content.decode()
