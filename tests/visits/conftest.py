"""What the tests of visits start from: the cast as actors, and a visit planned for today."""

import pytest

from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.visits.models import Visit
from tests.factories.cast import NOW, Cast
from tests.factories.visiting import make_visit


@pytest.fixture
def volunteer(cast: Cast) -> MemberActor:
    return actor_of(cast.volunteer, NOW)


@pytest.fixture
def leader(cast: Cast) -> MemberActor:
    return actor_of(cast.leader, NOW)


@pytest.fixture
def visit(cast: Cast, leader: MemberActor) -> Visit:
    return make_visit(cast, leader)
