"""Whatever people press, in any order: states follow the table, nobody is in two homes, nothing is lost."""

import contextlib
from datetime import timedelta
from itertools import combinations, pairwise
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.visits import services
from nhipcau.visits.enums import RESULTS, NextStep
from nhipcau.visits.models import Visit, Visitor, VisitStep
from nhipcau.visits.rules import may_follow
from nhipcau.visits.services import NewVisit, UnableToRecordResult, VisitChange, VisitResult
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_member
from tests.factories.visiting import HOUR

pytestmark = pytest.mark.django_db

PICK = st.integers(0, 20)
SENT = st.lists(st.integers(0, 2), min_size=0, max_size=3)
WHO = st.integers(0, 3)
SEEN = st.sampled_from([None, 1, 2, 3, 4])
SAID = st.builds(
    lambda state, minutes, step, note: (state, minutes, step, note),
    st.sampled_from(["done", "not_home", "refused", "planned"]),
    st.sampled_from([None, 20, 30]),
    st.sampled_from(NextStep.values[:2]),
    st.sampled_from(["", "Xong"]),
)


class Visits(RuleBasedStateMachine):
    """Three volunteers, a leader, and a morning in which visits may overlap."""

    members: list[MemberActor]
    leader: MemberActor

    @initialize()
    def begins(self) -> None:
        self.now = NOW
        self.accepted: list[tuple[Any, VisitResult]] = []

    def some(self, pick: int) -> Visit | None:
        rows = list(Visit.objects.order_by("planned_at", "id"))
        return rows[pick % len(rows)] if rows else None

    def attempt(self, act: Any, **values: Any) -> Any:
        self.now += timedelta(minutes=1)
        with contextlib.suppress(UnableTo, Http404):
            return act(now=self.now, **values)
        return None

    def ids(self, sent: list[int]) -> tuple[Any, ...]:
        return tuple(self.members[number].id for number in sent)

    @rule(sent=SENT, hour=st.integers(1, 4), by=WHO)
    def plans(self, sent: list[int], hour: int, by: int) -> None:
        new = NewVisit(
            id=new_id(),
            commune="24848",
            starts_at=NOW + hour * HOUR,
            ends_at=NOW + (hour + 2) * HOUR,
            visitors=self.ids(sent),
            topic="vneid",
        )
        self.attempt(services.plan_visit, visit=new, by=self.actor(by))

    def actor(self, number: int) -> MemberActor:
        return self.leader if number == 3 else self.members[number]

    @rule(pick=PICK, sent=SENT, hour=st.integers(1, 4), seen=SEEN)
    def changes(self, pick: int, sent: list[int], hour: int, seen: int | None) -> None:
        visit = self.some(pick)
        if visit is not None:
            change = VisitChange(
                starts_at=NOW + hour * HOUR, ends_at=NOW + (hour + 2) * HOUR, visitors=self.ids(sent)
            )
            self.attempt(
                services.change_visit, visit_id=visit.pk, change=change, by=self.leader, seen_version=seen
            )

    @rule(pick=PICK, seen=SEEN)
    def calls_off(self, pick: int, seen: int | None) -> None:
        visit = self.some(pick)
        if visit is not None:
            self.attempt(services.cancel_visit, visit_id=visit.pk, by=self.leader, seen_version=seen)

    @rule(pick=PICK, said=SAID, by=WHO, seen=SEEN, decides=st.booleans(), times=st.integers(1, 2))
    def brings_a_result(
        self, pick: int, said: tuple[Any, ...], by: int, seen: int | None, decides: bool, times: int
    ) -> None:
        visit = self.some(pick)
        if visit is None:
            return
        state, minutes, step, note = said
        result = VisitResult(state=state, at=NOW, minutes=minutes, next_step=step, note=note)
        act = services.replace_result if decides else services.record_result
        for _time in range(times):
            done = self.attempt(act, visit_id=visit.pk, result=result, by=self.actor(by), seen_version=seen)
            if done is not None and not done.already:
                self.accepted.append((visit.pk, result))

    @rule(pick=PICK, by=WHO)
    def meets_what_stands(self, pick: int, by: int) -> None:
        """Another result never replaces one silently."""
        visit = self.some(pick)
        if visit is None or not visit.has_result or not visit.visitors.filter(member_id=self.actor(by).id):
            return
        other = VisitResult(state="postponed", at=NOW, next_step="call_first")
        if (visit.state, visit.next_step) != ("postponed", "call_first"):
            with pytest.raises(UnableToRecordResult), transaction.atomic():
                services.record_result(
                    visit_id=visit.pk, result=other, by=self.actor(by), now=self.now, seen_version=None
                )

    @invariant()
    def every_visit_followed_the_table(self) -> None:
        for visit in Visit.objects.all():
            steps = list(VisitStep.objects.filter(visit=visit).order_by("id"))
            assert [step.version for step in steps] == list(range(1, visit.version + 1))
            assert steps[-1].to_state == visit.state
            assert all(before.to_state == step.from_state for before, step in pairwise(steps))
            assert all(may_follow(step.from_state, step.to_state) for step in steps)
            assert visit.has_result == (visit.state in RESULTS)

    @invariant()
    def nobody_is_in_two_homes(self) -> None:
        busy = list(Visitor.objects.filter(visit__state="planned", removed_at__isnull=True))
        for one, two in combinations(busy, 2):
            if one.member_id == two.member_id:
                assert one.ends_at <= two.starts_at or two.ends_at <= one.starts_at

    @invariant()
    def what_was_accepted_is_written_down_in_its_order(self) -> None:
        if not hasattr(self, "accepted"):
            return
        for visit_id in {visit_id for visit_id, _result in self.accepted}:
            said = [
                (row.state, row.minutes, row.next_step, row.note)
                for kept, row in self.accepted
                if kept == visit_id
            ]
            steps = VisitStep.objects.filter(visit_id=visit_id, to_state__in=RESULTS).order_by("id")
            assert [(row.to_state, row.minutes, row.next_step, row.note) for row in steps] == said


def test_no_order_of_acts_breaks_a_visit(cast: Cast) -> None:
    class Machine(Visits):
        def __init__(self) -> None:
            super().__init__()
            # Each example starts in a savepoint of its own, undone at the end.
            self.block = transaction.atomic()
            self.block.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    members = [cast.volunteer, *(make_member(name) for name in ("mot", "hai"))]
    Machine.members = [actor_of(member, NOW) for member in members]
    Machine.leader = actor_of(cast.leader, NOW)
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
