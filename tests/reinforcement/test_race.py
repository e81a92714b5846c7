"""Two hands at once, on real connections with committed rows: one request, and nobody promised twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from nhipcau.core.ids import new_id
from nhipcau.messaging.models import Message
from nhipcau.reinforcement import services
from nhipcau.reinforcement.models import Offer, Request
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_post, make_shift, make_team

from .conftest import Story, make_helpers


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """All at the same moment, each on a connection of its own."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            return act()
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture(scope="module")
def story(committed: Cast) -> Story:
    """The two teams, in rows that are really there."""
    team = make_team(committed)
    post = make_post(team)
    return Story(committed, team, post, make_shift(post, minimum=2), *make_helpers(committed))


def test_one_form_sent_twice_at_the_same_moment_is_one_request(story: Story) -> None:
    new = story.new()
    asked = at_once(*[lambda: services.ask_for_help(request=new, by=story.leader, now=NOW)] * 5)
    assert {row.pk for row in asked} == {new.id}
    assert Request.objects.filter(pk=new.id).count() == 1
    assert Message.objects.filter(about=new.id, to=story.cast.province.pk).count() == 1


def test_two_coordinators_do_not_promise_the_same_people_twice(story: Story) -> None:
    asked = [story.ask(id=new_id(), shifts=()) for _turn in range(5)]

    def offer(request: Request) -> bool:
        try:
            story.offer(request)
        except services.UnableToOffer:
            return False
        return True

    done = at_once(*[lambda request=request: offer(request) for request in asked])
    assert sorted(done) == [False] * 4 + [True]
    assert Offer.objects.filter(request__in=asked).count() == 1
