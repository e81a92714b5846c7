"""The product behind the fault proxy: its own web server on a copy of the database with the cast."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from django.db import connections

from config.serve import answers, web_command
from tests import databases
from tests.conftest import KEYS
from tests.servers import address_of, free_port, wait_until


class Product:
    """One web server that can be killed in the middle of its work and started again."""

    def __init__(self, database: str, home: Path) -> None:
        self.database, self.port = database, free_port()
        self._log = (home / "web.log").open("ab")
        self._environment = {
            **os.environ,
            **KEYS,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": address_of(database),
            "NHIPCAU_HOME": str(home),
            "NHIPCAU_URL": f"http://127.0.0.1:{self.port}",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """In a group of its own, so that all of it can be killed at once."""
        self._process = subprocess.Popen(
            web_command("127.0.0.1", self.port, 1), cwd=databases.ROOT, env=self._environment,
            stdout=self._log, stderr=self._log, start_new_session=True,
        )  # fmt: skip
        wait_until(lambda: answers("127.0.0.1", self.port), self._process)

    def kill(self) -> None:
        """As a power cut does: nobody is asked."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(20)
            self._process = None

    def close(self) -> None:
        self.kill()
        self._log.close()

    def lose_database(self, seconds: float) -> None:
        """As a restart of the database does: every transaction under way is gone, nobody is let in."""
        connections["default"].close()
        databases.run(f'ALTER DATABASE "{self.database}" ALLOW_CONNECTIONS false')
        databases.run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.database}'"
        )
        sleep(seconds)
        databases.run(f'ALTER DATABASE "{self.database}" ALLOW_CONNECTIONS true')


@contextmanager
def running(database: str, home: Path) -> Iterator[Product]:
    """Started, and gone with the block."""
    product = Product(database, home)
    try:
        product.start()
        yield product
    finally:
        product.close()
