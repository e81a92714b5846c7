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

from .handset import SECONDS, Handset, new_handset
from .plan import EVERY_FAULT, Fault, Plan
from .product import Product
from .proxy import FaultProxy
from .verdict import LEAST_OPERATIONS, Record, Verdict

# Half of the requests meet the fault; fewer where each takes seconds.
# Where nothing comes there is nothing to wait for.
PATIENCE = {Fault.SILENCE: 0.3}
LEAST_FAULTS = 10
SHARES = {Fault.SLOW: 0.2, Fault.SILENCE: 0.3}


class Road(RuleBasedStateMachine):
    """Every run is another phone of another volunteer, on a road with one fault."""

    proxy: ClassVar[FaultProxy]
    fault: ClassVar[Fault]
    done: ClassVar[Counter[str]]
    verdict: ClassVar[Verdict]
    handset: Handset

    @initialize(dice=st.integers(0, 2**32))
    def sign_in(self, dice: int) -> None:
        self.proxy.plan = Plan(dice, [self.fault], share=SHARES.get(self.fault, 0.5))
        self.handset = new_handset(self.proxy.port, Random(dice))
        self.handset.seconds = PATIENCE.get(self.fault, SECONDS)

    @rule(count=st.integers(1, 4))
    def record(self, count: int) -> None:
        for _ in range(count):
            self.handset.record()

    @rule()
    def record_twin(self) -> None:
        self.handset.record_twin()

    @rule()
    def undo(self) -> None:
        self.handset.undo()

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


@pytest.mark.parametrize("fault", [Fault.NONE, *EVERY_FAULT], ids=str)
def test_every_fault_of_the_road(product: Product, fault: Fault, record_property: Record) -> None:
    done, verdict = Counter[str](), Verdict()
    first = last = 1000 * (1 + [Fault.NONE, *EVERY_FAULT].index(fault))
    with FaultProxy(product.port, delay=0.05, held=0.2) as proxy:
        while done["operations"] < LEAST_OPERATIONS or proxy.count()[fault] < LEAST_FAULTS:
            state = {"proxy": proxy, "fault": fault, "done": done, "verdict": verdict}
            run(seed(last)(type("ThisRoad", (Road,), state)))
            last += 1
        assert proxy.count()[fault] >= LEAST_FAULTS
    verdict.tell(record_property, half="server", fault=fault, operations=done["operations"], seed=first)
