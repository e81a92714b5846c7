"""One of everything that the pages of attendance show: a shift that was worked, a certificate, a board."""

from datetime import datetime, time, timedelta

from django.core import signing

from nhipcau.attendance import services
from nhipcau.attendance.models import Attendance, WalkIn
from nhipcau.attendance.views.posts import SALT
from nhipcau.core.clock import VIETNAM, local_date
from nhipcau.core.ids import new_id
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Post, Shift, ShiftNeed
from nhipcau.signups.enums import SignUpState, Source
from nhipcau.signups.models import SignUp
from nhipcau.teams import services as teams
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member, Team


def make_attendance(*, team: Team, volunteer: Member, leader: Member, now: datetime) -> dict[str, str]:
    """The ids for addresses; the shift was in the early morning of yesterday, when nobody else works."""
    day = local_date(now) - timedelta(days=1)
    start = datetime.combine(day, time(3), tzinfo=VIETNAM)
    post = Post.objects.create(team=team, commune_id=team.commune_id, name="Bàn sớm Mẫu", active_from=day)
    shift = Shift.objects.create(
        post=post,
        team=team,
        commune_id=team.commune_id,
        day=day,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        state=ShiftState.OPEN,
        made_at=start,
    )
    need = ShiftNeed.objects.create(shift=shift, title="Hướng dẫn", minimum=3, ideal=4, maximum=4)
    helper, asking = (
        teams.register_member(by=None, now=now, username=name, name=full, commune=team.commune_id)
        for name, full in (("ban.som.mau", "Bạn Sớm Mẫu"), ("ban.tre.mau", "Bạn Trễ Mẫu"))
    )
    mine, _other = (_sign_up(need, member, start) for member in (volunteer, helper))
    by, own = actor_of(leader, now), actor_of(volunteer, now)
    line = services.Line(mine.pk, "came", start, start + timedelta(hours=2))
    services.record_sheet(shift_id=shift.pk, lines=[line], method="leader", by=by, now=now)
    row = Attendance.objects.get(sign_up=mine)
    services.approve(seen={row.pk: row.minutes_credited or 0}, by=by, now=now)
    walk_in = WalkIn.objects.create(id=new_id(now), shift=shift, member=asking, asked_at=start)
    certificate = services.issue(
        member_id=volunteer.pk, first=day, until=day + timedelta(days=1), by=own, now=now
    )
    board = services.renew_board(post_id=post.pk, whole_point=False, language="vi", by=by, now=now)
    return {
        "desk": str(post.pk),
        "worked": str(shift.pk),
        "worked_day": day.isoformat(),
        "sign_up_worked": str(mine.pk),
        "attendance": str(row.pk),
        "holder": str(volunteer.pk),
        "walk_in": str(walk_in.pk),
        "certificate": str(certificate.pk),
        "hours": certificate.token,
        "calendar": services.renew_own_feed(by=own, now=now).token,
        "post_calendar": services.renew_post_feed(post_id=post.pk, by=by, now=now).token,
        "board": board.token,
        "board_id": str(board.pk),
        "tablet": signing.dumps(str(post.pk), salt=SALT),
    }


def _sign_up(need: ShiftNeed, member: Member, at: datetime) -> SignUp:
    row = SignUp(
        need=need,
        shift=need.shift,
        starts_at=need.shift.starts_at,
        ends_at=need.shift.ends_at,
        member=member,
        state=SignUpState.CONFIRMED,
        source=Source.SELF,
        made_at=at,
        changed_at=at,
    )
    row.save(force_insert=True)
    return row
