"""The day of a dossier: put in by a phone with a wrong clock, or chosen by a person."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from nhipcau.cases.models import Case, Dossier
from nhipcau.core.clock import local_date
from nhipcau.sync.models import Conflict
from nhipcau.sync.services.deciding import decide
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone

from .conftest import Send
from .test_operations_cases import give_to_leader, results

TODAY, DAY = NOW.date(), timedelta(days=1)
MIDNIGHT = NOW + timedelta(hours=15)
WRITTEN = NOW + timedelta(minutes=10)


def dossier(phone: Phone, case: Case, made_at: datetime, day: date | None = None) -> dict[str, Any]:
    """Of the day that the phone has, where nobody chose another."""
    data = {
        "case": str(case.pk),
        "code": "G22.99.08-250701-896048",
        "submitted_on": (day or local_date(made_at)).isoformat(),
        "submitted_by_citizen": True,
    }
    return phone.command("cases.dossier", data, made_at)


@pytest.mark.parametrize("wrong", [timedelta(days=-3 * 365), timedelta(days=-40), 300 * DAY])
def test_the_day_of_a_wrong_clock_is_put_right_with_it(
    phone: Phone, send: Send, case: Case, wrong: timedelta
) -> None:
    now = NOW + DAY
    command = dossier(phone, case, WRITTEN + wrong)
    twin = dossier(phone, case, WRITTEN + wrong)
    answer = send(phone, command, twin, now=now, device_time=now + wrong)
    assert results(answer) == [("applied", ""), ("already_applied", "")]
    assert Dossier.objects.get().submitted_on == TODAY


def test_what_a_person_chose_stands_whatever_the_clock(phone: Phone, send: Send, case: Case) -> None:
    wrong = timedelta(days=-40)
    command = dossier(phone, case, WRITTEN + wrong, TODAY - 2 * DAY)
    assert results(send(phone, command, now=NOW + DAY, device_time=NOW + DAY + wrong)) == [("applied", "")]
    assert Dossier.objects.get().submitted_on == TODAY - 2 * DAY


@pytest.mark.parametrize("told", [True, False])
def test_minutes_before_midnight_a_clock_may_be_a_little_ahead(
    phone: Phone, send: Send, case: Case, told: bool
) -> None:
    """Also where it was set right before the phone sent: then the moment is the claim itself."""
    now, ahead = MIDNIGHT - timedelta(minutes=3), timedelta(minutes=5)
    command = dossier(phone, case, now + ahead if told else now, TODAY + DAY)
    answer = send(phone, command, now=now, device_time=now + ahead if told else now)
    assert results(answer) == [("applied", "")]
    assert Dossier.objects.get().submitted_on == TODAY


def test_no_day_to_come_is_taken(phone: Phone, send: Send, case: Case) -> None:
    command = dossier(phone, case, NOW, TODAY + DAY)
    assert results(send(phone, command)) == [("refused", "cases.unable_to_add_dossier")]
    assert not Dossier.objects.exists()


def test_the_day_is_put_right_also_when_a_person_decides(
    phone: Phone, cast: Cast, send: Send, case: Case
) -> None:
    wrong, later = timedelta(days=-40), NOW + 3 * DAY
    give_to_leader(case, cast)
    answer = send(phone, dossier(phone, case, WRITTEN + wrong), now=later, device_time=later + wrong)
    assert results(answer) == [("needs_person", "sync.not_yours")]
    decide(conflict_id=Conflict.objects.get().pk, keep="phone", by=actor_of(cast.leader, later), now=later)
    assert Dossier.objects.get().submitted_on == TODAY
