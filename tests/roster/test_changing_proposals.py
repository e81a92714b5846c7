"""Changing a proposal by hand: checked against every rule, by one leader at a time."""

import pytest

from nhipcau.roster import services
from nhipcau.roster.enums import DutySource
from nhipcau.roster.models import Proposal
from nhipcau.roster.rules.proposals import SOFT, UnableToChangeProposal
from nhipcau.volunteers.models import WeeklyAvailability
from tests.factories.cast import NOW, Cast
from tests.factories.crews import MORNING, make_crew
from tests.factories.proposing import leader, proposed, published, seats, worked_out
from tests.factories.rosters import SHIFT_DAY


def test_two_leaders_do_not_overwrite_each_other(cast: Cast) -> None:
    row = proposed(cast, make_crew(cast, days=1))
    duties = list(row.duties.order_by("id"))
    seen = row.version
    services.take_off(by=leader(cast), now=NOW, proposal_id=row.pk, seen=seen, duty_id=duties[0].pk)
    with pytest.raises(UnableToChangeProposal):
        services.take_off(by=leader(cast), now=NOW, proposal_id=row.pk, seen=seen, duty_id=duties[1].pk)
    with pytest.raises(UnableToChangeProposal):
        published(cast, row)
    assert row.duties.count() == len(duties) - 1


def test_putting_on_is_checked_against_every_rule(cast: Cast) -> None:
    crew = make_crew(cast, people=2, days=1, halves=(MORNING,), ideal=1, maximum=1)
    row = proposed(cast, crew)
    other = next(member for member in crew.people if member.pk != row.duties.get().member_id)
    put = {"by": leader(cast), "now": NOW, "proposal_id": row.pk, "member_id": other.pk}
    with pytest.raises(services.UnableToServe) as refused:
        services.put_on(**put, seen=row.version, need_id=crew.needs[0].pk)
    assert refused.value.rules == ("full",)
    with pytest.raises(services.UnableToServe) as refused:
        services.put_on(**{**put, "member_id": cast.outsider.pk}, seen=row.version, need_id=crew.needs[0].pk)
    assert refused.value.rules == ("unknown",)
    services.take_off(
        by=leader(cast), now=NOW, proposal_id=row.pk, seen=row.version, duty_id=row.duties.get().pk
    )
    duty = services.put_on(**put, seen=row.version + 1, need_id=crew.needs[0].pk)
    assert (duty.source, duty.locked) == (DutySource.HAND, False)


def test_a_leader_who_has_asked_passes_over_free_hours_but_not_over_skills(cast: Cast) -> None:
    crew = make_crew(cast, people=1, days=1, halves=(MORNING,), ideal=1, maximum=1)
    WeeklyAvailability.objects.all().delete()
    row = proposed(cast, crew)
    put = {
        "by": leader(cast), "now": NOW, "proposal_id": row.pk, "seen": row.version,
        "member_id": crew.people[0].pk, "need_id": crew.needs[0].pk,
    }  # fmt: skip
    with pytest.raises(services.UnableToServe) as refused:
        services.put_on(**put)
    assert set(refused.value.rules) <= SOFT
    crew.needs[0].qualifications = ["vneid"]
    crew.needs[0].save()
    with pytest.raises(services.UnableToServe) as refused:
        services.put_on(**put, anyway=True)
    assert not set(refused.value.rules) <= SOFT
    crew.needs[0].qualifications = []
    crew.needs[0].save()
    duty = services.put_on(**put, anyway=True)
    assert duty.locked
    row.refresh_from_db()
    assert len(published(cast, row).added) == 1


def test_taken_off_and_kept_off_until_put_on_again(cast: Cast) -> None:
    crew = make_crew(cast, people=1, days=1, halves=(MORNING,), ideal=1, maximum=1)
    row = proposed(cast, crew)
    services.take_off(
        by=leader(cast),
        now=NOW,
        proposal_id=row.pk,
        seen=row.version,
        duty_id=row.duties.get().pk,
        keep_off=True,
    )
    services.solve_again(by=leader(cast), now=NOW, proposal_id=row.pk, seen=row.version + 1, seconds=10)
    row = worked_out(row)
    assert not row.duties.exists()
    services.put_on(
        by=leader(cast),
        now=NOW,
        proposal_id=row.pk,
        seen=row.version,
        member_id=crew.people[0].pk,
        need_id=crew.needs[0].pk,
    )
    assert row.duties.count() == 1


def test_moving_checks_the_new_place_only(cast: Cast) -> None:
    crew = make_crew(cast, people=1, days=2, halves=(MORNING,), ideal=1, maximum=1)
    row = proposed(cast, crew)
    duties = {duty.need_id: duty for duty in row.duties.all()}
    first, second = (need.pk for need in crew.needs)
    with pytest.raises(services.UnableToServe):
        services.move(
            by=leader(cast), now=NOW, proposal_id=row.pk, seen=row.version,
            duty_id=duties[first].pk, need_id=second,
        )  # fmt: skip
    services.take_off(
        by=leader(cast), now=NOW, proposal_id=row.pk, seen=row.version, duty_id=duties[second].pk
    )
    moved = services.move(
        by=leader(cast), now=NOW, proposal_id=row.pk, seen=row.version + 1,
        duty_id=duties[first].pk, need_id=second,
    )  # fmt: skip
    assert (moved.need_id, moved.source) == (second, DutySource.HAND)


def test_what_is_locked_stays_when_it_is_worked_out_again(cast: Cast) -> None:
    crew = make_crew(cast)
    row = proposed(cast, crew)
    count = services.lock(
        by=leader(cast), now=NOW, proposal_id=row.pk, seen=row.version, locked=True, day=SHIFT_DAY
    )
    assert count == 4
    locked = {seat for seat in seats(row) if seat.shift in {n.shift_id for n in crew.needs[:2]}}
    Proposal.objects.filter(pk=row.pk).update(seed=7)
    services.solve_again(by=leader(cast), now=NOW, proposal_id=row.pk, seen=row.version + 1, seconds=10)
    row = worked_out(row)
    assert locked <= seats(row)
    assert row.duties.filter(locked=True).count() == 4
    services.lock(by=leader(cast), now=NOW, proposal_id=row.pk, seen=row.version, locked=False)
    assert not row.duties.filter(locked=True).exists()
