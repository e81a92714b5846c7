"""What a member does in the field, by a seed, and what must be in the books when all of it has arrived."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.portal.services.demo_people import HOME_COMMUNE
from nhipcau.teams.models import Member
from tests.factories.field_plans import FieldPlans
from tests.factories.field_work import BUSY, Command, Work
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


class Typing:
    """What is said before there is a phone: ids of commands stand for those that the phone will make."""

    def command(self, name: str, data: dict[str, Any], at: datetime, **more: Any) -> Command:
        return {"id": str(new_id()), "name": name, "data": data, "needs": [], "base": None, **more}

    def session(self, at: datetime, **more: Any) -> Command:
        return self.command("sessions.record", session(Random(0), **more), at)


@dataclass
class Day:
    """Steps for the phone, and the work of which they are made. `numbers`: of the steps, by command."""

    random: Random
    work: Work
    steps: list[Step] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def say(self) -> None:
        """At least one command more."""
        said = len(self.work.commands)
        self.work.fill(said + 1)
        for command in self.work.commands[said:]:
            self.numbers[command["id"]] = len(self.steps)
            after = [self.numbers[need] for need in command["needs"]]
            self.steps.append({**step_of(command), "after": after})

    def press(self) -> None:
        self.steps.append({"do": self.random.choice(("now", "hint", "look"))})

    def pause(self) -> None:
        self.steps.append({"do": "wait", "ms": self.random.choice((0, 5, 20, 60))})

    def more(self, ids: list[str]) -> list[Step]:
        """Something more, sent at once; `ids` of the steps so far stand for their numbers."""
        begun = len(self.steps)
        self.say()
        self.steps += [{"do": "now"}, {"do": "wait", "ms": 150}]
        return [
            {**step, "after": [], "needed": [ids[number] for number in step.get("after", ())]}
            for step in self.steps[begun:]
        ]

    @property
    def leaves(self) -> set[int]:
        """Steps that no other needs."""
        needed = {number for step in self.steps for number in step.get("after", ())}
        return set(self.numbers.values()) - needed


def step_of(command: Command) -> Step:
    """Without what it needs: of that the phone has ids of its own."""
    base = {} if command["base"] is None else {"base": command["base"]}
    return {"do": "add", "name": command["name"], "data": command["data"], **base}


def make_day(
    member: Member,
    seed: int,
    operations: int = BROWSER_OPERATIONS,
    *,
    presses: float = 0.22,
    wrong_clock: timedelta = timedelta(0),
) -> Day:
    """So many operations; pauses come on top."""
    random = Random(seed)
    work = Work(Typing(), random, clock.now(), FieldPlans(member), BUSY, wrong_clock=wrong_clock)
    day = Day(random, work)
    done = 0
    while done < operations:
        before = len(day.steps)
        (day.press if random.random() < presses else day.say)()
        done += len(day.steps) - before
        if presses and random.random() < 0.3:
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
