"""Rosters: a Problem in, a Result out, and a check of its own that recounts every rule.

Pure: no Django, no files, no clock but for deadlines. `solve` and `repair` load the solver when they run;
reading, checking and explaining never do.
"""

from .check import can_serve, check
from .document import from_json, result_from_json, result_to_json, to_json
from .errors import UnableToReadProblem, UnableToReadResult
from .explain import BrokenWish, Explanation, Load, Uncovered, explain
from .fairness import share_fairly
from .problem import (
    Assignment,
    Duty,
    Experience,
    Floor,
    Held,
    History,
    Limits,
    Mixing,
    Need,
    Person,
    Problem,
    Stint,
    Succession,
    Weights,
    Window,
    Wish,
)
from .repair import Repair, repair
from .result import Objective, Progress, Report, Result, Rule, Status, Violation
from .solve import solve
from .stop import Stop

__all__ = [
    "Assignment", "BrokenWish", "Duty", "Experience", "Explanation", "Floor", "Held", "History", "Limits",
    "Load", "Mixing", "Need", "Objective", "Person", "Problem", "Progress", "Repair", "Report",
    "Result", "Rule", "Status", "Stint", "Stop", "Succession", "UnableToReadProblem", "UnableToReadResult",
    "Uncovered", "Violation", "Weights", "Window", "Wish", "can_serve", "check", "explain", "from_json",
    "repair", "result_from_json", "result_to_json", "share_fairly", "solve", "to_json",
]  # fmt: skip
