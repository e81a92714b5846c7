"""What the tests of cases start from: the cast as actors, a service point, a session, an open case."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from nhipcau.cases import services
from nhipcau.cases.models import Case
from nhipcau.cases.services import NewSession, OpenCase
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.citizens.services import GivenConsent
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.places.enums import PointKind
from nhipcau.places.models import ServicePoint
from nhipcau.places.services import add_service_point
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast

NAME, PHONE = "Người Dân Mẫu", "0633 000 111"
PROCEDURE = "birth-registration"
YES = GivenConsent(Purpose.FOLLOW_UP, ConsentMethod.SPOKEN_WITNESSED)


@pytest.fixture
def actor(cast: Cast) -> Callable[[Member], MemberActor]:
    return lambda member: actor_of(member, NOW)


@pytest.fixture
def volunteer(cast: Cast) -> MemberActor:
    return actor_of(cast.volunteer, NOW)


@pytest.fixture
def leader(cast: Cast) -> MemberActor:
    return actor_of(cast.leader, NOW)


@pytest.fixture
def point(cast: Cast) -> ServicePoint:
    return add_service_point(
        by=None,
        now=NOW,
        commune="24848",
        kind=PointKind.CENTRE,
        name="Trung tâm Mẫu",
        address="Số 1 Đường Mẫu",
    )


def session(by: Any, **changes: Any) -> NewSession:
    """A session as the reception would send it."""
    values: dict[str, Any] = {
        "id": new_id(),
        "commune": "24848",
        "minutes": 15,
        "outcome": "done",
        "alone": "half",
        "volunteer": by.id,
        "topic": "vneid",
    }
    return NewSession(**(values | changes))


def opening(**changes: Any) -> OpenCase:
    """A case as the form would send it."""
    values: dict[str, Any] = {
        "id": new_id(),
        "commune": "24848",
        "name": NAME,
        "phone": PHONE,
        "consent": YES,
        "procedure": PROCEDURE,
    }
    return OpenCase(**(values | changes))


def open_case(by: Any, now: datetime | None = None, **changes: Any) -> Case:
    """Through the service, at the present moment unless said otherwise."""
    return services.open_case(case=opening(**changes), by=by, now=now or clock.now())


@pytest.fixture
def case(volunteer: MemberActor) -> Case:
    return open_case(volunteer)
