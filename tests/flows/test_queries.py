"""A page costs at most twelve queries of the database, whoever opens it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.cast import Cast

from .pages import ADDRESSES, Address

MOST = 12
READ = [address for address in ADDRESSES if address.kind in ("page", "file")]


@pytest.mark.parametrize("address", READ, ids=str)
def test_at_most_twelve(address: Address, samples: dict[str, str], cast: Cast, client: Client) -> None:
    if address.opener:
        client.force_login(getattr(cast, address.opener))
    with CaptureQueriesContext(connection) as seen:
        status = client.get(address.url(samples)).status_code
    asks_again = address.name == "mfa_activate_totp"  # wants the password once more before it shows a secret
    assert status == (302 if asks_again else 404 if address.label == "spent" else 200)
    assert len(seen) <= MOST, "\n".join(query["sql"][:200] for query in seen)
