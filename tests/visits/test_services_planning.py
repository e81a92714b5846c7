"""Planning, changing and calling off: what is accepted, twice, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404

from nhipcau.citizens.queries import UnableToWriteDown
from nhipcau.core.errors import UnableTo
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.visits import services
from nhipcau.visits.models import Visit, VisitStep
from nhipcau.visits.services import VisitChange
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_member
from tests.factories.visiting import ADDRESS, HOUR, make_visit, planning, result

pytestmark = pytest.mark.django_db


def people(visit: Visit) -> set[str]:
    rows = visit.visitors.filter(removed_at__isnull=True)
    return set(rows.values_list("member__username", flat=True))


def test_a_visit_is_planned_with_its_people(visit: Visit) -> None:
    visit.refresh_from_db()
    assert (visit.state, visit.version, visit.address) == ("planned", 1, ADDRESS)
    assert people(visit) == {"volunteer", "leader"}
    assert (visit.keep_until - visit.day).days == 30
    assert [step.to_state for step in visit.steps.all()] == ["planned"]


def test_planned_twice_is_planned_once(cast: Cast, leader: MemberActor) -> None:
    new = planning(cast)
    services.plan_visit(visit=new, by=leader, now=NOW)
    services.plan_visit(visit=new, by=leader, now=NOW + HOUR)
    assert Visit.objects.get().version == 1
    assert VisitStep.objects.count() == 1
    with pytest.raises(services.UnableToPlanTwice):
        make_visit(cast, leader, id=new.id, hamlet="Thôn khác")
    with pytest.raises(services.UnableToPlanTwice):
        make_visit(cast, leader, id=new.id, visitors=(cast.volunteer.pk,))


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"topic": ""}, services.UnableToPlanVisit),
        ({"procedure": "birth-registration"}, services.UnableToPlanVisit),
        ({"topic": "", "procedure": "no-such"}, services.UnableToPlanVisit),
        ({"begins": -12}, services.UnableToPlanVisit),
        ({"begins": 24 * 200}, services.UnableToPlanVisit),
        ({"hours": 0}, services.UnableToPlanVisit),
        ({"begins": 14, "hours": 2}, services.UnableToPlanVisit),  # past midnight
        ({"visitors": ()}, services.UnableToPlanVisit),
        ({"commune": "24846"}, services.UnableToPlanVisit),
        ({"commune": "68"}, services.UnableToPlanVisit),
        ({"case": uuid4()}, services.UnableToPlanVisit),
        ({"address": "x" * 501}, services.UnableToPlanVisit),
        ({"notes": "Gọi 0912345678"}, UnableToWriteDown),
        ({"hamlet": "001099012345"}, UnableToWriteDown),
    ],
)
def test_impossible_plans_are_refused(
    cast: Cast, leader: MemberActor, changes: dict[str, Any], kind: type[UnableTo]
) -> None:
    with pytest.raises(kind):
        make_visit(cast, leader, **changes)
    assert not Visit.objects.exists()


def test_until_midnight_is_the_same_day(cast: Cast, leader: MemberActor) -> None:
    visit = make_visit(cast, leader, begins=13, hours=2)
    assert visit.day == NOW.date()


def test_at_most_three_go_and_only_who_works_there(cast: Cast, leader: MemberActor) -> None:
    more = tuple(make_member(name).pk for name in ("mot", "hai", "bay"))
    with pytest.raises(services.UnableToPlanVisit):
        make_visit(cast, leader, visitors=(*more, cast.volunteer.pk))
    with pytest.raises(services.UnableToPlanVisit):
        make_visit(cast, leader, visitors=(cast.volunteer.pk, cast.volunteer.pk))
    with pytest.raises(services.UnableToSendVisitor):
        make_visit(cast, leader, visitors=(cast.neighbour_volunteer.pk,))
    assert make_visit(cast, leader, visitors=(cast.volunteer.pk,)).version == 1


def test_nobody_is_on_two_visits_at_once(cast: Cast, leader: MemberActor, visit: Visit) -> None:
    with pytest.raises(services.UnableToSendVisitor):
        make_visit(cast, leader, begins=3)
    # Half-open: the next one begins when the first ends.
    after = make_visit(cast, leader, begins=4)
    with pytest.raises(services.UnableToSendVisitor):
        services.change_visit(
            visit_id=after.pk, change=VisitChange(starts_at=NOW + 3 * HOUR), by=leader, now=NOW
        )
    services.cancel_visit(visit_id=visit.pk, by=leader, now=NOW)
    make_visit(cast, leader)


def test_a_change_counts_a_version_and_what_is_so_already_does_not(
    cast: Cast, leader: MemberActor, visit: Visit
) -> None:
    tomorrow = VisitChange(
        starts_at=visit.starts_at + timedelta(days=1), ends_at=visit.ends_at + timedelta(days=1), notes="Mới"
    )
    for _time in range(2):
        services.change_visit(visit_id=visit.pk, change=tomorrow, by=leader, now=NOW)
    visit.refresh_from_db()
    assert (visit.version, visit.day, visit.notes) == (2, (NOW + timedelta(days=1)).date(), "Mới")
    assert visit.address == ADDRESS
    assert VisitStep.objects.count() == 2
    with pytest.raises(services.UnableToChangeVisit):
        services.change_visit(
            visit_id=visit.pk, change=VisitChange(notes=""), by=leader, now=NOW, seen_version=1
        )
    services.change_visit(visit_id=visit.pk, change=VisitChange(notes=""), by=leader, now=NOW, seen_version=2)
    assert Visit.objects.get().notes == ""


def test_people_are_exchanged_and_come_back(cast: Cast, leader: MemberActor, visit: Visit) -> None:
    other = make_member("khac")

    def send(*members: Any) -> None:
        ids = tuple(member.pk for member in members)
        services.change_visit(visit_id=visit.pk, change=VisitChange(visitors=ids), by=leader, now=NOW)

    send(other, cast.leader)
    assert people(visit) == {"khac", "leader"}
    # Whoever was taken off is free again.
    elsewhere = make_visit(cast, leader, visitors=(cast.volunteer.pk,))
    with pytest.raises(services.UnableToSendVisitor):
        send(cast.volunteer)
    services.cancel_visit(visit_id=elsewhere.pk, by=leader, now=NOW)
    send(cast.volunteer)
    assert people(visit) == {"volunteer"}
    assert visit.visitors.count() == 3


def test_a_result_is_never_planned_away(leader: MemberActor, volunteer: MemberActor, visit: Visit) -> None:
    services.record_result(visit_id=visit.pk, result=result(), by=volunteer, now=NOW)
    for act in (
        lambda: services.change_visit(visit_id=visit.pk, change=VisitChange(notes="x"), by=leader, now=NOW),
        lambda: services.cancel_visit(visit_id=visit.pk, by=leader, now=NOW),
    ):
        with pytest.raises(services.UnableToMoveVisit):
            act()
    assert Visit.objects.get().state == "done"


def test_called_off_twice_is_once(leader: MemberActor, visit: Visit) -> None:
    with pytest.raises(services.UnableToChangeVisit):
        services.cancel_visit(visit_id=visit.pk, by=leader, now=NOW, seen_version=7)
    for _time in range(2):
        services.cancel_visit(visit_id=visit.pk, by=leader, now=NOW, seen_version=1)
    visit.refresh_from_db()
    assert (visit.state, visit.version) == ("cancelled", 2)


@pytest.mark.parametrize("who", ["volunteer", "outsider", "official", "province", "neighbour_volunteer"])
def test_only_who_plans_here_changes_a_visit(cast: Cast, visit: Visit, who: str) -> None:
    actor = actor_of(getattr(cast, who), NOW)
    acts: list[Callable[[], object]] = [
        lambda: services.change_visit(visit_id=visit.pk, change=VisitChange(notes="x"), by=actor, now=NOW),
        lambda: services.cancel_visit(visit_id=visit.pk, by=actor, now=NOW),
    ]
    for act in acts:
        with pytest.raises(Http404):
            act()
    with pytest.raises(services.UnableToPlanVisit):
        make_visit(cast, actor, begins=5)
