"""The nightly task makes its one call."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from nhipcau.core import clock
from nhipcau.teams import services
from nhipcau.teams.models import Member
from nhipcau.teams.tasks import end_sessions, forget
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


def test_sign_ins_that_ran_out_are_removed() -> None:
    for age in (-1, 60):
        session = SessionStore()
        session.set_expiry(age)
        session.create()
    end_sessions(timestamp=0)
    end_sessions(timestamp=0)
    assert Session.objects.get().expire_date > clock.now()
