"""Whatever people press, in whatever order: a case is never in a state the table does not allow."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from nhipcau.cases import services
from nhipcau.cases.enums import CLOSED_STATES, CaseState
from nhipcau.cases.models import Case
from nhipcau.cases.rules import TRANSITIONS, UnableToMove
from nhipcau.cases.services import UnableToAddDossier
from nhipcau.core import clock
from nhipcau.teams.access import MemberActor
from tests.cases.conftest import open_case

pytestmark = pytest.mark.django_db


class Casework(RuleBasedStateMachine):
    """A leader, a volunteer and a citizen act on one case, sometimes looking at an old page."""

    volunteer: MemberActor
    leader: MemberActor

    @initialize()
    def opens(self) -> None:
        self.case = open_case(self.volunteer, phone="")
        self.now = clock.now()
        self.expected = CaseState.OPENED
        self.rated = False
        self.dossiers = 0

    @rule(to=st.sampled_from(CaseState.values), seen=st.sampled_from(["", *CaseState.values]))
    def moves(self, to: str, seen: str) -> None:
        self.now += timedelta(minutes=1)
        allowed = CaseState(to) in TRANSITIONS[self.expected] and seen in ("", self.expected)
        try:
            services.move_case(case_id=self.case.pk, to=to, seen=seen, by=self.leader, now=self.now)
        except UnableToMove:
            assert not allowed
            assert to != self.expected
        else:
            assert allowed or to == self.expected
            self.expected = CaseState(to)

    @rule(code=st.integers(0, 3))
    def submits(self, code: int) -> None:
        before = Case.objects.get(pk=self.case.pk).dossiers.count()
        try:
            services.add_dossier(
                case_id=self.case.pk,
                code=f"HS-{code}",
                submitted_on=clock.local_date(self.now),
                submitted_by_citizen=True,
                by=self.volunteer,
                now=self.now,
            )
        except UnableToAddDossier:
            assert Case.objects.get(pk=self.case.pk).dossiers.count() == before
        else:
            if CaseState.SUBMITTED in TRANSITIONS[self.expected]:
                self.expected = CaseState.SUBMITTED

    @rule(stars=st.integers(0, 6))
    def rates(self, stars: int) -> None:
        finished = self.expected in (
            CaseState.RESULT_READY,
            CaseState.CLOSED_DONE,
            CaseState.CLOSED_NOT_POSSIBLE,
        )
        try:
            services.rate_case(token=self.case.token, stars=stars, now=self.now)
        except services.UnableToRate:
            assert not finished or not 1 <= stars <= 5
        else:
            assert finished
            self.rated = True

    @invariant()
    def stands_where_the_table_says(self) -> None:
        if not hasattr(self, "case"):
            return
        case = Case.objects.get(pk=self.case.pk)
        assert case.state == self.expected
        assert (case.closed_at is not None) == (case.state in CLOSED_STATES)
        assert case.citizen is not None
        assert case.citizen.keep_until == case.keep_until
        moves = list(case.events.filter(kind="moved").order_by("id"))
        state: Any = CaseState.OPENED
        for event in moves:
            assert event.from_state == state
            assert CaseState(event.to_state) in TRANSITIONS[CaseState(state)]
            state = event.to_state
        assert state == case.state


def test_no_order_of_acts_leads_to_an_impossible_state(volunteer: MemberActor, leader: MemberActor) -> None:
    class Machine(Casework):
        pass

    Machine.volunteer, Machine.leader = volunteer, leader
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
