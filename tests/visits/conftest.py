"""What the tests of visits start from: the cast as actors, and a visit planned for today."""

from collections.abc import Callable

import pytest
from django.test import Client

from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.teams.models import Member
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


@pytest.fixture
def sign_in() -> Callable[[Member], Client]:
    """A browser of a member."""

    def make(member: Member) -> Client:
        client = Client()
        client.force_login(member)
        return client

    return make
