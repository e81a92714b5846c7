"""Brings a database up to this version: migrations, then the reference data that ships with it.

A fingerprint of everything that shapes the result is kept inside the database, so that the usual case
(nothing changed) costs one small query, and a restored older backup is brought up to date as it should be.
"""

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable, Iterator

import psycopg

from config.state import ROOT

SHAPERS = (
    "requirements.lock",
    "config/prepare.py",
    "nhipcau/*/migrations/*.py",
    "nhipcau/*/management/commands/*.py",
    "nhipcau/*/models*",
    "nhipcau/*/services*",
    "nhipcau/*/services/*.py",
    "data/**/*",
)
# In this order: guides name places.
REFERENCE_DATA = ("places", "procedures", "volunteers")
LOCK_NUMBER = 6_847_221_063


class UnableToReachDatabase(Exception):
    """The server named in DATABASE_URL does not answer."""


def fingerprint() -> str:
    """A hash over the files that decide what a prepared database looks like."""
    digest = hashlib.sha256()
    for pattern in SHAPERS:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"\0{path.relative_to(ROOT).as_posix()}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def connected() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A plain connection to the database in DATABASE_URL."""
    try:
        connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise UnableToReachDatabase(f"The database in DATABASE_URL does not answer: {error}") from error
    with connection:
        yield connection


def noted(connection: psycopg.Connection[tuple[object, ...]]) -> str:
    """The fingerprint the database was prepared with, or nothing."""
    if connection.execute("SELECT to_regclass('installation')").fetchone() == (None,):
        return ""
    row = connection.execute("SELECT fingerprint FROM installation").fetchone()
    return str(row[0]) if row else ""


def note(connection: psycopg.Connection[tuple[object, ...]], value: str) -> None:
    """Remember the fingerprint inside the database."""
    with connection.transaction():
        connection.execute("CREATE TABLE IF NOT EXISTS installation (fingerprint text NOT NULL)")
        connection.execute("DELETE FROM installation")
        connection.execute("INSERT INTO installation VALUES (%s)", [value])


def is_empty(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether nobody works with this database yet: it has no member."""
    return connection.execute("SELECT EXISTS (SELECT FROM teams_member)").fetchone() == (False,)


def prepare(say: Callable[[str], None]) -> None:
    """Migrate and load what is missing; only one process at a time does it."""
    wanted = fingerprint()
    with connected() as connection:
        if noted(connection) == wanted:
            return
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK_NUMBER])
        if noted(connection) == wanted:
            return
        say("Preparing the database…")
        migrate_and_load()
        note(connection, wanted)


def migrate_and_load() -> None:
    """Run Django's migrations and the loaders; whatever they print goes to standard error."""
    import django  # noqa: PLC0415 - costs half a second, and usually nothing has to be prepared
    from django.core.management import call_command  # noqa: PLC0415 - as above
    from django.db import connections  # noqa: PLC0415 - as above

    django.setup()
    quiet = () if sys.stderr.isatty() else ("--quiet",)
    with contextlib.redirect_stdout(sys.stderr):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        for name in REFERENCE_DATA:
            call_command(name, "load", *quiet)
    connections.close_all()
