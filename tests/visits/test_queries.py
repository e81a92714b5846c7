"""Who sees which visit and how much of it, and what a list costs."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404

from nhipcau.core.ids import new_id
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.visits import queries, services
from nhipcau.visits.models import Visit
from nhipcau.visits.services import VisitChange
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_member
from tests.factories.visiting import ADDRESS, NOTES, make_visit, result

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
DAYS = (TODAY, TODAY + timedelta(days=1))
# Who sees a visit of the volunteer and the leader, and who reads its private part.
SEES = {"volunteer": True, "leader": True, "coordinator": True, "official": False, "province": False}


@pytest.mark.parametrize(
    "who",
    ["volunteer", "leader", "coordinator", "official", "province", "nation", "administrator", "outsider",
     "neighbour_volunteer"],
)  # fmt: skip
def test_who_sees_a_visit(cast: Cast, visit: Visit, who: str) -> None:
    actor = actor_of(getattr(cast, who), NOW)
    listed = set(queries.visit_list(actor, first=DAYS[0], until=DAYS[1]))
    if who not in SEES:
        assert not listed
        with pytest.raises(Http404):
            queries.get_visit(visit.pk, for_=actor)
        return
    assert listed == {visit}
    assert queries.can_see_private(actor, queries.get_visit(visit.pk, for_=actor)) == SEES[who]


def test_another_volunteer_of_the_commune_sees_nothing(visit: Visit) -> None:
    other = actor_of(make_member("khac"), NOW)
    with pytest.raises(Http404):
        queries.get_visit(visit.pk, for_=other)
    assert queries.visits_of(other, days=DAYS) == []
    with pytest.raises(Http404):
        queries.get_visit(new_id(), for_=other)


def test_lists_do_not_fetch_what_is_private(visit: Visit, leader: MemberActor) -> None:
    for row in (
        queries.visit_list(leader, first=DAYS[0], until=DAYS[1]).get(),
        queries.coming_of(leader, since=TODAY).get(),
    ):
        assert {"address", "notes", "result_note"} <= row.get_deferred_fields()


def test_a_visitor_takes_along_what_they_need(visit: Visit, volunteer: MemberActor) -> None:
    (mine,) = queries.visits_of(volunteer, days=DAYS)
    assert (mine.id, mine.version, mine.state, mine.commune) == (visit.pk, 1, "planned", "24848")
    assert (mine.address, mine.notes, mine.hamlet) == (ADDRESS, NOTES, "Thôn Mẫu")
    assert mine.visitors == ("Tình nguyện viên Mẫu", "Đội trưởng Mẫu")
    assert (mine.topic, mine.procedure, mine.case, mine.result_by) == ("vneid", "", None, None)
    assert queries.visits_of(volunteer, days=(TODAY + timedelta(days=1), TODAY + timedelta(days=9))) == []


def test_whoever_is_taken_off_takes_nothing_along(
    cast: Cast, visit: Visit, volunteer: MemberActor, leader: MemberActor
) -> None:
    services.change_visit(
        visit_id=visit.pk, change=VisitChange(visitors=(cast.leader.pk,)), by=leader, now=NOW
    )
    assert queries.visits_of(volunteer, days=DAYS) == []
    with pytest.raises(Http404):
        queries.get_visit(visit.pk, for_=volunteer)


def test_what_is_forgotten_is_not_taken_along(visit: Visit, volunteer: MemberActor) -> None:
    services.forget_due(now=NOW + timedelta(days=31))
    (mine,) = queries.visits_of(volunteer, days=DAYS)
    assert (mine.address, mine.notes, mine.hamlet) == ("", "", "Thôn Mẫu")
    assert not queries.can_see_private(volunteer, queries.get_visit(visit.pk, for_=volunteer))


def test_what_is_open_stays_on_top_and_the_rest_is_past(
    cast: Cast, visit: Visit, volunteer: MemberActor, leader: MemberActor
) -> None:
    later = make_visit(cast, leader, begins=5)
    services.record_result(visit_id=visit.pk, result=result(), by=volunteer, now=NOW)
    assert list(queries.coming_of(volunteer, since=TODAY)) == [later]
    assert list(queries.past_of(volunteer, since=TODAY)) == [visit]
    assert list(queries.past_of(volunteer, since=TODAY + timedelta(days=1))) == [later, visit]


@pytest.mark.parametrize("rows", [1, 3])
def test_what_lists_cost(
    cast: Cast, leader: MemberActor, volunteer: MemberActor, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        make_visit(cast, leader, begins=1 + 2 * number)
    first, until = date(2025, 7, 3), date(2025, 7, 4)
    assert volunteer.holdings
    with django_assert_num_queries(2):
        assert len(queries.visits_of(volunteer, days=(first, until))) == rows
    assert leader.holdings
    with django_assert_num_queries(2):
        assert len(queries.visit_list(leader, first=first, until=until)) == rows
    with django_assert_num_queries(2):
        assert len(queries.coming_of(volunteer, since=first)) == rows
