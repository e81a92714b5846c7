"""File locks that the kernel drops when their holder dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

PAUSE = 0.02


class LockTimeout(Exception):
    """Somebody else held the lock for too long."""


class FileLock:
    """One open lock file. Not inherited by child processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def try_exclusive(self) -> bool:
        """Take the lock alone if nobody else has it."""
        return self._try(fcntl.LOCK_EX)

    def exclusive(self, seconds: float) -> None:
        """Take the lock alone, waiting for others to leave."""
        self._wait(fcntl.LOCK_EX, seconds)

    def shared(self, seconds: float) -> None:
        """Take the lock together with others."""
        self._wait(fcntl.LOCK_SH, seconds)

    def _wait(self, kind: int, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self._try(kind):
            if time.monotonic() > deadline:
                raise LockTimeout(
                    f"{self._path} has been held by another process for more than {seconds:.0f} s."
                )
            time.sleep(PAUSE)

    def release(self) -> None:
        """Give the lock back; the file stays."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the lock back for good."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
