"""A phone as the protocol sees it: an outbox, a drawer, receipts; and a model of what must come of it.

It is written from the description of the protocol, not from the app: the app has tests of its own.
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
from nhipcau.cases.models import HelpSession
from nhipcau.core import clock
from nhipcau.sync.models import Receipt
from nhipcau.teams import services as teams
from nhipcau.teams.enums import Role
from tests.factories.phones import Phone, make_phone

from .verdict import Verdict

COMMUNE = "24848"
SECONDS = 1.0
Command = dict[str, Any]


@dataclass
class Handset:
    """`outbox`: commands without a receipt, in the order in which they were made. `made`: every one ever."""

    phone: Phone
    port: int
    dice: Random
    outbox: dict[str, Command] = field(default_factory=dict)
    made: dict[str, Command] = field(default_factory=dict)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    twinned: set[str] = field(default_factory=set)
    undone: dict[str, str] = field(default_factory=dict)
    operations: int = 0
    # How long it waits for an answer.
    seconds: float = SECONDS

    # What a volunteer does.

    def record(self) -> None:
        """A help session; one in ten cannot be."""
        minutes = 0 if self.dice.random() < 0.1 else self.dice.randint(1, 60)
        self._add(self.phone.session(clock.now(), minutes=minutes))

    def record_twin(self) -> None:
        """The same session under a new command, as when a page was killed and asked again."""
        again = self._choose_untouched()
        if again is not None:
            self.twinned |= {
                again["id"],
                self._add(self.phone.command("sessions.record", again["data"], clock.now(), v=2)),
            }

    def undo(self) -> None:
        """Takes a session back."""
        taken = self._choose_untouched()
        if taken is not None:
            self.undone[taken["id"]] = self._add(
                self.phone.command(
                    "sessions.undo", {"session": taken["data"]["id"]}, clock.now(), needs=[taken["id"]]
                )
            )

    def _choose_untouched(self) -> Command | None:
        """A session that was recorded once and not taken back: so its end does not hang on the order."""
        free = [
            command
            for key, command in self.made.items()
            if command["name"] == "sessions.record" and key not in self.twinned and key not in self.undone
        ]
        return self.dice.choice(free) if free else None

    def _add(self, command: Command) -> str:
        self.operations += 1
        self.outbox[command["id"]] = self.made[command["id"]] = command
        return str(command["id"])

    # What the phone does.

    def sync(self, most: int = 50) -> bool:
        """One batch out of the outbox in its order; whether an answer came that could be used."""
        self.operations += 1
        return self.send(list(self.outbox.values())[:most])

    def send_anything(self) -> bool:
        """Old and new commands in any order, some twice: as after a restored copy of the phone."""
        self.operations += 1
        chosen = self.dice.sample(list(self.made.values()), min(len(self.made), self.dice.randint(1, 20)))
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
        """Sends until nothing waits; a few rounds are enough once nothing goes wrong any more."""
        for _round in range(20):
            if not self.outbox:
                return
            self.sync()
        raise AssertionError(f"{len(self.outbox)} commands never got a receipt")

    # What must come of it.

    def verdict(self) -> Verdict:
        """Held against receipts, rows, and the database's own log."""
        kept = {str(row.pk): row.result for row in Receipt.objects.filter(device_id=self.phone.id)}
        told = {key: receipt["result"] for key, receipt in self.receipts.items()}
        sessions = {
            command["data"]["id"]: key for key, command in self.made.items() if "minutes" in command["data"]
        }
        standing = {session for session, key in sessions.items() if self._stands(key)}
        rows = HelpSession.objects.filter(volunteer=self.phone.member)
        found = {str(key) for key in rows.values_list("pk", flat=True)}
        ever = {session for session, key in sessions.items() if self._good(key)}
        inserts = Entry.objects.filter(
            entity="cases_helpsession", action="insert", entity_id__in=list(sessions)
        )
        written = Counter(inserts.values_list("entity_id", flat=True))
        return Verdict(
            lost=len(self.made.keys() - self.receipts.keys())
            + len(standing - found)
            + len(ever - set(written)),
            doubled=len(found - standing) + sum((written - Counter(ever)).values()),
            silent=len(self.outbox) + len(kept.items() ^ told.items()) + self._wrong_undos(),
        )

    def _wrong_undos(self) -> int:
        """Taken back, or refused with its reason because there was nothing to take back."""
        wrong = 0
        for key, undo in self.undone.items():
            expected = ("applied", "") if self._good(key) else ("refused", "sync.need_refused")
            wrong += (self.receipts[undo]["result"], self.receipts[undo]["code"]) != expected
        return wrong

    def _good(self, key: str) -> bool:
        return bool(self.made[key]["data"]["minutes"])

    def _stands(self, key: str) -> bool:
        return self._good(key) and key not in self.undone


def new_handset(port: int, dice: Random) -> Handset:
    """The phone of a new volunteer."""
    now, name = clock.now(), f"phone{secrets.token_hex(6)}"
    member = teams.register_member(by=None, now=now, username=name, name="Bạn Mẫu", commune=COMMUNE)
    teams.grant_role(by=None, now=now, member=member, role=Role.VOLUNTEER, unit_code=COMMUNE)
    return Handset(make_phone(member, now), port, dice)
