"""The server half of the field protocol alone: 100,000 commands, in random order, with repeats.

    python benchmarks/sync_replay.py [--commands 100000] [--batch 100] [--phones 8] [--workers 2]

Needs nothing but the product, as `sync_commands` does. Phones of several volunteers send help sessions (some
taken back, some impossible, some twice under two commands), cases with notes, changes, disputed changes and
dossiers, results of visits, and people counted in classes, over real HTTP in batches of 100. What waits is
drawn at random, so a note comes before its case as often as after it and is then asked for again; a quarter
of each batch was sent before; now and then a batch goes on two roads at once. At the end everything is sent
once more in another order. Leaves with 1 unless every command has one receipt, always the same, of the kind
it must have, and the rows are those of the model: nothing lost, nothing doubled, nothing silent.
"""

import argparse
import asyncio
import json
import os
import random
import secrets
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.sign_up_race import web  # noqa: E402 - found through the line above
from benchmarks.sync_commands import body, product, read_answer, request  # noqa: E402 - as above

if TYPE_CHECKING:
    from tests.factories.field_work import Work

COMMUNE = "24848"
SEED = 7
REPEATED = 0.25
SIDE_BY_SIDE = 0.03
VISITS = 120
# How often each happens, of a hundred. A number that is known is asked about: there is nobody here to answer.
SHARES = {
    "record": 56, "wrong": 2, "twin": 2, "undo": 5, "open": 4, "note": 9, "move": 4, "due": 4, "stale": 2,
    "dossier": 2, "papers": 1, "visit": 1, "add": 7, "remove": 1,
}  # fmt: skip
HOUR = timedelta(hours=1)
Receipts = dict[str, dict[str, Any]]


@dataclass
class Tally:
    """What is reported, and what is wrong: all of `lost`, `doubled` and `silent` must stay 0.

    `troubles`: batches that the server gave up, as when two of them wait for each other; sent again.
    """

    commands: int = 0
    sent: int = 0
    batches: int = 0
    later: int = 0
    troubles: int = 0
    seconds: float = 0.0
    rate: float = 0.0
    again_rate: float = 0.0
    load: float = 0.0
    seed: int = SEED
    lost: int = 0
    doubled: int = 0
    silent: int = 0
    wrong: list[str] = field(default_factory=list)

    def say(self, kind: str, count: int, what: str) -> None:
        if count:
            setattr(self, kind, getattr(self, kind) + count)
            self.wrong.append(f"{count} {kind}: {what}")


def make_work(phones: int, commands: int) -> "list[Work]":
    """Members with a phone each, visits of theirs, two classes of all of them, and what they will say."""
    from nhipcau.core import clock  # noqa: PLC0415 - Django stands only now
    from nhipcau.teams import services as teams  # noqa: PLC0415 - as above
    from tests.factories.field_plans import lead, plan_at_home  # noqa: PLC0415 - as above
    from tests.factories.field_work import Work  # noqa: PLC0415 - as above
    from tests.factories.phones import make_phone  # noqa: PLC0415 - as above

    leader, members = lead(COMMUNE), []
    now, dice = clock.now(), random.Random(SEED)
    for _ in range(phones):
        name = f"replay{secrets.token_hex(6)}"
        members.append(teams.register_member(by=None, now=now, username=name, name="Bạn", commune=COMMUNE))
        teams.grant_role(by=None, now=now, member=members[-1], role="volunteer", unit_code=COMMUNE)
    day = now.replace(minute=0, second=0, microsecond=0)
    works = []
    for place, member in enumerate(members):
        # Most classes are taught alone, one by two people who count in it at the same time.
        pair = members[place - place % 2 : place - place % 2 + 2]
        if place % 2 == 0:
            shared = teach(leader, pair, day - 2 * HOUR, now)
        classes = [shared, *(teach(leader, [member], day - n * HOUR, now) for n in range(4, 26, 2))]
        hours = [day + number * HOUR for number in range(1, VISITS + 1)]
        visits = [plan_at_home(leader, member, start, start + HOUR / 2) for start in hours]
        phone, own = make_phone(member, now), random.Random(dice.random())
        work = Work(phone, own, now, Ready(COMMUNE, own, visits, classes), SHARES)
        work.fill(commands // phones)
        works.append(work)
    return works


def teach(leader: Any, trainers: list[Any], starts_at: Any, now: Any) -> str:
    from tests.factories.classes import make_class  # noqa: PLC0415 - as above

    return str(make_class(leader, *trainers, now=now, starts_at=starts_at).pk)


@dataclass
class Ready:
    """What was planned for one phone before it begins."""

    commune: str
    dice: random.Random
    visits: list[str]
    classes: list[str]

    def visit(self) -> str | None:
        return self.visits.pop() if self.visits else None

    def lesson(self) -> str:
        return self.dice.choice(self.classes)

    def shift(self) -> tuple[str, str] | None:
        return None

    def guide(self) -> str:
        from tests.factories.field_plans import guide_in  # noqa: PLC0415 - Django stands only now

        return guide_in(self.commune)


@dataclass
class Road:
    """One phone on its way: what still waits, what was sent before, and every receipt it got."""

    work: "Work"
    port: int
    batch: int
    dice: random.Random
    tally: Tally
    receipts: Receipts = field(default_factory=dict)

    async def run(self) -> None:
        waiting, sent = list(self.work.commands), []
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        told = time.monotonic()
        while waiting:
            if time.monotonic() - told > 30:
                told = time.monotonic()
                print(f"{len(waiting)} of {len(self.work.commands)} wait", file=sys.stderr, flush=True)
            fresh = [self._draw(waiting) for _ in range(min(len(waiting), self._fresh))]
            old = self.dice.sample(sent, min(len(sent), self.batch - len(fresh)))
            commands = [*fresh, *old]
            self.dice.shuffle(commands)
            if self.dice.random() < SIDE_BY_SIDE:
                beside = await asyncio.open_connection("127.0.0.1", self.port)
                await asyncio.gather(self._send(commands, reader, writer), self._send(commands, *beside))
                beside[1].close()
            else:
                await self._send(commands, reader, writer)
            waiting += [command for command in fresh if command["id"] not in self.receipts]
            sent += [command for command in fresh if command["id"] in self.receipts]
        writer.close()

    async def again(self) -> None:
        """All of it once more, in another order: every receipt is there already."""
        commands = list(self.work.commands)
        self.dice.shuffle(commands)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for start in range(0, len(commands), self.batch):
            await self._send(commands[start : start + self.batch], reader, writer)
        writer.close()

    @property
    def _fresh(self) -> int:
        return int(self.batch * (1 - REPEATED)) or 1

    def _draw(self, waiting: list[dict[str, Any]]) -> dict[str, Any]:
        place = self.dice.randrange(len(waiting))
        waiting[place], waiting[-1] = waiting[-1], waiting[place]
        return waiting.pop()

    async def _send(self, commands: list[dict[str, Any]], reader: Any, writer: Any) -> None:
        from nhipcau.core import clock  # noqa: PLC0415 - as above

        for _time in range(20):
            writer.write(request(self.work.phone.credentials.token, body(commands, clock.now())))
            try:
                status, answer, _size = await read_answer(reader)
            except ValueError:
                status, answer = 500, None
            if status == 200:
                break
            self.tally.troubles += 1
            await asyncio.sleep(self.dice.uniform(0.05, 0.5))
        else:
            sys.exit(f"answered {status} again and again: {answer}")
        asked = {command["id"] for command in commands}
        told = [receipt["id"] for receipt in answer["receipts"]]
        self.tally.batches += 1
        self.tally.sent += len(commands)
        self.tally.later += len(answer["later"])
        self.tally.say("silent", len(asked - set(told) - set(answer["later"])), "without any answer")
        self.tally.say("doubled", len(told) - len(set(told)), "two receipts in one answer")
        for receipt in answer["receipts"]:
            if self.receipts.setdefault(receipt["id"], receipt) != receipt:
                self.tally.say("doubled", 1, f"another receipt for {receipt['id']}")


def check(roads: list[Road], before: int, tally: Tally) -> None:
    """Held against receipts, rows, and the database's own log."""
    ever = 0
    for road in roads:
        check_answers(road, tally)
        check_books(road.work, tally)
        ever += sum(command["name"] == "sessions.record" for command in first_ones(road.work))
    tally.say("doubled", abs(inserts() - before - ever), "sessions inserted more or less than once")


def first_ones(work: "Work") -> list[dict[str, Any]]:
    """What was done, without what says it again."""
    again = {key for keys in work.twins.values() for key in keys[1:]}
    done = [key for key, right in work.expected.items() if ("applied", "") in right]
    fresh = set(done) - again
    return [command for command in work.commands if command["id"] in fresh]


def inserts() -> int:
    from nhipcau.audit.models import Entry  # noqa: PLC0415 - as above

    return Entry.objects.filter(entity="cases_helpsession", action="insert").count()


def check_answers(road: Road, tally: Tally) -> None:
    from nhipcau.sync.models import Receipt  # noqa: PLC0415 - as above

    work = road.work
    got = {key: (one["result"], one["code"]) for key, one in road.receipts.items()}
    tally.say("lost", len(work.expected.keys() - got.keys()), "commands without a receipt")
    others = Counter(got[key] for key, right in work.expected.items() if got.get(key) not in right)
    tally.say("silent", others.total(), f"answers of another kind: {dict(others)}")
    kept = {
        str(key): (result, code)
        for key, result, code in Receipt.objects.filter(device_id=work.phone.id).values_list(
            "pk", "result", "code"
        )
    }
    tally.say("lost", len(got.items() ^ kept.items()), "receipts that are not those in the books")
    firsts = [sum(got.get(key) == ("applied", "") for key in keys) for keys in work.twins.values()]
    tally.say("doubled", sum(count != 1 for count in firsts), "twins of which not exactly one was first")


def check_books(work: "Work", tally: Tally) -> None:
    from nhipcau.sync.models import Conflict  # noqa: PLC0415 - as above
    from tests.factories.field_books import books_of, difference, expected_books  # noqa: PLC0415 - as above

    found = difference(expected_books(work.commands, work.expected), books_of(work.phone.member))
    tally.say("lost", len(found.lost), f"rows: {found.lost[:9]}")
    tally.say("doubled", len(found.doubled), f"rows: {found.doubled[:9]}")
    tally.say("silent", len(found.changed), f"rows: {found.changed[:9]}")
    open_ones = Conflict.objects.filter(device_id=work.phone.id, state="open")
    held = {str(key) for key in open_ones.values_list("command", flat=True)}
    tally.say("silent", len(held ^ work.disputes), "disputes that nobody is asked about")


def replay(port: int, wanted: argparse.Namespace) -> Tally:
    tally, dice = Tally(), random.Random(SEED + 1)
    works = make_work(wanted.phones, wanted.commands)
    roads = [Road(work, port, wanted.batch, random.Random(dice.random()), tally) for work in works]
    tally.commands, before = sum(len(work.commands) for work in works), inserts()

    async def all_of(name: str) -> float:
        started = time.perf_counter()
        await asyncio.gather(*(getattr(road, name)() for road in roads))
        return time.perf_counter() - started

    tally.seconds = round(asyncio.run(all_of("run")), 1)
    tally.rate = round(tally.sent / tally.seconds)
    first = tally.sent
    tally.again_rate = round(tally.commands / asyncio.run(all_of("again")))
    tally.sent, tally.load = first + tally.commands, round(os.getloadavg()[0], 1)
    print(
        f"{tally.commands} commands of {len(roads)} phones, seed {SEED}, {first} sent in {tally.batches} "
        f"batches with repeats, {tally.later} times asked to wait for another, {tally.troubles} given up: "
        f"{tally.seconds} s, "
        f"{tally.rate} a second; all again in another order: {tally.again_rate} a second (load {tally.load})"
    )
    check(roads, before, tally)
    print(*(tally.wrong or ["the rows are those of the model; every receipt was always the same"]), sep="\n")
    print(f"lost {tally.lost}, doubled {tally.doubled}, silent {tally.silent}")
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--commands", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--phones", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path, help="where to write what came of it")
    parser.add_argument("--home", default="", help="state folder to use again; else a new one, removed after")
    wanted = parser.parse_args()
    with product(wanted.home), web(wanted.workers) as port:
        tally = replay(port, wanted)
    if wanted.json:
        wanted.json.parent.mkdir(parents=True, exist_ok=True)
        wanted.json.write_text(json.dumps(asdict(tally)), encoding="utf-8")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
