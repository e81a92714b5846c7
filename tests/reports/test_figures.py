"""Figures are counted from rows, add up from commune to nation, and open to exactly their rows."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from nhipcau.cases import services as cases
from nhipcau.cases.enums import Alone, Outcome
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.citizens.services import GivenConsent
from nhipcau.core.ids import new_id
from nhipcau.reports import queries, services
from nhipcau.reports.indicators import COUNTED, dashboard
from nhipcau.reports.models import DailyFact
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast

DAY = date(2025, 7, 3)
PERIOD = queries.Period(DAY, DAY)
pytestmark = pytest.mark.django_db


def record(member: Member, commune: str, count: int, **changes: Any) -> None:
    """So many sessions of one member in one commune, first visits done half alone unless said otherwise."""
    for step in range(count):
        values = {
            "id": new_id(),
            "commune": commune,
            "minutes": 10 + step,
            "outcome": Outcome.DONE,
            "alone": Alone.HALF,
            "volunteer": member.pk,
            "procedure": "birth-registration",
            "at": NOW,
            **changes,
        }
        cases.record_session(session=cases.NewSession(**values), by=actor_of(member, NOW), now=NOW)


@pytest.fixture
def counted(cast: Cast) -> Cast:
    """Seven sessions in Lạc Dương (two returns, three mostly alone), three next door, six far away."""
    record(cast.volunteer, "24848", 4)
    record(cast.volunteer, "24848", 2, alone=Alone.ALL_ALONE, first_time=False)
    record(cast.volunteer, "24848", 1, alone=Alone.MOSTLY_ALONE)
    record(cast.neighbour_volunteer, "24846", 3)
    record(cast.outsider, "22015", 6, outcome=Outcome.PAPERS_MISSING)
    services.rebuild_days(days=[DAY], now=NOW)
    return cast


def figure(code: str, name: str, *, public: bool = False) -> float | int | None:
    found = dashboard.figures(queries.place(code), PERIOD, public=public)
    return found.values.get(name)


def test_each_level_adds_up_the_one_below(counted: Cast) -> None:
    assert [figure(code, "sessions") for code in ("24848", "24846", "22015", "68", "66", "VN")] == [
        7,
        3,
        6,
        10,
        6,
        16,
    ]
    for code in ("VN", "68"):
        found = dashboard.figures(queries.place(code), PERIOD, public=False)
        for name in COUNTED:
            assert sum(line.values.counted.get(name, 0) for line in found.below) == found.values.get(name)


def test_people_are_first_sessions_and_alone_is_mostly_alone(counted: Cast) -> None:
    assert (figure("24848", "people"), figure("24848", "mostly_alone")) == (5, 3)
    assert figure("24848", "alone_share") == round(100 * 3 / 7, 1)
    assert figure("66", "papers_missing") == 6
    assert figure("66", "satisfaction") is None


def test_counting_twice_changes_nothing(counted: Cast) -> None:
    before = set(DailyFact.objects.values_list("unit", "parent", "day", "indicator", "value"))
    services.rebuild_facts(start=DAY - timedelta(days=1), end=DAY + timedelta(days=2), now=NOW)
    assert set(DailyFact.objects.values_list("unit", "parent", "day", "indicator", "value")) == before


def test_an_undone_session_leaves_the_figure(counted: Cast) -> None:
    actor = actor_of(counted.volunteer, NOW)
    session = counted.volunteer.help_sessions.order_by("id").first()
    assert session is not None
    cases.undo_session(session_id=session.pk, by=actor, now=NOW)
    services.rebuild_days(days=[DAY], now=NOW)
    assert figure("VN", "sessions") == 15


def test_the_public_sees_no_small_group(counted: Cast) -> None:
    assert figure("24846", "sessions", public=True) is None
    found = dashboard.figures(queries.place("68"), PERIOD, public=True)
    shown = {line.code: line.values.get("sessions") for line in found.below if line.values.counted}
    assert shown == {"24846": None, "24848": None}  # the neighbour is hidden too: ten minus seven is three
    assert found.by_day == {}


def test_what_a_table_hides_its_own_page_hides(counted: Cast) -> None:
    """Seven alone could be shown; but the province's ten minus seven are the neighbour's three."""
    assert figure("24848", "sessions") == 7
    assert figure("24848", "sessions", public=True) is None
    assert figure("68", "sessions", public=True) == 10
    record(counted.outsider, "22015", 20)
    record(counted.neighbour_volunteer, "24846", 9)
    services.rebuild_days(days=[DAY], now=NOW)
    assert figure("24848", "sessions", public=True) == 7


def test_where_a_province_is_hidden_its_communes_are(cast: Cast) -> None:
    """The nation's table hides one of two small provinces and the other with it: no commune may tell it."""
    record(cast.volunteer, "24848", 6)
    record(cast.outsider, "22015", 2)
    services.rebuild_days(days=[DAY], now=NOW)
    assert figure("VN", "sessions", public=True) == 8
    assert figure("68", "sessions", public=True) is None
    assert figure("24848", "sessions", public=True) is None
    below = dashboard.figures(queries.place("68"), PERIOD, public=True).below
    assert {line.values.get("sessions") for line in below if line.values.counted} == {None}


def test_sums_are_hidden_with_what_they_add_up(counted: Cast) -> None:
    """Thirty-three minutes in three sessions tell that there were sessions, and nearly how many."""
    assert figure("24846", "minutes") == 33
    assert figure("24846", "minutes", public=True) is None
    assert figure("66", "sessions", public=True) == 6
    assert figure("66", "minutes", public=True) == 75
    found = dashboard.figures(queries.place("68"), PERIOD, public=True)
    assert {line.values.get("minutes") for line in found.below if line.values.counted} == {None}


def test_an_opened_figure_shows_no_code(cast: Cast, client: Client) -> None:
    """Whoever leads a province opens no case; a code would open one, here or on the official portal."""
    volunteer, consent = (
        actor_of(cast.volunteer, NOW),
        GivenConsent(Purpose.FOLLOW_UP, ConsentMethod.SPOKEN_WITNESSED),
    )
    case = cases.open_case(
        case=cases.OpenCase(
            id=new_id(), commune="24848", name="Người Mẫu", phone="", consent=consent, topic="vneid"
        ),
        by=volunteer,
        now=NOW,
    )
    cases.add_dossier(
        case_id=case.pk, code="G22.99.08-250703-000009", submitted_on=DAY, submitted_by_citizen=True,
        by=volunteer, now=NOW,
    )  # fmt: skip
    client.force_login(cast.province)
    for name in ("dossiers", "cases_opened"):
        page = client.get(f"/figures/68/{name}/rows/", {"first": "2025-07-03", "last": "2025-07-03"})
        assert page.context["page"].paginator.count == 1
        for code in (case.code, "250703-000009"):
            assert code not in page.content.decode()


def test_every_counted_figure_opens_to_as_many_rows(counted: Cast, client: Client) -> None:
    client.force_login(counted.province)
    for name in ("people", "sessions", "mostly_alone", "papers_missing"):
        page = client.get(f"/figures/68/{name}/rows/", {"first": "2025-07-03", "last": "2025-07-03"})
        assert page.context["page"].paginator.count == figure("68", name)


def test_doors(counted: Cast, client: Client) -> None:
    period = {"first": "2025-07-03", "last": "2025-07-03"}
    assert client.get("/figures/24848/sessions/rows/", period).status_code == 302
    client.force_login(counted.outsider)
    assert client.get("/figures/24848/sessions/rows/", period).status_code == 404
    assert client.get("/figures/24848/", period).context["exact"] is False
    client.force_login(counted.volunteer)
    assert client.get("/figures/24848/sessions/rows/", period).status_code == 404
    client.force_login(counted.coordinator)
    assert client.get("/figures/24848/", period).context["exact"] is True
    assert client.get("/figures/68/", period).context["exact"] is False
    assert client.get("/figures/24846/sessions/rows/", period).status_code == 404
    assert client.get("/figures/mine/").url == "/figures/24848/"


@pytest.mark.parametrize("code", ["00", "68x", "999999", "VNN", "６８", "%00", "24848' --"])
def test_an_unknown_place_is_not_found(code: str, client: Client) -> None:
    assert client.get(f"/figures/{code}/").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"first": "yesterday"},
        {"first": "2025-07-06", "last": "2025-07-01"},
        {"first": "0001-01-01", "last": "9999-12-31"},
        {"first": "\x00 8"},
        {"last": "x" * 10_000},
    ],
)
def test_a_bad_period_is_explained(query: dict[str, str], client: Client) -> None:
    page = client.get("/figures/68/", query)
    assert page.status_code == 200
    assert page.context["problem"]


def test_a_dashboard_costs_the_same_with_three_times_the_rows(
    cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(cast.province)
    record(cast.volunteer, "24848", 1)
    services.rebuild_days(days=[DAY], now=NOW)
    client.get("/figures/68/")
    with django_assert_num_queries(10):
        client.get("/figures/68/")
    record(cast.volunteer, "24848", 3)
    services.rebuild_days(days=[DAY], now=NOW)
    with django_assert_num_queries(10):
        client.get("/figures/68/")
