"""What somebody says in the field, by the dice, and which answers are right when it arrives in any order.

Whatever hangs on an earlier command names it in `needs`, as the app does; all else may come in any order.
What must stand in the books after it is told by `field_books`.
"""

import random
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Protocol

from nhipcau.core.ids import new_id

from .phones import case_data

Command = dict[str, Any]
Right = frozenset[tuple[str, str]]
DONE = frozenset({("applied", "")})
ONCE = frozenset({("applied", ""), ("already_applied", "")})
REFUSED = frozenset({("refused", "sync.unreadable_command")})
NEED_REFUSED = frozenset({("refused", "sync.need_refused")})
DISPUTED = frozenset({("needs_person", "sync.same_field")})
KNOWN = frozenset({("needs_person", "citizens.known_phone")})
STATES = ("papers_missing", "papers_ready")
GUIDE = "birth-registration"
# No number twice in one database: two pieces of work with equal dice are about different people.
NUMBERS = count(secrets.randbelow(10**8))
# A day of much that hangs together.
BUSY = {
    "record": 26, "wrong": 4, "twin": 4, "undo": 6, "open": 9, "known": 3, "note": 16, "move": 5, "due": 6,
    "stale": 3, "dossier": 4, "papers": 6, "visit": 2, "add": 6, "remove": 2, "come": 1, "leave": 1,
}  # fmt: skip


class Speaker(Protocol):
    """Who makes commands: a phone over the wire, or what is still to be typed into one."""

    def command(self, name: str, data: dict[str, Any], at: datetime, **more: Any) -> Command: ...

    def session(self, at: datetime, **more: Any) -> Command: ...


class Plans(Protocol):
    """What was planned for who works: each visit and shift once, nothing when there is no more."""

    commune: str

    def visit(self) -> str | None: ...

    def lesson(self) -> str: ...

    def shift(self) -> tuple[str, str] | None:
        """And the code on the screen of its post."""

    def guide(self) -> str:
        """The version of `GUIDE` that a case of today is held against."""


@dataclass
class CaseModel:
    """A case as its volunteer knows it; `last` is the command that set a field last.

    `way`: how it is brought on. Papers and a dossier move a case by themselves, so each has one way.
    """

    opened: str
    number: str
    values: dict[str, Any]
    last: dict[str, str]
    way: str
    dossiers: set[str] = field(default_factory=set)


@dataclass
class Work:
    """One phone's commands. `expected`: the answers that are right, by command."""

    phone: Speaker
    dice: random.Random
    now: datetime
    plans: Plans
    # How often each happens; those of `BUSY` or of whoever knows better.
    shares: dict[str, int]
    commands: list[Command] = field(default_factory=list)
    expected: dict[str, Right] = field(default_factory=dict)
    # Commands of which exactly one is done first, by what they say.
    twins: dict[str, list[str]] = field(default_factory=dict)
    cases: dict[str, CaseModel] = field(default_factory=dict)
    attendees: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    # By how much the phone's clock is wrong.
    wrong_clock: timedelta = timedelta(0)
    _sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    _free: list[str] = field(default_factory=list)
    _refused: list[Command] = field(default_factory=list)
    _at_work: list[tuple[str, str]] = field(default_factory=list)

    def say(self) -> None:
        """Something of a day, by the dice; nothing when there is nothing of which to say it."""
        getattr(self, self.dice.choices(list(self.shares), list(self.shares.values()))[0])()

    def fill(self, count: int) -> None:
        """So many commands."""
        while len(self.commands) < count:
            self.say()

    @property
    def disputes(self) -> set[str]:
        """What a person is asked about, by the books of conflicts."""
        return {key for key, right in self.expected.items() if right == DISPUTED}

    def _say(self, name: str, data: dict[str, Any], right: Right, **more: Any) -> str:
        command = self.phone.command(name, data, self._moment(), **more)
        self.commands.append(command)
        self.expected[command["id"]] = right
        return str(command["id"])

    def _moment(self) -> datetime:
        """What the phone takes for now."""
        return self.now + self.wrong_clock + timedelta(milliseconds=len(self.commands))

    # Sessions.

    def _session(self, **more: Any) -> dict[str, Any]:
        choose = self.dice.choice
        made: dict[str, Any] = self.phone.session(
            self.now,
            commune=self.plans.commune,
            minutes=self.dice.randint(3, 60),
            alone=choose(["all_alone", "mostly_alone", "half", "mostly_helped", "fully_helped"]),
            age_band=choose(["18_34", "35_59", "60_74", "75_up", "not_said"]),
            need=choose(["topic:vneid", "topic:payment", f"procedure:{GUIDE}"]),
        )["data"]
        return {**made, **more}

    def record(self) -> None:
        data = self._session()
        self._sessions[data["id"]] = data
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
        self.twins[again].append(self._say("sessions.record", self._sessions[again], ONCE, v=2))
        for key in self.twins[again]:
            self.expected[key] = ONCE

    def undo(self) -> None:
        if self._refused and self.dice.random() < 0.1:
            lost = self._refused.pop()
            self._say("sessions.undo", {"session": lost["data"]["id"]}, NEED_REFUSED, needs=[lost["id"]])
            return
        taken = self._untouched()
        if taken is not None:
            self._say("sessions.undo", {"session": taken}, DONE, needs=self.twins[taken])

    def _untouched(self) -> str | None:
        if not self._free:
            return None
        place = self.dice.randrange(len(self._free))
        self._free[place], self._free[-1] = self._free[-1], self._free[place]
        return self._free.pop()

    # Cases.

    def open(self) -> None:
        number = f"09{next(NUMBERS) % 10**8:08d}" if self.dice.random() < 0.6 else ""
        self._open(number, DONE, another_person=True)

    def known(self) -> None:
        """Somebody whose number is known: what comes of it says only who has the person before them."""
        first = [case for case in self.cases.values() if case.number and self.expected[case.opened] == DONE]
        if first:
            chosen = self.dice.choice(first)
            self._open(chosen.number, KNOWN, needs=[chosen.opened])

    def _open(self, number: str, right: Right, *, another_person: bool = False, **more: Any) -> None:
        way = self.dice.choice(["moves", "dossiers", "papers"])
        data = case_data(
            commune=self.plans.commune,
            need=f"procedure:{GUIDE}" if way == "papers" else "topic:vneid",
            phone=number,
            another_person=another_person,
        )
        command = self._say("cases.open", data, right, **more)
        values = {"state": "opened", "due_on": None}
        last = dict.fromkeys(values, command)
        self.cases[data["id"]] = CaseModel(command, number, values, last, way)

    def answer(self, key: str, known: str | None) -> Command:
        """The same person or another one, to the command that was asked; `known` as its receipt says: nobody
        where two have the name."""
        (asked,) = (command for command in self.commands if command["id"] == key)
        same = self.dice.random() < 0.5 and known is not None
        who = {"known_citizen": known if same else None, "another_person": not same}
        more = {"needs": asked["needs"], "replaces": key}
        command = self._say("cases.open", {**asked["data"], **who}, DONE, **more)
        self.cases[asked["data"]["id"]].opened = command
        return self.commands[-1]

    def _case(self, *ways: str) -> tuple[str, CaseModel] | None:
        """One of them; of those that go one of these ways."""
        found = [key for key, case in self.cases.items() if not ways or case.way in ways]
        if not found:
            return None
        key = self.dice.choice(found)
        return key, self.cases[key]

    def note(self) -> None:
        if (found := self._case()) is not None:
            key, case = found
            text = f"Gọi lại lần {self.dice.randint(1, 9)}"
            self._say("cases.note", {"case": key, "note": text}, DONE, needs=[case.opened])

    def move(self) -> None:
        if (found := self._case("moves")) is not None:
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
        needs = list(dict.fromkeys([case.opened, case.last[name]]))
        case.last[name] = self._say("cases.change", data, DONE, base=base, needs=needs)
        case.values[name] = value

    def stale(self) -> None:
        """A phone that saw something nobody knows of: a person decides, and nothing is written."""
        if (found := self._case()) is not None:
            key, case = found
            data = {"case": key, "set": {"due_on": "2025-02-02"}}
            base = {"due_on": "2025-01-01"}
            self._say("cases.change", data, DISPUTED, base=base, needs=[case.opened])

    def dossier(self) -> None:
        found = self._case("dossiers")
        if found is None:
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

    def papers(self) -> None:
        """Nothing is in hand yet: a sure word that papers are missing."""
        if (found := self._case("papers")) is not None:
            key, case = found
            data = {
                "id": str(new_id()), "case": key, "version": self.plans.guide(),
                "answers": self.dice.choice([{}, {"way": "online"}]), "in_hand": [],
            }  # fmt: skip
            times = self.dice.randint(1, 2)
            said = [self._say("cases.papers", data, ONCE, needs=[case.opened]) for _ in range(times)]
            self.twins[data["id"]] = said

    # Visits, classes and shifts.

    def visit(self) -> None:
        """Each visit once, and once more from a page that was killed."""
        key, outcome = self.plans.visit(), self.dice.choice(["done", "not_home", "refused"])
        if key is None:
            return
        data = {
            "visit": key, "outcome": outcome, "minutes": 30 if outcome == "done" else 0,
            "next_step": "nothing", "note": f"Nhà số {self.dice.randint(1, 9)}", "session": None,
        }  # fmt: skip
        said = [self._say("visits.record_result", data, ONCE, base={"version": 1}) for _ in range(2)]
        self.twins[key] = said

    def add(self) -> None:
        group, at = self.plans.lesson(), self._moment().isoformat()
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

    def come(self) -> None:
        """To the shift, by the code on the screen; now and then it is scanned twice."""
        planned = self.plans.shift()
        if planned is None:
            return
        shift, code = planned
        data = {"shift": shift, "code": code, "seen_at": self._moment().isoformat()}
        said = [self._say("shifts.check_in", data, ONCE) for _ in range(self.dice.randint(1, 2))]
        self.twins[shift] = said
        self._at_work.append((shift, said[0]))

    def leave(self) -> None:
        if self._at_work:
            shift, came = self._at_work.pop()
            self._say("shifts.check_out", {"shift": shift, "code": ""}, DONE, needs=[came])
