"""The product's own programs as children of a test, on the loopback address and a database of the test's."""

import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from tests import databases

SECONDS_TO_START = 60


@contextmanager
def child(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program of ours, ended with the block."""
    log = Path(environment["NHIPCAU_HOME"]) / "browser.log"
    with log.open("ab") as stream:
        process = subprocess.Popen(command, cwd=databases.ROOT, env=environment, stdout=stream, stderr=stream)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def address_of(database: str) -> str:
    """`DATABASE_URL` of a database on the tests' server."""
    before, _slash, _name = databases.connect_to_server().partition("?")[0].rpartition("/")
    query = databases.connect_to_server().partition("?")[2]
    return f"{before}/{database}" + (f"?{query}" if query else "")


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = monotonic() + SECONDS_TO_START
    while not ready():
        assert process.poll() is None, "the web server ended"
        assert monotonic() < deadline, "the web server did not answer"
        sleep(0.1)
