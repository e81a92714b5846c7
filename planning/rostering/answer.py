"""What the engine says about one part of a problem."""

from collections.abc import Callable
from dataclasses import dataclass

from .problem import Assignment

# Hears of a roster that keeps every rule and costs less than any before it.
Found = Callable[[tuple[Assignment, ...]], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """The best roster of a part (None: none was found), a valid bound on its cost, and how sure that is."""

    assignments: tuple[Assignment, ...] | None
    bound: float
    proven: bool
    infeasible: bool = False
