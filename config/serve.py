"""Runs the web server and the background worker as children, and keeps them running until told to stop."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

SECONDS_TO_ANSWER = 90
SECONDS_TO_STOP = 8
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
LOG_BYTES_KEPT = 10_000_000
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class UnableToServe(Exception):
    """The address cannot be used, or the server did not come up."""


def web_command(host: str, port: int, workers: int) -> list[str]:
    """The web server: granian with our WSGI application.

    Two workers have four threads each; more workers have fewer, since threads of one worker wait for each
    other. Measured with benchmarks/sign_up_race.py: eight workers answer a crowd a quarter sooner with one.
    """
    threads = max(1, 8 // workers)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", str(threads)]
    command += ["--no-ws", "--respawn-failed-workers"]
    return [*command, "--log-level", "warning", "config.wsgi:application"]


def worker_command(queue: str = "") -> list[str]:
    """The background worker: of one queue, or of all. What takes minutes has a queue of its own."""
    command = [sys.executable, "-m", "django", "procrastinate", "worker"]
    return [*command, "--queues", queue] if queue else command


def check_port(host: str, port: int) -> None:
    """Say so now, in plain words, if the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UnableToServe(
                f"Cannot serve on {host}:{port}: {error.strerror}. "
                f"If it is taken, stop the other program (perhaps Nhịp Cầu itself) or choose another port:\n"
                f'  make run ARGS="--port {port + 1}"'
            ) from error


@dataclass
class Child:
    """One program that should always run."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    restart_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a session of its own: a Ctrl-C in the terminal is ours to pass on, in order."""
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log.parent.chmod(0o700)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_KEPT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.leash", str(os.getpid()), *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    def look_after(self, say: Callable[[str], None]) -> None:
        """Start it again if it ended, waiting longer each time it fails soon."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.restart_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.kill_rest()
        self.process = None
        self.failures = 1 if now - self.started_at > STEADY_SECONDS else self.failures + 1
        pause = min(LONGEST_PAUSE, 2.0 ** (self.failures - 1))
        self.restart_at = now + pause
        say(f"The {self.name} stopped (code {code}); starting it again in {pause:.0f} s. See {self.log}.")

    def ask_to_stop(self) -> None:
        """A polite request."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_or_kill(self, deadline: float) -> None:
        """Wait for its end until `deadline`, then end it and whatever it started."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        self.kill_rest()
        self.process.wait()
        self.process = None

    def kill_rest(self) -> None:
        """End what is left of its session."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def last_words(self) -> str:
        """The end of its log."""
        with contextlib.suppress(OSError):
            lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
            return "\n".join([*lines[-15:], f"(from {self.log})"])
        return ""


@contextlib.contextmanager
def stop_requests() -> Iterator[threading.Event]:
    """An event that Ctrl-C, SIGTERM or a closed terminal sets."""
    asked = threading.Event()

    def note(number: int, frame: FrameType | None) -> None:
        asked.set()

    before = {number: signal.signal(number, note) for number in STOP_SIGNALS}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def answers(host: str, port: int) -> bool:
    """Whether an HTTP server answers there, with whatever page."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(near, port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def serve(
    children: Sequence[Child],
    *,
    host: str,
    port: int,
    ready: Callable[[], None],
    say: Callable[[str], None],
    patience: float = SECONDS_TO_STOP,
) -> None:
    """Start the children, the web server first; call `ready` once it answers; run until asked to stop.

    A child gets `patience` seconds to leave in order before it is ended.
    """
    with stop_requests() as asked:
        try:
            for child in children:
                child.start()
            wait_for_answer(children[0], host, port, asked)
            if not asked.is_set():
                ready()
            while not asked.wait(0.5):
                for child in children:
                    child.look_after(say)
        finally:
            deadline = time.monotonic() + patience
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.wait_or_kill(deadline)


def wait_for_answer(web: Child, host: str, port: int, asked: threading.Event) -> None:
    """Return when the web server answers or a stop was asked for; complain when it cannot come up."""
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while not asked.wait(0.1) and not answers(host, port):
        stopped = web.process is None or web.process.poll() is not None
        if stopped or time.monotonic() > deadline:
            raise UnableToServe(f"The web server did not come up.\n{web.last_words()}")
