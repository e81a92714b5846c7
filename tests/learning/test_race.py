"""Phones at the same moment, on real connections with committed rows: one class, nobody twice, a ceiling."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from nhipcau.core.errors import UnableTo
from nhipcau.learning import services
from nhipcau.learning.models import MOST_PEOPLE, Attendee, PublicClass
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.classes import HOUR, make_class, new_class, somebody

PHONES = 4


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """What each phone does, all at the same moment; a refusal is an outcome."""
    gate = Barrier(PHONES)

    def run(phone: int) -> Any:
        try:
            gate.wait()
            return act(phone)
        except UnableTo as refusal:
            return refusal.code
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(PHONES) as pool:
        return list(pool.map(run, range(PHONES)))


def test_phones_at_the_same_moment_agree(committed: Cast) -> None:
    leader, volunteer = actor_of(committed.leader, NOW), actor_of(committed.volunteer, NOW)
    plan = new_class(committed.volunteer)
    made = at_once(lambda _phone: services.plan_class(plan=plan, by=leader, now=NOW))
    assert made == [PublicClass.objects.get(pk=plan.id)] * PHONES

    people = [somebody() for _one in range(20)]

    def send(phone: int) -> services.Added:
        wanted = people if phone % 2 else people[::-1]
        return services.add_attendees(class_id=plan.id, attendees=wanted, by=volunteer, now=NOW)

    assert sorted(added.new for added in at_once(send)) == [0] * (PHONES - 1) + [20]
    at_once(lambda _phone: services.remove_attendee(attendee_id=people[0].id, by=volunteer, now=NOW))
    left = Attendee.objects.filter(public_class_id=plan.id, removed_at__isnull=True)
    assert left.count() == 19

    share = (MOST_PEOPLE - 19) // (PHONES - 1)
    groups = [[somebody() for _one in range(share)] for _phone in range(PHONES)]
    outcomes = at_once(
        lambda phone: services.add_attendees(class_id=plan.id, attendees=groups[phone], by=volunteer, now=NOW)
    )
    assert outcomes.count("learning.class_full") == 1
    assert left.count() == 19 + share * (PHONES - 1)


def test_nobody_is_put_on_two_classes_at_the_same_moment(committed: Cast) -> None:
    # Rows of the other test stay: another day.
    day = NOW + 24 * HOUR
    outcomes = at_once(lambda _phone: make_class(committed.leader, committed.volunteer, starts_at=day))
    assert outcomes.count("learning.trainer_busy") == PHONES - 1
    assert PublicClass.objects.filter(starts_at=day).count() == 1
