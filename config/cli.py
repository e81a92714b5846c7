"""The command `nhipcau`: run the product, manage it, and the commands of its rooms.

Standard output carries results only; progress goes to standard error.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from psycopg.conninfo import conninfo_to_dict

from config.postgres import DATABASE_ERRORS, client_program, running
from config.prepare import UnableToReachDatabase, connected, is_empty, prepare
from config.serve import Child, UnableToServe, check_port, serve, web_command, worker_command
from config.state import ROOT, UnableToReadKeys, home_folder, make_home, put_keys_in_environment

CLIENT_PROGRAMS = ("psql", "pg_dump", "pg_restore")
PLAIN_ERRORS = (*DATABASE_ERRORS, UnableToReachDatabase, UnableToReadKeys, UnableToServe)
HELP = """Usage: nhipcau COMMAND …

  run [--host H] [--port P] [--no-demo]   start everything; Ctrl-C stops it
  manage …                                Django's management commands, with the database up
  psql, pg_dump, pg_restore …             PostgreSQL's own programs, on this database

Commands of the rooms (each with --help):
  {rooms}

NHIPCAU_HOME chooses the state folder (now {home}),
DATABASE_URL a PostgreSQL server of your own."""


def say(text: str) -> None:
    """A line for the person, away from the results."""
    print(text, file=sys.stderr, flush=True)


def room_commands() -> list[str]:
    """The commands that the rooms bring."""
    found = (ROOT / "nhipcau").glob("*/management/commands/*.py")
    return sorted(path.stem for path in found if not path.stem.startswith("_"))


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Have a database and the keys in the environment: the given one, else the home folder's own."""
    home = make_home(home_folder())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["NHIPCAU_HOME"] = str(home)
    put_keys_in_environment(home)
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with running(home) as url:
        os.environ["DATABASE_URL"] = url
        try:
            yield
        finally:
            del os.environ["DATABASE_URL"]


def run_django(arguments: Sequence[str]) -> None:
    """One Django management command in this process; it leaves by SystemExit when it fails."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - slow, and not for `run`

    execute_from_command_line(["nhipcau", *arguments])


def manage(arguments: Sequence[str]) -> int:
    """`nhipcau manage …`."""
    with database():
        run_django(arguments)
    return 0


def room(arguments: Sequence[str]) -> int:
    """A room's command, on a database that is up to date."""
    with database():
        if not {"-h", "--help"} & set(arguments):
            prepare(say)
        import django  # noqa: PLC0415 - as above
        from django.core.management import get_commands, load_command_class  # noqa: PLC0415 - as above

        django.setup()
        command = load_command_class(get_commands()[arguments[0]], arguments[0])
        # The program was checked when it was built; checking all of it for one answer would double the time.
        command.requires_system_checks = []
        command.run_from_argv(["nhipcau", *arguments])
    return 0


def client(arguments: Sequence[str]) -> int:
    """`nhipcau psql …` and the like: PostgreSQL's own programs on our database."""
    home = None if os.environ.get("DATABASE_URL") else home_folder()
    with database():
        url = os.environ["DATABASE_URL"]
        program = client_program(home, arguments[0])
        before = signal.signal(signal.SIGINT, lambda number, frame: None)  # Ctrl-C belongs to the program
        try:
            return subprocess.call([program, *arguments[1:]], env={**os.environ, **client_variables(url)})
        finally:
            signal.signal(signal.SIGINT, before)


def client_variables(url: str) -> dict[str, str]:
    """The parts of a database address as PostgreSQL's own variables: no password on a command line."""
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    names |= {"dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    parts = conninfo_to_dict(url)
    return {names[part]: str(value) for part, value in parts.items() if part in names and value is not None}


# ---- run ------------------------------------------------------------------------------------------


def run(arguments: Sequence[str]) -> int:
    """`nhipcau run`: database, web server, worker, and the demo in an empty database."""
    wanted = read_run_options(arguments)
    check_port(wanted.host, wanted.port)
    # Links and QR codes lead to where this server listens, unless its public address was given.
    os.environ.setdefault("NHIPCAU_URL", f"http://{url_host(wanted.host)}:{wanted.port}")
    started = time.monotonic()
    say("Starting the database…")
    with database():
        prepare(say)
        load_demo(wanted.no_demo)
        home = home_folder()
        children = [
            Child(
                "web server", web_command(wanted.host, wanted.port, wanted.workers), home / "logs" / "web.log"
            ),
            Child("worker", worker_command("default"), home / "logs" / "worker.log"),
            Child("planner", worker_command("planning"), home / "logs" / "planner.log"),
        ]
        serve(
            children,
            host=wanted.host,
            port=wanted.port,
            ready=lambda: greet(wanted.host, wanted.port, home, time.monotonic() - started),
            say=say,
        )
        say("\nStopping…")
    say("Stopped. Everything is saved.")
    return 0


def read_run_options(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of `run`."""
    parser = argparse.ArgumentParser(prog="nhipcau run", description="Start Nhịp Cầu; Ctrl-C stops it.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--workers", type=int, default=min(4, os.cpu_count() or 1), help="web processes")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    return parser.parse_args(list(arguments))


def own_command(*arguments: str) -> list[str]:
    """This same command line, for a child process."""
    return [sys.executable, "-c", "import sys; from config.cli import main; sys.exit(main())", *arguments]


def load_demo(unwanted: bool) -> None:
    """Fill an empty database with the seed programme."""
    if unwanted or "demo" not in room_commands():
        return
    with connected() as connection:
        if not is_empty(connection):
            return
    say("Loading the demo: Lâm Đồng, July 2025…")
    loaded = subprocess.run(own_command("demo"), stdout=subprocess.PIPE, text=True, check=False)
    say(loaded.stdout.partition("\n")[0])  # the logins below it are said when the server is ready
    if loaded.returncode != 0:
        raise UnableToServe(
            "The demo could not be loaded; see above. To start without it: nhipcau run --no-demo"
        )


def url_host(host: str) -> str:
    """The listening address as it stands in a link; "all addresses" is reached here as 127.0.0.1."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def greet(host: str, port: int, home: Path, seconds: float) -> None:
    """Tell where it is and who can log in."""
    print(f"\nNhịp Cầu is running at http://{url_host(host)}:{port}/  (ready in {seconds:.1f} s)", flush=True)
    logins = demo_logins()
    if logins:
        print("\n".join(["Log in with the name and password of one of these:", *logins]), flush=True)
    print(f"Logs are in {home / 'logs'}. Stop with Ctrl-C.", flush=True)


def demo_logins() -> list[str]:
    """The demo's logins (each line begins with the name), if the database holds the demo."""
    if "demo" not in room_commands():
        return []
    asked = subprocess.run(own_command("demo", "--logins"), capture_output=True, text=True, check=False)
    lines = [line for line in asked.stdout.splitlines() if line.strip()]
    with connected() as connection:
        names = [line.split()[0] for line in lines]
        row = connection.execute(
            "SELECT count(*) FROM teams_member WHERE username = ANY(%s)", [names]
        ).fetchone()
    return lines if row == (len(lines),) else []


# ---- dispatch -------------------------------------------------------------------------------------


def dispatch(arguments: Sequence[str]) -> int:
    """Find the command and run it."""
    name = arguments[0] if arguments else "--help"
    if name in ("-h", "--help", "help"):
        print(HELP.format(rooms=", ".join(room_commands()), home=home_folder()))
        return 0
    if name == "run":
        return run(arguments[1:])
    if name == "manage":
        return manage(arguments[1:])
    if name in CLIENT_PROGRAMS:
        return client(arguments)
    if name in room_commands():
        return room(arguments)
    say(f"Unknown command {name!r}. `nhipcau --help` lists them.")
    return 2


def _leave(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends a command in order: the database is left properly."""
    raise SystemExit(128 + number)


def main() -> int:
    """Entry point; people see sentences, not tracebacks, for what is nobody's mistake in the program."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        code = dispatch(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt:
        say("Stopped.")
        return 128 + signal.SIGINT
    except PLAIN_ERRORS as error:
        say(str(error))
        return 1
    return code
