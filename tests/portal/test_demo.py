"""The demo is what it says: real communes, invented people, and totals that were counted."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.models import Count, Sum
from django.test import Client
from pytest_django import DjangoDbBlocker

from nhipcau.attendance.models import Attendance
from nhipcau.cases.models import Case, HelpSession
from nhipcau.citizens.models import Citizen
from nhipcau.core import clock
from nhipcau.learning.models import PublicClass
from nhipcau.learning.queries import classes_of
from nhipcau.places.models import ServicePoint, Unit
from nhipcau.portal import services
from nhipcau.portal.services.demo_sessions import apportion
from nhipcau.reinforcement.models import OfferedPerson, Request
from nhipcau.reinforcement.queries import cover_of_province
from nhipcau.reports import queries
from nhipcau.reports.indicators import COUNTED, dashboard
from nhipcau.reports.models import DailyFact
from nhipcau.shifts.models import Closure, Post, PostRule, Shift
from nhipcau.signups.models import SignUp
from nhipcau.signups.queries.for_me import for_me
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member, Team, TeamMembership
from nhipcau.visits.models import Visit
from nhipcau.visits.queries import visits_of
from tests import databases

FIRST, LAST = date(2025, 7, 1), date(2025, 7, 6)


@pytest.fixture(scope="module", autouse=True)
def demo(
    demo_database: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker, worker_id: str
) -> Iterator[None]:
    """Django looks at a copy of the demo while these tests run; nothing here writes."""
    with django_db_blocker.unblock():
        usual = connections["default"].settings_dict["NAME"]
        mine = f"nhipcau_demo_test_{worker_id}"
        databases.drop(mine)
        databases.copy(demo_database, mine)
        databases.switch(mine)
        yield
        databases.switch(usual)
        databases.drop(mine)


def test_the_totals_of_the_seed_programme() -> None:
    assert Unit.objects.filter(parent_id="68").count() == 124
    assert ServicePoint.objects.values("commune").distinct().count() == 124
    assert Team.objects.count() == 126
    assert TeamMembership.objects.values("member").distinct().count() == 1267
    assert HelpSession.objects.filter(first_time=True).count() == 24_000


def test_the_dashboard_shows_these_totals_because_it_counted_them(client: Client) -> None:
    when = queries.period(FIRST, LAST)
    for code in ("VN", "68"):
        found = dashboard.figures(queries.place(code), when, public=True).values
        assert (found.get("people"), found.get("sessions")) == (24_000, HelpSession.objects.count())
    page = client.get("/figures/68/?lang=en")
    assert "24,000" in page.content.decode()
    assert (page.context["strength"].teams, page.context["strength"].members) == (126, 1267)


def test_every_fact_is_the_number_of_its_rows() -> None:
    for name, indicator in COUNTED.items():
        rows = indicator.rows(FIRST, date(2025, 7, 7)).order_by()
        counted = rows.values_list(indicator.commune).annotate(value=indicator.measure)
        stored = (
            DailyFact.objects.filter(indicator=name, parent="68", day__gte=FIRST, day__lte=LAST)
            .order_by()
            .values_list("unit")
            .annotate(value=Sum("value"))
        )
        assert dict(counted) == dict(stored), name


def test_people_are_plainly_invented() -> None:
    assert all(name.startswith("Mẫu ") for name in Member.objects.values_list("name", flat=True))
    some = Citizen.objects.order_by("id")[:200]
    assert all(person.name.startswith("Mẫu ") for person in some)
    assert all(person.phone.startswith("+84600") for person in some)


def test_nothing_lies_outside_the_six_days() -> None:
    days = set(HelpSession.objects.values_list("day", flat=True))
    assert (min(days), max(days), len(days)) == (FIRST, LAST, 6)


def test_the_volunteer_teaches_this_evening_and_last_week_everybody_was_counted() -> None:
    volunteer = Member.objects.get(username="tinhnguyen")
    loaded = clock.local_date(PublicClass.objects.order_by("id")[0].planned_at)
    rows = list(classes_of(volunteer.pk, days=(loaded - timedelta(days=7), loaded + timedelta(days=2))))
    assert [(row.day - loaded).days for row in rows] == [-6, 0, 1]
    assert [(row.state, row.came) for row in rows] == [("held", 34), ("planned", 0), ("planned", 0)]
    fact = DailyFact.objects.get(unit="24848", day=rows[0].day, indicator="class_people")
    assert fact.value == 34


def test_the_volunteer_goes_to_homes_today_and_tomorrow() -> None:
    volunteer = Member.objects.get(username="tinhnguyen")
    loaded = clock.local_date(Visit.objects.order_by("id")[0].planned_at)
    rows = visits_of(actor_of(volunteer, clock.now()), days=(loaded, loaded + timedelta(days=2)))
    assert [((row.day - loaded).days, row.state, len(row.visitors)) for row in rows] == [
        (0, "planned", 2),
        (0, "planned", 2),
        (1, "planned", 2),
    ]
    assert [bool(row.case) for row in rows] == [True, False, False]
    assert all(row.address for row in rows)


def test_each_case_belongs_to_one_session_and_has_a_code_of_its_own() -> None:
    most = Case.objects.annotate(sessions_count=Count("sessions")).order_by("-sessions_count", "id")
    assert {case.sessions_count for case in (most[0], most.reverse()[0])} == {1}


def test_the_demo_never_mixes_with_real_work() -> None:
    with pytest.raises(CommandError):
        call_command("demo", stdout=StringIO())


def test_the_logins_to_begin_with_are_shown() -> None:
    passwords = {username: password for _who, username, password in services.demo_logins()}
    out = StringIO()
    call_command("demo", "--logins", stdout=out)
    shown = {username for username, password in passwords.items() if password in out.getvalue()}
    assert shown == {"tinhnguyen", "doitruong", "dieuphoixa", "canbo", "dieuphoitinh"}


def test_apportioned_shares_add_up() -> None:
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert sum(apportion(24_000, [0.3, 7.7, 2.2, 0.01])) == 24_000


def test_papers_of_the_demo_agree_with_how_the_session_went() -> None:
    rows = HelpSession.objects.values_list("papers", "outcome", "topic")
    assert {papers for papers, _outcome, _topic in rows} == {"not_checked", "ready", "missing"}
    assert all(papers == "missing" for papers, outcome, _topic in rows if outcome == "papers_missing")
    found = dashboard.figures(queries.place("68"), queries.period(FIRST, LAST), public=True).values
    assert found.get("ready_share") is not None
    assert found.get("came_back_share") is not None


def test_every_centre_has_a_post_with_its_two_half_days() -> None:
    assert Post.objects.values("commune").distinct().count() == 124
    assert set(PostRule.objects.values_list("starts", "ends")) == {
        (time(7, 0), time(11, 30)),
        (time(13, 30), time(17, 0)),
    }
    days = set(Shift.objects.values_list("day", flat=True))
    assert all(day.weekday() < 5 for day in days)
    assert {date(2025, 7, 1), date(2025, 7, 4)} <= days
    around = max(days) - timedelta(days=36)
    assert len([day for day in days if day > around]) > 15


def test_what_was_attended_has_hours_and_nothing_else_has() -> None:
    attended = SignUp.objects.filter(state="attended")
    assert attended.filter(attendance__isnull=True).count() == 0
    assert Attendance.objects.exclude(sign_up__state="attended").count() == 0
    assert Attendance.objects.filter(state="approved").count() > 4000
    assert Attendance.objects.filter(state="recorded").count() < 1500
    assert set(SignUp.objects.filter(shift__day__lt=date(2025, 8, 1)).values_list("state", flat=True)) <= {
        "attended",
        "no_show",
        "excused",
    }


def loaded_at() -> datetime:
    """The moment around which the demo's rosters lie: the database may be some days old."""
    return Request.objects.order_by("asked_at")[0].asked_at


def test_few_communes_lack_people_and_ask_for_them() -> None:
    now = loaded_at()
    today = clock.local_date(now)
    rows = cover_of_province("68", now, today, today + timedelta(days=7))
    assert 12 <= len([row for row in rows if row.short]) <= 60
    assert all(row.percent == 100 for row in rows[70:])
    assert sorted(Request.objects.values_list("state", flat=True)) == ["asked", "offered"]
    volunteer = Member.objects.get(username="tinhnguyen")
    assert OfferedPerson.objects.filter(member=volunteer, answer="asked").exists()
    assert Closure.objects.count() == 1
    assert Shift.objects.filter(state="cancelled").exists()


def test_the_volunteer_of_the_demo_finds_shifts() -> None:
    volunteer = Member.objects.get(username="tinhnguyen")
    found = for_me(volunteer.pk, now=loaded_at(), all_times=True)
    assert sum(len(rows) for _day, rows in found.days) > 3


def test_the_figures_speak_of_the_posts() -> None:
    found = dashboard.figures(queries.place("68"), queries.period(FIRST, LAST), public=True).values
    assert found.get("shifts_held")
    assert 80 < (found.get("cover_share") or 0) <= 100
    assert (found.get("volunteer_hours") or 0) > 1000
    assert queries.latest_day("68") == LAST
