"""Ready at the first visit, and came back because of papers: from rows, by month, opening to their rows."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from nhipcau.cases import services as cases
from nhipcau.core.ids import new_id
from nhipcau.reports import queries, services
from nhipcau.reports.indicators import COUNTED, DERIVED, dashboard
from nhipcau.teams.access import actor_of
from tests.factories.cast import Cast

JUNE, JULY = datetime(2025, 6, 20, 2, tzinfo=UTC), datetime(2025, 7, 3, 2, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def record(cast: Cast, at: datetime, **said: Any) -> None:
    values: dict[str, Any] = {
        "id": new_id(), "commune": "24848", "minutes": 10, "outcome": "done", "alone": "half",
        "volunteer": cast.volunteer.pk, "procedure": "birth-registration", "at": at,
    }  # fmt: skip
    by = actor_of(cast.volunteer, JULY)
    cases.record_session(session=cases.NewSession(**(values | said)), by=by, now=JULY)


@pytest.fixture
def counted(cast: Cast) -> Cast:
    """June: one of four ready, three of three came back. July: three of four ready, one of four came back."""
    for at, ready, missing, yes, no in ((JUNE, 1, 3, 3, 0), (JULY, 3, 1, 1, 3)):
        for _each in range(ready):
            record(cast, at, papers="ready")
        for _each in range(missing):
            record(cast, at, papers="missing")
        for came_back, count in ((True, yes), (False, no)):
            for _each in range(count):
                record(cast, at, first_time=False, came_back_for_papers=came_back, papers="ready")
        record(cast, at)
        record(cast, at, first_time=False)
    services.rebuild_days(days=[date(2025, 6, 20), date(2025, 7, 3)], now=JULY)
    return cast


def figures(first: date, last: date) -> dict[str, Any]:
    found = dashboard.figures(queries.place("24848"), queries.Period(first, last), public=False)
    return found.values.as_dict()


def test_only_first_visits_whose_papers_were_checked_count(counted: Cast) -> None:
    july = figures(date(2025, 7, 1), date(2025, 7, 31))
    assert (july["papers_checked"], july["papers_ready"], july["ready_share"]) == (4, 3, 75.0)
    assert (july["came_back_asked"], july["came_back"], july["came_back_share"]) == (4, 1, 25.0)


def test_nothing_checked_is_no_share(cast: Cast) -> None:
    found = figures(date(2025, 1, 1), date(2025, 1, 31))
    assert (found["ready_share"], found["came_back_share"]) == (None, None)


def test_months_stand_side_by_side(counted: Cast) -> None:
    found = dashboard.months(queries.place("24848"), date(2025, 7, 6))
    shares = [
        (span.first, span.last, values.get("ready_share"), values.get("came_back_share"))
        for span, values in found
    ]
    assert shares == [
        (date(2025, 6, 1), date(2025, 6, 30), 25.0, 100.0),
        (date(2025, 7, 1), date(2025, 7, 31), 75.0, 25.0),
    ]
    later = dashboard.months(queries.place("68"), date(2025, 9, 1))
    assert [span.first.month for span, _values in later] == [6, 7, 8, 9]


@pytest.mark.parametrize("last", [date.min, date.max, date(9999, 12, 30), date(1, 2, 3)])
def test_months_at_the_ends_of_the_calendar(cast: Cast, last: date) -> None:
    assert dashboard.months(queries.place("VN"), last) == []


def test_the_dashboard_compares_and_opens_the_rows(counted: Cast, client: Client) -> None:
    client.force_login(counted.coordinator)
    page = client.get("/figures/24848/?first=2025-07-01&last=2025-07-06&lang=en")
    assert [line["month"] for line in page.context["months"]] == [date(2025, 6, 1), date(2025, 7, 1)]
    text = page.content.decode()
    assert "Papers, month by month" in text
    assert "3 of 4" in text
    for line in page.context["months"]:
        for cell in line["cells"]:
            rows = client.get(cell["url"] + "&lang=en")
            assert rows.context["page"].paginator.count == int(cell["whole"])
    assert "Came back because of papers" in rows.content.decode()


def test_the_public_page_compares_nothing(counted: Cast, client: Client) -> None:
    page = client.get("/figures/24848/?first=2025-07-01&last=2025-07-06&lang=en")
    assert page.context["months"] == []
    assert "Papers, month by month" not in page.content.decode()


def test_each_figure_opens_to_exactly_its_rows(counted: Cast, client: Client) -> None:
    client.force_login(counted.coordinator)
    found = figures(date(2025, 7, 1), date(2025, 7, 31))
    for name in ("papers_checked", "papers_ready", "came_back", "came_back_asked"):
        page = client.get(f"/figures/24848/{name}/rows/?first=2025-07-01&last=2025-07-31")
        assert page.status_code == 200, name
        assert page.context["page"].paginator.count == found[name]


def test_shares_are_made_of_counted_numbers() -> None:
    for name in ("ready_share", "came_back_share"):
        assert {DERIVED[name].numerator, DERIVED[name].denominator} <= COUNTED.keys()
