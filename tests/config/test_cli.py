"""The command `nhipcau` as a person or a script meets it: real processes, real pipes, real signals."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.cli import client_variables
from config.postgres import running
from config.postgres.server import is_alive
from config.prepare import connected, fingerprint, note, noted

from .homes import ROOT, postmaster

NHIPCAU = [sys.executable, "-c", "import sys; from config.cli import main; sys.exit(main())"]


def variables(home: Path, **more: str) -> dict[str, str]:
    """The environment of a command on a state folder of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, "NHIPCAU_HOME": str(home), **more}


def nhipcau(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [*NHIPCAU, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=variables(home, **more),
        timeout=120,
        check=False,
    )


def test_help_and_unknown_commands_need_no_database(home: Path) -> None:
    told = nhipcau(home, "--help")
    assert told.returncode == 0
    assert all(word in told.stdout for word in ("run", "manage", "places", "procedures", "reports"))
    unknown = nhipcau(home, "plases")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "Unknown command 'plases'" in unknown.stderr
    assert list(home.iterdir()) == []


def test_results_alone_are_on_standard_output(used_home: Path) -> None:
    asked = nhipcau(used_home, "psql", "-At", "-c", "SELECT 'Nhịp Cầu'")
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "Nhịp Cầu\n", "")
    assert postmaster(used_home) is None, "the last command stops the server"


def test_a_reader_that_leaves_early_is_no_error(used_home: Path) -> None:
    command = subprocess.Popen(
        [*NHIPCAU, "manage", "diffsettings", "--all"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=variables(used_home, PYTHONUNBUFFERED="1"),
    )
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.close()
    errors = command.stderr.read()
    command.stderr.close()
    assert command.wait(60) == 128 + signal.SIGPIPE
    assert errors == b""
    assert postmaster(used_home) is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_command_leaves_in_order(used_home: Path, number: signal.Signals) -> None:
    waiting = "import time; print('waiting', flush=True); time.sleep(60)"
    command = subprocess.Popen(
        [*NHIPCAU, "manage", "shell", "--no-imports", "-c", waiting],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=variables(used_home),
    )
    assert command.stdout is not None
    assert command.stdout.readline() == "waiting\n"
    pid = postmaster(used_home)
    assert pid is not None
    command.send_signal(number)
    _, errors = command.communicate(timeout=60)
    assert command.returncode == 128 + number
    assert "Traceback" not in errors
    assert not is_alive(pid)


@pytest.mark.enable_socket
def test_a_taken_port_is_said_before_anything_starts(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = nhipcau(home, "run", "--port", str(port))
    assert told.returncode == 1
    assert f"Cannot serve on 127.0.0.1:{port}" in told.stderr
    assert f"--port {port + 1}" in told.stderr
    assert list(home.iterdir()) == []


def test_a_server_that_does_not_answer_is_named_without_its_password(home: Path) -> None:
    url = f"postgresql://somebody:hidden@/nowhere?host={home}"
    started = time.monotonic()
    told = nhipcau(home, "places", "convert", "x", DATABASE_URL=url)
    assert told.returncode == 1
    assert told.stdout == ""
    assert "The database in DATABASE_URL does not answer" in told.stderr
    assert "hidden" not in told.stderr
    assert "Traceback" not in told.stderr
    assert time.monotonic() - started < 30


def test_the_password_is_not_on_a_command_line() -> None:
    assert client_variables("postgresql://me:p%40ss@db.example:6543/work?sslmode=require") == {
        "PGHOST": "db.example",
        "PGPORT": "6543",
        "PGUSER": "me",
        "PGPASSWORD": "p@ss",
        "PGDATABASE": "work",
        "PGSSLMODE": "require",
    }


def test_a_database_remembers_what_it_was_prepared_with(
    used_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fingerprint() == fingerprint()
    with running(used_home, fsync=False) as url:
        monkeypatch.setenv("DATABASE_URL", url)
        with connected() as connection:
            assert noted(connection) == ""
            note(connection, "first")
            note(connection, "second")
            assert noted(connection) == "second"
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            assert noted(connection) == ""
