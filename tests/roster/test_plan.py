"""Problems drawn from the database: every fact reaches the core, and the core's answers keep every rule."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from nhipcau.roster import plan
from nhipcau.roster.plan.problem import assignment, seat_of
from nhipcau.roster.plan.settling import settled
from nhipcau.roster.rules.proposals import Seat
from nhipcau.shifts.enums import OpenTo, ShiftState
from nhipcau.shifts.models import ShiftNeed, TeamRoster
from nhipcau.signups.enums import SignUpState, Source
from nhipcau.teams.models import MemberLanguage
from nhipcau.volunteers.enums import DayPart, GrantState, Liking
from nhipcau.volunteers.models import (
    DateAvailability,
    Qualification,
    QualificationGrant,
    VolunteerProfile,
    WeeklyAvailability,
)
from tests.factories.cast import NOW, Cast
from tests.factories.crews import AFTERNOON, EVENING, MORNING, UNTIL, Crew, free, join, make_crew
from tests.factories.rosters import SHIFT_DAY, make_shift, make_sign_up


def drawn(crew: Crew, **wishes: Any) -> plan.Drawn:
    return plan.problem_of([crew.team.pk], SHIFT_DAY, UNTIL, now=NOW, wishes=plan.Wishes(**wishes))


def answer(one: plan.Drawn, **options: Any) -> plan.Answer:
    return plan.solve(one, seed=1, seconds=10, stopped=lambda: False, told=lambda facts: None, **options)


def person(one: plan.Drawn, member: Any) -> Any:
    return next(row for row in one.problem.people if row.id == str(member.pk))


def test_a_small_team_is_covered(cast: Cast) -> None:
    one = drawn(make_crew(cast, people=6))
    found = answer(one)
    assert plan.review(one, found.seats).fits
    assert len(found.seats) == 20
    assert found.facts["status"] == "optimal"


@pytest.mark.parametrize("number", [2, 8])
def test_drawing_takes_five_queries(
    cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    crew = make_crew(cast, people=number)
    Qualification.objects.get_or_create(code="vneid", defaults={"name_vi": "VNeID", "name_en": "VNeID"})
    QualificationGrant.objects.create(
        member=crew.people[0],
        qualification_id="vneid",
        state=GrantState.APPROVED,
        valid_from=SHIFT_DAY,
        claimed_at=NOW,
    )
    make_sign_up(crew.needs[0], crew.people[1])
    with django_assert_num_queries(5):
        drawn(crew)


def test_the_document_holds_no_name(cast: Cast) -> None:
    crew = make_crew(cast, people=3)
    text = plan.written(drawn(crew))
    assert json.loads(text)["people"]
    for member in (*crew.people, cast.leader):
        assert member.name not in text
        assert member.username not in text


def test_qualifications_are_asked_at_the_date_of_the_shift(cast: Cast) -> None:
    crew = make_crew(cast, people=2, days=2, halves=(MORNING,), qualifications=["vneid"], ideal=1, maximum=1)
    first, second = crew.people
    for member, start, end in ((first, SHIFT_DAY, SHIFT_DAY + timedelta(days=1)), (second, UNTIL, None)):
        QualificationGrant.objects.create(
            member=member,
            qualification_id="vneid",
            state=GrantState.APPROVED,
            valid_from=start,
            valid_until=end,
            claimed_at=NOW,
        )
    one = drawn(crew)
    found = answer(one).seats
    assert [(seat.member, seat.need) for seat in found] == [(first.pk, crew.needs[0].pk)]
    gap = plan.review(one, found).explanation.uncovered[0]
    assert gap.need == str(crew.needs[1].pk)
    assert dict(gap.rules) == {"qualification": 2}


def test_a_language_is_asked_with_its_level(cast: Cast) -> None:
    crew = make_crew(cast, people=2, days=1, halves=(MORNING,), languages={"kpm": "good"}, ideal=1, maximum=1)
    for member, level in zip(crew.people, ("some", "native"), strict=True):
        MemberLanguage.objects.create(member=member, language="kpm", level=level)
    assert [seat.member for seat in answer(drawn(crew)).seats] == [crew.people[1].pk]


def test_free_hours_decide_and_who_said_nothing_is_named(cast: Cast) -> None:
    crew = make_crew(cast, people=3, days=1)
    silent, away, other = crew.people
    WeeklyAvailability.objects.filter(member=silent).delete()
    DateAvailability.objects.create(member=away, day=SHIFT_DAY, part=DayPart.MORNING, free=False)
    one = drawn(crew)
    assert one.unsaid == {silent.pk}
    by_need = {crew.needs[0].pk: set(), crew.needs[1].pk: set()}
    for seat in answer(one).seats:
        by_need[seat.need].add(seat.member)
    assert by_need == {crew.needs[0].pk: {other.pk}, crew.needs[1].pk: {away.pk, other.pk}}


def test_who_signed_up_can_come_whatever_they_said_of_their_week(cast: Cast) -> None:
    crew = make_crew(cast, people=2, days=1, halves=(MORNING,), ideal=1, maximum=1)
    WeeklyAvailability.objects.filter(member=crew.people[0]).delete()
    make_sign_up(crew.needs[0], crew.people[0])
    one = drawn(crew)
    assert [seat.member for seat in answer(one).seats] == [crew.people[0].pk]
    assert one.published == (Seat(crew.people[0].pk, crew.needs[0].shift_id, crew.needs[0].pk),)


def test_limits_and_reach_are_kept(cast: Cast) -> None:
    crew = make_crew(cast, people=1, days=5)
    VolunteerProfile.objects.create(
        member=crew.people[0], shifts_a_week=3, hours_a_day=5, reach_km=7, updated_at=NOW
    )
    one = drawn(crew)
    found = answer(one).seats
    assert len(found) == 3
    days = {one.needs[seat.need].shift.day for seat in found}
    assert len(days) == 3  # morning and afternoon are 8 hours
    assert person(one, crew.people[0]).reach == 7
    assert person(one, crew.people[0]).share == 75


def test_rest_after_an_evening(cast: Cast) -> None:
    crew = make_crew(cast, people=1, days=2, halves=(MORNING, EVENING))
    free(crew.people[0], DayPart.EVENING)
    TeamRoster.objects.create(team=crew.team, rest_hours=11)
    one = drawn(crew)
    found = {seat.need for seat in answer(one).seats}
    assert not {crew.needs[1].pk, crew.needs[2].pk} <= found


def test_minors_serve_with_consent_and_not_among_adults_only(cast: Cast) -> None:
    crew = make_crew(cast, people=1, days=1)
    VolunteerProfile.objects.create(
        member=crew.people[0], minor_until=SHIFT_DAY + timedelta(days=100), updated_at=NOW
    )
    one = drawn(crew)
    assert answer(one).seats == ()
    assert set(person(one, crew.people[0]).forbidden) == {str(need.shift_id) for need in crew.needs}


def test_days_before_joining_and_after_leaving_are_closed(cast: Cast) -> None:
    crew = make_crew(cast, people=1, days=5)
    membership = crew.people[0].memberships.get()
    membership.ends_on = SHIFT_DAY + timedelta(days=2)
    membership.save()
    found = answer(drawn(crew)).seats
    assert {seat.need for seat in found} == {need.pk for need in crew.needs[:4]}


def test_shifts_of_other_teams_are_fixed(cast: Cast) -> None:
    crew = make_crew(cast, people=1, days=1, name="Đội Một")
    other = make_crew(cast, people=0, days=1, name="Đội Hai")
    make_sign_up(other.needs[0], crew.people[0], source=Source.REINFORCEMENT)
    one = drawn(crew)
    assert {seat.need for seat in answer(one).seats} == {crew.needs[1].pk}
    assert len(person(one, crew.people[0]).elsewhere) == 1


def test_help_from_elsewhere_keeps_its_seat_and_gets_no_more(cast: Cast) -> None:
    crew = make_crew(cast, people=1, days=2)
    make_sign_up(crew.needs[0], cast.neighbour_volunteer, source=Source.REINFORCEMENT)
    one = drawn(crew)
    found = answer(one).seats
    assert [seat.need for seat in found if seat.member == cast.neighbour_volunteer.pk] == [crew.needs[0].pk]
    assert plan.review(one, found).fits


def test_a_stranger_in_a_teams_own_shift_is_not_kept(cast: Cast) -> None:
    crew = make_crew(cast, people=1, days=1)
    make_sign_up(crew.needs[0], cast.outsider)
    assert cast.outsider.pk not in {seat.member for seat in answer(drawn(crew)).seats}


def test_the_ledger_counts_half_days_and_what_nobody_likes(cast: Cast) -> None:
    crew = make_crew(cast, people=2, days=1)
    worked = crew.people[0]
    past = [(SHIFT_DAY - timedelta(days=14), MORNING), (SHIFT_DAY - timedelta(days=13), EVENING)]
    past += [(SHIFT_DAY - timedelta(days=9), MORNING), (SHIFT_DAY - timedelta(days=120), MORNING)]
    for day, half in past:
        make_sign_up(make_shift(crew.posts[0], day=day, hours=half), worked, SignUpState.ATTENDED)
    missed = make_shift(crew.posts[0], day=SHIFT_DAY - timedelta(days=7), hours=MORNING)
    make_sign_up(missed, worked, SignUpState.NO_SHOW)
    history = person(drawn(crew), worked).history
    assert (history.load, history.unpopular) == (3, 2)  # the evening and the Saturday; the oldest is too old


def test_who_joins_late_is_not_made_to_catch_up(cast: Cast) -> None:
    crew = make_crew(cast, people=2, days=1)
    for week in range(1, 9):
        need = make_shift(crew.posts[0], day=SHIFT_DAY - timedelta(days=7 * week), hours=MORNING)
        for member in crew.people:
            make_sign_up(need, member, SignUpState.ATTENDED)
    late = join(crew.team, number=1, prefix="late", since=SHIFT_DAY)[0]
    one = drawn(crew)
    assert person(one, crew.people[0]).history.load == 8
    assert person(one, late).history.load == 8


def test_what_is_gladly_given_goes_before_what_is_only_if_needed(cast: Cast) -> None:
    crew = make_crew(cast, people=2, days=1, halves=(MORNING,), ideal=1, maximum=1)
    WeeklyAvailability.objects.filter(member=crew.people[0]).update(liking=Liking.IF_NEEDED)
    one = drawn(crew)
    found = answer(one).seats
    assert [seat.member for seat in found] == [crew.people[1].pk]
    forced = [Seat(crew.people[0].pk, crew.needs[0].shift_id, crew.needs[0].pk)]
    assert len(plan.review(one, forced).hard_wishes) == 1


def test_newcomers_are_never_alone_once_somebody_is_experienced(cast: Cast) -> None:
    crew = make_crew(cast, people=3, days=1, halves=(MORNING,), pairs_newcomers=True, ideal=3, maximum=3)
    assert len(answer(drawn(crew)).seats) == 3  # a team of newcomers must begin somewhere
    Qualification.objects.get_or_create(code="experienced", defaults={"name_vi": "x", "name_en": "x"})
    QualificationGrant.objects.create(
        member=crew.people[0],
        qualification_id="experienced",
        state=GrantState.APPROVED,
        valid_from=date(2025, 1, 1),
        claimed_at=NOW,
    )
    found = {seat.member for seat in answer(drawn(crew)).seats}
    assert len(found) == 2
    assert crew.people[0].pk in found


def test_locked_kept_off_and_away(cast: Cast) -> None:
    crew = make_crew(cast, people=3, days=2, halves=(MORNING,), ideal=1, maximum=1)
    first, second, third = crew.people
    seats = [
        Seat(member.pk, need.shift_id, need.pk) for member, need in zip(crew.people, crew.needs, strict=False)
    ]
    found = answer(
        drawn(
            crew,
            locked=(seats[0],),
            kept_off=((second.pk, crew.needs[1].shift_id),),
            away=((first.pk, SHIFT_DAY + timedelta(days=1), UNTIL),),
        )
    ).seats
    assert set(found) == {seats[0], Seat(third.pk, crew.needs[1].shift_id, crew.needs[1].pk)}


def test_the_fewest_changes(cast: Cast) -> None:
    crew = make_crew(cast, people=6, days=5)
    found = answer(drawn(crew)).seats
    for seat in found:
        make_sign_up(next(need for need in crew.needs if need.pk == seat.need), _member(crew, seat))
    gone = crew.people[0]
    one = drawn(crew, away=((gone.pk, SHIFT_DAY, UNTIL),))
    mended = answer(one, fewest=True)
    before, after = set(found), set(mended.seats)
    lost = {seat for seat in before if seat.member == gone.pk}
    assert before - after == lost
    assert len(after - before) <= len(lost)
    assert mended.facts["fewest"]


def test_who_stays_on_a_shift_keeps_their_role(cast: Cast) -> None:
    crew = make_crew(cast, people=4, days=1, halves=(MORNING,), ideal=2, maximum=2)
    first = crew.needs[0]
    second = ShiftNeed.objects.create(shift=first.shift, title="Bàn hai", minimum=1, ideal=2, maximum=2)
    by_role = {first: crew.people[::2], second: crew.people[1::2]}
    for need, people in by_role.items():
        for member in people:
            make_sign_up(need, member)
    one = drawn(crew)
    assert set(answer(one).seats) == set(one.published)
    swapped = [replace(seat, need=second.pk if seat.need == first.pk else first.pk) for seat in one.published]
    again = settled(one.problem, [assignment(seat) for seat in swapped])
    assert {seat_of(row) for row in again} == set(one.published)


def _member(crew: Crew, seat: Seat) -> Any:
    return next(member for member in crew.people if member.pk == seat.member)


def test_two_teams_share_a_person(cast: Cast) -> None:
    one = make_crew(cast, people=0, days=1, name="Đội Một", ideal=1, maximum=1)
    two = make_crew(cast, people=1, days=1, name="Đội Hai", ideal=1, maximum=1)
    shared = two.people[0]
    one.team.memberships.create(member=shared, starts_on=date(2025, 1, 6))
    both = plan.problem_of([one.team.pk, two.team.pk], SHIFT_DAY, UNTIL, now=NOW)
    found = answer(both).seats
    assert plan.review(both, found).fits
    assert len(found) == 2


def test_cancelled_begun_and_foreign_shifts_are_left_out(cast: Cast) -> None:
    crew = make_crew(cast, people=1, days=1)
    crew.needs[0].shift.state, crew.needs[0].shift.reason = ShiftState.CANCELLED, "weather"
    crew.needs[0].shift.save()
    assert set(drawn(crew).needs) == {crew.needs[1].pk}
    later = plan.problem_of([crew.team.pk], SHIFT_DAY, UNTIL, now=crew.needs[1].shift.starts_at)
    assert not later.needs


def test_members_of_the_commune_are_not_taken_for_members_of_the_team(cast: Cast) -> None:
    crew = make_crew(cast, people=1, days=1)
    crew.posts[0].shifts.update(open_to=OpenTo.COMMUNE)
    assert [row.id for row in drawn(crew).problem.people] == [str(crew.people[0].pk)]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_the_team_the_answer_keeps_every_rule(cast: Cast, data: st.DataObject) -> None:
    with transaction.atomic():
        _check_a_team(cast, data)
        transaction.set_rollback(True)


def _check_a_team(cast: Cast, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, 6))
    seats = data.draw(st.integers(1, 3))
    crew = make_crew(
        cast,
        people=number,
        days=data.draw(st.integers(1, 4)),
        posts=data.draw(st.integers(1, 2)),
        halves=(MORNING, AFTERNOON, EVENING)[: data.draw(st.integers(1, 3))],
        name="Đội Mọi Khi",
        minimum=1,
        ideal=seats,
        maximum=seats,
        pairs_newcomers=data.draw(st.booleans()),
    )
    for member in crew.people:
        parts = data.draw(st.sets(st.sampled_from(list(DayPart))))
        WeeklyAvailability.objects.filter(member=member).delete()
        free(member, *parts, liking=data.draw(st.sampled_from(list(Liking)))) if parts else None
        VolunteerProfile.objects.create(
            member=member,
            shifts_a_week=data.draw(st.integers(0, 6)),
            hours_a_day=data.draw(st.integers(3, 12)),
            updated_at=NOW,
        )
    taken = set()
    for need in crew.needs:
        for member in crew.people:
            free_then = (member.pk, need.shift.starts_at) not in taken
            if free_then and data.draw(st.integers(0, 4)) == 0:
                taken.add((member.pk, need.shift.starts_at))
                make_sign_up(need, member)
                break
    one = drawn(crew)
    found = answer(one)
    told = plan.review(one, found.seats)
    assert told.fits
    assert told.report.objective.total == found.facts["objective"]
    assert found.facts["bound"] <= found.facts["objective"]
