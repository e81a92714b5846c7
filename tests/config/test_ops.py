"""A backup can be put back, and a bad one changes nothing."""

import os
import subprocess
from pathlib import Path

import psycopg

from config.postgres import running
from config.state import load_keys

from .homes import ROOT


def script(home: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the scripts in `ops` on a state folder of its own."""
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.run(
        [str(ROOT / "ops" / name), *arguments],
        capture_output=True,
        text=True,
        env={**kept, "NHIPCAU_HOME": str(home)},
        check=False,
        timeout=120,
    )


def test_backup_and_restore(used_home: Path) -> None:
    keys = load_keys(used_home)
    with running(used_home, fsync=False) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'Đặng' AS name")
        made = script(used_home, "backup.sh", str(used_home / "backups"))
        assert made.returncode == 0, made.stderr
        dump = made.stdout.strip()
        pair = sorted(path.name for path in (used_home / "backups").iterdir())
        assert [name.split(".", 1)[1] for name in pair] == ["dump", "keys.json"]
        assert all(path.stat().st_mode & 0o077 == 0 for path in (used_home / "backups").iterdir())

        connection.execute("UPDATE kept SET name = 'lost'; CREATE TABLE later ()")
        (used_home / "keys.json").unlink()
        restored = script(used_home, "restore.sh", dump, dump.replace(".dump", ".keys.json"))
        assert (restored.returncode, restored.stderr) == (0, "")
        assert connection.execute("SELECT name, to_regclass('later') FROM kept").fetchall() == [
            ("Đặng", None)
        ]
        assert load_keys(used_home) == keys

        Path(dump).write_bytes(Path(dump).read_bytes()[:-200])
        assert script(used_home, "restore.sh", dump).returncode != 0
        assert connection.execute("SELECT name FROM kept").fetchall() == [("Đặng",)]
