"""What the tests of attendance start from: a team with a post, a shift this morning, people on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from nhipcau.attendance import services
from nhipcau.attendance.models import Attendance
from nhipcau.core import clock
from nhipcau.shifts.models import Post, Shift, ShiftNeed
from nhipcau.signups.models import SignUp
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.teams.models import Member, Team
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import SHIFT_DAY, at, make_member, make_post, make_shift, make_sign_up, make_team

START = at(SHIFT_DAY, 7)
END = at(SHIFT_DAY, 11, 30)


@dataclass
class Morning:
    """One shift with the cast's volunteer confirmed on it; more people by `put`."""

    team: Team
    post: Post
    need: ShiftNeed
    sign_up: SignUp
    leader: MemberActor
    volunteer: MemberActor

    @property
    def shift(self) -> Shift:
        return self.need.shift

    def put(self, member: Member, **values: object) -> SignUp:
        return make_sign_up(self.need, member, **values)  # type: ignore[arg-type]  # state and others

    def came(
        self, sign_up: SignUp | None = None, come: datetime = START, leave: datetime | None = END
    ) -> Attendance:
        """Written down by the leader, a day after."""
        row = sign_up or self.sign_up
        line = services.Line(sign_up=row.pk, came="came", came_at=come, left_at=leave)
        now = END + timedelta(days=1) if leave else come + timedelta(minutes=5)
        services.record_sheet(shift_id=row.shift_id, lines=[line], method="leader", by=self.leader, now=now)
        return Attendance.objects.get(sign_up=row)

    def approved(self, sign_up: SignUp | None = None, **times: datetime) -> Attendance:
        """The same, approved."""
        row = self.came(sign_up, **times)
        services.approve(
            seen={row.pk: row.minutes_credited or 0}, by=self.leader, now=END + timedelta(days=2)
        )
        row.refresh_from_db()
        return row


@pytest.fixture
def morning(cast: Cast) -> Morning:
    team = make_team(cast)
    post = make_post(team)
    need = make_shift(post, maximum=8)
    return Morning(
        team=team,
        post=post,
        need=need,
        sign_up=make_sign_up(need, cast.volunteer),
        leader=actor_of(cast.leader, NOW),
        volunteer=actor_of(cast.volunteer, NOW),
    )


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the one clock of the product."""

    def at_moment(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return at_moment


@pytest.fixture
def sign_in() -> Callable[[Member], Client]:
    """A browser of a member."""

    def make(member: Member) -> Client:
        client = Client()
        client.force_login(member)
        return client

    return make


__all__ = ["make_member"]
