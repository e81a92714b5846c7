"""Whatever people press, in whatever order: no illegal state, seats are counted, nobody is in two places."""

import contextlib
from collections import Counter
from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.shifts.enums import Reason
from nhipcau.shifts.models import ShiftNeed, TeamRoster
from nhipcau.signups import services
from nhipcau.signups.enums import BUSY, EXPECTED, HOLDING, AskState, SignUpState, StandInMode, WaitState
from nhipcau.signups.models import Ask, SignUp, SignUpStep, Waiting
from nhipcau.signups.rules.states import FIRST, TRANSITIONS
from nhipcau.teams.access import MemberActor, actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_member, make_post, make_shift, make_team

pytestmark = pytest.mark.django_db

PEOPLE = st.integers(0, 3)
NEEDS = st.integers(0, 2)
PICK = st.integers(0, 50)


class Roster(RuleBasedStateMachine):
    """Four members, a leader, three shifts with few places, two of them at the same time."""

    members: list[MemberActor]
    leader: MemberActor
    needs: list[ShiftNeed]

    @initialize()
    def begins(self) -> None:
        self.now = NOW

    def some_sign_up(self, pick: int) -> SignUp | None:
        rows = list(SignUp.objects.order_by("made_at", "id"))
        return rows[pick % len(rows)] if rows else None

    def later(self, minutes: int = 1) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(person=PEOPLE, need=NEEDS)
    def joins(self, person: int, need: int) -> None:
        self.later()
        self.attempt(services.join, id=new_id(), need_id=self.needs[need].pk, by=self.members[person])

    @rule(person=PEOPLE, need=NEEDS, note=st.sampled_from(["", "Cần gấp"]))
    def is_put_on(self, person: int, need: int, note: str) -> None:
        self.later()
        self.attempt(
            services.put_on,
            need_id=self.needs[need].pk,
            member_id=self.members[person].id,
            by=self.leader,
            note=note,
        )

    @rule(
        pick=PICK,
        to=st.sampled_from(SignUpState.values),
        reason=st.sampled_from(["", "ill"]),
        own=st.booleans(),
    )
    def moves(self, pick: int, to: str, reason: str, own: bool) -> None:
        self.later()
        row = self.some_sign_up(pick)
        if row is not None:
            by = next(one for one in self.members if one.id == row.member_id) if own else self.leader
            self.attempt(services.move, row, to=to, by=by, reason=reason)

    @rule(pick=PICK, mode=st.sampled_from(StandInMode.values), named=PEOPLE)
    def seeks_a_stand_in(self, pick: int, mode: str, named: int) -> None:
        self.later()
        row = self.some_sign_up(pick)
        if row is not None:
            by = next(one for one in self.members if one.id == row.member_id)
            self.attempt(
                services.seek_stand_in,
                sign_up_id=row.pk,
                by=by,
                mode=mode,
                named=self.members[named].id,
                reason=Reason.FAMILY,
            )

    @rule(pick=PICK, person=PEOPLE)
    def takes_over(self, pick: int, person: int) -> None:
        self.later()
        row = self.some_sign_up(pick)
        if row is not None:
            self.attempt(services.take_over, sign_up_id=row.pk, by=self.members[person])

    @rule(pick=PICK, yes=st.booleans())
    def answers_a_question(self, pick: int, yes: bool) -> None:
        self.later()
        asks = list(Ask.objects.filter(member__isnull=False).order_by("asked_at", "id"))
        if asks:
            ask = asks[pick % len(asks)]
            by = next(one for one in self.members if one.id == ask.member_id)
            self.attempt(services.answer_ask, ask_id=ask.pk, yes=yes, by=by)

    @rule(person=PEOPLE, need=NEEDS)
    def waits(self, person: int, need: int) -> None:
        self.later()
        self.attempt(services.join_line, need_id=self.needs[need].pk, by=self.members[person])

    @rule(pick=PICK, how=st.sampled_from(["accept", "pass", "leave"]))
    def answers_an_offer(self, pick: int, how: str) -> None:
        self.later()
        line = list(Waiting.objects.order_by("since", "id"))
        if line:
            row = line[pick % len(line)]
            by = next(one for one in self.members if one.id == row.member_id)
            act = {
                "accept": services.accept_offer,
                "pass": services.pass_offer,
                "leave": services.leave_line,
            }[how]
            self.attempt(act, waiting_id=row.pk, by=by)

    @rule(minutes=st.sampled_from([30, 180, 3000]))
    def time_passes(self, minutes: int) -> None:
        self.later(minutes)
        services.move_lines_on(now=self.now)

    def attempt(self, act, *positional, **values) -> None:  # type: ignore[no-untyped-def]  # any service
        with contextlib.suppress(UnableTo):
            act(*positional, now=self.now, **values)

    @invariant()
    def seats_equal_the_sign_ups_that_hold_one(self) -> None:
        if not hasattr(self, "now"):
            return
        held = Counter(SignUp.objects.filter(state__in=HOLDING).values_list("need_id", flat=True))
        for need in ShiftNeed.objects.all():
            assert need.taken == held[need.pk] <= need.maximum

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        rows = list(SignUp.objects.filter(state__in=BUSY))
        for one, two in combinations(rows, 2):
            if one.member_id == two.member_id:
                assert one.ends_at <= two.starts_at or two.ends_at <= one.starts_at

    @invariant()
    def every_sign_up_followed_the_table(self) -> None:
        for row in SignUp.objects.all():
            state = ""
            for step in SignUpStep.objects.filter(sign_up=row).order_by("at", "id"):
                assert step.from_state == state
                moves = TRANSITIONS[SignUpState(state)] if state else FIRST
                assert SignUpState(step.to_state) in moves
                state = step.to_state
            assert row.state == state

    @invariant()
    def questions_and_offers_are_about_places_that_are_there(self) -> None:
        for ask in Ask.objects.filter(state=AskState.OPEN, sign_up__isnull=False).select_related("sign_up"):
            assert ask.sign_up is not None
            assert ask.sign_up.state in EXPECTED
        swapped = SignUp.objects.filter(state=SignUpState.SWAPPED)
        assert all(row.stand_ins.count() == 1 for row in swapped)
        taken = Waiting.objects.filter(state__in=[WaitState.WAITING, WaitState.OFFERED])
        assert len(set(taken.values_list("need_id", "member_id"))) == taken.count()


def test_no_order_of_acts_breaks_the_roster(cast: Cast) -> None:
    members = [cast.volunteer, *(make_member(name) for name in ("mot", "hai", "bay"))]
    team = make_team(cast, extra=tuple(members[1:]))
    TeamRoster.objects.create(team=team, experienced_after=0)
    needs = [
        make_shift(make_post(team), maximum=1, ideal=1),
        make_shift(make_post(team, name="Chợ"), hours=(9, 13)),
        make_shift(make_post(team, name="Chiều"), hours=(13.5, 17)),
    ]

    class Machine(Roster):
        pass

    Machine.members = [actor_of(member, NOW) for member in members]
    Machine.leader = actor_of(cast.leader, NOW)
    Machine.needs = needs
    run_state_machine_as_test(
        fresh(Machine),
        settings=settings(
            max_examples=15,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def fresh(machine: type[Roster]) -> type[Roster]:
    """Each example starts in a savepoint of its own, undone at the end."""
    from django.db import transaction

    class Fresh(machine):  # type: ignore[misc,valid-type]  # a class made on the way
        def __init__(self) -> None:
            super().__init__()
            self.block = transaction.atomic()
            self.block.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    return Fresh
