"""Whatever happens, in whatever order: no illegal state, nothing doubled, nothing lost in the inbox."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from nhipcau.core.ids import new_id
from nhipcau.messaging import queries, services
from nhipcau.messaging.enums import Channel, DeliveryState, Kind
from nhipcau.messaging.models import Delivery
from nhipcau.messaging.rules import LEASE, MOST_ATTEMPTS, TRANSITIONS, Wishes, held_until
from tests.factories.messages import confirmed_email, tell

from .conftest import NOW, MailServer

pytestmark = pytest.mark.django_db
KINDS = (Kind.SHIFT_REMINDER, Kind.SHIFT_CHANGE)
ANSWERS = ("250 OK", "250 OK", "451 later", "550 no")


def reachable(start: str) -> set[str]:
    """States that may follow, in any number of steps, and the state itself."""
    seen, ahead = {start}, {start}
    while ahead:
        ahead = {step.value for here in ahead for step in TRANSITIONS[DeliveryState(here)]} - seen
        seen |= ahead
    return seen


REACHABLE = {state.value: reachable(state.value) for state in DeliveryState}


class Outbox(RuleBasedStateMachine):
    """One person, a mail server of moods, workers that sometimes die, and time that passes."""

    server: MailServer

    @initialize()
    def begins(self) -> None:
        self.server.answer = "250 OK"
        self.server.mails.clear()
        self.person, self.now = new_id(), NOW
        confirmed_email(self.person, NOW)
        self.wishes = Wishes()
        self.sent: list[str] = []
        self.shown: set[str] = set()
        self.before: dict[Any, str] = {}
        self.presses = 0

    @rule(kind=st.sampled_from(KINDS), urgent=st.booleans())
    def tells(self, kind: Kind, urgent: bool) -> None:
        subject = f"no{len(self.sent)}end"
        message = tell(self.person, self.now, subject=subject, kind=kind, urgent=urgent)
        self.sent.append(subject)
        if message.shown_at:
            self.shown.add(subject)

    @rule(answer=st.sampled_from(ANSWERS), minutes=st.sampled_from((0, 1, 10, 60, 400)))
    def works(self, answer: str, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.server.answer = answer
        had = len(self.server.mails)
        rounds = 0
        while services.deliver_next(now=self.now):
            rounds += 1
            assert rounds <= len(self.sent) + 1, "the worker turns in circles"
        if held_until(self.now, self.wishes, urgent=True, sent_today=0):
            assert len(self.server.mails) == had, "somebody was woken"
        due = Delivery.objects.filter(next_try_at__lte=self.now, state__in=("queued", "held", "failed"))
        assert not due.filter(recipient=self.person).exists(), "what was due is still waiting"

    @rule()
    def a_worker_dies(self) -> None:
        """It had claimed what was due, and what it sent nobody knows."""
        row = Delivery.objects.filter(recipient=self.person, state__in=("queued", "failed")).first()
        if row is not None:
            Delivery.objects.filter(pk=row.pk).update(
                state=DeliveryState.SENDING,
                attempts=row.attempts + 1,
                started_at=self.now,
                next_try_at=self.now + LEASE,
            )

    @rule()
    def somebody_tries_all_again(self) -> None:
        self.presses += 1
        woken = services.try_all_again(channel=Channel.EMAIL, now=self.now)
        assert services.try_all_again(channel=Channel.EMAIL, now=self.now) == 0, "the second press did more"
        assert woken <= len(self.sent)

    @rule(declines=st.booleans(), night=st.booleans(), ceiling=st.integers(1, 3))
    def wishes_otherwise(self, declines: bool, night: bool, ceiling: int) -> None:
        self.wishes = Wishes(urgent_at_night=night, daily_ceiling=ceiling)
        declined = (
            {(kind.value, channel.value) for kind in KINDS for channel in Channel} if declines else set()
        )
        services.set_wishes(recipient=self.person, wishes=self.wishes, declined=declined)

    def teardown(self) -> None:
        """The next example begins with nobody's messages."""
        if hasattr(self, "person"):
            services.forget(recipient=self.person)

    @invariant()
    def steps_are_those_of_the_table(self) -> None:
        if not hasattr(self, "person"):
            return
        rows = dict(Delivery.objects.filter(recipient=self.person).values_list("id", "state"))
        for key, state in rows.items():
            assert state in REACHABLE[self.before.get(key, state)]
        assert set(self.before) <= set(rows), "a delivery vanished"
        self.before = rows
        most = MOST_ATTEMPTS + self.presses
        assert all(row.attempts <= most for row in Delivery.objects.filter(recipient=self.person))

    @invariant()
    def nothing_comes_twice(self) -> None:
        if not hasattr(self, "person"):
            return
        inbox = [row.subject for row in queries.inbox(self.person)]
        assert sorted(inbox) == sorted(self.shown)
        texts = [self.server.text(number) for number in range(len(self.server.mails))]
        count = Counter(subject for subject in self.sent for text in texts if subject in text)
        assert all(times == 1 for times in count.values()), count

    @invariant()
    def what_went_together_has_a_lead(self) -> None:
        if hasattr(self, "person"):
            gathered = Delivery.objects.filter(recipient=self.person, state=DeliveryState.GATHERED)
            leads = set(gathered.values_list("gathered_into__state", flat=True))
            assert leads <= {"sending", "failed", "held", "delivered", "given_up"}


def test_any_order_of_events(db: None, mail_server: MailServer) -> None:
    Outbox.server = mail_server
    run_state_machine_as_test(
        Outbox,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),
    )
