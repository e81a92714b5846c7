"""What several phones say in a long replay, and what must stand when all of it has arrived in any order.

Whatever hangs on an earlier command names it in `needs`, as the app does; all else may come in any order.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nhipcau.core.ids import new_id
from tests.factories.phones import Phone

Command = dict[str, Any]
DONE = frozenset({("applied", "")})
ONCE = frozenset({("applied", ""), ("already_applied", "")})
REFUSED = frozenset({("refused", "sync.unreadable_command")})
NEED_REFUSED = frozenset({("refused", "sync.need_refused")})
DISPUTED = frozenset({("needs_person", "sync.same_field")})
STATES = ("papers_missing", "papers_ready")
# How often each happens, of a hundred.
SHARES = {
    "record": 56, "wrong": 2, "twin": 2, "undo": 5, "open": 4, "note": 9, "move": 5, "due": 4, "stale": 2,
    "dossier": 2, "visit": 1, "add": 7, "remove": 1,
}  # fmt: skip


@dataclass
class CaseModel:
    """A case as it must stand; `last` is the command that set a field last."""

    opened: str
    values: dict[str, Any]
    last: dict[str, str]
    dossiers: set[str] = field(default_factory=set)
    notes: Counter[str] = field(default_factory=Counter)


@dataclass
class Work:
    """One phone's commands, and what they come to. `expected`: the answers that are right, by command."""

    phone: Phone
    dice: random.Random
    now: datetime
    visits: list[str]
    classes: list[str]
    commands: list[Command] = field(default_factory=list)
    expected: dict[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    # Commands of which exactly one is done first, by what they say.
    twins: dict[str, list[str]] = field(default_factory=dict)
    sessions: dict[str, Command] = field(default_factory=dict)
    standing: set[str] = field(default_factory=set)
    cases: dict[str, CaseModel] = field(default_factory=dict)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    attendees: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    disputes: set[str] = field(default_factory=set)
    _free: list[str] = field(default_factory=list)
    _refused: list[Command] = field(default_factory=list)

    def fill(self, count: int) -> None:
        """So many commands, by the dice."""
        made: dict[str, Callable[[], None]] = {
            "record": self.record, "wrong": self.wrong, "twin": self.twin, "undo": self.undo,
            "open": self.open, "note": self.note, "move": self.move, "due": self.due, "stale": self.stale,
            "dossier": self.dossier, "visit": self.visit, "add": self.add, "remove": self.remove,
        }  # fmt: skip
        while len(self.commands) < count:
            made[self.dice.choices(list(SHARES), list(SHARES.values()))[0]]()

    def _say(self, name: str, data: dict[str, Any], right: frozenset[tuple[str, str]], **more: Any) -> str:
        at = self.now + timedelta(milliseconds=len(self.commands))
        command = self.phone.command(name, data, at, **more)
        self.commands.append(command)
        self.expected[command["id"]] = right
        return str(command["id"])

    # Sessions.

    def _session(self, **more: Any) -> dict[str, Any]:
        choose = self.dice.choice
        made: dict[str, Any] = self.phone.session(
            self.now,
            minutes=self.dice.randint(3, 60),
            alone=choose(["all_alone", "mostly_alone", "half", "mostly_helped", "fully_helped"]),
            age_band=choose(["18_34", "35_59", "60_74", "75_up", "not_said"]),
            need=choose(["topic:vneid", "topic:payment", "procedure:birth-registration"]),
        )["data"]
        return {**made, **more}

    def record(self) -> None:
        data = self._session()
        self.sessions[data["id"]] = data
        self.standing.add(data["id"])
        self.twins[data["id"]] = [self._say("sessions.record", data, DONE, v=2)]
        self._free.append(data["id"])

    def wrong(self) -> None:
        """A session of no minutes: never written, and what hangs on it neither."""
        data = self._session(minutes=0)
        self._say("sessions.record", data, REFUSED, v=2)
        self._refused.append(self.commands[-1])

    def twin(self) -> None:
        """The same session under another command, as after a page that was killed."""
        again = self._untouched()
        if again is None:
            return
        self.twins[again].append(self._say("sessions.record", self.sessions[again], ONCE, v=2))
        for key in self.twins[again]:
            self.expected[key] = ONCE

    def undo(self) -> None:
        if self._refused and self.dice.random() < 0.1:
            lost = self._refused.pop()
            self._say("sessions.undo", {"session": lost["data"]["id"]}, NEED_REFUSED, needs=[lost["id"]])
            return
        taken = self._untouched()
        if taken is not None:
            self.standing.discard(taken)
            self._say("sessions.undo", {"session": taken}, DONE, needs=self.twins[taken])

    def _untouched(self) -> str | None:
        if not self._free:
            return None
        place = self.dice.randrange(len(self._free))
        self._free[place], self._free[-1] = self._free[-1], self._free[place]
        return self._free.pop()

    # Cases.

    def open(self) -> None:
        number = f"09{self.dice.randrange(10**8):08d}" if self.dice.random() < 0.5 else ""
        key = str(new_id())
        data = {
            "id": key, "commune": "24848", "need": "topic:vneid", "service_point": None, "session": None,
            "name": "Bà Mẫu", "phone": number, "helping_language": "vi", "keep_months": 6, "due_on": None,
            "consent": {"purpose": "follow_up", "method": "spoken_witnessed", "language": "vi"},
            # Two people of the dice with one number are two people.
            "known_citizen": None, "another_person": True,
        }  # fmt: skip
        command = self._say("cases.open", data, DONE)
        self.cases[key] = CaseModel(
            command, {"state": "opened", "due_on": None}, {"state": command, "due_on": command}
        )

    def _case(self) -> tuple[str, CaseModel] | None:
        if not self.cases:
            return None
        key = self.dice.choice(list(self.cases))
        return key, self.cases[key]

    def note(self) -> None:
        if (found := self._case()) is not None:
            key, case = found
            text = f"Gọi lại lần {self.dice.randint(1, 9)}"
            case.notes[text] += 1
            self._say("cases.note", {"case": key, "note": text}, DONE, needs=[case.opened])

    def move(self) -> None:
        """A dossier would move a case that is ready by itself: each case has the one or the other."""
        found = self._case()
        if found is not None and not found[1].dossiers:
            now = found[1].values["state"]
            self._change(*found, "state", STATES[1] if now == STATES[0] else STATES[0])

    def due(self) -> None:
        if (found := self._case()) is not None:
            day = (self.now + timedelta(days=self.dice.randint(1, 60))).date().isoformat()
            if found[1].values["due_on"] != day:
                self._change(*found, "due_on", day)

    def _change(self, key: str, case: CaseModel, name: str, value: Any) -> None:
        data = {"case": key, "set": {name: value}}
        base = {name: case.values[name]}
        # Any other field of the case may have been written before this one came.
        needs = list({case.opened, case.last[name]})
        case.last[name] = self._say("cases.change", data, DONE, base=base, needs=needs)
        case.values[name] = value

    def stale(self) -> None:
        """A phone that saw something nobody knows of: a person decides, and nothing is written."""
        if (found := self._case()) is not None:
            key, case = found
            data = {"case": key, "set": {"due_on": "2025-02-02"}}
            base = {"due_on": "2025-01-01"}
            self.disputes.add(self._say("cases.change", data, DISPUTED, base=base, needs=[case.opened]))

    def dossier(self) -> None:
        found = self._case()
        if found is None or found[1].values["state"] != "opened":
            return
        key, case = found
        code = f"G22.99.08-260921-{self.dice.randrange(10**6):06d}"
        if code in case.dossiers:
            return
        case.dossiers.add(code)
        data = {
            "case": key,
            "code": code,
            "submitted_on": (self.now - timedelta(days=1)).date().isoformat(),
            "submitted_by_citizen": True,
        }
        self._say("cases.dossier", data, DONE, needs=[case.opened])

    # Visits and classes.

    def visit(self) -> None:
        """Each visit once, and once more from a page that was killed."""
        if not self.visits:
            return
        key, outcome = self.visits.pop(), self.dice.choice(["done", "not_home", "refused"])
        data = {
            "visit": key, "outcome": outcome, "minutes": 30 if outcome == "done" else 0,
            "next_step": "nothing", "note": f"Nhà số {self.dice.randint(1, 9)}", "session": None,
        }  # fmt: skip
        self.results[key] = data
        said = [self._say("visits.record_result", data, ONCE, base={"version": 1}) for _ in range(2)]
        self.twins[key] = said

    def add(self) -> None:
        group = self.dice.choice(self.classes)
        at = (self.now + timedelta(milliseconds=len(self.commands))).isoformat()
        people = [
            {"id": str(new_id()), "age_band": "60_74", "language": "vi", "alone": "", "at": at}
            for _ in range(self.dice.randint(1, 3))
        ]
        command = self._say("classes.add_attendees", {"class": group, "attendees": people}, DONE)
        for person in people:
            self.attendees[person["id"]] = (group, command, True)

    def remove(self) -> None:
        if not self.attendees:
            return
        key = self.dice.choice(list(self.attendees))
        group, command, here = self.attendees[key]
        if here:
            self.attendees[key] = (group, command, False)
            data = {"class": group, "attendee": key}
            self._say("classes.remove_attendee", data, DONE, needs=[command])
