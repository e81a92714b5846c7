"""Reminders and warnings: once each, to the right people, in their language."""

from datetime import timedelta

import pytest

from nhipcau.messaging.models import Message
from nhipcau.shifts.enums import Reason
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups import services as signup_services
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.staffing import services as staffing_services
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_post, make_shift, make_sign_up, make_team

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def need(cast: Cast) -> ShiftNeed:
    return make_shift(make_post(make_team(cast)), minimum=2)


def messages(member: Member, kind: str) -> list[Message]:
    return list(Message.objects.filter(to=member.pk, kind=kind).order_by("created_at", "id"))


def test_everybody_is_reminded_once_a_day_before(cast: Cast, need: ShiftNeed) -> None:
    row = make_sign_up(need, cast.volunteer)
    start = need.shift.starts_at
    assert staffing_services.send_reminders(now=start - 25 * HOUR) == 0
    assert staffing_services.send_reminders(now=start - 24 * HOUR) == 1
    assert staffing_services.send_reminders(now=start - 23 * HOUR) == 0
    (message,) = messages(cast.volunteer, "shift_reminder")
    assert message.link == f"/roster/mine/{need.shift_id}/"
    row.refresh_from_db()
    assert row.reminded_at == start - 24 * HOUR


@pytest.mark.parametrize("state", [SignUpState.STAND_IN_SOUGHT, SignUpState.CANCELLED, SignUpState.SWAPPED])
def test_who_does_not_come_is_not_reminded(cast: Cast, need: ShiftNeed, state: SignUpState) -> None:
    make_sign_up(need, cast.volunteer, state, reason=Reason.ILL)
    assert staffing_services.send_reminders(now=need.shift.starts_at - HOUR) == 0


def test_who_signed_up_a_moment_ago_is_not_reminded(cast: Cast, need: ShiftNeed) -> None:
    row = make_sign_up(need, cast.volunteer)
    SignUp.objects.filter(pk=row.pk).update(made_at=need.shift.starts_at - 5 * HOUR)
    assert staffing_services.send_reminders(now=need.shift.starts_at - HOUR) == 0


def test_the_language_is_the_recipients(cast: Cast, need: ShiftNeed) -> None:
    Member.objects.filter(pk=cast.volunteer.pk).update(preferred_language="en")
    make_sign_up(need, cast.volunteer)
    staffing_services.send_reminders(now=need.shift.starts_at - HOUR)
    (message,) = messages(cast.volunteer, "shift_reminder")
    assert message.language == "en"
    assert message.subject == "Your shift: Monday 07/07, 7:00–11:30, Bàn hướng dẫn"


def test_the_leader_is_warned_once_and_again_when_somebody_gives_up(cast: Cast, need: ShiftNeed) -> None:
    rows = [make_sign_up(need, one) for one in (cast.volunteer, cast.coordinator)]
    start = need.shift.starts_at
    assert staffing_services.warn_leaders(now=start - 20 * HOUR) == 0
    for row, by in zip(rows, (cast.volunteer, cast.coordinator), strict=True):
        now = row.starts_at - (19 - rows.index(row)) * HOUR
        signup_services.cancel(sign_up_id=row.pk, by=actor_of(by, NOW), now=now, reason=Reason.ILL)
        assert staffing_services.warn_leaders(now=now + HOUR / 6) == 1
        assert staffing_services.warn_leaders(now=now + HOUR / 3) == 0
    found = messages(cast.leader, "understaffed")
    assert [message.urgent for message in found] == [True, True]
    assert found[0].link == f"/roster/places/{need.pk}/call/"


def test_all_roles_of_a_shift_are_told_of_at_once(cast: Cast, need: ShiftNeed) -> None:
    values = {"minimum": 1, "ideal": 1, "maximum": 1, "pairs_newcomers": False}
    ShiftNeed.objects.create(shift=need.shift, title="Tiếng K’Ho", position=1, **values)
    now = need.shift.starts_at - 20 * HOUR
    assert staffing_services.warn_leaders(now=now) == 1
    assert staffing_services.warn_leaders(now=now + HOUR) == 0
    (message,) = messages(cast.leader, "understaffed")
    assert message.body.count("\n") == 1
    first, second = message.body.splitlines()
    assert (first.split(":")[0], second.split(":")[0]) == ("Hướng dẫn", "Tiếng K’Ho")
    assert message.link == f"/roster/shifts/{need.shift_id}/"
    Member.objects.filter(pk=cast.leader.pk).update(preferred_language="en")
    assert staffing_services.gather_for_leaders(now=now) == 1
    (gathered,) = messages(cast.leader, "unconfirmed")
    assert gathered.subject == "1 shift needs your attention"
    assert [line.split(": ")[1] for line in gathered.body.splitlines()] == ["Hướng dẫn", "Tiếng K’Ho"]


def test_nobody_is_warned_of_what_is_far_ahead(cast: Cast, need: ShiftNeed) -> None:
    assert staffing_services.warn_leaders(now=need.shift.starts_at - 25 * HOUR) == 0


def test_a_newcomer_alone_is_a_warning(cast: Cast, need: ShiftNeed) -> None:
    ShiftNeed.objects.filter(pk=need.pk).update(minimum=1, pairs_newcomers=True)
    make_sign_up(need, cast.volunteer)
    assert staffing_services.warn_leaders(now=need.shift.starts_at - 20 * HOUR) == 1


def test_one_gathered_message_a_day(cast: Cast, need: ShiftNeed) -> None:
    second = make_shift(make_post(need.shift.team, name="Chợ"), hours=(13, 17), minimum=1)
    row = make_sign_up(second, cast.volunteer)
    SignUp.objects.filter(pk=row.pk).update(reminded_at=second.shift.starts_at - 24 * HOUR)
    now = need.shift.starts_at - 14 * HOUR  # 17:00 the day before
    assert staffing_services.gather_for_leaders(now=now) == 1
    assert staffing_services.gather_for_leaders(now=now + HOUR) == 0
    (message,) = messages(cast.leader, "unconfirmed")
    assert len(message.body.splitlines()) == 2
    assert cast.volunteer.name in message.body
    signup_services.promise(sign_up_id=row.pk, by=actor_of(cast.volunteer, NOW), now=now)
    assert staffing_services.gather_for_leaders(now=now + 24 * HOUR) == 0


def test_nothing_wrong_nothing_said(cast: Cast, need: ShiftNeed) -> None:
    for one in (cast.volunteer, cast.leader):
        make_sign_up(need, one)
    assert staffing_services.gather_for_leaders(now=need.shift.starts_at - 14 * HOUR) == 0
    assert not Message.objects.exists()
