"""Whatever happens on the way: nothing lost, nothing doubled, nothing silent."""

from time import monotonic

import pytest

from tests.depth import WHOLE
from tests.faults.plan import EVERY_FAULT, Fault, Plan
from tests.faults.proxy import FaultProxy
from tests.faults.verdict import Record

from .conftest import SECONDS_TO_SETTLE, SYNC, Book, Phone
from .judging import judge, resend
from .model import Day, make_day

LEAST_FAULTS = 6 if WHOLE else 3
# A line that stands still is met less often: each time costs the whole patience of the phone.
SHARE = {Fault.SILENCE: 0.25, Fault.REORDER: 0.3, Fault.SLOW: 0.4}


def go_through(phone: Phone, proxy: FaultProxy, day: Day, plan: Plan, fault: Fault | None) -> list[str]:
    """The day under faults, then a good line until nothing waits any more; the ids of the commands."""
    proxy.plan = plan
    ids: list[str] = phone.ask("run", day.steps)
    until = monotonic() + SECONDS_TO_SETTLE
    while fault is not None and proxy.count()[fault] < LEAST_FAULTS:
        assert monotonic() < until, proxy.count()
        phone.ask("run", [{"do": "now"}, {"do": "wait", "ms": 150}])
    proxy.plan = Plan(0)
    phone.settle()
    return ids


@pytest.mark.parametrize("fault", EVERY_FAULT, ids=lambda fault: fault.name.lower())
def test_nothing_is_lost_doubled_or_silent(
    phone: Phone, proxy: FaultProxy, fault: Fault, record_property: Record
) -> None:
    seed = EVERY_FAULT.index(fault) + 1
    day = make_day(seed)
    phone.enrol()
    before = Book(phone.device).session_count()
    plan = Plan(seed, [fault], share=SHARE.get(fault, 0.5), prefix=SYNC)
    ids = resend(phone, go_through(phone, proxy, day, plan, fault))
    verdict = judge(phone, day, ids, before)
    verdict.tell(record_property, half="browser", fault=fault, operations=len(day.steps), seed=seed)
