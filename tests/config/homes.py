"""State folders and helper processes for the tests of the installation."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

HOLD = """
import sys
from pathlib import Path
from config.postgres import running
with running(Path(sys.argv[1]), fsync=sys.argv[2] == "safe"):
    print("up", flush=True)
    sys.stdin.readline()
print("down", flush=True)
"""


def hold(home: Path, *, fsync: bool = False) -> subprocess.Popen[str]:
    """Another process that uses the server of `home` until it reads a line; returns once the server is up."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home), "safe" if fsync else "fast"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def let_go(process: subprocess.Popen[str]) -> None:
    """Ask the other process to leave in order, and wait until it has."""
    output, _ = process.communicate("\n", timeout=90)
    assert (output, process.returncode) == ("down\n", 0)


def end_hard(process: subprocess.Popen[str]) -> None:
    """`kill -9` the other process."""
    process.kill()
    process.communicate(timeout=30)


def postmaster(home: Path) -> int | None:
    """The number of the server's process according to its pid file."""
    try:
        return int((home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
    except FileNotFoundError:
        return None
