"""The nightly task makes its one call."""

from datetime import timedelta

import pytest

from nhipcau.core import clock
from nhipcau.teams import services
from nhipcau.teams.models import Member
from nhipcau.teams.tasks import forget
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db


def test_former_members_are_forgotten_and_twice_is_once(cast: Cast) -> None:
    long_ago = clock.now() - timedelta(days=400)
    Member.objects.filter(pk=cast.volunteer.pk).update(joined_on=long_ago.date())
    cast.volunteer.refresh_from_db()
    services.close_account(by=None, now=long_ago, member=cast.volunteer)
    forget(timestamp=0)
    forget(timestamp=0)
    cast.volunteer.refresh_from_db()
    assert cast.volunteer.name == ""
    cast.leader.refresh_from_db()
    assert cast.leader.name
