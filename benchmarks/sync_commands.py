"""How many commands of phones the server takes a second, over real HTTP, in batches of 100.

    python benchmarks/sync_commands.py [--commands 30000] [--batch 100] [--phones 4] [--workers 2]
                                       [--json FILE]

Needs nothing but the product: it starts a database of its own (or uses DATABASE_URL, which must be a database
made for this), signs phones in, and lets each send its outbox of help sessions, one batch after the other,
all phones at once. Then the very same rows – sessions and receipts – are written by plain bulk INSERT, 100 at
a time, through one connection without the product: the ratio says more than a number of one machine.
Then all batches are sent once more: every receipt must be the same, and nothing may be written twice.
Last, one phone's day (60 sessions and its receipts) over a slow-3G line (400 kbit/s, 400 ms there and back).
Leaves with 1 when a command was lost, doubled, or answered in another way the second time; when fewer than
1,500 a second were taken, or the slow day took 2 s or longer.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.sign_up_race import web  # noqa: E402 - found through the line above
from config.cli import database, say  # noqa: E402 - as above
from config.prepare import prepare  # noqa: E402 - as above

COMMUNE = "24848"
TAG = f"sync{os.getpid()}"
SLOW_BYTES = 400_000 / 8
SLOW_TRIP = 0.4
DAY = 60
LEAST_A_SECOND = 1500
MOST_SECONDS = 2.0


@dataclass
class Sender:
    """A phone that is signed in, and the bodies it sends."""

    token: str
    bodies: list[bytes]


@dataclass(frozen=True)
class Sent:
    """The answers by phone and batch, and how long all of them took."""

    answers: list[list[Any]]
    seconds: float


def make_senders(phones: int, commands: int, batch: int) -> list[Sender]:
    """Members with a phone each; the outbox is written beforehand."""
    from nhipcau.core import clock  # noqa: PLC0415 - Django stands only now
    from nhipcau.teams import services as teams  # noqa: PLC0415 - as above
    from tests.factories.phones import make_phone  # noqa: PLC0415 - as above

    now = clock.now()
    dice = random.Random(5)
    senders = []
    for number in range(phones):
        name = f"{TAG}x{secrets.token_hex(5)}{number}"
        member = teams.register_member(by=None, now=now, username=name, name="Bạn", commune=COMMUNE)
        teams.grant_role(by=None, now=now, member=member, role="volunteer", unit_code=COMMUNE)
        phone = make_phone(member, now)
        made = [session(phone, now, dice) for _ in range(commands // phones)]
        bodies = [body(made[start : start + batch], now) for start in range(0, len(made), batch)]
        senders.append(Sender(phone.credentials.token, bodies))
    return senders


def session(phone: Any, now: datetime, dice: random.Random) -> dict[str, Any]:
    command: dict[str, Any] = phone.session(
        now + timedelta(seconds=1),
        minutes=dice.randint(3, 60),
        alone=dice.choice(["all_alone", "mostly_alone", "half", "mostly_helped", "fully_helped"]),
        age_band=dice.choice(["18_34", "35_59", "60_74", "75_up", "not_said"]),
        need=dice.choice(["topic:vneid", "topic:payment", "procedure:birth-registration"]),
    )
    return command


def body(commands: list[dict[str, Any]], now: datetime) -> bytes:
    content = {"device_time": now.isoformat(), "app": "0.1.0", "waiting": len(commands), "commands": commands}
    return json.dumps(content).encode()


def request(token: str, content: bytes) -> bytes:
    head = (
        "POST /api/v1/sync/commands HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, Any, int]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    content = await reader.readexactly(int(fields["content-length"]))
    return int(head.split(" ", 2)[1]), json.loads(content), len(head) + len(content)


async def one_phone(port: int, sender: Sender) -> list[Any]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    for content in sender.bodies:
        writer.write(request(sender.token, content))
        status, answer, _size = await read_answer(reader)
        if status != 200:
            sys.exit(f"answered {status}: {answer}")
        answers.append(answer)
    writer.close()
    return answers


async def all_phones(port: int, senders: list[Sender]) -> Sent:
    started = time.perf_counter()
    answers = await asyncio.gather(*(one_phone(port, sender) for sender in senders))
    return Sent(list(answers), time.perf_counter() - started)


def plain_insert(batch: int) -> tuple[int, float]:
    """The rows that stand now, written again by INSERT … VALUES alone; how many commands, and seconds."""
    from django.db import connection, transaction  # noqa: PLC0415 - as above

    from nhipcau.cases.models import HelpSession  # noqa: PLC0415 - as above
    from nhipcau.core.ids import new_id  # noqa: PLC0415 - as above
    from nhipcau.sync.models import Receipt  # noqa: PLC0415 - as above

    sessions = list(HelpSession.objects.filter(volunteer__username__startswith=TAG))
    receipts = list(Receipt.objects.filter(name="sessions.record", device__member__username__startswith=TAG))
    for row in (*sessions, *receipts):
        row.pk = new_id()
    started = time.perf_counter()
    for start in range(0, len(sessions), batch):
        with transaction.atomic():
            insert(connection, sessions[start : start + batch])
            insert(connection, receipts[start : start + batch])
    seconds = time.perf_counter() - started
    HelpSession.objects.filter(pk__in=[row.pk for row in sessions]).delete()
    Receipt.objects.filter(pk__in=[row.pk for row in receipts]).delete()
    return len(sessions), seconds


def insert(connection: Any, rows: list[Any]) -> None:
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    line = "(" + ", ".join(["%s"] * len(fields)) + ")"
    values = [
        field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields
    ]
    with connection.cursor() as cursor:
        table = rows[0]._meta.db_table
        cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {', '.join([line] * len(rows))}", values)


def same(first: Sent, again: Sent) -> bool:
    """The second time every command got the very same receipt."""
    for one, two in zip(first.answers, again.answers, strict=True):
        for before, after in zip(one, two, strict=True):
            if before["receipts"] != after["receipts"]:
                return False
    return True


async def slow_day(port: int, sender: Sender) -> float:
    """One batch of a day over a slow line: what is sent and read waits as long as the line needs."""
    content = request(sender.token, sender.bodies[0])
    started = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(SLOW_TRIP)  # the connection itself
    await asyncio.sleep(SLOW_TRIP + len(content) / SLOW_BYTES)
    writer.write(content)
    status, answer, size = await read_answer(reader)
    await asyncio.sleep(size / SLOW_BYTES)
    writer.close()
    if status != 200 or len(answer["receipts"]) != DAY:
        sys.exit(f"the slow day was answered {status}")
    return time.perf_counter() - started


def count() -> int:
    from nhipcau.cases.models import HelpSession  # noqa: PLC0415 - as above

    return HelpSession.objects.filter(volunteer__username__startswith=TAG).count()


def measure(port: int, wanted: argparse.Namespace) -> tuple[bool, dict[str, Any]]:
    """Whether every command was done and answered once; and the figures."""
    warm = make_senders(wanted.phones, 1200, wanted.batch)
    asyncio.run(all_phones(port, warm))
    before = count()
    senders = make_senders(wanted.phones, wanted.commands, wanted.batch)
    total = sum(len(json.loads(content)["commands"]) for sender in senders for content in sender.bodies)
    first = asyncio.run(all_phones(port, senders))
    load = os.getloadavg()[0]
    results = [row["result"] for phone in first.answers for answer in phone for row in answer["receipts"]]
    right = results == ["applied"] * total and count() == before + total
    again = asyncio.run(all_phones(port, senders))
    right = right and same(first, again) and count() == before + total
    rows, seconds = plain_insert(wanted.batch)
    day = make_senders(1, DAY, DAY)[0]
    return right, {
        "commands": total,
        "batch": wanted.batch,
        "workers": wanted.workers,
        "rate": total / first.seconds,
        "again_rate": total / again.seconds,
        "insert_rate": rows / seconds,
        "slow_day": asyncio.run(slow_day(port, day)),
        "load": load,
        "cores": os.cpu_count(),
    }


def tell(right: bool, found: dict[str, Any]) -> None:
    rate = found["rate"]
    print(f"{found['commands']} commands: {rate:.0f} a second (load {found['load']:.1f})")
    print(f"the same again: {found['again_rate']:.0f} a second, receipts {'equal' if right else 'DIFFER'}")
    print(
        f"plain bulk INSERT of the same rows: {found['insert_rate']:.0f} a second, "
        f"{found['insert_rate'] / rate:.2f} times as many"
    )
    print(f"a day's outbox ({DAY} sessions) over slow 3G: {found['slow_day']:.2f} s")


@contextlib.contextmanager
def product(home: str) -> Iterator[None]:
    """The product's own database, ready."""
    with contextlib.ExitStack() as stack:
        os.environ["NHIPCAU_HOME"] = home or stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(database())
        prepare(say)
        import django  # noqa: PLC0415 - reads the environment

        django.setup()
        yield


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--commands", type=int, default=30_000)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--phones", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--home", default="", help="state folder to use again; else a new one, removed after")
    parser.add_argument("--json", type=Path, help="where to write what came of it")
    wanted = parser.parse_args()
    with product(wanted.home), web(wanted.workers) as port:
        right, found = measure(port, wanted)
    tell(right, found)
    if wanted.json:
        wanted.json.parent.mkdir(parents=True, exist_ok=True)
        wanted.json.write_text(json.dumps(found), encoding="utf-8")
    in_time = found["rate"] >= LEAST_A_SECOND and found["slow_day"] < MOST_SECONDS
    return 0 if right and in_time else 1


if __name__ == "__main__":
    sys.exit(main())
