"""Fixtures of all tests: a database of its own for each worker, and the small cast."""

import gc
import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections
from pytest_django import DjangoDbBlocker

from . import databases
from .factories.cast import Cast

# Keys of the tests only; they encrypt nothing that lives longer than a run.
KEYS = {
    "NHIPCAU_SECRET_KEY": "not-a-secret-tests-only",
    "NHIPCAU_FIELD_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "NHIPCAU_INDEX_KEY": "index-key-of-the-tests",
}
settings.SECRET_KEY = KEYS["NHIPCAU_SECRET_KEY"]
settings.FIELD_KEYS = [KEYS["NHIPCAU_FIELD_KEYS"]]
settings.INDEX_KEY = KEYS["NHIPCAU_INDEX_KEY"]
settings.HOME = databases.ROOT / ".nhipcau" / "tests"
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_finish() -> None:
    """What stands now stays until the end: the collector of garbage need not walk it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def database_server() -> str:
    """The address of the server the tests use."""
    return databases.connect_to_server()


@pytest.fixture(scope="session")
def template_database(
    database_server: str, django_db_blocker: DjangoDbBlocker, django_test_environment: None
) -> str:
    """The name of a migrated database that holds the reference data."""
    with django_db_blocker.unblock():
        return databases.template("template", databases.build_reference)


@pytest.fixture(scope="session")
def demo_database(template_database: str, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a database that holds the whole demo; to be copied, not used."""
    with django_db_blocker.unblock():
        return databases.template("demo", databases.build_demo)


@pytest.fixture(scope="session")
def django_db_setup(
    template_database: str, django_db_blocker: DjangoDbBlocker, worker_id: str
) -> Iterator[None]:
    """A copy of the template for this worker, dropped at the end."""
    mine = f"nhipcau_test_{os.getpid()}_{worker_id}"
    with django_db_blocker.unblock():
        databases.copy(template_database, mine)
        databases.switch(mine)
    yield
    with django_db_blocker.unblock():
        databases.drop(mine)


@pytest.fixture
def cast(db: None) -> Cast:
    """Two communes, one of them merged; leaders, volunteers, an official, an outsider."""
    return databases.bring_cast()


@pytest.fixture(scope="module")
def committed(
    template_database: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Cast]:
    """The cast in a database of its own, where rows are really committed; each test brings its people."""
    usual = connections["default"].settings_dict["NAME"]
    mine = f"nhipcau_committed_{os.getpid()}"
    with django_db_blocker.unblock():
        databases.copy(template_database, mine)
        databases.switch(mine)
        try:
            yield databases.bring_cast()
        finally:
            databases.switch(usual)
            databases.drop(mine)
