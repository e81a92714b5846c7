"""A prepared query answers as the query it was made of, each time with its own values."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nhipcau.core.ids import new_id
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups.queries.facts import facts_for_day, member_facts, need_facts, needs_with_facts, place_for
from nhipcau.signups.queries.prepared import Prepared
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import SHIFT_DAY, make_post, make_shift, make_sign_up, make_team

pytestmark = pytest.mark.django_db


def test_it_answers_for_each_value(cast: Cast) -> None:
    by_id = Prepared[Member](
        lambda one: Member.objects.select_related("commune__parent").filter(pk=one), one=UUID
    )
    assert by_id.rows(one=new_id()) == []
    for member in (cast.volunteer, cast.outsider, cast.volunteer):
        with CaptureQueriesContext(connection) as queries:
            (found,) = by_id.rows(one=member.pk)
            assert found.commune is not None
            assert found.commune.parent is not None
        assert (found, len(queries)) == (member, 1)
        assert found.commune == member.commune


def test_a_value_reckoned_from_another_is_refused(cast: Cast) -> None:
    day_after = Prepared[Member](
        lambda day: Member.objects.filter(joined_on__lt=day + timedelta(days=1)), day=date
    )
    with pytest.raises(ValueError, match="reckoned"):
        day_after.rows(day=SHIFT_DAY)


def test_a_value_that_is_not_used_is_refused(cast: Cast) -> None:
    idle = Prepared[Member](lambda one, now: Member.objects.filter(pk=one), one=UUID, now=datetime)
    with pytest.raises(ValueError, match="now"):
        idle.rows(one=cast.volunteer.pk, now=NOW)


def test_facts_are_the_same_by_both_ways(cast: Cast) -> None:
    team = make_team(cast)
    needs = [make_shift(make_post(team, name=name)) for name in ("Một", "Hai")]
    own = make_sign_up(needs[0], cast.volunteer)
    end = SHIFT_DAY + timedelta(days=1)
    for member in (cast.volunteer, cast.leader):
        usual = member_facts([member.pk], start=SHIFT_DAY, end=end, now=NOW)[member.pk]
        quick = facts_for_day(member.pk, SHIFT_DAY, NOW)
        assert quick is not None
        assert (quick.duties, quick.spells, quick.attended) == (usual.duties, usual.spells, usual.attended)
        for need in needs:
            place = place_for(need.pk, member=member.pk, tap=new_id(), now=NOW)
            assert place is not None
            assert place.facts == need_facts(needs_with_facts(NOW).filter(pk=need.pk), beside=False)[0]
            mine = own.pk if (member, need) == (cast.volunteer, needs[0]) else None
            assert place.own == mine
    assert place_for(new_id(), member=cast.volunteer.pk, tap=new_id(), now=NOW) is None
    assert ShiftNeed.objects.count() == 2
