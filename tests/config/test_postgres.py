"""The private PostgreSQL: shared use, hard stops, odd folders. Real servers, real signals."""

import contextlib
import os
import shutil
import signal
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from config.postgres import running
from config.postgres.account import current_account
from config.postgres.binaries import UnableToFindPostgres, choose
from config.postgres.location import SYSTEM_STATE, locate, short_name
from config.postgres.server import UnableToStartDatabase, is_alive

from .homes import end_hard, hold, let_go, postmaster


def children_of(pid: int) -> list[int]:
    """The server's own processes."""
    return [child.pid for child in psutil.Process(pid).children()]


def test_runs_during_the_block_and_keeps_its_rows(home: Path) -> None:
    with running(home, fsync=False) as url:
        first = postmaster(home)
        assert first is not None
        assert os.getsid(first) != os.getsid(0), "a Ctrl-C in our terminal must not reach the server"
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (name text)")
            connection.execute("INSERT INTO kept VALUES ('Đặng Thị Ưng')")
    assert not is_alive(first)
    with running(home, fsync=False) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT name, lower(name) FROM kept").fetchall() == [
            ("Đặng Thị Ưng", "đặng thị ưng")
        ]
        for extension in ("pg_trgm", "unaccent", "btree_gist"):
            connection.execute(f"CREATE EXTENSION {extension}")


def test_is_private(used_home: Path) -> None:
    with running(used_home, fsync=False) as url:
        assert (used_home / "postgres").stat().st_mode & 0o777 == 0o700
        assert (used_home / "postgres-password").stat().st_mode & 0o777 == 0o600
        with psycopg.connect(url) as connection:
            row = connection.execute(
                "SELECT current_setting('listen_addresses'), current_setting('port')"
            ).fetchone()
            assert row == ("", "5432")
        guessed = url.replace(url.split(":")[2].split("@")[0], "guessed")
        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            psycopg.connect(guessed).close()


def test_the_log_never_repeats_what_somebody_typed(used_home: Path) -> None:
    """PostgreSQL would log a failed statement whole, and the row that offended."""
    with running(used_home, fsync=False) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE people (name text PRIMARY KEY)")
        for _each in range(2):
            with contextlib.suppress(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO people VALUES ('Nguyễn Thị Mẫu')")
    log = (used_home / "postgres" / "postgres.log").read_text(encoding="utf-8")
    assert "duplicate key" in log
    assert "Nguyễn Thị Mẫu" not in log


def test_the_last_user_stops_the_server(used_home: Path) -> None:
    first = hold(used_home)
    pid = postmaster(used_home)
    assert pid is not None
    with running(used_home, fsync=False):
        assert postmaster(used_home) == pid, "one server for all"
    assert is_alive(pid), "somebody still uses it"
    second = hold(used_home)
    let_go(first)
    assert is_alive(pid)
    let_go(second)
    assert not is_alive(pid)


def test_a_user_killed_hard_does_not_count_any_more(used_home: Path) -> None:
    victim, survivor = hold(used_home), hold(used_home)
    pid = postmaster(used_home)
    assert pid is not None
    end_hard(victim)
    assert is_alive(pid)
    let_go(survivor)
    assert not is_alive(pid)


def test_committed_rows_survive_a_hard_stop_of_everything(used_home: Path) -> None:
    user = hold(used_home, fsync=True)
    with running(used_home) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE counted (number int)")
        with connection.transaction():
            connection.execute("INSERT INTO counted SELECT generate_series(1, 2000)")
        pid = postmaster(used_home)
        assert pid is not None
        end_hard(user)
        for process in (pid, *children_of(pid)):
            os.kill(process, signal.SIGKILL)
    started = time.monotonic()
    with running(used_home) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM counted").fetchone() == (2000,)
    assert time.monotonic() - started < 60


def test_a_pid_file_naming_a_stranger_is_no_obstacle(used_home: Path) -> None:
    with running(used_home, fsync=False):
        pid_file = used_home / "postgres" / "data" / "postmaster.pid"
        text = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *text[1:]]) + "\n")
    shutil.chown(pid_file, current_account().uid, current_account().gid)
    with running(used_home, fsync=False) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert is_alive(os.getpid())


def test_a_deep_folder_still_gets_a_short_socket_path(home: Path) -> None:
    deep = home.joinpath(*["a-rather-long-folder-name"] * 6)
    with running(deep, fsync=False) as url, psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_setting('unix_socket_directories')").fetchone()
        assert row is not None
        assert len(f"{row[0]}/.s.PGSQL.5432") < 100
        assert Path(row[0]).stat().st_mode & 0o777 == 0o700


def test_an_interrupted_creation_starts_over(home: Path) -> None:
    account = current_account()
    location = locate(home, account)
    draft = location.base / "data.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("15\n")
    with running(home, fsync=False) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not draft.exists()


def test_a_database_of_another_release_is_left_alone(home: Path) -> None:
    data = locate(home, current_account()).data
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(UnableToFindPostgres, match=r"made by PostgreSQL 9, but this machine has: \d+"):
        choose(data, current_account())
    with pytest.raises(UnableToFindPostgres, match="Nothing was changed"), running(home):
        pass
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_lost_or_wrong_password_is_said_at_once(used_home: Path) -> None:
    with running(used_home, fsync=False):
        pass
    password = used_home / "postgres-password"
    right = password.read_text()
    password.write_text("wrong\n")
    with (
        pytest.raises(UnableToStartDatabase, match="not the one of the database"),
        running(used_home, fsync=False),
    ):
        pass
    password.unlink()
    with pytest.raises(UnableToStartDatabase, match="is missing"), running(used_home, fsync=False):
        pass
    password.write_text(right)
    with running(used_home, fsync=False):
        assert postmaster(used_home) is not None
    assert postmaster(used_home) is None


def test_a_folder_closed_to_the_database_user_is_not_opened(home: Path) -> None:
    """Root's own folders stay closed, and the data go elsewhere; a normal user simply owns everything."""
    home.chmod(0o700)
    inside = home / "state"
    is_root = os.geteuid() == 0
    try:
        with running(inside, fsync=False) as url, psycopg.connect(url) as connection:
            row = connection.execute("SELECT current_setting('data_directory')").fetchone()
            base = locate(inside, current_account()).base
            assert row == (str(base / "data"),)
        assert home.stat().st_mode & 0o777 == 0o700
        assert base == inside / "postgres" or (is_root and base.parent == SYSTEM_STATE)
        shutil.rmtree(inside)
        with running(inside, fsync=False):
            assert (locate(inside, current_account()).base == base) != is_root, "a new folder, a new database"
    finally:
        for left in SYSTEM_STATE.glob(f"{short_name(inside)}-*"):
            shutil.rmtree(left)
