"""The wall board: who helps now and next at a post or at all posts of a service point. No phone number."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from nhipcau.attendance.enums import AttendanceState
from nhipcau.attendance.models import Board
from nhipcau.attendance.rules.names import board_name
from nhipcau.core.scope import Actor
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Shift, ShiftNeed
from nhipcau.signups.enums import BUSY
from nhipcau.signups.models import SignUp
from nhipcau.teams.enums import LanguageLevel, Permission, languages
from nhipcau.teams.models import MemberLanguage

AHEAD = timedelta(days=3)
MOST_SHIFTS = 12
# Everybody helps in Vietnamese: what is said is what else helps.
COMMON = "vi"


@dataclass(frozen=True, slots=True)
class Helper:
    """One person as a wall shows them."""

    name: str
    here: bool
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """One shift on the board: `missing` people below the least number."""

    shift: Shift
    helpers: tuple[Helper, ...] = ()
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Wall:
    """What a board shows: shifts now, then the next ones."""

    title: str
    place: str
    now: tuple[Stretch, ...] = ()
    next: tuple[Stretch, ...] = field(default=())


def board_by_token(token: str) -> Board | None:
    """A board in use, by its address."""
    rows = Board.objects.select_related("post__point", "point", "commune")
    return rows.filter(token=token, ended_at__isnull=True).first() if token else None


def boards_of(actor: Actor, posts: Iterable[UUID], points: Iterable[UUID]) -> QuerySet[Board]:
    """Boards in use of these posts and points, inside the actor's places."""
    return (
        Board.objects.visible_to(actor, Permission.ATTENDANCE_MARK)
        .filter(Q(post_id__in=list(posts)) | Q(point_id__in=list(points)), ended_at__isnull=True)
        .order_by("made_at", "id")
    )


def wall(board: Board, now: datetime) -> Wall:
    """The board at a moment, in four queries."""
    where = Q(post_id=board.post_id) if board.post_id else Q(post__point_id=board.point_id)
    shifts = list(
        Shift.objects.filter(where, state=ShiftState.OPEN, ends_at__gt=now, starts_at__lt=now + AHEAD)
        .select_related("post")
        .order_by("starts_at", "post__name", "id")[:MOST_SHIFTS]
    )
    helpers, missing = _helpers(shifts), _missing(shifts)
    rows = [Stretch(row, tuple(helpers.get(row.pk, ())), missing.get(row.pk, 0)) for row in shifts]
    point = board.point or (board.post.point if board.post else None)
    title = board.post.name if board.post else str(point)
    return Wall(
        title=title,
        place=point.name if point is not None and point.name != title else board.commune.full_name,
        now=tuple(row for row in rows if row.shift.starts_at <= now),
        next=tuple(row for row in rows if row.shift.starts_at > now),
    )


def _helpers(shifts: list[Shift]) -> dict[UUID, list[Helper]]:
    sign_ups = list(
        SignUp.objects.filter(shift__in=shifts, state__in=BUSY)
        .select_related("member", "attendance")
        .order_by("need__position", "member__name", "id")
    )
    spoken: dict[UUID, list[str]] = {}
    known = MemberLanguage.objects.filter(
        member__in=[row.member_id for row in sign_ups], level__in=[LanguageLevel.GOOD, LanguageLevel.NATIVE]
    )
    for row in known.exclude(language=COMMON).order_by("member_id", "language"):
        spoken.setdefault(row.member_id, []).append(languages()[row.language].name)
    found: dict[UUID, list[Helper]] = {}
    for sign_up in sign_ups:
        seen = getattr(sign_up, "attendance", None)
        here = seen is not None and seen.state == AttendanceState.HERE
        if seen is not None and not here and seen.state != AttendanceState.UNDONE:
            continue  # has left
        helper = Helper(board_name(sign_up.member.name), here, tuple(spoken.get(sign_up.member_id, ())))
        found.setdefault(sign_up.shift_id, []).append(helper)
    return found


def _missing(shifts: list[Shift]) -> dict[UUID, int]:
    missing: dict[UUID, int] = {}
    for need in ShiftNeed.objects.filter(shift__in=shifts).order_by("id"):
        missing[need.shift_id] = missing.get(need.shift_id, 0) + max(0, need.minimum - need.taken)
    return missing
