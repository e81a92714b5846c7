"""Facts come from the database as the rules need them: for many members, in two queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nhipcau.shifts.models import ShiftNeed, TeamRoster
from nhipcau.signups.enums import SignUpState, WaitState
from nhipcau.signups.models import Waiting
from nhipcau.signups.queries.facts import member_facts, need_facts, needs_with_facts, with_people
from nhipcau.signups.rules.eligibility import Days
from nhipcau.teams.models import MemberLanguage
from nhipcau.volunteers.models import (
    DateAvailability,
    GuardianConsent,
    Qualification,
    QualificationGrant,
    VolunteerProfile,
    WeeklyAvailability,
)
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import SHIFT_DAY, at, make_member, make_post, make_shift, make_sign_up, make_team

pytestmark = pytest.mark.django_db
END = SHIFT_DAY + timedelta(days=1)


def test_everything_about_a_member(cast: Cast) -> None:
    team, member = make_team(cast), cast.volunteer
    need = make_shift(make_post(team))
    make_sign_up(need, member)
    make_sign_up(make_shift(make_post(team, name="Chợ"), day=date(2025, 6, 20)), member, SignUpState.ATTENDED)
    make_sign_up(make_shift(make_post(team, name="Xa")), member, SignUpState.CANCELLED, reason="ill")
    MemberLanguage.objects.create(member=member, language="kpm", level="native")
    VolunteerProfile.objects.create(
        member=member,
        shifts_a_week=2,
        hours_a_day=5,
        reach_km=30,
        minor_until=date(2026, 1, 1),
        updated_at=NOW,
    )
    GuardianConsent.objects.create(
        member=member, guardian_name="Mẹ Mẫu", given_on=date(2025, 6, 1), valid_until=date(2026, 1, 1),
        recorded_by=cast.leader,
    )  # fmt: skip
    teacher = Qualification.objects.create(code="race_teacher", name_vi="Dạy", name_en="Teaching")
    helper = Qualification.objects.create(code="race_helper", name_vi="Giúp", name_en="Helping")
    teacher.includes.add(helper)
    QualificationGrant.objects.create(
        member=member, qualification=teacher, state="approved", valid_from=date(2025, 1, 1),
        valid_until=date(2025, 12, 1), claimed_at=NOW,
    )  # fmt: skip
    WeeklyAvailability.objects.create(member=member, weekday=0, part="morning")
    DateAvailability.objects.create(member=member, day=SHIFT_DAY, part="evening", free=True)
    facts = member_facts([member.pk], start=SHIFT_DAY, end=END, now=NOW)[member.pk]
    assert [(spell.team, spell.commune) for spell in facts.spells] == [(team.pk, "24848")]
    assert (facts.shifts_a_week, facts.hours_a_day, facts.reach_km) == (2, 5, 30)
    assert facts.consents == (Days(date(2025, 6, 1), date(2026, 1, 1)),)
    assert facts.languages == {"kpm": "native"}
    held = (Days(date(2025, 1, 1), date(2025, 12, 1)),)
    assert facts.qualifications == {"race_teacher": held, "race_helper": held}
    assert [(duty.shift, duty.starts_at) for duty in facts.duties] == [(need.shift_id, need.shift.starts_at)]
    assert facts.attended == 1
    assert facts.free_hours is not None
    assert facts.free_hours.free_during(at(SHIFT_DAY, 7), at(SHIFT_DAY, 11))
    assert not facts.free_hours.free_during(at(SHIFT_DAY, 13), at(SHIFT_DAY, 16))


def test_everything_about_a_need(cast: Cast) -> None:
    newcomer, old = make_member("moi"), cast.volunteer
    team = make_team(cast, extra=(newcomer,))
    TeamRoster.objects.create(team=team, experienced_after=1, release_days=5, most_ahead=3)
    make_sign_up(make_shift(make_post(team, name="Chợ"), day=date(2025, 6, 20)), old, SignUpState.ATTENDED)
    need = make_shift(make_post(team, adults_only=True), maximum=4, ideal=4, pairs_newcomers=True)
    for member in (newcomer, old):
        make_sign_up(need, member)
    Waiting.objects.create(need=need, member=cast.leader, since=NOW)
    Waiting.objects.create(
        need=need, member=cast.coordinator, since=NOW, state=WaitState.OFFERED, offered_at=NOW,
        offer_until=NOW + timedelta(hours=1),
    )  # fmt: skip
    facts = need_facts(needs_with_facts(NOW).filter(pk=need.pk))[0]
    assert (facts.taken, facts.maximum, facts.reserved, facts.waiting) == (2, 4, 1, 1)
    assert (facts.experienced, facts.newcomers) == (1, 1)
    shift = facts.shift
    assert (shift.release_days, shift.most_ahead, shift.adults_only) == (5, 3, True)
    assert (shift.latitude, shift.longitude) == (cast.commune.latitude, cast.commune.longitude)
    mine = need_facts(needs_with_facts(NOW, member=cast.coordinator.pk).filter(pk=need.pk))[0]
    assert mine.reserved == 0
    over = need_facts(needs_with_facts(NOW + timedelta(hours=1)).filter(pk=need.pk))[0]
    assert over.reserved == 0


@pytest.mark.parametrize("count", [1, 3])
def test_many_members_and_needs_cost_what_one_costs(cast: Cast, count: int) -> None:
    people = [make_member(f"nguoi{number}") for number in range(count)]
    team = make_team(cast, extra=tuple(people))
    needs = [make_shift(make_post(team, name=f"Bàn {n}"), pairs_newcomers=True) for n in range(count)]
    code = Qualification.objects.create(code="race_x", name_vi="X", name_en="X")
    for member, need in zip(people, needs, strict=True):
        make_sign_up(need, member)
        QualificationGrant.objects.create(
            member=member, qualification=code, state="approved", valid_from=date(2025, 1, 1), claimed_at=NOW
        )
    with CaptureQueriesContext(connection) as queries:
        found = member_facts([member.pk for member in people], start=SHIFT_DAY, end=END, now=NOW)
    assert (len(found), len(queries)) == (count, 2)
    with CaptureQueriesContext(connection) as queries:
        facts = need_facts(needs_with_facts(NOW).filter(pk__in=[need.pk for need in needs]))
    assert ([one.newcomers for one in facts], len(queries)) == ([1] * count, 2)


def test_where_nobody_is_paired_nobody_is_counted(cast: Cast) -> None:
    need: ShiftNeed = make_shift(make_post(make_team(cast)))
    facts = need_facts(needs_with_facts(NOW).filter(pk=need.pk), beside=False)
    with CaptureQueriesContext(connection) as queries:
        assert with_people(facts) == facts
    assert len(queries) == 0
