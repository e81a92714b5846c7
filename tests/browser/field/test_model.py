"""A day in random steps, compared with a model: nothing lost, nothing doubled, nobody else's seen."""

import os
from collections.abc import Callable
from random import Random

from playwright.sync_api import Browser

from tests.depth import WHOLE

from .conftest import OTHER_PIN, PIN, Phone, Province

STEPS = 240 if WHOLE else 80
SEED = int(os.environ.get("NHIPCAU_SEED", "20261123"))
RESULTS = ("applied", "already_applied", "merged", "needs_person", "refused")
DONE = RESULTS[:3]
STATE = """
  const {outbox} = nc.of(a[0]);
  const told = (c) => [c.id, c.seq, c.data.note];
  return {outbox: (await outbox.all()).map(told), unreadable: await outbox.unreadable(),
    drawer: (await outbox.drawer()).map((d) => [...told(d.command), d.state, d.receipt.result]),
    counts: [await outbox.count(), await outbox.attention()]}
"""
SETTLE = """
  const receipts = a[1].map(([id, result]) => ({id, result, code: "", words: "", about: null}));
  const {outbox} = nc.of(a[0]);
  const settled = outbox.settle(receipts);
"""


class Member:
    """What one member's store must hold."""

    def __init__(self, device: str, pin: str) -> None:
        self.device, self.pin, self.unlocked = device, pin, True
        self.outbox: dict[str, str] = {}
        self.drawer: dict[str, tuple[str, str, str]] = {}
        self.numbers: dict[str, int] = {}
        self.added = 0


class Day:
    """The phone, its members, and the random choice of what happens next."""

    def __init__(self, phone: Phone, seed: int) -> None:
        self.phone, self.random = phone, Random(seed)
        self.members = [Member(phone.enrol(pin), pin) for pin in (PIN, OTHER_PIN)]
        self.member = self.members[0]
        self.steps: list[tuple[int, Callable[[], None]]] = [
            (30, self.add),
            (6, self.add_many),
            (16, self.settle),
            (8, self.put_away),
            (8, self.send_anew),
            (4, self.lock),
            (5, self.wrong_pin),
            (4, self.restart),
            (3, self.kill),
            (6, self.kill_while_adding),
            (6, self.kill_while_settling),
        ]

    def step(self) -> str:
        self.member = self.random.choice(self.members)
        if not self.member.unlocked:
            self.unlock()
        weights, steps = zip(*self.steps, strict=True)
        [chosen] = self.random.choices(steps, weights)
        chosen()
        return str(chosen.__name__)

    def text(self) -> str:
        self.member.added += 1
        return f"{self.member.pin}/{self.member.added}"

    def add(self) -> None:
        text = self.text()
        [one] = self.phone.run("return nc.addNotes(a[0], [a[1]])", self.member.device, text)
        self.member.outbox[one] = text

    def add_many(self) -> None:
        texts = [self.text() for _ in range(self.random.randint(2, 12))]
        ids = self.phone.run("return nc.addNotes(a[0], a[1])", self.member.device, texts)
        self.member.outbox.update(zip(ids, texts, strict=True))

    def receipts(self) -> list[tuple[str, str]]:
        """For some of what waits, and for some that were answered before: those change nothing."""
        ids = list(self.member.outbox)
        chosen = self.random.sample(ids, self.random.randint(0, len(ids)))
        again = list(self.member.drawer)[:2]
        found = [(one, self.random.choice(RESULTS)) for one in [*chosen, *again, "0" * 8]]
        self.random.shuffle(found)
        return found

    def settled(self, receipts: list[tuple[str, str]]) -> None:
        for one, result in receipts:
            text = self.member.outbox.pop(one, None)
            if text is not None and result not in DONE:
                self.member.drawer[one] = (text, "open", result)

    def settle(self) -> None:
        receipts = self.receipts()
        self.phone.run(SETTLE + "await settled", self.member.device, receipts)
        self.settled(receipts)

    def open_matters(self) -> list[str]:
        return [one for one, (_text, state, _result) in self.member.drawer.items() if state == "open"]

    def turn(self, one: str, state: str) -> None:
        text, _before, result = self.member.drawer[one]
        self.member.drawer[one] = (text, state, result)

    def put_away(self) -> None:
        for one in self.open_matters()[:1]:
            self.phone.run("await nc.of(a[0]).outbox.putAway(a[1])", self.member.device, one)
            self.turn(one, "away")

    def send_anew(self) -> None:
        script = "return nc.of(a[0]).outbox.add('cases.note', nc.note(a[1]), {replaces: a[2]})"
        for one in self.open_matters()[:1]:
            text = self.text()
            self.member.outbox[self.phone.run(script, self.member.device, text, one)] = text
            self.turn(one, "replaced")

    def lock(self) -> None:
        self.phone.run("nc.of(a[0]).vault.lock()", self.member.device)
        self.member.unlocked = False

    def unlock(self) -> None:
        assert self.phone.unlock(self.member.device, self.member.pin) == {"ok": self.member.device}
        self.member.unlocked = True

    def wrong_pin(self) -> None:
        other = next(member.pin for member in self.members if member is not self.member)
        assert self.phone.unlock(self.member.device, other)["code"] == "store.wrong_pin"
        self.unlock()

    def closed(self) -> None:
        for member in self.members:
            member.unlocked = False

    def restart(self) -> None:
        self.phone.reload()
        self.closed()

    def kill(self) -> None:
        self.phone.kill()
        self.closed()

    def kill_while_adding(self) -> None:
        """Each of them is there whole or not at all; those that were promised are there."""
        texts = [self.text() for _ in range(self.random.randint(1, 30))]
        self.phone.run(
            """localStorage.clear();
            const promised = ([id]) => localStorage.setItem(id, "1");
            a[1].forEach((text) => void nc.addNotes(a[0], [text]).then(promised));
            await new Promise((then) => setTimeout(then, a[2]))""",
            self.member.device,
            texts,
            self.random.choice((0, 0, 3, 10, 30)),
        )
        self.kill()
        self.unlock()
        now = {one: note for one, _seq, note in self.phone.run(STATE, self.member.device)["outbox"]}
        found = {one: note for one, note in now.items() if one not in self.member.outbox}
        assert len(set(found.values())) == len(found)
        assert set(found.values()) <= set(texts)
        assert set(self.phone.run("return Object.keys(localStorage)")) <= set(found)
        self.member.outbox.update(found)

    def kill_while_settling(self) -> None:
        """All of the receipts have been taken, or none."""
        receipts = self.receipts()
        wait = "await new Promise((then) => setTimeout(then, a[2]))"
        script = SETTLE + "settled.catch(() => 0);" + wait
        self.phone.run(script, self.member.device, receipts, self.random.choice((0, 0, 2, 5, 15)))
        self.kill()
        self.unlock()
        before = set(self.member.outbox)
        now = {one for one, _seq, _note in self.phone.run(STATE, self.member.device)["outbox"]}
        if now != before:
            self.settled(receipts)

    def compare(self) -> None:
        for member in self.members:
            self.member = member
            if not member.unlocked:
                self.unlock()
            self.compare_one(member)

    def compare_one(self, member: Member) -> None:
        state = self.phone.run(STATE, member.device)
        assert state["unreadable"] == []
        assert {one: note for one, _seq, note in state["outbox"]} == member.outbox
        drawer = {one: (note, kind, result) for one, _seq, note, kind, result in state["drawer"]}
        assert drawer == member.drawer
        assert state["counts"] == [len(member.outbox), len(self.open_matters())]
        numbers = [(one, seq) for one, seq, *_rest in [*state["outbox"], *state["drawer"]]]
        member.numbers.update(numbers)
        assert len(set(member.numbers.values())) == len(member.numbers), "a number was used twice"
        assert len(numbers) == len(member.outbox) + len(member.drawer)


def test_a_day_in_random_steps(chromium: Browser, store_site: str, province: Province) -> None:
    context = chromium.new_context()
    day = Day(Phone(context, store_site, province), SEED)
    done: list[str] = []
    for number in range(STEPS):
        done.append(day.step())
        if number % 8 == 7:
            day.compare()
    day.compare()
    assert {member.added > STEPS // 12 for member in day.members} == {True}
    assert len(set(done)) == len(day.steps), "every kind of step was made"
    context.close()
