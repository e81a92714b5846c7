"""Which papers of a list somebody has in hand: ready, missing, or still to ask.

Responsible for the verdict on a checklist and the papers ticked on it. "Ready" is a promise: it is said only
when every requirement is met by a way that is certainly open. Pure: a checklist and ids in, a verdict out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from .checklist import Checklist, Need
from .logic import Truth
from .model import Item

READY, ASK, MISSING = "ready", "ask", "missing"
# From the best to the worst: the whole is as good as its worst part.
ORDER = (READY, ASK, MISSING)


@dataclass(frozen=True, slots=True)
class NeedCheck:
    """How far one requirement is met; `lacking` is what completes the smallest way to meet it."""

    need: Need
    state: str
    lacking: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class PaperCheck:
    """The verdict on all papers of a list."""

    state: str
    needs: tuple[NeedCheck, ...]

    @property
    def missing(self) -> tuple[Item, ...]:
        """What must still be got, by the smallest way for each requirement."""
        return tuple(item for need in self.needs if need.state == MISSING for item in need.lacking)

    def as_json(self) -> dict[str, Any]:
        """Plain data: the verdict, and by requirement its state and the ids of what is lacking."""
        return {
            "state": self.state,
            "needs": [
                {
                    "requirement": check.need.requirement.id,
                    "state": check.state,
                    "lacking": [item.id for item in check.lacking],
                }
                for check in self.needs
            ],
        }


def check_papers(checklist: Checklist, have: Collection[str]) -> PaperCheck:
    """The verdict for these ids of items; ids that the list does not know say nothing. Never raises.

    A way that may not be open to this person makes nobody ready: complete, it is something to ask about.
    """
    checks = tuple(_check(checklist, need, frozenset(have)) for need in checklist.needs)
    worst = max((ORDER.index(check.state) for check in checks), default=0)
    return PaperCheck(ORDER[worst], checks)


def _check(checklist: Checklist, need: Need, have: frozenset[str]) -> NeedCheck:
    situation = checklist.situation
    ways = [
        (tuple(item for item in evidence.items if item.id not in have), open_)
        for evidence, open_ in situation.possible_sets(need.requirement)
    ]
    complete = {open_ for lacking, open_ in ways if not lacking}
    if True in complete:
        return NeedCheck(need, READY, ())
    lacking = _smallest(ways)
    if complete or not ways or need.need == "maybe":
        return NeedCheck(need, ASK, lacking)
    return NeedCheck(need, MISSING, lacking)


def _smallest(ways: list[tuple[tuple[Item, ...], Truth]]) -> tuple[Item, ...]:
    """What completes a way with the fewest papers; ways that are certainly open come first."""
    sure = [lacking for lacking, open_ in ways if open_ is True]
    return min(sure or [lacking for lacking, _open in ways], key=len, default=())
