"""A product of its own for the faults: rows are really committed, servers really killed."""

import os
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests import databases

from .product import Product, running


@pytest.fixture(scope="module")
def product(
    template_database: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """The web server on a copy of the template; Django of the test looks at the same."""
    mine = f"nhipcau_faults_{os.getpid()}"
    with django_db_blocker.unblock():
        usual = databases.connections["default"].settings_dict["NAME"]
        databases.copy(template_database, mine)
        databases.switch(mine)
        try:
            with running(mine, tmp_path_factory.mktemp("faults")) as started:
                yield started
        finally:
            databases.switch(usual)
            databases.drop(mine)
