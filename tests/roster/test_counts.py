"""Visitors: written down, replaced, forgotten; help sessions by half-day; what is taken over from them."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.cases import services as cases
from nhipcau.core import clock
from nhipcau.core.clock import VIETNAM
from nhipcau.core.ids import new_id
from nhipcau.core.sheets import Sheet, write_book
from nhipcau.places.enums import PointKind
from nhipcau.places.models import ServicePoint
from nhipcau.places.services import add_service_point
from nhipcau.roster.enums import CountSource
from nhipcau.roster.models import VisitorCount
from nhipcau.roster.plan.visitors import forecast_visitors, people_for
from nhipcau.roster.queries.demand import counted_points, counts_of, served_at, sessions_at
from nhipcau.roster.rules.demand import LEAST_DAYS, half_day, history_of
from nhipcau.roster.services.counts import UnableToCount, accept_demand, import_counts, set_counts
from nhipcau.shifts.models import ShiftNeed
from nhipcau.shifts.rules.editing import UnableToEditRoster
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Team
from nhipcau.volunteers.enums import DayPart
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import SHIFT_DAY, make_post, make_shift, make_sign_up, make_team

M, A, E = DayPart.MORNING, DayPart.AFTERNOON, DayPart.EVENING
DAY = date(2025, 7, 2)


@pytest.fixture
def point(cast: Cast) -> ServicePoint:
    return add_service_point(by=None, now=NOW, commune="24848", kind=PointKind.CENTRE, name="Trung tâm")


@pytest.fixture
def team(cast: Cast, point: ServicePoint) -> Team:
    found = make_team(cast)
    make_post(found, point=point)
    return found


def put(point: ServicePoint, counts: dict[Any, int | None], **values: Any) -> int:
    return set_counts(**{"by": None, "now": NOW, "point": point, "counts": counts} | values)


def known(point: ServicePoint) -> dict[Any, int]:
    rows = counts_of(point, start=date(2020, 1, 1), end=date(2030, 1, 1))
    return {key: row.visitors for key, row in rows.items()}


def test_numbers_are_kept_replaced_and_forgotten(point: ServicePoint) -> None:
    assert put(point, {(DAY, M): 40, (DAY, A): 0, (DAY, E): None}) == 2
    assert put(point, {(DAY, M): 40, (DAY, A): 7}) == 1
    assert known(point) == {(DAY, M): 40, (DAY, A): 7}
    assert put(point, {(DAY, M): None}) == 1
    assert known(point) == {(DAY, A): 7}
    assert put(point, {(DAY, A): 7}, source=CountSource.TICKETS) == 1
    assert VisitorCount.objects.get().source == CountSource.TICKETS


@pytest.mark.parametrize("wrong", [{(date(2025, 7, 4), M): 1}, {(DAY, M): 5001}, {(DAY, M): -1}])
def test_days_ahead_and_odd_numbers_are_refused(point: ServicePoint, wrong: dict[Any, int | None]) -> None:
    with pytest.raises(UnableToCount):
        put(point, {**wrong, (DAY, A): 3})
    assert known(point) == {}


def test_strangers_count_nothing(cast: Cast, team: Team, point: ServicePoint) -> None:
    for stranger in (cast.outsider, cast.volunteer, cast.official):
        by = actor_of(stranger, NOW)
        with pytest.raises(UnableToEditRoster):
            put(point, {(DAY, M): 1}, by=by)
        with pytest.raises(UnableToEditRoster):
            import_counts(by=by, now=NOW, point=point, file=io.BytesIO())
        with pytest.raises(UnableToEditRoster):
            accept_demand(by=by, now=NOW, team=team, point=point, wanted={(DAY, M): 2})


def bring(point: ServicePoint, *rows: Sequence[Any]) -> tuple[list[tuple[int, str]], int]:
    sheet = Sheet("Khách", ("Date", "Part of the day", "Visitors"), rows)
    with override("en"):
        faults, saved = import_counts(by=None, now=NOW, point=point, file=io.BytesIO(write_book([sheet])))
        return [(fault.row, str(fault.message)) for fault in faults], saved


def test_a_list_is_saved_whole_or_not_at_all(point: ServicePoint) -> None:
    put(point, {(DAY, M): 1})
    assert bring(point, (DAY, "Morning", 30), ("1/7/2025", "afternoon", 12)) == ([], 2)
    assert known(point)[DAY, M] == 30
    faults, saved = bring(
        point,
        (DAY, "morning", 9),
        (DAY, "Morning", 8),
        ("4/7/2025", "morning", 1),
        (DAY, "night", 1),
        (DAY, "evening", 5001),
    )
    assert ([row for row, _message in faults], saved) == ([3, 4, 5, 6], 0)
    assert known(point)[DAY, M] == 30
    assert bring(point)[0] == [(1, "There is no row below the names of the columns.")]


def test_help_sessions_count_by_the_half_day_of_viet_nam(cast: Cast, point: ServicePoint) -> None:
    volunteer = actor_of(cast.volunteer, NOW)
    for moment in (time(0, 10), time(11, 59), time(12), time(17, 29), time(17, 30), time(23, 50)):
        cases.record_session(
            session=cases.NewSession(
                id=new_id(),
                commune="24848",
                service_point=point.pk,
                minutes=5,
                outcome="done",
                alone="half",
                volunteer=cast.volunteer.pk,
                procedure="",
                topic="vneid",
            ),
            by=volunteer,
            now=datetime.combine(DAY, moment, tzinfo=VIETNAM),
        )
    assert sessions_at(point, start=DAY, end=DAY + timedelta(days=1)) == {
        (DAY, M): 2,
        (DAY, A): 2,
        (DAY, E): 2,
    }
    assert sessions_at(point, start=DAY + timedelta(days=1), end=DAY + timedelta(days=2)) == {}


@given(st.datetimes(timezones=st.just(VIETNAM)))
def test_every_moment_lies_in_one_half_day(moment: datetime) -> None:
    day, part = half_day(moment)
    assert day == moment.date()
    assert part == (M if moment.hour < 12 else E if moment.time() >= time(17, 30) else A)


@given(st.floats(0, 5000), st.integers(1, 200))
def test_people_are_enough_and_not_one_too_many(visitors: float, per: int) -> None:
    people = people_for(visitors, per)
    assert 1 <= people <= 60
    if 1 < people < 60:
        assert (people - 1) * per < visitors + 1e-5 <= people * per + 2e-5


def days_of(number: int) -> dict[Any, int]:
    return {(DAY - timedelta(days=offset), M): 10 for offset in range(number)}


def test_counts_come_first_and_are_never_mixed_with_sessions() -> None:
    few, enough = days_of(LEAST_DAYS - 1), days_of(LEAST_DAYS)
    assert history_of(enough, enough).counted
    assert not history_of(few, enough).counted
    assert history_of(few, few).counted
    assert not history_of(few, few).is_enough
    assert history_of({}, enough).values == enough


def test_what_is_taken_over_changes_the_first_role_only(cast: Cast, team: Team, point: ServicePoint) -> None:
    post = team.posts.get()
    first = make_shift(post, minimum=1, ideal=2, maximum=3)
    second = ShiftNeed.objects.create(shift=first.shift, title="Nói K’Ho", position=1)
    evening = make_shift(post, hours=(18, 20))
    elsewhere = make_shift(make_post(team, name="Chợ"))
    make_sign_up(first, cast.volunteer)
    wanted = {(SHIFT_DAY, M): 6, (SHIFT_DAY, A): 9, (DAY, M): 9}
    assert accept_demand(by=None, now=NOW, team=team, point=point, wanted=wanted) == 1
    for need in (first, second, evening, elsewhere):
        need.refresh_from_db()
    assert (first.minimum, first.ideal, first.maximum, first.taken) == (1, 5, 5, 1)
    assert (second.ideal, evening.ideal, elsewhere.ideal) == (1, 2, 2)
    assert accept_demand(by=None, now=NOW, team=team, point=point, wanted=wanted) == 0
    fewer = {(SHIFT_DAY, M): 1}
    accept_demand(by=None, now=NOW, team=team, point=point, wanted=fewer)
    first.refresh_from_db()
    assert (first.ideal, first.maximum) == (1, 5), "never below the least number; seats are not taken away"
    served = served_at(team, point, start=SHIFT_DAY, end=SHIFT_DAY + timedelta(days=1))
    assert {key: one.best for key, one in served.items()} == {(SHIFT_DAY, M): 2, (SHIFT_DAY, E): 2}


def test_a_week_is_typed_and_empty_is_not_nought(
    cast: Cast, team: Team, point: ServicePoint, client: Client
) -> None:
    client.force_login(cast.leader)
    today = clock.local_date(clock.now())
    day = today - timedelta(days=7)
    monday = day - timedelta(days=day.weekday())
    address = f"{reverse('roster:counts', args=[team.pk, point.pk])}?from={monday}"
    client.post(address, {f"{monday}-morning": "41", f"{monday}-evening": "0"})
    assert known(point) == {(monday, M): 41, (monday, E): 0}
    assert b'value="41"' in client.get(address).content
    refused = client.post(address, {f"{monday}-morning": "5001"})
    assert refused.context["form"].errors
    ahead = reverse("roster:counts", args=[team.pk, point.pk]) + f"?from={today + timedelta(days=21)}"
    assert client.get(ahead).context["form"].fields == {}


def test_points_cost_the_same_for_one_and_three(cast: Cast, team: Team, client: Client) -> None:
    client.force_login(cast.leader)
    counts = []
    for number in (1, 2, 3):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("roster:visitors", args=[team.pk])).status_code == 200
        counts.append(len(seen))
        other = add_service_point(
            by=None, now=NOW, commune="24848", kind=PointKind.KIOSK, name=f"Điểm {number}"
        )
        make_post(team, name=f"Bàn {number}", point=other)
        put(other, {(DAY, M): 5, (DAY, A): 5})
    assert counts == [6, 6, 6]
    found = counted_points(team, since=date(2025, 1, 1), today=DAY)
    assert [one.days for one in found] == [0, 1, 1, 1]


def usual(day: date, part: DayPart) -> int:
    """Mondays are full, evenings quiet."""
    return 60 if day.weekday() == 0 else 24 if part is M else 12


def weeks(number: int, before: date) -> dict[Any, int]:
    days = [before - timedelta(days=offset) for offset in range(1, 7 * number + 1)]
    return {(day, part): usual(day, part) for day in days for part in (M, A) if day.weekday() < 5}


def test_a_forecast_finds_the_week_and_tells_its_errors() -> None:
    start = date(2025, 7, 7)
    outlook = forecast_visitors(weeks(12, start), start=start, end=start + timedelta(days=5))
    assert {key: round(one.visitors) for key, one in outlook.expected.items()} == {
        (day, part): usual(day, part)
        for day in (start + timedelta(days=offset) for offset in range(5))
        for part in (M, A)
    }
    assert outlook.is_baseline, "nothing cleverer is chosen where the baseline is right"
    assert outlook.error == outlook.baseline_error
    assert outlook.error is not None
    assert outlook.error < 3
    assert outlook.held_out > 10


def test_with_too_few_days_nothing_is_invented(
    cast: Cast, team: Team, point: ServicePoint, client: Client
) -> None:
    client.force_login(cast.leader)
    client.cookies["lang"] = "en"
    today = clock.local_date(clock.now())
    set_counts(by=None, now=clock.now(), point=point, counts={**weeks(5, today)})
    page = client.get(reverse("roster:demand", args=[team.pk, point.pk])).content.decode()
    assert "counted on 25 days, and a forecast needs at least 28" in page
    assert "half_day" not in page


def test_the_leader_takes_over_row_by_row(
    cast: Cast, team: Team, point: ServicePoint, client: Client
) -> None:
    client.force_login(cast.leader)
    client.cookies["lang"] = "en"
    today = clock.local_date(clock.now())
    set_counts(by=None, now=clock.now(), point=point, counts={**weeks(10, today)})
    monday = today + timedelta(days=7 - today.weekday())
    one = make_shift(team.posts.get(), day=monday, minimum=1, ideal=2, maximum=3)
    two = make_shift(team.posts.get(), day=monday + timedelta(days=1), minimum=1, ideal=2, maximum=3)
    address = f"{reverse('roster:demand', args=[team.pk, point.pk])}?per=10"
    page = client.get(address)
    assert [row.part for row in page.context["rows"]] == [M, M]
    suggested = page.context["rows"][0].people
    assert suggested >= 4, "Mondays are full"
    client.post(address, {"half_day": [f"{monday}-morning", "nonsense"]})
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.ideal, one.maximum, two.ideal) == (suggested, suggested, 2)
