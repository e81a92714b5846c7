"""The command prints what the dashboard shows, and refuses nonsense in one sentence."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from nhipcau.reports import services
from tests.factories.cast import NOW, Cast
from tests.reports.test_figures import DAY, record

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("reports", *arguments, stdout=out)
    return out.getvalue()


def test_figures_as_json(cast: Cast) -> None:
    record(cast.volunteer, "24848", 2)
    services.rebuild_days(days=[DAY], now=NOW)
    found = json.loads(
        run("figures", "--place", "68", "--from", "2025-07-01", "--to", "2025-07-06", "--json")
    )
    assert (found["place"], found["from"], found["to"]) == ("68", "2025-07-01", "2025-07-06")
    assert (found["figures"]["people"], found["figures"]["sessions"]) == (2, 2)
    assert found["below"]["24848"]["sessions"] == 2


def test_both_days_belong_to_the_period(cast: Cast) -> None:
    record(cast.volunteer, "24848", 1)
    services.rebuild_days(days=[DAY], now=NOW)
    for first, last, expected in (("03", "03", 1), ("01", "02", 0), ("04", "05", 0), ("02", "03", 1)):
        found = json.loads(run("figures", "--from", f"2025-07-{first}", "--to", f"2025-07-{last}", "--json"))
        assert found["figures"]["sessions"] == expected


@pytest.mark.parametrize(
    "arguments",
    [
        ("figures", "--place", "00"),
        ("figures", "--from", "2025-07-06", "--to", "2025-07-01"),
        ("figures", "--from", "tomorrow"),
        ("rebuild", "--from", "2020-01-01", "--to", "2025-07-01"),
    ],
)
def test_nonsense_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises((CommandError, SystemExit)):
        run(*arguments)
