"""When a run ends: at a deadline, or when somebody says so."""

import time
from collections.abc import Callable


def _never() -> bool:
    return False


class Stop:
    """Ends a run after `seconds` of wall time (None: no deadline) or as soon as `cancelled()` is true.

    The clock starts when this is made. `cancelled` is asked several times a second, from other threads too.
    """

    def __init__(self, seconds: float | None = None, cancelled: Callable[[], bool] = _never) -> None:
        self._until = None if seconds is None else time.monotonic() + seconds
        self._cancelled = cancelled

    def remaining(self) -> float | None:
        """Seconds left, never below 0; None without a deadline."""
        return None if self._until is None else max(0.0, self._until - time.monotonic())

    def now(self) -> bool:
        """Whether the run should end."""
        return self._cancelled() or (self._until is not None and time.monotonic() >= self._until)

    def part(self, number: int) -> "Stop":
        """Ends with this one, and at the latest after an equal part of what is left for so many."""
        remaining = self.remaining()
        return Stop(None if remaining is None else remaining / number, self.now)
