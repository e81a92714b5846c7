"""The children of `nhipcau run`: started, restarted, stopped, and never left behind. Real processes."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from config.postgres.server import is_alive
from config.serve import UnableToServe, answers, check_port

from .homes import ROOT

pytestmark = pytest.mark.enable_socket

DRIVER = """
import sys
from pathlib import Path
from config.serve import Child, serve
logs, port = Path(sys.argv[1]), sys.argv[2]
children = [
    Child("web server", [sys.executable, "-m", "http.server", port, "--bind", "127.0.0.1"], logs / "web.log"),
    Child("worker", [sys.executable, "-c", sys.argv[3]], logs / "worker.log"),
]
say = lambda text: print(text, flush=True)
ready = lambda: say("ready " + " ".join(str(child.process.pid) for child in children if child.process))
serve(children, host="127.0.0.1", port=int(port), ready=ready, say=say, patience=float(sys.argv[4]))
say("stopped")
"""
STEADY = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(logs: Path, port: int, worker: str, patience: float = 8) -> subprocess.Popen[str]:
    """The driver, not yet ready."""
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(logs), str(port), worker, str(patience)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def read_line(process: subprocess.Popen[str]) -> str:
    """The next line it says."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def wait_until_gone(pids: list[int], seconds: float = 10) -> bool:
    """Whether all have ended in time."""
    deadline = time.monotonic() + seconds
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("request_number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_stop_request_ends_everything_in_order(tmp_path: Path, request_number: signal.Signals) -> None:
    port = free_port()
    run = start(tmp_path, port, STEADY)
    pids = [int(word) for word in read_line(run).split()[1:]]
    assert len(pids) == 2
    assert answers("127.0.0.1", port)
    run.send_signal(request_number)
    output, errors = run.communicate(timeout=20)
    assert (output, errors, run.returncode) == ("stopped\n", "", 0)
    assert wait_until_gone(pids, 1)


def test_logs_are_private(tmp_path: Path) -> None:
    """They tell who asked for what, also where root's home folder may be passed through."""
    process = start(tmp_path / "logs", free_port(), STEADY)
    read_line(process)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert (tmp_path / "logs").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "logs").iterdir()} == {0o600}


def test_a_child_that_does_not_listen_is_ended_after_a_while(tmp_path: Path) -> None:
    run = start(tmp_path, free_port(), STUBBORN, patience=1)
    pids = [int(word) for word in read_line(run).split()[1:]]
    started = time.monotonic()
    run.send_signal(signal.SIGINT)
    assert run.communicate(timeout=30)[0] == "stopped\n"
    assert time.monotonic() - started < 12
    assert wait_until_gone(pids, 1)


def test_a_crashed_child_is_started_again(tmp_path: Path) -> None:
    once = f"import pathlib, sys, time; p = pathlib.Path({str(tmp_path / 'seen')!r})\n"
    once += "if not p.exists(): p.touch(); sys.exit(7)\n"
    once += "time.sleep(600)"
    run = start(tmp_path, free_port(), once)
    said = [read_line(run), read_line(run)]
    assert any("The worker stopped (code 7); starting it again in 1 s." in line for line in said)
    time.sleep(2.5)
    assert run.poll() is None
    assert len(psutil.Process(run.pid).children()) == 2
    run.terminate()
    assert run.communicate(timeout=20)[0] == "stopped\n"


def test_a_hard_stop_leaves_no_child_behind(tmp_path: Path) -> None:
    run = start(tmp_path, free_port(), STEADY)
    pids = [int(word) for word in read_line(run).split()[1:]]
    run.kill()
    run.communicate(timeout=10)
    assert wait_until_gone(pids)


def test_a_web_server_that_cannot_come_up_is_reported_with_its_last_words(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody answers and nobody else may bind
        run = start(tmp_path, taken.getsockname()[1], STEADY)
        output, errors = run.communicate(timeout=30)
    assert run.returncode == 1
    assert "The web server did not come up." in errors
    assert "Address already in use" in errors
    assert output == ""


def test_a_taken_port_is_said_in_plain_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UnableToServe, match=f"Cannot serve on 127.0.0.1:{port}.*\n.*--port {port + 1}"):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)
