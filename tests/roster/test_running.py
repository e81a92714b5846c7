"""Runs of proposals with committed rows: stopped by a person, killed on the way, shared by two workers."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection, connections

from nhipcau.roster import services
from nhipcau.roster.enums import ProposalState
from nhipcau.roster.models import Proposal
from nhipcau.volunteers.enums import EXPERIENCED, DayPart, GrantState, Liking
from nhipcau.volunteers.models import QualificationGrant, VolunteerProfile
from tests import databases
from tests.conftest import KEYS
from tests.factories.cast import NOW, Cast
from tests.factories.crews import AFTERNOON, EVENING, MORNING, free, make_crew
from tests.factories.rosters import SHIFT_DAY

WORKER = """
import django
django.setup()
from datetime import datetime
from uuid import UUID
from nhipcau.roster import services as proposals
proposals.work_out(proposals=[UUID({key!r})], moment=lambda: datetime.fromisoformat({now!r}))
"""


def hard_to_work_out(cast: Cast, name: str) -> Proposal:
    """Four weeks of four posts and three halves a day, newcomers beside experienced people, many wishes."""
    crew = make_crew(
        cast, people=24, days=28, posts=4, halves=(MORNING, AFTERNOON, EVENING), name=name,
        minimum=1, ideal=3, maximum=5, pairs_newcomers=True,
    )  # fmt: skip
    for at, member in enumerate(crew.people):
        free(member, DayPart.EVENING, liking=(Liking.GLADLY, Liking.CAN, Liking.IF_NEEDED)[at % 3])
        VolunteerProfile.objects.create(
            member=member, shifts_a_week=2 + at % 5, hours_a_day=5 + at % 4, updated_at=NOW
        )
        if at % 3 == 0:
            QualificationGrant.objects.create(
                member=member,
                qualification_id=EXPERIENCED,
                state=GrantState.APPROVED,
                valid_from=SHIFT_DAY - timedelta(days=at),
                claimed_at=NOW,
            )
    return services.propose(
        by=None, now=NOW, team=crew.team, start=SHIFT_DAY, end=SHIFT_DAY + timedelta(days=28), seconds=120
    )


def until(row: Proposal, *states: str, seconds: float = 60) -> None:
    """Waits until the proposal is in one of the states."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        row.refresh_from_db()
        if row.state in states:
            return
        time.sleep(0.02)
    pytest.fail(f"still {row.state}")


def test_a_person_takes_the_best_answer_so_far(committed: Cast) -> None:
    row = hard_to_work_out(committed, "Đội Dừng")

    def work() -> None:
        try:
            services.work_out(proposals=[row.pk], moment=lambda: NOW)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    until(row, ProposalState.SOLVING)
    services.stop(by=None, now=NOW, proposal_id=row.pk)
    asked = time.monotonic()
    thread.join(90)
    row.refresh_from_db()
    assert row.state == ProposalState.READY
    assert time.monotonic() - asked < 60
    assert row.facts["status"] == "feasible"
    assert row.duties.exists()


def test_a_killed_worker_is_followed_by_another(committed: Cast) -> None:
    row = hard_to_work_out(committed, "Đội Hai")
    settings = connections["default"].settings_dict
    user, host = quote(str(settings["USER"]), safe=""), quote(str(settings["HOST"]), safe="")
    password = f":{quote(str(settings['PASSWORD']), safe='')}" if settings["PASSWORD"] else ""
    address = f"postgresql://{user}{password}@/{settings['NAME']}?host={host}"
    environment = os.environ | KEYS | {
        "DATABASE_URL": address + (f"&port={settings['PORT']}" if settings["PORT"] else ""),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER.format(key=str(row.pk), now=NOW.isoformat())],
        cwd=databases.ROOT,
        env=environment,
    )
    try:
        until(row, ProposalState.SOLVING)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert services.rescue(now=NOW) == 0
    assert services.rescue(now=NOW + timedelta(minutes=5)) == 1
    row.refresh_from_db()
    assert row.state == ProposalState.QUEUED
    Proposal.objects.filter(pk=row.pk).update(seconds=2)
    assert services.work_out(proposals=[row.pk], moment=lambda: NOW) == 1
    row.refresh_from_db()
    assert (row.state, row.tries) == (ProposalState.READY, 2)


def test_two_workers_at_once_do_it_once(committed: Cast) -> None:
    crew = make_crew(committed, people=3, days=1)
    row = services.propose(
        by=None, now=NOW, team=crew.team, start=SHIFT_DAY, end=SHIFT_DAY + timedelta(days=7), seconds=5
    )

    def work() -> int:
        try:
            return services.work_out(proposals=[row.pk], moment=lambda: NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(job.result() for job in [pool.submit(work), pool.submit(work)]) == [0, 1]
    row.refresh_from_db()
    assert row.state == ProposalState.READY
