"""What comes out: a roster with its objective and bound, and what the independent check says about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .problem import Assignment


class Status(StrEnum):
    """How an answer stands: proven optimal, good but not proven, or no roster can keep every hard rule."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, slots=True)
class Objective:
    """The cost of a roster in its parts; all are 0 or more and simply add up."""

    under_minimum: int = 0
    under_ideal: int = 0
    over: int = 0
    floors: int = 0
    mixing: int = 0
    load: int = 0
    unpopular: int = 0
    wishes: int = 0
    travel: int = 0
    changes: int = 0

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(self.parts().values())

    def parts(self) -> dict[str, int]:
        """Name to cost."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Result:
    """A roster. `bound`: no roster that keeps the rules costs less. `seconds` is wall time.

    `components` counts the independent parts solved, `proven_components` those proven optimal.
    """

    assignments: tuple[Assignment, ...]
    objective: Objective
    bound: float
    status: Status
    seconds: float
    seed: int = 0
    components: int = 1
    proven_components: int = 0

    @property
    def proven(self) -> bool:
        """Nothing better exists."""
        return self.status is Status.OPTIMAL

    @property
    def gap(self) -> float:
        """How far the objective may be above the best possible, as a part of the objective."""
        total = self.objective.total
        return 0.0 if total <= self.bound else (total - self.bound) / total


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands; `best` is a whole roster that keeps every hard rule, ready to be taken."""

    best: Result
    done: int
    components: int


class Rule(StrEnum):
    """The hard rules, by the code that `check` and `can_serve` give."""

    UNKNOWN = "unknown"
    DUPLICATE = "duplicate"
    LOCKED = "locked"
    FULL = "full"
    TEAM = "team"
    QUALIFICATION = "qualification"
    LANGUAGE = "language"
    TRAVEL = "travel"
    AVAILABILITY = "availability"
    FORBIDDEN = "forbidden"
    MIXING = "mixing"
    OVERLAP = "overlap"
    GAP = "gap"
    REST = "rest"
    SUCCESSION = "succession"
    DUTIES_PER_DAY = "duties_per_day"
    MINUTES_PER_DAY = "minutes_per_day"
    DUTIES_PER_WEEK = "duties_per_week"
    DUTIES = "duties"
    MINIMUM_MINUTES = "minimum_minutes"
    MAXIMUM_MINUTES = "maximum_minutes"
    PER_KIND = "per_kind"
    CONSECUTIVE_DAYS = "consecutive_days"
    MINIMUM_CONSECUTIVE_DAYS = "minimum_consecutive_days"
    MINIMUM_CONSECUTIVE_DAYS_OFF = "minimum_consecutive_days_off"
    WEEKENDS = "weekends"


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken hard rule: whose, on which duties, and the figures a sentence about it needs."""

    rule: Rule
    person: str = ""
    duties: tuple[str, ...] = ()
    need: str = ""
    data: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found. `given` are those that the locked duties alone already break."""

    violations: tuple[Violation, ...]
    given: tuple[Violation, ...]
    objective: Objective

    @property
    def ok(self) -> bool:
        """No hard rule is broken, other than by what was locked."""
        return not self.violations
