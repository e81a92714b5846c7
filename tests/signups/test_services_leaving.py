"""Who leaves the team or the programme no longer counts as covering a shift."""

from datetime import timedelta

import pytest

from nhipcau.messaging.models import Message
from nhipcau.shifts.enums import OpenTo
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups import services
from nhipcau.signups.enums import SignUpState, WaitState
from nhipcau.signups.models import SignUp
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member, TeamMembership
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import SHIFT_DAY, make_member, make_post, make_shift, make_sign_up, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def friend(cast: Cast) -> Member:
    return make_member("ban")


@pytest.fixture
def need(cast: Cast, friend: Member) -> ShiftNeed:
    return make_shift(make_post(make_team(cast, extra=(friend,))), maximum=1, ideal=1)


@pytest.fixture
def row(cast: Cast, need: ShiftNeed) -> SignUp:
    return make_sign_up(need, cast.volunteer)


def leave(member: Member, *, days_before: int = 3) -> None:
    ends = SHIFT_DAY - timedelta(days=days_before)
    TeamMembership.objects.filter(member=member).update(ends_on=ends)


def state(row: SignUp) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.reason


def test_a_place_of_somebody_gone_goes_to_the_line(row: SignUp, friend: Member, cast: Cast) -> None:
    line = services.join_line(need_id=row.need_id, by=actor_of(friend, NOW), now=NOW)
    assert services.release_departed(now=NOW) == 0
    leave(cast.volunteer)
    assert services.release_departed(now=NOW) == 1
    assert state(row) == (SignUpState.CANCELLED, "left_team")
    line.refresh_from_db()
    assert line.state == WaitState.OFFERED
    assert Message.objects.filter(to=cast.volunteer.pk, subject__contains="7:00").count() == 1
    assert services.release_departed(now=NOW) == 0


def test_an_account_that_is_closed_holds_nothing(row: SignUp, cast: Cast) -> None:
    Member.objects.filter(pk=cast.volunteer.pk).update(is_active=False)
    assert services.release_departed(now=NOW) == 1
    assert state(row)[0] == SignUpState.CANCELLED
    assert not Message.objects.filter(to=cast.volunteer.pk).exists()


def test_who_leaves_after_the_shift_still_comes(row: SignUp, cast: Cast) -> None:
    leave(cast.volunteer, days_before=-1)
    assert services.release_departed(now=NOW) == 0


def test_who_was_there_stays_in_the_record(row: SignUp, cast: Cast) -> None:
    leave(cast.volunteer)
    assert services.release_departed(now=row.starts_at + timedelta(minutes=1)) == 0


def test_who_was_put_on_after_leaving_was_put_on_knowingly(row: SignUp, cast: Cast) -> None:
    leave(cast.volunteer)
    SignUp.objects.filter(pk=row.pk).update(made_at=NOW + timedelta(days=30))
    assert services.release_departed(now=NOW) == 0


@pytest.mark.parametrize(("open_to", "released"), [(OpenTo.TEAM, 1), (OpenTo.COMMUNE, 0)])
def test_another_team_counts_where_others_may_come(
    row: SignUp, cast: Cast, open_to: OpenTo, released: int
) -> None:
    type(row.shift).objects.filter(pk=row.shift_id).update(open_to=open_to)
    leave(cast.volunteer)
    make_team(cast, name="Đội khác")
    assert services.release_departed(now=NOW) == released
