"""Proposals from asking to publishing, with the real solver on small teams."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from nhipcau.core.errors import UnableTo
from nhipcau.messaging.models import Message
from nhipcau.roster import plan, services
from nhipcau.roster.enums import DutySource, ProposalState
from nhipcau.roster.models import Proposal, ProposedDuty
from nhipcau.roster.rules.proposals import TRANSITIONS, Seat, UnableToChangeProposal, UnableToPropose, compare
from nhipcau.roster.services import publishing
from nhipcau.roster.views.sheet import sheet_of
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Shift
from nhipcau.shifts.rules.editing import UnableToEditRoster
from nhipcau.signups.enums import SignUpState, Source
from nhipcau.signups.models import SignUp
from nhipcau.signups.services.seats import _REFUSED
from nhipcau.teams.access import actor_of
from nhipcau.volunteers.enums import DayPart
from nhipcau.volunteers.models import DateAvailability, WeeklyAvailability
from tests.factories.cast import NOW, Cast
from tests.factories.crews import MORNING, UNTIL, Crew, make_crew
from tests.factories.proposing import asked, leader, moment, proposed, published, seats, worked_out
from tests.factories.rosters import SHIFT_DAY, at, make_sign_up


def fits_as_published(crew: Crew) -> bool:
    """The independent check of what stands in the database, as if it were a draft."""
    drawn = plan.problem_of([crew.team.pk], SHIFT_DAY, UNTIL, now=NOW)
    return plan.review(drawn, drawn.published).fits


# ---- from asking to publishing ---------------------------------------------------------------------------


def test_a_proposal_is_worked_out_and_published(cast: Cast) -> None:
    crew = make_crew(cast, state=ShiftState.DRAFT)
    row = proposed(cast, crew)
    assert row.state == ProposalState.READY
    assert row.duties.count() == 20
    assert len(published(cast, row).added) == 20
    assert SignUp.objects.filter(source=Source.PROPOSAL, state=SignUpState.CONFIRMED).count() == 20
    row.refresh_from_db()
    assert row.state == ProposalState.PUBLISHED
    assert set(Shift.objects.filter(team=crew.team).values_list("state", flat=True)) == {ShiftState.OPEN}
    assert fits_as_published(crew)


def test_people_are_told_once_each_of_all_their_changes(cast: Cast) -> None:
    crew = make_crew(cast)
    for member in crew.people[:2]:
        member.preferred_language = "en"
        member.save()
    published(cast, proposed(cast, crew))
    rows = Message.objects.filter(kind="roster_published")
    assert sorted(rows.values_list("to", flat=True)) == sorted(member.pk for member in crew.people)
    english = rows.get(to=crew.people[0].pk)
    assert english.subject == "Your shifts from 07/07 to 13/07"
    assert english.body.startswith("New:\n– ")


def test_a_kept_shift_that_has_begun_keeps_nothing_from_being_published(cast: Cast) -> None:
    crew = make_crew(cast)
    published(cast, proposed(cast, crew))
    row = proposed(cast, crew)
    begun = at(SHIFT_DAY, 8)
    shown = sheet_of(row, begun)
    assert (shown.fits, shown.difference.left) == (True, ())
    done = services.publish(by=leader(cast), now=begun, proposal_id=row.pk, seen=row.version)
    assert (done.added, done.removed, done.left) == ((), (), ())
    assert not SignUp.objects.filter(state=SignUpState.CANCELLED).exists()


def test_what_is_published_is_kept_and_only_changes_are_told(cast: Cast) -> None:
    crew = make_crew(cast)
    published(cast, proposed(cast, crew))
    Message.objects.all().delete()
    gone = crew.people[0]
    for part in DayPart:
        DateAvailability.objects.create(member=gone, day=SHIFT_DAY, part=part, free=False)
    row = proposed(cast, crew)
    lost = SignUp.objects.filter(member=gone, shift__day=SHIFT_DAY).count()
    done = published(cast, row)
    assert len(done.removed) == lost
    assert {duty.source for duty in row.duties.all()} >= {DutySource.KEPT}
    told = set(Message.objects.filter(kind="roster_published").values_list("to", flat=True))
    assert told == {seat.member for seat in (*done.added, *done.removed)}
    cancelled = SignUp.objects.filter(state=SignUpState.CANCELLED)
    assert cancelled.count() == lost
    assert set(cancelled.values_list("reason", flat=True)) <= {"roster_changed"}


def test_who_asked_for_a_shift_and_is_in_the_draft_has_it(cast: Cast) -> None:
    crew = make_crew(cast, people=2, days=1)
    wish = make_sign_up(crew.needs[0], crew.people[0], SignUpState.APPLIED)
    published(cast, proposed(cast, crew))
    wish.refresh_from_db()
    assert wish.state == SignUpState.CONFIRMED


def test_publishing_twice_is_refused(cast: Cast) -> None:
    row = proposed(cast, make_crew(cast, days=1))
    published(cast, row)
    with pytest.raises(UnableToChangeProposal):
        published(cast, row)


# ---- conflicts: all or nothing ---------------------------------------------------------------------------


def test_nothing_is_published_when_one_row_no_longer_fits(cast: Cast) -> None:
    crew = make_crew(cast, days=2)
    row = proposed(cast, crew)
    first = row.duties.select_related("need__shift").order_by("need__shift__starts_at").first()
    assert first is not None
    WeeklyAvailability.objects.filter(member=first.member, weekday=SHIFT_DAY.weekday()).delete()
    with pytest.raises(services.UnableToPublish) as refused:
        published(cast, row)
    assert {one.member for one in refused.value.conflicts} == {first.member_id}
    assert not SignUp.objects.exists()
    assert not Message.objects.exists()
    row.refresh_from_db()
    assert row.state == ProposalState.READY


def test_a_place_taken_meanwhile_is_said_and_not_dropped(cast: Cast) -> None:
    crew = make_crew(cast, people=3, days=1, halves=(MORNING,), ideal=1, maximum=1)
    row = proposed(cast, crew)
    chosen = row.duties.get().member_id
    other = next(member for member in crew.people if member.pk != chosen)
    make_sign_up(crew.needs[0], other)
    with pytest.raises(services.UnableToPublish) as refused:
        published(cast, row)
    assert [one.shift for one in refused.value.conflicts] == [crew.needs[0].shift_id]
    assert SignUp.objects.get().member == other


class UnableToSitDown(UnableTo):
    """A refusal that the rules of rosters have no word for."""

    code = "tests.no_chair"


def test_what_the_database_refuses_is_said_in_its_own_words(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = make_crew(cast, people=2, days=1, halves=(MORNING,), ideal=1, maximum=1)
    need, (first, second) = crew.needs[0], crew.people
    make_sign_up(need, first)
    late: dict[str, Any] = {
        "seats": [Seat(second.pk, need.shift_id, need.pk)], "needs": {need.pk: need}, "by": None, "now": NOW,
    }  # fmt: skip
    with pytest.raises(services.UnableToPublish) as refused, transaction.atomic():
        publishing._take(**late)
    assert [one.rule for one in refused.value.conflicts] == ["full"]
    monkeypatch.setitem(_REFUSED, "shifts_shiftneed_capacity", (UnableToSitDown, "No chair"))
    with pytest.raises(UnableToSitDown), transaction.atomic():
        publishing._take(**late)


def test_who_signs_up_meanwhile_stays_where_there_is_room(cast: Cast) -> None:
    crew = make_crew(cast, people=3, days=1, halves=(MORNING,), ideal=1, maximum=3)
    row = proposed(cast, crew)
    other = next(member for member in crew.people if member.pk != row.duties.get().member_id)
    make_sign_up(crew.needs[0], other)
    done = published(cast, row)
    assert [seat.member for seat in done.joined] == [other.pk]
    assert SignUp.objects.filter(state=SignUpState.CONFIRMED).count() == 2


def test_who_gives_up_meanwhile_is_not_signed_up_again(cast: Cast) -> None:
    crew = make_crew(cast, people=1, days=1, halves=(MORNING,), ideal=1, maximum=1)
    mine = make_sign_up(crew.needs[0], crew.people[0])
    row = proposed(cast, crew)
    mine.state, mine.reason = SignUpState.CANCELLED, "ill"
    mine.save()
    with pytest.raises(services.UnableToPublish) as refused:
        published(cast, row)
    assert [one.member for one in refused.value.conflicts] == [crew.people[0].pk]


def test_a_shift_called_off_meanwhile_is_a_conflict(cast: Cast) -> None:
    crew = make_crew(cast, people=1, days=1, halves=(MORNING,), ideal=1, maximum=1)
    row = proposed(cast, crew)
    Shift.objects.update(state=ShiftState.CANCELLED, reason="weather")
    with pytest.raises(services.UnableToPublish):
        published(cast, row)


# ---- runs: stopping, dying, doubling ---------------------------------------------------------------------


def test_a_job_that_runs_twice_does_one_thing(cast: Cast) -> None:
    row = proposed(cast, make_crew(cast, days=1))
    before = set(row.duties.values_list("pk", flat=True))
    assert services.work_out(proposals=[row.pk], moment=moment) == 0
    assert set(row.duties.values_list("pk", flat=True)) == before


def test_a_run_whose_worker_died_is_begun_again_once(cast: Cast) -> None:
    row = asked(cast, make_crew(cast, days=1))
    for expected in (ProposalState.QUEUED, ProposalState.FAILED):
        Proposal.objects.filter(pk=row.pk).update(
            state=ProposalState.SOLVING, tries=1 if expected == ProposalState.QUEUED else 2, heard_at=NOW
        )
        assert services.rescue(now=NOW + timedelta(seconds=90)) == 0
        assert services.rescue(now=NOW + timedelta(minutes=3)) == 1
        row.refresh_from_db()
        assert row.state == expected
    assert row.message == "died"


def test_a_fault_is_said_and_can_be_tried_again(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    row = asked(cast, make_crew(cast, days=1))
    Proposal.objects.filter(pk=row.pk).update(asked={"away": [["nobody", "x", "y"]]})
    assert services.work_out(proposals=[row.pk], moment=moment) == 0
    row.refresh_from_db()
    assert (row.state, row.message) == (ProposalState.FAILED, "failed")
    assert "could not be worked out" in caplog.text
    Proposal.objects.filter(pk=row.pk).update(asked={})
    services.solve_again(by=leader(cast), now=NOW, proposal_id=row.pk, seen=row.version, seconds=10)
    assert worked_out(row).state == ProposalState.READY


def test_stopped_before_it_was_begun_and_discarded(cast: Cast) -> None:
    row = asked(cast, make_crew(cast, days=1))
    services.stop(by=leader(cast), now=NOW, proposal_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.message) == (ProposalState.FAILED, "stopped")
    assert services.work_out(proposals=[row.pk], moment=moment) == 0
    services.discard(by=leader(cast), now=NOW, proposal_id=row.pk)
    services.discard(by=leader(cast), now=NOW, proposal_id=row.pk)
    row.refresh_from_db()
    assert row.state == ProposalState.DISCARDED


# ---- who and what ----------------------------------------------------------------------------------------


def test_mending_names_who_is_away(cast: Cast) -> None:
    crew = make_crew(cast)
    published(cast, proposed(cast, crew))
    gone = crew.people[0]
    away = [[str(gone.pk), SHIFT_DAY.isoformat(), UNTIL.isoformat()]]
    row = proposed(cast, crew, asked={"fewest": True, "away": away})
    assert not row.duties.filter(member=gone).exists()
    done = compare(seats(row), plan.problem_of([crew.team.pk], SHIFT_DAY, UNTIL, now=NOW).published,
                   services.base_of(row))  # fmt: skip
    assert {seat.member for seat in done.removed} == {gone.pk}
    assert row.facts["fewest"]


def test_all_teams_of_a_province_at_once(cast: Cast) -> None:
    one = make_crew(cast, name="Đội Một", days=1)
    two = make_crew(cast, name="Đội Hai", people=0, days=1)
    three = make_crew(cast, name="Đội Ba", days=1)
    make_crew(cast, name="Đội Không Ca", days=0)
    two.team.memberships.create(member=one.people[0], starts_on=SHIFT_DAY - timedelta(days=100))
    batch = row_batch = Proposal(team=one.team).pk
    teams = [one.team, two.team, three.team]
    rows = services.propose_all(
        by=actor_of(cast.province, NOW), now=NOW, teams=teams, start=SHIFT_DAY, end=UNTIL, seconds=10,
        batch=batch,
    )  # fmt: skip
    assert len(rows) == 3
    assert services.work_out(proposals=[row.pk for row in rows], moment=moment) == 3
    drawn = plan.problem_of([team.pk for team in teams], SHIFT_DAY, UNTIL, now=NOW)
    together = [seat for row in Proposal.objects.filter(batch=row_batch) for seat in seats(row)]
    assert plan.review(drawn, together).fits


def test_groups_of_teams_that_share_people_follow_one_another(cast: Cast, monkeypatch: Any) -> None:
    """With room for one team in a problem, the second takes what the first gave as fixed."""
    monkeypatch.setattr("nhipcau.roster.services.working.JOINTLY", 1)
    one = make_crew(cast, name="Đội Một", people=1, days=1, ideal=1, maximum=1)
    two = make_crew(cast, name="Đội Hai", people=0, days=1, ideal=1, maximum=1)
    two.team.memberships.create(member=one.people[0], starts_on=SHIFT_DAY - timedelta(days=100))
    rows = services.propose_all(
        by=leader(cast), now=NOW, teams=[one.team, two.team], start=SHIFT_DAY, end=UNTIL, seconds=10,
        batch=Proposal(team=one.team).pk,
    )  # fmt: skip
    assert services.work_out(proposals=[row.pk for row in rows], moment=moment) == 2
    assert ProposedDuty.objects.count() == 2
    times = [duty.need.shift.starts_at for duty in ProposedDuty.objects.select_related("need__shift")]
    assert len(set(times)) == 2


def test_nothing_to_propose_for(cast: Cast) -> None:
    crew = make_crew(cast, days=0)
    with pytest.raises(UnableToPropose):
        asked(cast, crew)
    make_crew(cast, name="Đội Hai", days=1)
    with pytest.raises(UnableToPropose):
        services.propose(
            by=leader(cast), now=NOW, team=crew.team, start=SHIFT_DAY - timedelta(days=30), end=UNTIL
        )


@pytest.mark.parametrize("part", ["outsider", "volunteer", "official"])
def test_strangers_ask_for_nothing_and_publish_nothing(cast: Cast, part: str) -> None:
    crew = make_crew(cast, days=1)
    row = proposed(cast, crew)
    stranger = actor_of(getattr(cast, part), NOW)
    with pytest.raises((UnableToEditRoster, Http404)):
        services.propose(by=stranger, now=NOW, team=crew.team, start=SHIFT_DAY, end=UNTIL)
    with pytest.raises((UnableToEditRoster, Http404)):
        services.publish(by=stranger, now=NOW, proposal_id=row.pk, seen=row.version)
    assert not SignUp.objects.exists()


def test_every_state_has_its_row_in_the_table() -> None:
    assert set(TRANSITIONS) == set(ProposalState)


@pytest.mark.parametrize("people", [2, 9])
def test_asking_takes_the_same_queries_whatever_the_team(
    cast: Cast, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    crew = make_crew(cast, people=people, days=1)
    by = leader(cast)
    by.holdings  # noqa: B018 - read before counting
    with django_assert_num_queries(8):
        services.propose(by=by, now=NOW, team=crew.team, start=SHIFT_DAY, end=UNTIL)
