"""A phone as the protocol sees it: an outbox, receipts, and somebody who works with it.

It is written from the description of the protocol, not from the app: the app has tests of its own. What must
come of the work is told by `tests.factories.field_books`.
"""

import http.client
import json
import secrets
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any

from nhipcau.audit.models import Entry
from nhipcau.core import clock
from nhipcau.sync.models import Conflict, Receipt
from nhipcau.teams import services as teams
from nhipcau.teams.enums import Role
from tests.factories.field_books import books_of, difference, expected_books
from tests.factories.field_plans import FieldPlans
from tests.factories.field_work import BUSY, KNOWN, Command, Work
from tests.factories.phones import Phone, make_phone

from .verdict import Verdict

COMMUNE = "24848"
SECONDS = 1.0


@dataclass
class Handset:
    """`outbox`: commands without a receipt, in the order in which they were made."""

    phone: Phone
    port: int
    dice: Random
    work: Work
    outbox: dict[str, Command] = field(default_factory=dict)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    operations: int = 0
    # How long it waits for an answer.
    seconds: float = SECONDS
    _kept: int = 0

    # What a volunteer does.

    def say(self) -> None:
        """Something of a day, as the dice will."""
        self.work.fill(len(self.made) + 1)
        self._keep()

    def record(self) -> None:
        self.work.record()
        self._keep()

    def open_case(self) -> None:
        self.work.open()
        self._keep()

    def answer(self) -> None:
        """To all that the server asked about a number that is known: the same person, or another one."""
        for key, right in list(self.work.expected.items()):
            receipt = self.receipts.get(key)
            if right == KNOWN and receipt is not None and key not in self.answered:
                self.answered.add(key)
                self.work.answer(key, receipt["about"])
        self._keep()

    @property
    def made(self) -> list[Command]:
        """Every one ever."""
        return self.work.commands

    def _keep(self) -> None:
        """What was said is on the phone."""
        fresh = self.made[self._kept :]
        self._kept += len(fresh)
        self.operations += len(fresh)
        self.outbox |= {command["id"]: command for command in fresh}

    # What the phone does.

    def sync(self, most: int = 50) -> bool:
        """One batch out of the outbox in its order; whether an answer came that could be used. As often as
        not somebody first answers what they are asked."""
        if self.dice.random() < 0.5:
            self.answer()
        self.operations += 1
        return self.send(list(self.outbox.values())[:most])

    def send_anything(self) -> bool:
        """Old and new commands in any order, some twice: as after a restored copy of the phone."""
        self.operations += 1
        chosen = self.dice.sample(self.made, min(len(self.made), self.dice.randint(1, 20)))
        return self.send([*chosen, *self.dice.sample(chosen, len(chosen) // 2)])

    def send_side_by_side(self) -> None:
        """Two tabs of one phone, or a request that was given up and still arrives beside the next one."""
        self.operations += 1
        waiting = list(self.outbox.values())
        halves = (waiting[: len(waiting) * 2 // 3], waiting[len(waiting) // 3 :])
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(self._post, halves))
        for sent, answer in zip(halves, answers, strict=True):
            self._take(sent, answer)

    def send(self, commands: Iterable[Command]) -> bool:
        sent = list(commands)
        return self._take(sent, self._post(sent))

    def _take(self, sent: list[Command], answer: dict[str, Any] | None) -> bool:
        if answer is None:
            return False
        ids = {command["id"] for command in sent}
        for receipt in answer["receipts"]:
            if receipt["id"] not in ids:
                continue
            known = self.receipts.setdefault(receipt["id"], receipt)
            assert known == receipt, "the same command got another receipt"
            self.outbox.pop(receipt["id"], None)
        return True

    def _post(self, commands: list[Command]) -> dict[str, Any] | None:
        body = json.dumps(
            {"device_time": clock.now().isoformat(), "app": "0.1.0", "waiting": len(self.outbox),
             "commands": commands}
        )  # fmt: skip
        headers = {
            "Authorization": f"Bearer {self.phone.credentials.token}",
            "Content-Type": "application/json",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        try:
            connection.request("POST", "/api/v1/sync/commands", body, headers)
            response = connection.getresponse()
            content = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()
        usable = (
            response.status == 200 and isinstance(content, dict) and isinstance(content.get("receipts"), list)
        )
        return content if usable else None

    def drain(self) -> None:
        """Sends, and answers what is asked, until nothing waits; a few rounds are enough once nothing goes
        wrong any more."""
        for _round in range(20):
            self.answer()
            if not self.outbox:
                return
            self.sync()
        raise AssertionError(f"{len(self.outbox)} commands never got a receipt")

    # What must come of it.

    def verdict(self) -> Verdict:
        """Held against receipts, rows, and the database's own log."""
        work = self.work
        books = difference(expected_books(work.commands, work.expected), books_of(self.phone.member))
        kept = {str(row.pk): row.result for row in Receipt.objects.filter(device_id=self.phone.id)}
        told = {key: receipt["result"] for key, receipt in self.receipts.items()}
        wrong = [
            f"{key}: {receipt['result']} {receipt['code']}"
            for key, receipt in self.receipts.items()
            if (receipt["result"], receipt["code"]) not in work.expected[key]
        ]
        firsts = [sum(told.get(key) == "applied" for key in keys) for keys in work.twins.values()]
        conflicts = Conflict.objects.filter(device_id=self.phone.id).values_list("command", flat=True)
        asked = {str(key) for key in conflicts}
        lost = [*(work.expected.keys() - self.receipts.keys()), *books.lost]
        doubled = [*books.doubled, *self._written_twice(), *(count for count in firsts if count > 1)]
        silent = [
            *books.changed,
            *self.outbox,
            *(kept.items() ^ told.items()),
            *wrong,
            *(asked ^ work.disputes),
        ]
        return Verdict.of(lost, doubled, silent)

    def _written_twice(self) -> list[str]:
        """Rows that the log saw come more than once, also when they are gone again."""
        ids = [command["data"].get("id") for command in self.made]
        entries = Entry.objects.filter(
            entity__in=["cases_helpsession", "cases_case"], action="insert", entity_id__in=ids
        )
        written = Counter(entries.values_list("entity_id", flat=True))
        return list((written - Counter(set(written))).elements())


def new_handset(port: int, dice: Random) -> Handset:
    """The phone of a new volunteer."""
    now, name = clock.now(), f"phone{secrets.token_hex(6)}"
    member = teams.register_member(by=None, now=now, username=name, name="Bạn Mẫu", commune=COMMUNE)
    teams.grant_role(by=None, now=now, member=member, role=Role.VOLUNTEER, unit_code=COMMUNE)
    phone = make_phone(member, now)
    return Handset(phone, port, dice, Work(phone, dice, now, FieldPlans(member), BUSY))
