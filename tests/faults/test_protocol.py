"""The server half of the protocol under every fault of the road: nothing lost, doubled or silent.

A seeded machine of hypothesis drives a handset over real HTTP through the fault proxy. What it does to the
server itself – killed in the middle of a transaction, the database gone – is in `test_disasters`.
"""

from collections import Counter
from random import Random
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.depth import WHOLE

from .handset import SECONDS, Handset, new_handset
from .plan import EVERY_FAULT, Fault, Plan
from .product import Product
from .proxy import FaultProxy
from .verdict import LEAST_OPERATIONS, Record, Verdict

# Half of the requests meet the fault; fewer where each takes seconds.
# Where nothing comes there is nothing to wait for.
PATIENCE = {Fault.SILENCE: 0.3}
LEAST_FAULTS = 10 if WHOLE else 2
ALL = (Fault.NONE, *EVERY_FAULT)
# Each fault by itself where there is time for it; else some of them on one road, each of them met.
ROADS = [(fault,) for fault in ALL] if WHOLE else [ALL[at::5] for at in range(5)]
SHARES = {Fault.SLOW: 0.2, Fault.SILENCE: 0.3}


class Road(RuleBasedStateMachine):
    """Every run is another phone of another volunteer, on a road with these faults."""

    proxy: ClassVar[FaultProxy]
    faults: ClassVar[tuple[Fault, ...]]
    done: ClassVar[Counter[str]]
    verdict: ClassVar[Verdict]
    handset: Handset

    @initialize(dice=st.integers(0, 2**32))
    def sign_in(self, dice: int) -> None:
        share = min(SHARES.get(fault, 0.5) for fault in self.faults)
        self.proxy.plan = Plan(dice, self.faults, share=share)
        self.handset = new_handset(self.proxy.port, Random(dice))
        self.handset.seconds = min(PATIENCE.get(fault, SECONDS) for fault in self.faults)

    @rule(count=st.integers(1, 3))
    def say(self, count: int) -> None:
        for _ in range(count):
            self.handset.say()

    @rule(count=st.integers(1, 2))
    def record(self, count: int) -> None:
        for _ in range(count):
            self.handset.record()

    @rule()
    def open_case(self) -> None:
        self.handset.open_case()

    @rule(most=st.integers(1, 50))
    def sync(self, most: int) -> None:
        self.handset.sync(most)

    @rule()
    def send_anything(self) -> None:
        self.handset.send_anything()

    @rule()
    def send_side_by_side(self) -> None:
        self.handset.send_side_by_side()

    def teardown(self) -> None:
        if not hasattr(self, "handset"):
            return
        self.proxy.plan, self.handset.seconds = Plan(0), SECONDS
        self.handset.drain()
        self.verdict += self.handset.verdict()
        self.done["operations"] += self.handset.operations


def run(machine_class: type[RuleBasedStateMachine]) -> None:
    run_state_machine_as_test(
        machine_class,
        settings=settings(
            max_examples=4,
            stateful_step_count=40,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("faults", ROADS, ids=lambda faults: str(faults[0]))
def test_every_fault_of_the_road(
    product: Product, faults: tuple[Fault, ...], record_property: Record
) -> None:
    done, verdict = Counter[str](), Verdict()
    first = last = 1000 * (1 + ALL.index(faults[0]))
    with FaultProxy(product.port, delay=0.05, held=0.2) as proxy:
        while done["operations"] < LEAST_OPERATIONS or rarest(proxy, faults) < LEAST_FAULTS:
            state = {"proxy": proxy, "faults": faults, "done": done, "verdict": verdict}
            run(seed(last)(type("ThisRoad", (Road,), state)))
            last += 1
    told = " + ".join(faults)
    verdict.tell(record_property, half="server", fault=told, operations=done["operations"], seed=first)


def rarest(proxy: FaultProxy, faults: tuple[Fault, ...]) -> int:
    """How often the one was done that was done least."""
    done = proxy.count()
    return min(done[fault] for fault in faults)
