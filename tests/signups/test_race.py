"""Many press at once, with committed rows and real connections: exactly as many get a place as there are."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse

from config.serve import answers, web_command
from nhipcau.core import clock
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups import services
from nhipcau.signups.enums import HOLDING, SignUpState, StandInMode, WaitState
from nhipcau.signups.models import SignUp, Waiting
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member, Team
from tests import databases
from tests.conftest import KEYS
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_member, make_post, make_shift, make_sign_up, make_team

PEOPLE = 12


@pytest.fixture
def crowd(committed: Cast) -> list[Member]:
    tag = new_id().hex
    return [make_member(f"{tag}.{number}") for number in range(PEOPLE)]


@pytest.fixture
def team(committed: Cast, crowd: list[Member]) -> Team:
    return make_team(committed, name=f"Đội {new_id()}", extra=tuple(crowd))


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Everybody on a connection of their own, at the same moment; what came of it, a refusal included."""
    gate = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        try:
            gate.wait(20)
            return act()
        except UnableTo as error:
            return error
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def joins(member: Member, need: ShiftNeed, tap: Any = None) -> Callable[[], Any]:
    return lambda: services.join(id=tap or new_id(), need_id=need.pk, by=actor_of(member, NOW), now=NOW)


def held(need: ShiftNeed) -> int:
    need.refresh_from_db()
    count = SignUp.objects.filter(need=need, state__in=HOLDING).count()
    assert need.taken == count
    return count


def test_twelve_on_three_places(team: Team, crowd: list[Member]) -> None:
    need = make_shift(make_post(team), ideal=3, maximum=3)
    found = at_once([joins(member, need) for member in crowd])
    assert held(need) == 3
    assert sum(isinstance(one, SignUp) for one in found) == 3
    assert sum(isinstance(one, services.UnableToTakeSeat) for one in found) == PEOPLE - 3


def test_the_same_tap_many_times_at_once(team: Team, crowd: list[Member]) -> None:
    need = make_shift(make_post(team))
    tap = new_id()
    found = at_once([joins(crowd[0], need, tap)] * 6)
    assert {one.pk for one in found} == {tap}
    assert held(need) == 1


def test_one_person_on_two_shifts_at_the_same_time(team: Team, crowd: list[Member]) -> None:
    needs = [make_shift(make_post(team, name=f"Bàn {number}")) for number in range(4)]
    found = at_once([joins(crowd[0], need) for need in needs])
    assert sum(isinstance(one, SignUp) for one in found) == 1
    assert sum(held(need) for need in needs) == 1


def test_two_newcomers_do_not_both_take_the_place_kept_for_one(team: Team, crowd: list[Member]) -> None:
    need = make_shift(make_post(team), maximum=4, ideal=4, pairs_newcomers=True)
    at_once([joins(member, need) for member in crowd[:6]])
    assert held(need) == 2


def test_of_many_takers_exactly_one_stands_in(team: Team, crowd: list[Member]) -> None:
    need = make_shift(make_post(team), maximum=1, ideal=1)
    old = make_sign_up(need, crowd[-1])
    by = actor_of(crowd[-1], NOW)
    services.seek_stand_in(sign_up_id=old.pk, by=by, now=NOW, mode=StandInMode.OPEN, reason="family")

    def takes(member: Member) -> Callable[[], Any]:
        return lambda: services.take_over(sign_up_id=old.pk, by=actor_of(member, NOW), now=NOW)

    comes = lambda: services.move(old, to=SignUpState.CONFIRMED, by=by, now=NOW)  # noqa: E731 - one call
    found = at_once([*(takes(member) for member in crowd[:6]), comes])
    old.refresh_from_db()
    takers = sum(isinstance(one, SignUp) for one in found[:6])
    assert (takers, old.state) in [(1, SignUpState.SWAPPED), (0, SignUpState.CONFIRMED)]
    assert held(need) == 1


def test_the_line_is_not_overtaken(team: Team, crowd: list[Member]) -> None:
    """A place is given up while many press: whoever waited has the offer, nobody else the place."""
    need = make_shift(make_post(team), maximum=1, ideal=1)
    old = make_sign_up(need, crowd[-1])
    services.join_line(need_id=need.pk, by=actor_of(crowd[0], NOW), now=NOW)

    def gives_up() -> Any:
        return services.cancel(sign_up_id=old.pk, by=actor_of(crowd[-1], NOW), now=NOW, reason="ill")

    at_once([gives_up, *(joins(member, need) for member in crowd[1:7])])
    assert held(need) == 0
    row = Waiting.objects.get(need=need)
    assert row.state == WaitState.OFFERED
    accept = lambda: services.accept_offer(  # noqa: E731 - one call
        waiting_id=row.pk, by=actor_of(crowd[0], NOW), now=NOW
    )
    found = at_once([accept, accept, *(joins(member, need) for member in crowd[1:5])])
    assert found[0].pk == found[1].pk
    assert held(need) == 1


def test_giving_up_and_joining_never_wait_in_a_circle(team: Team, crowd: list[Member]) -> None:
    need = make_shift(make_post(team), maximum=6, ideal=6)
    rows = [make_sign_up(need, member) for member in crowd[:6]]

    def leaves(row: SignUp) -> Callable[[], Any]:
        by = actor_of(row.member, NOW)
        return lambda: services.cancel(sign_up_id=row.pk, by=by, now=NOW, reason="ill")

    found = at_once([*(leaves(row) for row in rows), *(joins(member, need) for member in crowd[6:])])
    assert all(isinstance(one, SignUp) for one in found[:6])
    assert held(need) == sum(isinstance(one, SignUp) for one in found[6:])


@pytest.fixture
def server(committed: Cast, tmp_path: Path) -> Iterator[int]:
    """The product's own web server with several workers on the same database."""
    before, _mark, query = databases.connect_to_server().partition("?")
    name = connections["default"].settings_dict["NAME"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {
        **os.environ,
        **KEYS,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"{before.rpartition('/')[0]}/{quote(name)}" + (f"?{query}" if query else ""),
        "NHIPCAU_HOME": str(tmp_path),
    }
    process = subprocess.Popen(
        web_command("127.0.0.1", port, 2),
        cwd=databases.ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while not answers("127.0.0.1", port):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def test_twelve_on_three_places_over_http(team: Team, crowd: list[Member], server: int) -> None:
    today = clock.local_date(clock.now())
    day = today.fromordinal(today.toordinal() + 3)
    need = make_shift(make_post(team), day=day, ideal=3, maximum=3)
    path, csrf = reverse("signups:join", args=[need.pk]), "c" * 32

    def presses(member: Member) -> Callable[[], Any]:
        client = Client()
        client.force_login(member)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={csrf}; lang=en",
            "Content-Type": "application/x-www-form-urlencoded",
        }

        def press() -> tuple[int, str]:
            connection = http.client.HTTPConnection("127.0.0.1", server, timeout=60)
            body = urlencode({"csrfmiddlewaretoken": csrf, "tap": str(new_id())})
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            found = response.status, response.read().decode()
            connection.close()
            return found

        return press

    found = at_once([presses(member) for member in crowd])
    assert held(need) == 3
    assert sorted(status for status, _text in found) == [302] * 3 + [409] * (PEOPLE - 3)
    losers = [text for status, text in found if status == 409]
    assert all("The last place was just taken" in text and "Wait in line" in text for text in losers)
