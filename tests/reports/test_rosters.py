"""Figures of the rosters: counted from shifts, seats, sign-ups and approved attendances, each to its rows."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from nhipcau.attendance import services as attendance
from nhipcau.attendance.enums import Method
from nhipcau.reports import queries, services
from nhipcau.reports.indicators import AT_THE_POSTS, COUNTED, DERIVED, OF_ROSTERS, dashboard
from nhipcau.reports.models import DailyFact
from nhipcau.shifts.enums import Reason, ShiftState
from nhipcau.shifts.models import Post, Shift
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import at, make_member, make_post, make_shift, make_sign_up, make_team

# The shifts lie before the present of the cast, Thursday 3 July.
TUESDAY, WEDNESDAY = date(2025, 7, 1), date(2025, 7, 2)
JULY = queries.Period(TUESDAY, date(2025, 7, 31))
pytestmark = pytest.mark.django_db


def attend(sign_up: SignUp, leader: Member, *, minutes: int, approved: bool = True) -> None:
    """Was there for so long from the beginning of the shift."""
    came = sign_up.starts_at
    left = came + timedelta(minutes=minutes)
    attendance.record_in_bulk(
        attendances=[
            attendance.NewAttendance(
                sign_up=sign_up.pk,
                came=came,
                left=left,
                method=Method.QR,
                recorded_by=sign_up.member_id,
                approved_by=leader.pk if approved else None,
                approved_at=NOW if approved else None,
            )
        ],
        by=None,
        now=NOW,
    )


@pytest.fixture
def post(cast: Cast) -> Post:
    """Two days: three people on Tuesday of whom one does not come, one on Wednesday where two are needed."""
    team = make_team(cast)
    post = make_post(team)
    people = [make_member(f"person{number}") for number in range(3)]
    tuesday = make_shift(post, day=TUESDAY, minimum=2, ideal=3, maximum=4)
    for number, member in enumerate(people):
        state = SignUpState.NO_SHOW if number == 2 else SignUpState.ATTENDED
        row = make_sign_up(tuesday, member, state)
        if number < 2:
            attend(row, cast.leader, minutes=120 + number * 15)
    wednesday = make_shift(post, day=WEDNESDAY, minimum=2, ideal=2, maximum=2)
    attend(make_sign_up(wednesday, people[0], SignUpState.ATTENDED), cast.leader, minutes=60, approved=False)
    make_shift(post, day=WEDNESDAY, hours=(13, 15), minimum=5, ideal=5, maximum=5, state=ShiftState.DRAFT)
    make_sign_up(
        make_shift(post, day=WEDNESDAY, hours=(18, 20), minimum=0, ideal=1),
        people[1],
        SignUpState.EXCUSED,
        reason=Reason.ILL,
    )
    services.rebuild_facts(start=TUESDAY, end=date(2025, 7, 4), now=NOW)
    return post


def figure(code: str, name: str, *, public: bool = False) -> float | int | None:
    found = dashboard.figures(queries.place(code), JULY, public=public)
    return found.values.get(name)


def test_the_figures_of_two_days(post: Post) -> None:
    for code in ("24848", "68", "VN"):
        assert {name: figure(code, name) for name in (*OF_ROSTERS, *AT_THE_POSTS)} == {
            "shifts_held": 2,
            "seats_asked": 4,
            "seats_held": 3,
            "cover_share": 75.0,
            "volunteers_active": 2,
            "volunteer_minutes": 255,
            "volunteer_hours": 4.2,
            "expected": 4,
            "no_shows": 1,
            "no_show_share": 25.0,
        }


def test_a_volunteer_counts_once_a_month_in_a_commune(post: Post, cast: Cast) -> None:
    member = Member.objects.get(username="person0")
    first_of_august = make_shift(post, day=date(2025, 8, 1))
    make_sign_up(first_of_august, member, SignUpState.ATTENDED)
    services.rebuild_facts(start=TUESDAY, end=date(2025, 8, 2), now=NOW)
    facts = DailyFact.objects.filter(indicator="volunteers_active", unit="24848").order_by("day")
    assert list(facts.values_list("day", "value")) == [(TUESDAY, 2), (date(2025, 8, 1), 1)]


def test_what_is_taken_back_leaves_the_figure_with_the_night(post: Post) -> None:
    SignUp.objects.filter(member__username="person0").update(state=SignUpState.NO_SHOW)
    assert services.rebuild_rosters(days=4, now=NOW) > 0
    assert (figure("VN", "volunteers_active"), figure("VN", "no_shows")) == (1, 3)


def test_counting_the_rosters_leaves_other_figures_alone(post: Post) -> None:
    DailyFact.objects.create(unit="VN", parent="", day=WEDNESDAY, indicator="sessions", value=7)
    services.rebuild_rosters(days=4, now=NOW)
    assert figure("VN", "sessions") == 7
    services.rebuild_facts(start=WEDNESDAY, end=date(2025, 7, 3), now=NOW)
    assert figure("VN", "sessions") == 0


@pytest.mark.parametrize("name", OF_ROSTERS)
def test_each_figure_opens_to_its_rows(
    name: str, post: Post, cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(cast.province)
    address = f"/figures/68/{name}/rows/"
    days = {"first": "2025-07-01", "last": "2025-07-31"}
    page = client.get(address, days)
    rows = page.context["page"].object_list
    indicator = COUNTED[name]
    assert indicator.rows(JULY.first, JULY.end).aggregate(value=indicator.measure)["value"] == figure(
        "68", name
    )
    assert len(rows) == indicator.rows(JULY.first, JULY.end).count()
    assert all(
        len(cells) == len(indicator.columns.headings) for _day, _commune, cells in page.context["rows"]
    )
    names = set(Member.objects.values_list("name", flat=True)) - {cast.province.name}
    assert not any(one in page.content.decode() for one in names)
    queries_now = 8
    with django_assert_num_queries(queries_now):
        client.get(address, days)
    more(post)
    with django_assert_num_queries(queries_now):
        assert len(client.get(address, days).context["page"].object_list) > len(rows)


def more(post: Post) -> None:
    """Three more rows of every figure."""
    leader = Member.objects.get(username="leader")
    for number in range(3):
        need = make_shift(post, day=TUESDAY, hours=(13 + number, 14 + number), minimum=1, maximum=3)
        attend(make_sign_up(need, make_member(f"new{number}"), SignUpState.ATTENDED), leader, minutes=60)
        make_sign_up(need, make_member(f"gone{number}"), SignUpState.NO_SHOW)


def test_derived_figures_name_counted_ones() -> None:
    for derived in DERIVED.values():
        assert derived.opens_to in COUNTED
        assert derived.numerator in COUNTED
    assert DERIVED["volunteer_hours"].of({"volunteer_minutes": 90}) == 1.5


def test_the_public_sees_no_small_group_nor_its_minutes(post: Post, client: Client) -> None:
    assert figure("24848", "volunteers_active", public=True) is None
    assert figure("24848", "volunteer_minutes", public=True) is None
    assert figure("24848", "volunteer_hours", public=True) is None
    page = client.get("/figures/24848/", {"first": "2025-07-01", "last": "2025-07-31"})
    shown = {card["name"]: card["value"] for card in page.context["posts"]}
    assert (shown["volunteers_active"], shown["volunteer_hours"]) == ("–", "–")


def test_without_rosters_the_page_does_not_speak_of_them(cast: Cast, client: Client) -> None:
    assert client.get("/figures/68/").context["posts"] == []


def test_the_usual_period_ends_when_somebody_was_last_helped(post: Post) -> None:
    values: dict[str, Any] = {"unit": "68", "parent": "VN", "value": 1}
    assert queries.latest_day("68") == WEDNESDAY
    DailyFact.objects.create(day=date(2025, 6, 20), indicator="sessions", **values)
    assert queries.latest_day("68") == date(2025, 6, 20)


def test_a_called_off_shift_asks_for_nobody(post: Post) -> None:
    Shift.objects.filter(day=TUESDAY).update(state=ShiftState.CANCELLED, reason=Reason.WEATHER)
    services.rebuild_rosters(days=4, now=NOW)
    assert (figure("VN", "seats_asked"), figure("VN", "shifts_held")) == (2, 1)
    assert at(TUESDAY, 7) < NOW
