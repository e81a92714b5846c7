"""One PostgreSQL server process: make its cluster, start it, ask whether it answers, stop it."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from config.postgres.account import Account
from config.postgres.binaries import Binaries, choose
from config.postgres.location import Location, socket_folder
from config.state import write_private

ROLE = "nhipcau"
DATABASE = "nhipcau"
# Only names the socket file; said everywhere, so that a PGPORT in the environment changes nothing.
PORT = 5432
PAUSE = 0.05
# Crash recovery after a hard stop may have to replay a lot; it is progress, not a hang.
SECONDS_TO_START = 120
SECONDS_TO_STOP = 30
LOG_BYTES_KEPT = 5_000_000
# The previous server's last processes are still leaving: worth another try.
PASSING_TROUBLE = ("pre-existing shared memory block", "lock file", "is another postmaster")

# Servers started by this process; kept so that they can be reaped whenever they end.
_started: list[subprocess.Popen[bytes]] = []


class UnableToStartDatabase(Exception):
    """The database server did not come up; the message ends with its own last words."""


class UnableToStopDatabase(Exception):
    """The database server did not go down."""


def is_alive(pid: int) -> bool:
    """Whether the process runs (a dead one not yet reaped does not)."""
    _started[:] = [server for server in _started if server.poll() is None]
    try:
        state = (
            Path(f"/proc/{pid}/stat")
            .read_text(encoding="utf-8", errors="replace")
            .rpartition(")")[2]
            .split()[0]
        )
    except (OSError, IndexError):
        if Path("/proc/self/stat").exists():
            return False
        with contextlib.suppress(PermissionError):
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return False
        return True
    return state not in "ZX"


class Server:
    """The server of one cluster. Whoever calls `start` or `stop` holds the cluster's start lock."""

    def __init__(self, location: Location, account: Account, *, fsync: bool) -> None:
        self.location = location
        self.account = account
        self.fsync = fsync
        self.socket = socket_folder(location, account)

    @property
    def url(self) -> str:
        """The address for DATABASE_URL."""
        return self.address(DATABASE)

    def address(self, database: str) -> str:
        """The address of one database of the cluster."""
        password = self.location.password_file.read_text(encoding="ascii").strip()
        host = quote(str(self.socket), safe="")
        return f"postgresql://{ROLE}:{quote(password, safe='')}@/{database}?host={host}&port={PORT}"

    # ---- is it there? -------------------------------------------------------------------------

    def postmaster(self) -> int | None:
        """The process that runs on our data folder, or None. A stale pid file counts as none."""
        try:
            lines = (self.location.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            pid = int(lines[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if is_alive(pid) and self._works_here(pid) else None

    def _works_here(self, pid: int) -> bool:
        """Whether the process is really our server: after a restart its number may belong to anyone."""
        link = Path(f"/proc/{pid}/cwd")
        if not Path("/proc/self/cwd").exists():
            return True
        try:
            return link.samefile(self.location.data)
        except OSError:
            return False

    def answers(self) -> bool:
        """Whether the server takes our password and our database exists."""
        if not (self.socket / ".s.PGSQL.5432").exists():
            return False
        try:
            with psycopg.connect(self.address("postgres"), connect_timeout=10, autocommit=True) as connection:
                found = connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
                ).fetchone()
                if found is None:
                    connection.execute(f'CREATE DATABASE "{DATABASE}" TEMPLATE template0')
        except psycopg.OperationalError as error:
            if "authentication failed" in str(error):
                raise UnableToStartDatabase(
                    f"The password in {self.location.password_file} is not the one of the database. "
                    "Restore the file from the backup."
                ) from error
            return False  # not there yet, starting, or stopping
        return True

    # ---- start --------------------------------------------------------------------------------

    def start(self) -> None:
        """Bring the server up, making the cluster first if there is none; return when it answers."""
        binaries = choose(self.location.data, self.account) if self.postmaster() is None else None
        if binaries is not None:
            self._make_cluster(binaries)
        deadline = time.monotonic() + SECONDS_TO_START
        ours: subprocess.Popen[bytes] | None = None
        while not self.answers():
            if time.monotonic() > deadline:
                raise UnableToStartDatabase(
                    f"The database did not answer in {SECONDS_TO_START} s.\n{self._last_words()}"
                )
            if ours is not None and ours.poll() is not None:
                self._forgive_or_raise()
                ours = None
            elif ours is None and self.postmaster() is None:
                binaries = binaries or choose(self.location.data, self.account)
                ours = self._launch(binaries)
            time.sleep(PAUSE)

    def _forgive_or_raise(self) -> None:
        words = self._last_words()
        if not any(trouble in words for trouble in PASSING_TROUBLE):
            raise UnableToStartDatabase(f"The database stopped while starting.\n{words}")
        time.sleep(0.5)

    def _last_words(self) -> str:
        """The end of the server's log."""
        try:
            lines = self.location.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join([*lines[-12:], f"(from {self.location.log})"])

    def _make_cluster(self, binaries: Binaries) -> None:
        """Create the data folder in one go: an interrupted attempt leaves nothing that looks finished."""
        location = self.location
        if (location.data / "PG_VERSION").exists():
            if not location.password_file.exists():
                raise UnableToStartDatabase(
                    f"The database in {location.data} exists, but its password file "
                    f"{location.password_file} is missing. Restore the file from the backup. "
                    f"(To begin with an empty database instead, remove {location.base}.)"
                )
            return
        write_private(location.password_file, secrets.token_urlsafe(24) + "\n")
        draft, password = location.base / "data.new", location.base / "password.new"
        shutil.rmtree(draft, ignore_errors=True)
        password.unlink(missing_ok=True)
        write_private(password, location.password_file.read_text(encoding="ascii"))
        self.account.own(password)
        try:
            self._initdb(binaries, draft, password)
        finally:
            password.unlink(missing_ok=True)
        draft.rename(location.data)

    def _initdb(self, binaries: Binaries, data: Path, password: Path) -> None:
        command: list[str | Path] = [binaries.program("initdb"), "-D", data, "-U", ROLE, "-E", "UTF8"]
        command += ["-A", "scram-sha-256", f"--pwfile={password}", "--data-checksums"]
        if binaries.has_builtin_locale:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        else:
            command += ["--locale=C.UTF-8"]
        if not self.fsync:
            command.append("--no-sync")
        made = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            umask=0o077,
            env=self._environment(),
            **self.account.as_process_arguments(),
        )
        if made.returncode != 0:
            raise UnableToStartDatabase(f"The database could not be created.\n{made.stderr.strip()[-2000:]}")

    def _environment(self) -> dict[str, str]:
        """Little of ours: no PG* variable and no key reaches the server."""
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def _options(self) -> list[str]:
        """The server's own settings; everything else is PostgreSQL's default."""
        options = [
            f"port={PORT}",
            "listen_addresses=",
            "unix_socket_permissions=0700",
            "lc_messages=C",
            "timezone=UTC",
            "jit=off",
            # A failed statement carries what people typed: the log says what failed, not with which values.
            "log_min_error_statement=panic",
            "log_error_verbosity=terse",
        ]
        if not self.fsync:
            options += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        return options

    def _launch(self, binaries: Binaries) -> subprocess.Popen[bytes]:
        """Start the server in a session of its own, so that a Ctrl-C meant for us does not reach it."""
        self._drop_foreign_pid_file()
        log = self.location.log
        if log.exists() and log.stat().st_size > LOG_BYTES_KEPT:
            log.replace(log.with_suffix(".log.1"))
        command: list[str | Path] = [
            binaries.program("postgres"),
            "-D",
            self.location.data,
            "-k",
            self.socket,
        ]
        for option in self._options():
            command += ["-c", option]
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self.account.own(log)
            server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                cwd="/",
                start_new_session=True,
                umask=0o077,
                env=self._environment(),
                **self.account.as_process_arguments(),
            )
        finally:
            os.close(descriptor)
        _started.append(server)
        return server

    def _drop_foreign_pid_file(self) -> None:
        """Remove a pid file whose number now belongs to a process that is not our server.

        PostgreSQL recovers by itself from a number nobody has, but refuses to start while anybody has it.
        """
        path = self.location.data / "postmaster.pid"
        try:
            pid = int(path.read_text(encoding="utf-8").splitlines()[0])
        except (OSError, ValueError, IndexError):
            return
        if is_alive(pid) and not self._works_here(pid):
            path.unlink(missing_ok=True)

    # ---- stop ---------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop the server: politely, then at once (which costs a recovery, never a committed row)."""
        pid = self.postmaster()
        if pid is None:
            return
        for request, patience in ((signal.SIGINT, SECONDS_TO_STOP), (signal.SIGQUIT, SECONDS_TO_STOP)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, request)
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                if not is_alive(pid):
                    return
                time.sleep(PAUSE / 2)
        raise UnableToStopDatabase(f"The database (process {pid}) did not stop; see {self.location.log}.")
