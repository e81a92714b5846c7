"""A sign-up, a place in line and a question of one volunteer, on shifts of a post: for the pages."""

from datetime import datetime

from nhipcau.core.ids import new_id
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups import services
from nhipcau.signups.enums import SignUpState, StandInMode
from nhipcau.signups.models import Ask, Waiting
from nhipcau.teams.models import Member


def make_sign_ups(post: str, *, volunteer: Member, leader: Member, now: datetime) -> dict[str, str]:
    """The ids for addresses; the first shift of the post stays as it is."""
    rows = ShiftNeed.objects.filter(shift__post_id=post, qualifications=[], languages={})
    mine, full, asked, theirs = rows.order_by("shift__starts_at", "id")[1:5]
    own, other = (
        services.put_on(need_id=need.pk, member_id=member.pk, by=None, now=now, note="Mẫu")
        for need, member in ((mine, volunteer), (theirs, leader))
    )
    services.move(other, to=SignUpState.STAND_IN_SOUGHT, by=None, now=now, mover=services.Mover.LEADER)
    line = Waiting.objects.create(id=new_id(now), need=full, member=volunteer, since=now)
    ask = Ask.objects.create(
        id=new_id(now),
        need=asked,
        mode=StandInMode.LEADER,
        member=volunteer,
        asked_by=leader,
        asked_at=now,
    )
    return {
        "my_shift": str(mine.shift_id),
        "my_place": str(mine.pk),
        "free_place": str(full.pk),
        "sign_up": str(own.pk),
        "sought": str(other.pk),
        "line": str(line.pk),
        "ask": str(ask.pk),
    }
