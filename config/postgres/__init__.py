"""The private PostgreSQL of an installation, shared by every process that needs it.

Each user holds a shared lock while it works; the last one to leave stops the server. The kernel drops the
lock of a process that dies, so nobody's crash keeps the server up for ever or takes it from others.
"""

import atexit
import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from config.postgres.account import UnableToMakeAccount, current_account
from config.postgres.binaries import UnableToFindPostgres, choose
from config.postgres.location import UnableToPlaceCluster, locate
from config.postgres.locks import FileLock, LockTimeout
from config.postgres.server import (
    SECONDS_TO_START,
    SECONDS_TO_STOP,
    Server,
    UnableToStartDatabase,
    UnableToStopDatabase,
)

__all__ = ["DATABASE_ERRORS", "client_program", "ensure_running", "running"]

# Everything that can go wrong here and that a person should read without a traceback.
DATABASE_ERRORS = (
    LockTimeout,
    UnableToFindPostgres,
    UnableToMakeAccount,
    UnableToPlaceCluster,
    UnableToStartDatabase,
    UnableToStopDatabase,
)
PATIENCE = SECONDS_TO_START + 2 * SECONDS_TO_STOP


@contextlib.contextmanager
def running(home: Path, *, fsync: bool = True) -> Iterator[str]:
    """The address (for DATABASE_URL) of the home folder's own server, which runs while the block does.

    `fsync=False` trades safety against power loss for speed: for tests only. It has effect when this call is
    the one that starts the server.
    """
    account = current_account()
    location = locate(home, account)
    with FileLock(location.start_lock) as gate, FileLock(location.users_lock) as users:
        gate.exclusive(PATIENCE)
        users.shared(PATIENCE)
        server = Server(location, account, fsync=fsync)
        try:
            server.start()
            gate.release()
            yield server.url
        finally:
            gate.exclusive(PATIENCE)
            users.release()
            if users.try_exclusive():
                server.stop()


def ensure_running(home: Path, *, fsync: bool = True) -> str:
    """Like `running`, until this process ends."""
    stack = contextlib.ExitStack()
    url = stack.enter_context(running(home, fsync=fsync))
    atexit.register(stack.close)
    return url


def client_program(home: Path | None, name: str) -> Path:
    """The path of a program such as `psql`: of the release the home folder's data need, or the newest."""
    account = current_account()
    if home is not None:
        return choose(locate(home, account).data, account).program(name)
    on_path = shutil.which(name)
    return Path(on_path) if on_path else choose(Path(os.devnull), account).program(name)
