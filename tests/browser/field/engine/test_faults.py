"""Whatever happens on the way: nothing lost, nothing doubled, nothing silent."""

from collections import Counter
from time import monotonic

import pytest

from tests.depth import WHOLE
from tests.faults.plan import EVERY_FAULT, Fault, Plan
from tests.faults.proxy import FaultProxy
from tests.faults.verdict import Record

from .conftest import SECONDS_TO_SETTLE, SYNC, Phone
from .judging import outcome
from .model import Day, make_day

LEAST_FAULTS = 6 if WHOLE else 1
# Each fault by itself where there is time for it; else some of them on one road, each of them met.
ROADS = [(fault,) for fault in EVERY_FAULT] if WHOLE else [EVERY_FAULT[at::4] for at in range(4)]
# A line that stands still is met less often: each time costs the whole patience of the phone.
Road = tuple[Fault, ...]
SHARE = {Fault.SILENCE: 0.25, Fault.REORDER: 0.3, Fault.SLOW: 0.4}


def met(proxy: FaultProxy, faults: Road) -> int:
    """How often each was met by work on its way; what only fetches the pack has nothing to lose."""
    seen = Counter(seen.fault for seen in proxy.seen if seen.path == f"{SYNC}commands")
    return min(seen[fault] for fault in faults)


def go_through(phone: Phone, proxy: FaultProxy, day: Day, faults: Road, seed: int) -> list[str]:
    """The day under faults, and more of it until enough of them were met; then the line is good. The ids of
    the commands."""
    proxy.plan = Plan(seed, faults, share=SHARE.get(faults[0], 0.5), prefix=SYNC)
    ids: list[str] = phone.ask("run", day.steps)
    until = monotonic() + SECONDS_TO_SETTLE
    while met(proxy, faults) < LEAST_FAULTS:
        assert monotonic() < until, proxy.count()
        ids += phone.ask("run", day.more(ids))
    proxy.plan = Plan(0)
    return ids


@pytest.mark.parametrize("faults", ROADS, ids=lambda faults: faults[0].name.lower())
def test_nothing_is_lost_doubled_or_silent(
    phone: Phone, proxy: FaultProxy, faults: Road, record_property: Record
) -> None:
    seed = EVERY_FAULT.index(faults[0]) + 1
    day = make_day(phone.member, seed)
    phone.enrol()
    ids = go_through(phone, proxy, day, faults, seed)
    verdict = outcome(phone, day, ids)
    told = " + ".join(faults)
    verdict.tell(record_property, half="browser", fault=told, operations=len(day.steps), seed=seed)
