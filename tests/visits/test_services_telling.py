"""Who goes on a visit hears of it, in their own language, and of nothing private."""

from typing import Any

import pytest

from nhipcau.messaging.models import Message
from nhipcau.teams.access import MemberActor
from nhipcau.teams.models import Member
from nhipcau.visits import services
from nhipcau.visits.models import Visit
from nhipcau.visits.services import VisitChange
from tests.factories.cast import NOW, Cast
from tests.factories.visiting import ADDRESS, HOUR, NOTES, make_visit


def told(member: Member) -> list[str]:
    rows = Message.objects.filter(to=member.pk).order_by("id")
    for row in rows:
        assert ADDRESS not in row.subject + row.body
        assert NOTES not in row.subject + row.body
        row.delete()
    return [f"{row.subject} {row.body}" for row in rows]


def change(visit: Visit, by: MemberActor, **values: Any) -> None:
    services.change_visit(visit_id=visit.pk, change=VisitChange(**values), by=by, now=NOW)


def test_whoever_is_sent_is_told_and_who_planned_it_is_not(cast: Cast, leader: MemberActor) -> None:
    Member.objects.filter(pk=cast.volunteer.pk).update(preferred_language="en")
    make_visit(cast, leader)
    (words,) = told(cast.volunteer)
    assert "home visit on 03/07" in words
    assert "11:00" in words
    assert "Thôn Mẫu" in words
    assert told(cast.leader) == []


def test_planned_twice_is_told_once(cast: Cast, leader: MemberActor, visit: Visit) -> None:
    make_visit(cast, leader, id=visit.pk)
    assert len(told(cast.volunteer)) == 1


@pytest.mark.parametrize(
    "values", [{"starts_at": NOW + 3 * HOUR}, {"address": "Nhà khác"}, {"notes": "Gọi trước"}], ids=str
)
def test_a_change_is_told(cast: Cast, leader: MemberActor, visit: Visit, values: Any) -> None:
    told(cast.volunteer)
    change(visit, leader, **values)
    assert len(told(cast.volunteer)) == 1
    change(visit, leader, **values)
    assert told(cast.volunteer) == []


def test_who_comes_and_who_goes(cast: Cast, leader: MemberActor, visit: Visit) -> None:
    told(cast.volunteer)
    change(visit, leader, visitors=(cast.leader.pk,))
    assert len(told(cast.volunteer)) == 1
    change(visit, leader, visitors=(cast.volunteer.pk,))
    assert len(told(cast.volunteer)) == 1
    services.cancel_visit(visit_id=visit.pk, by=leader, now=NOW)
    services.cancel_visit(visit_id=visit.pk, by=leader, now=NOW)
    assert len(told(cast.volunteer)) == 1
    assert told(cast.leader) == []
