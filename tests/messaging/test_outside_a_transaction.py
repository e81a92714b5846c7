"""Outside a unit of work nothing may be said: what it tells about might never become true."""

import pytest
from pytest_django import DjangoDbBlocker

from nhipcau.core.ids import new_id
from nhipcau.messaging import services
from nhipcau.messaging.enums import Kind

from .conftest import NOW


def test_sending_outside_a_transaction_is_a_fault(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), pytest.raises(services.SendingOutsideATransaction):
        services.send_all(drafts=[services.Draft(new_id(), Kind.ACCOUNT, "x")], now=NOW)


def test_nor_what_is_told_once_a_day(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), pytest.raises(services.SendingOutsideATransaction):
        services.send_once_a_day(to=[new_id()], kind=Kind.REVIEW, drafts=list, now=NOW)
