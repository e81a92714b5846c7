"""The nightly jobs forget everything that is due, however much it is."""

from datetime import timedelta

import pytest

from nhipcau.cases import tasks as case_tasks
from nhipcau.cases.models import Case
from nhipcau.citizens import tasks as citizen_tasks
from nhipcau.citizens.models import Citizen
from nhipcau.core import clock
from nhipcau.teams.access import MemberActor
from tests.cases.conftest import open_case

pytestmark = pytest.mark.django_db


def overdue(volunteer: MemberActor, count: int) -> None:
    for number in range(count):
        open_case(volunteer, phone=f"063300{number:04}")
    yesterday = clock.local_date(clock.now()) - timedelta(days=1)
    Case.objects.update(keep_until=yesterday)
    Citizen.objects.update(keep_until=yesterday)


def test_people_past_their_end_are_erased_with_their_cases(volunteer: MemberActor) -> None:
    overdue(volunteer, 3)
    kept = open_case(volunteer, phone="")
    assert citizen_tasks.erase_due(0) == 3
    assert citizen_tasks.erase_due(0) == 0
    assert case_tasks.erase_due(0) == 0
    assert list(Case.objects.filter(erased_at__isnull=True)) == [kept]


def test_cases_past_their_end_are_forgotten_before_the_person(volunteer: MemberActor) -> None:
    overdue(volunteer, 2)
    Citizen.objects.update(keep_until=clock.local_date(clock.now()))
    assert case_tasks.erase_due(0) == 2
    assert case_tasks.erase_due(0) == 0
    assert not Citizen.objects.filter(erased_at__isnull=False).exists()
