"""The test database: one migrated template with the reference data, copied for each worker.

The cluster is the product's own embedded PostgreSQL (or `DATABASE_URL`), kept between runs. The
template's name carries a digest of everything that shapes it, so it is rebuilt exactly when a
migration, a reference file or its loader changes.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from config.postgres import ensure_running
from config.settings import _database

from .factories.cast import Cast, make_cast

ROOT = Path(__file__).resolve().parent.parent
SHAPERS = (
    "nhipcau/*/migrations/*.py",
    "nhipcau/*/models*",
    "nhipcau/*/services*",
    "nhipcau/**/services/*.py",
    "data/**/*",
)

# Keys of the tests only; they encrypt nothing that lives longer than a run.
settings.SECRET_KEY = "not-a-secret-tests-only"
settings.FIELD_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
settings.INDEX_KEY = "index-key-of-the-tests"
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _digest() -> str:
    seen = hashlib.sha256()
    for pattern in SHAPERS:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                seen.update(str(path.relative_to(ROOT)).encode())
                seen.update(path.read_bytes())
    return seen.hexdigest()[:16]


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Only one worker at a time."""
    with (Path(tempfile.gettempdir()) / f"nhipcau-{os.getuid()}-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _switch(name: str) -> None:
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name


def _run(statement: str) -> list[tuple[str, ...]]:
    """One statement outside any transaction, in the maintenance database."""
    _switch("postgres")
    with connections["default"].cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connections["default"].close()
    return rows


def _make_template(name: str) -> None:
    existing = [
        row[0] for row in _run("SELECT datname FROM pg_database WHERE datname LIKE 'nhipcau_template_%'")
    ]
    if name in existing:
        return
    for old in existing:
        _run(f'DROP DATABASE "{old}"')
    draft = f"draft_{name}"
    _run(f'DROP DATABASE IF EXISTS "{draft}"')
    _run(f'CREATE DATABASE "{draft}" TEMPLATE template0')
    _switch(draft)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("places", "load", "--quiet")
    call_command("procedures", "load", "--quiet")
    connections["default"].close()
    _run(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')


@pytest.fixture(scope="session")
def database_server() -> str:
    """The address of the server the tests use."""
    address = os.environ.get("DATABASE_URL") or ensure_running(ROOT / ".nhipcau" / "tests", fsync=False)
    wanted = _database(address)
    wanted["OPTIONS"].pop("pool")
    connections["default"].settings_dict.update(
        {key: wanted[key] for key in ("HOST", "PORT", "USER", "PASSWORD", "OPTIONS")}
    )
    return address


@pytest.fixture(scope="session")
def template_database(
    database_server: str, django_db_blocker: DjangoDbBlocker, django_test_environment: None
) -> str:
    """The name of a migrated database that holds the reference data."""
    name = f"nhipcau_template_{_digest()}"
    with django_db_blocker.unblock(), _alone("template"):
        _make_template(name)
    return name


@pytest.fixture(scope="session")
def django_db_setup(
    template_database: str, django_db_blocker: DjangoDbBlocker, worker_id: str
) -> Iterator[None]:
    """A copy of the template for this worker, dropped at the end."""
    mine = f"nhipcau_test_{os.getpid()}_{worker_id}"
    with django_db_blocker.unblock():
        with _alone("template"):
            _run(f'CREATE DATABASE "{mine}" TEMPLATE "{template_database}"')
        _switch(mine)
    yield
    with django_db_blocker.unblock():
        _run(f'DROP DATABASE "{mine}" WITH (FORCE)')


@pytest.fixture
def cast(db: None) -> Cast:
    """Two communes, one of them merged; a leader, a volunteer, an outsider; one citizen's words."""
    return make_cast()
