"""Proposals from asking to publishing, with the real solver on small teams."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from nhipcau.roster import plan
from nhipcau.roster.enums import DutySource, ProposalState, Reason, ShiftState, SignUpState, Source
from nhipcau.roster.models import Proposal, ProposedDuty, SignUp
from nhipcau.roster.services import proposals as services
from nhipcau.teams.access import MemberActor, actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.crews import UNTIL, Crew, make_crew
from tests.factories.rosters import SHIFT_DAY, make_sign_up


def moment() -> datetime:
    return NOW


def leader(cast: Cast) -> MemberActor:
    return actor_of(cast.leader, NOW)


def proposed(cast: Cast, crew: Crew) -> Proposal:
    """A proposal for the crew's week, worked out."""
    row = services.propose(by=leader(cast), now=NOW, team=crew.team, start=SHIFT_DAY, end=UNTIL, seconds=10)
    assert services.work_out(proposals=[row.pk], moment=moment) == 1
    row.refresh_from_db()
    return row


def test_a_proposal_is_worked_out_and_published(cast: Cast) -> None:
    crew = make_crew(cast, state=ShiftState.DRAFT)
    row = proposed(cast, crew)
    assert row.state == ProposalState.READY
    assert row.duties.count() == 20
    done = services.publish(by=leader(cast), now=NOW, proposal_id=row.pk, seen=row.version)
    assert len(done.added) == 20
    assert SignUp.objects.filter(source=Source.PROPOSAL, state=SignUpState.CONFIRMED).count() == 20
    row.refresh_from_db()
    assert row.state == ProposalState.PUBLISHED
    assert all(need.shift.state == ShiftState.OPEN for need in type(crew.needs[0]).objects.select_related("shift"))
