"""Databases of the tests: templates built once for a state of the sources, copied for each use.

The cluster is `DATABASE_URL`, else the product's own embedded PostgreSQL, kept between runs. A
template's name carries a digest of everything that shapes it, so it is rebuilt exactly when a
migration, a reference file or its loader changes.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, transaction

from config.postgres import ensure_running
from config.settings import _database as read_address

from .factories.cast import Cast, make_cast, read_cast

ROOT = Path(__file__).resolve().parent.parent
# The schema that holds the cast's rows in every copy of the template.
ASIDE = "cast_set_aside"
SHAPERS = (
    "config/prepare.py",
    "nhipcau/*/migrations/*.py",
    "nhipcau/*/models*",
    "nhipcau/*/services*",
    "nhipcau/**/services/*.py",
    "nhipcau/**/commands/*.py",
    "data/**/*",
    "tests/databases.py",
    "tests/factories/cast.py",
)


def digest() -> str:
    """Changes with anything that shapes a template."""
    seen = hashlib.sha256()
    for pattern in SHAPERS:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                seen.update(str(path.relative_to(ROOT)).encode())
                seen.update(path.read_bytes())
    return seen.hexdigest()[:16]


def connect_to_server() -> str:
    """Points Django at the tests' server; the server's address."""
    address = os.environ.get("DATABASE_URL") or ensure_running(ROOT / ".nhipcau" / "tests", fsync=False)
    wanted = read_address(address)
    wanted["OPTIONS"].pop("pool")
    connections["default"].settings_dict.update(
        {key: wanted[key] for key in ("HOST", "PORT", "USER", "PASSWORD", "OPTIONS")}
    )
    return address


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Only one worker at a time."""
    with (Path(tempfile.gettempdir()) / f"nhipcau-{os.getuid()}-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def switch(name: str) -> None:
    """From now on Django's connection of this process goes to that database."""
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name


def run(statement: str) -> list[tuple[str, ...]]:
    """One statement outside any transaction, in the maintenance database; then back to the one before."""
    usual = connections["default"].settings_dict["NAME"]
    switch("postgres")
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(statement)
            rows: list[tuple[str, ...]] = cursor.fetchall() if cursor.description else []
    finally:
        switch(usual)
    return rows


def template(prefix: str, build: Callable[[str], None]) -> str:
    """The name of the template `prefix`, built with `build(database name)` where it is missing."""
    name = f"nhipcau_{prefix}_{digest()}"
    with alone(prefix):
        found = run(f"SELECT datname FROM pg_database WHERE datname LIKE 'nhipcau_{prefix}_%'")
        existing = [row[0] for row in found]
        if name not in existing:
            for old in existing:
                run(f'DROP DATABASE "{old}" WITH (FORCE)')
            draft, usual = f"draft_{name}", connections["default"].settings_dict["NAME"]
            run(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)')
            build(draft)
            switch(usual)
            run(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    return name


def build_reference(name: str) -> None:
    """Migrated, with places and guides."""
    run(f'CREATE DATABASE "{name}" TEMPLATE template0')
    switch(name)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("places", "load", "--quiet")
    call_command("procedures", "load", "--quiet")
    call_command("volunteers", "load", "--quiet")
    keep_cast()


def keep_cast() -> None:
    """The rows of the cast as the services write them, set aside in a schema of their own.

    A test that asks for the cast copies them, which takes a twentieth of registering everybody anew.
    The audit trail is not set aside: its triggers write it again.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT txid_current()")
            began = cursor.fetchone()[0]
        make_cast()
        rows = {table: written for table in own_tables() if (written := written_since(began, table))}
        transaction.set_rollback(True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {ASIDE}")
        for table, written in rows.items():
            source = f'json_populate_recordset(NULL::"{table}", %s)'
            cursor.execute(f'CREATE TABLE {ASIDE}."{table}" AS SELECT * FROM {source}', [written])


def own_tables() -> list[str]:
    """The tables of all rooms but for the audit trail."""
    models = apps.get_models(include_auto_created=True)
    return [model._meta.db_table for model in models if model._meta.app_label != "audit"]


def written_since(transaction_id: int, table: str) -> str | None:
    """The rows of a table that a transaction, or a block inside it, wrote; as JSON."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT json_agg(t)::text FROM "{table}" t WHERE xmin::text::bigint >= %s', [transaction_id]
        )
        found: tuple[str | None] = cursor.fetchone()
        return found[0]


def bring_cast() -> Cast:
    """Copies the rows set aside into the tables of the test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [ASIDE])
        named = [row[0] for row in cursor.fetchall()]
        # As `unit_of_work` sets it: unset, every audit trigger raises and catches an error.
        wanted = ["SELECT set_config('nhipcau.actor', '', true), set_config('pgtrigger.ignore', '{}', true)"]
        wanted += [f'INSERT INTO "{table}" SELECT * FROM {ASIDE}."{table}"' for table in named]
        cursor.execute(";".join(wanted))
    return read_cast()


def build_demo(name: str) -> None:
    """The same with the whole demo."""
    copy(template("template", build_reference), name)
    switch(name)
    call_command("demo", verbosity=0)


def copy(source: str, name: str) -> None:
    """A new database like a template. Only one at a time: a template in use cannot be copied."""
    with alone("copy"):
        run(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


def drop(name: str) -> None:
    """Removes a database, whoever still uses it."""
    run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
