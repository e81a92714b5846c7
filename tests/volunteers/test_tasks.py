"""The nightly work: everything that has had its time goes, and twice is once."""

from datetime import UTC, datetime, timedelta

import pytest

from nhipcau.core import clock
from nhipcau.messaging.models import Message
from nhipcau.teams.access import actor_of
from nhipcau.volunteers import services
from nhipcau.volunteers.models import Application, QualificationGrant
from nhipcau.volunteers.tasks import forget, warn
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db


def test_what_has_had_its_time_goes(cast: Cast) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=100)
    services.send_application(now=long_ago, commune="24848", name="Mẫu", phone="0600 111 222")
    for _time in range(2):
        forget(timestamp=0)
        found = Application.objects.get()
        assert (found.name, found.phone, found.phone_index, found.state) == ("", "", "", "lapsed")


def test_members_hear_of_what_ends_soon(cast: Cast) -> None:
    now = clock.now()
    grant = services.claim_qualification(
        by=actor_of(cast.volunteer, now), now=now, code="land", evidence="Bằng"
    )
    until = clock.local_date(now) + timedelta(days=10)
    QualificationGrant.objects.filter(pk=grant.pk).update(state="approved", valid_until=until)
    for _time in range(2):
        warn(timestamp=0)
        assert Message.objects.filter(to=cast.volunteer.pk).count() == 1
