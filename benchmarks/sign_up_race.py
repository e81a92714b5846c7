"""40 people press "sign up" at once on a shift with 5 places, over real HTTP against 8 workers.

    python benchmarks/sign_up_race.py [--runs 20] [--people 40] [--places 5] [--workers 8] [--home FOLDER]

Needs nothing but the product: it starts a database of its own (or uses DATABASE_URL, which must be a database
made for this), makes a team, its shifts and sessions, starts the web server, and opens one connection a
person before each run. The time of a person runs from the moment all requests are sent until the whole
answer is there. Beside it stands the same crowd asking for a trivial page of a signed-in member, in the same
run: the ratio of the two says more than milliseconds of one machine. Leaves with 1 when a run did not end
with exactly as many people as places, or a loser was not told why.
"""

import argparse
import asyncio
import contextlib
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from config.cli import database, say  # noqa: E402 - found through the line above
from config.prepare import prepare  # noqa: E402 - as above
from config.serve import answers, web_command  # noqa: E402 - as above

COMMUNE = "24848"
TRIVIAL = "/messages/settings/"
# Each worker meets the pages for the first time once.
WARM_UPS = 4


@dataclass(frozen=True)
class Person:
    session: str
    csrf: str

    def request(self, path: str, body: str | None = None) -> bytes:
        """A whole request as a phone would send it."""
        head = [
            f"{'GET' if body is None else 'POST'} {path} HTTP/1.1",
            "Host: 127.0.0.1",
            f"Cookie: sessionid={self.session}; csrftoken={self.csrf}; lang=en",
        ]
        sent = b""
        if body is not None:
            sent = f"csrfmiddlewaretoken={self.csrf}&{body}".encode()
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(sent)}"]
        return "\r\n".join([*head, "", ""]).encode() + sent


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    seconds: float


async def one(port: int, request: bytes, gate: asyncio.Barrier) -> Answer:
    """Connects, waits for all the others, sends, reads the whole answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await gate.wait()
    started = time.perf_counter()
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
    body = await reader.readexactly(int(length[1])) if length else b""
    seconds = time.perf_counter() - started
    writer.close()
    return Answer(int(head.split(" ", 2)[1]), body.decode(errors="replace"), seconds)


async def crowd(port: int, requests: list[bytes]) -> list[Answer]:
    """All at once."""
    gate = asyncio.Barrier(len(requests))
    return await asyncio.gather(*(one(port, request, gate) for request in requests))


def make_people(count: int) -> tuple[list[Person], UUID]:
    """Members of a new team with an open session each; the team."""
    from django.conf import settings  # noqa: PLC0415 - Django stands only now
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    from nhipcau.core import clock  # noqa: PLC0415
    from nhipcau.teams import services as teams  # noqa: PLC0415

    now, tag = clock.now(), secrets.token_hex(4)
    team = teams.make_team(by=None, now=now - timedelta(days=40), name=f"Race {tag}", commune=COMMUNE)
    people = []
    for number in range(count):
        member = teams.register_member(
            by=None, now=now, username=f"race{tag}{number}", name=f"Bạn {number}", commune=COMMUNE
        )
        teams.grant_role(by=None, now=now, member=member, role="volunteer", unit_code=COMMUNE)
        teams.add_to_team(by=None, now=now, team=team, member=member, starts_on=clock.local_date(now))
        store = SessionStore()
        store[SESSION_KEY] = str(member.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = member.get_session_auth_hash()
        store.save()
        assert store.session_key
        people.append(Person(store.session_key, secrets.token_hex(16)))
    return people, team.pk


def make_needs(team_id: UUID, count: int, places: int) -> list[UUID]:
    """One open shift for each run, two a day."""
    from nhipcau.core import clock  # noqa: PLC0415 - as above
    from nhipcau.core.ids import new_id  # noqa: PLC0415
    from nhipcau.shifts.models import Post, Shift, ShiftNeed, TeamRoster  # noqa: PLC0415

    now = clock.now()
    # The race is about places: nobody shall be refused because they won before.
    TeamRoster.objects.create(team_id=team_id, release_days=120, most_ahead=60)
    post = Post.objects.create(
        id=new_id(), team_id=team_id, commune_id=COMMUNE, name="Race", active_from=clock.local_date(now)
    )
    needs = []
    for number in range(count):
        day = clock.local_date(now) + timedelta(days=2 + 7 * (number // 2) % 112)
        start = datetime(day.year, day.month, day.day, 7 + 6 * (number % 2), tzinfo=clock.VIETNAM)
        shift = Shift.objects.create(
            post=post,
            team_id=team_id,
            commune_id=COMMUNE,
            day=day,
            starts_at=start,
            ends_at=start + timedelta(hours=4),
            state="open",
            opened_at=now,
            made_at=now,
        )
        need = ShiftNeed.objects.create(
            shift=shift, title="Race", minimum=1, ideal=places, maximum=places, pairs_newcomers=False
        )
        needs.append(need.pk)
    return needs


@contextlib.contextmanager
def web(workers: int) -> Iterator[int]:
    """The product's own web server on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(web_command("127.0.0.1", port, workers), cwd=ROOT, env=os.environ.copy())
    try:
        until = time.monotonic() + 90
        while not answers("127.0.0.1", port):
            if process.poll() is not None or time.monotonic() > until:
                sys.exit("the web server did not start")
            time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait(15)


def warm_up(port: int, people: list[Person]) -> None:
    """Until every worker has loaded its pages and built its search index: the answers grow no faster."""
    best, since = 1e9, time.monotonic()
    while time.monotonic() - since < 10:
        answers_ = asyncio.run(crowd(port, [person.request(TRIVIAL) for person in people]))
        middle = statistics.median(answer.seconds for answer in answers_)
        if middle < best * 0.9:
            best, since = middle, time.monotonic()
        time.sleep(0.2)


def milliseconds(seconds: list[float], part: float) -> float:
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))]


def race(port: int, people: list[Person], needs: list[UUID], places: int) -> bool:
    """All runs; whether every one ended as it must."""
    from nhipcau.core.ids import new_id  # noqa: PLC0415 - as above
    from nhipcau.signups.models import SignUp  # noqa: PLC0415

    joined: list[float] = []
    trivial: list[float] = []
    good = True
    medians: list[float] = []
    for number, need in enumerate(needs):
        looks = asyncio.run(crowd(port, [person.request(TRIVIAL) for person in people]))
        taps = [person.request(f"/roster/places/{need}/join/", f"tap={new_id()}") for person in people]
        found = asyncio.run(crowd(port, taps))
        held = SignUp.objects.filter(need_id=need, state="confirmed").count()
        winners = sum(answer.status == 302 for answer in found)
        told = sum(answer.status == 409 and "last place was just taken" in answer.body for answer in found)
        right = held == winners == places and told == len(people) - places
        right = right and all(answer.status == 200 for answer in looks)
        seconds = [answer.seconds for answer in found]
        label = "warm-up" if number < WARM_UPS else f"run {number - WARM_UPS + 1:2d}"
        say(
            f"{label}: {held} on {places} places, {told} told why, "
            f"p50 {milliseconds(seconds, 0.5):5.0f} ms, p95 {milliseconds(seconds, 0.95):5.0f} ms"
            + ("" if right else f"  WRONG {sorted({a.status for a in found} | {a.status for a in looks})}")
        )
        good = good and right
        if number >= WARM_UPS:
            joined += seconds
            trivial += [answer.seconds for answer in looks]
            medians.append(milliseconds(seconds, 0.5))
    report(joined, trivial, medians)
    return good


def report(joined: list[float], trivial: list[float], medians: list[float]) -> None:
    """What was measured, the warm-ups left out."""
    for label, rows in (("sign up", joined), (f"trivial page {TRIVIAL}", trivial)):
        print(
            f"{label}: p50 {milliseconds(rows, 0.5):.0f} ms, p95 {milliseconds(rows, 0.95):.0f} ms, "
            f"slowest {milliseconds(rows, 1):.0f} ms"
        )
    middle = statistics.median(medians)
    print(f"p50 of single runs: {min(medians):.0f} to {max(medians):.0f} ms, median {middle:.0f} ms")
    print(f"ratio of the two p50: {statistics.median(joined) / statistics.median(trivial):.2f}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--places", type=int, default=5)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--home", default="", help="state folder to use again; else a new one, removed after")
    wanted = parser.parse_args()
    with contextlib.ExitStack() as stack:
        home = wanted.home or stack.enter_context(tempfile.TemporaryDirectory())
        os.environ["NHIPCAU_HOME"] = home
        stack.enter_context(database())
        prepare(say)
        import django  # noqa: PLC0415 - reads the environment

        django.setup()
        people, team = make_people(wanted.people)
        needs = make_needs(team, wanted.runs + WARM_UPS, wanted.places)
        port = stack.enter_context(web(wanted.workers))
        warm_up(port, people)
        return 0 if race(port, people, needs, wanted.places) else 1


if __name__ == "__main__":
    sys.exit(main())
