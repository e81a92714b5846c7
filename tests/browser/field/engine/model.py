"""What a member does in the field, by a seed, and what must be in the books when all of it has arrived."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from nhipcau.core.ids import new_id
from nhipcau.portal.services.demo_people import HOME_COMMUNE
from tests.factories.phones import case_data
from tests.faults.verdict import BROWSER_OPERATIONS

OUTCOMES = ("done", "started", "will_return", "referred")
ALONE = ("all_alone", "mostly_alone", "half", "mostly_helped", "fully_helped")
AGES = ("under_18", "18_34", "35_59", "60_74", "75_up", "not_said")

Step = dict[str, Any]


def session(random: Random, **other: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "commune": HOME_COMMUNE,
        "need": random.choice(("topic:vneid", "topic:payment", "topic:other")),
        "service_point": None,
        "minutes": random.randint(1, 90),
        "outcome": random.choice(OUTCOMES),
        "alone": random.choice(ALONE),
        "age_band": random.choice(AGES),
        "language": "",
        "first_time": random.random() < 0.5,
        "came_back_for_papers": None,
        "papers": "not_checked",
        **other,
    }


@dataclass
class Day:
    """Steps for the phone, and what they come to. `refused`: numbers of steps the server must say no to."""

    random: Random
    steps: list[Step] = field(default_factory=list)
    present: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    _where: dict[str, int] = field(default_factory=dict)
    _data: dict[str, dict[str, Any]] = field(default_factory=dict)

    def record(self) -> None:
        data = session(self.random)
        self._where[data["id"]], self._data[data["id"]] = len(self.steps), data
        self.present.add(data["id"])
        self._add("sessions.record", data)

    def again(self) -> None:
        """The same session at another moment, as another command: it stays the one that it is."""
        if self.present:
            known = self.random.choice(sorted(self.present))
            self._add("sessions.record", self._data[known])

    def undo(self) -> None:
        if self.present:
            known = self.random.choice(sorted(self.present))
            self.present.discard(known)
            self.absent.add(known)
            self._add("sessions.undo", {"session": known}, after=[self._where[known]])

    def nonsense(self) -> None:
        self.refused.add(len(self.steps))
        data = session(self.random, minutes=99_999)
        self.absent.add(data["id"])
        self._add("sessions.record", data)

    def pause(self) -> None:
        self.steps.append({"do": "wait", "ms": self.random.choice((0, 5, 20, 60))})

    def press(self) -> None:
        self.steps.append({"do": self.random.choice(("now", "hint", "look"))})

    def _add(self, name: str, data: dict[str, Any], **more: Any) -> None:
        self.steps.append({"do": "add", "name": name, "data": data, **more})

    @property
    def added(self) -> list[int]:
        return [number for number, step in enumerate(self.steps) if step["do"] == "add"]


def make_day(seed: int, operations: int = BROWSER_OPERATIONS) -> Day:
    """So many operations; pauses come on top."""
    day = Day(Random(seed))
    kinds = {day.record: 60, day.again: 6, day.undo: 8, day.nonsense: 4, day.press: 22}
    done = 0
    while done < operations:
        before = len(day.steps)
        day.random.choices(list(kinds), list(kinds.values()))[0]()
        done += len(day.steps) - before
        if day.random.random() < 0.3:
            day.pause()
    return day


def sessions(count: int, seed: int = 1, **other: Any) -> list[Step]:
    random = Random(seed)
    return [
        {"do": "add", "name": "sessions.record", "data": session(random, **other)} for _number in range(count)
    ]


def opening(number: str) -> Step:
    """A case for whoever has that number."""
    return {"do": "add", "name": "cases.open", "data": case_data(commune=HOME_COMMUNE, phone=number)}


def ids_of(steps: list[Step]) -> list[str]:
    return [step["data"]["id"] for step in steps]
