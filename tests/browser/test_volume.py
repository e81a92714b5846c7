"""The price of a page does not grow with the programme: the same twelve queries on the whole demo."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from nhipcau.teams.models import Member
from tests import databases
from tests.depth import WHOLE
from tests.flows.pages import PAGES, Address

from .conftest import ACCOUNTS, Server

MOST = 12
# On small data every page is counted in every run (`tests/flows/test_doors.py`).
LOOKED_AT = PAGES if WHOLE else PAGES[::2]


@pytest.fixture(scope="module")
def demo(server: Server, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This process looks into the server's database for as long as this module runs."""
    with django_db_blocker.unblock():
        databases.switch(server.database)
        yield
        databases.switch("postgres")


@pytest.mark.parametrize("address", LOOKED_AT, ids=str)
def test_at_most_twelve(address: Address, server: Server, demo: None, client: Client) -> None:
    if address.opener:
        client.force_login(Member.objects.get(username=ACCOUNTS[address.opener]))
    with CaptureQueriesContext(connection) as seen:
        status = client.get(address.url(server.samples)).status_code
    assert status == (
        404 if address.label == "spent" else 302 if address.name == "mfa_activate_totp" else 200
    )
    assert len(seen) <= MOST, "\n".join(query["sql"][:200] for query in seen)
