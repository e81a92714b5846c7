"""Shifts as they happen: a day's list, the sheet of one shift, who stands before a post's code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from nhipcau.attendance.enums import AttendanceState, WalkInState
from nhipcau.attendance.models import Attendance, WalkIn
from nhipcau.attendance.rules.codes import shown_between
from nhipcau.attendance.rules.hours import FORGOTTEN_AFTER, OPENS
from nhipcau.core.scope import Actor
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Post, Shift, ShiftNeed
from nhipcau.signups.enums import EXPECTED, HOLDING, SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member

# Given up before the shift: nobody asks whether they came.
GONE = (SignUpState.CANCELLED, SignUpState.SWAPPED)
MOST_FOUND = 20


def shifts_on(actor: Actor, day: date) -> QuerySet[Shift]:
    """The shifts of a day where the actor marks attendance, each with `expected`, `here` and `waiting`."""
    sign_ups = Q(sign_ups__state__in=EXPECTED)
    return (
        Shift.objects.filter(actor.scope(Permission.ATTENDANCE_MARK).q(), day=day, state=ShiftState.OPEN)
        .select_related("post", "commune")
        .annotate(
            expected=Count("sign_ups", filter=sign_ups, distinct=True),
            here=Count(
                "attendances", filter=Q(attendances__state=AttendanceState.HERE), distinct=True
            ),
            waiting=Count(
                "walk_ins", filter=Q(walk_ins__state=WalkInState.ASKED), distinct=True
            ),
        )
        .order_by("starts_at", "post__name", "id")
    )  # fmt: skip


def get_shift(shift_id: UUID, *, for_: Actor, permission: str = Permission.ATTENDANCE_MARK) -> Shift:
    """A shift in the actor's places, with post and commune, or 404. A called-off one has no attendance."""
    found = (
        Shift.objects.filter(for_.scope(permission).q(), pk=shift_id)
        .exclude(state=ShiftState.CANCELLED)
        .select_related("post", "commune__parent", "team")
        .first()
    )
    if found is None:
        raise Http404
    return found


def shown_during(shift_id: UUID, code: str) -> datetime | None:
    """When a code was on the screen of the shift's post, while one could come to it or leave it."""
    row = Shift.objects.filter(pk=shift_id).first()
    if row is None:
        return None
    return shown_between(
        code, post=row.post_id, start=row.starts_at - OPENS, end=row.ends_at + FORGOTTEN_AFTER
    )


def get_post(post_id: UUID, *, for_: Actor, permission: str = Permission.ATTENDANCE_MARK) -> Post:
    """A post in the actor's places, or 404."""
    found = (
        Post.objects.filter(for_.scope(permission).q(), pk=post_id)
        .select_related("commune", "point", "team")
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_sign_up(sign_up_id: UUID, *, for_: Actor) -> SignUp:
    """A sign-up in whose place the actor marks attendance, with member, shift and attendance, or 404."""
    found = (
        SignUp.objects.visible_to(for_, Permission.ATTENDANCE_MARK)
        .select_related("member", "shift__post", "shift__commune", "need", "attendance")
        .filter(pk=sign_up_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def on_sheet(shift: Shift) -> QuerySet[SignUp]:
    """Who is on the sheet of a shift: by role, then name; each with the attendance, if any."""
    return (
        SignUp.objects.filter(shift=shift)
        .exclude(state__in=GONE)
        .select_related("member", "need", "attendance")
        .order_by("need__position", "need__title", "member__name", "id")
    )


def attendance_of(sign_up: SignUp) -> Attendance | None:
    """The attendance of a sign-up that was read with it."""
    return getattr(sign_up, "attendance", None)


def walk_ins_of(shift: Shift) -> QuerySet[WalkIn]:
    """Who asks at the post to help at this shift."""
    return (
        WalkIn.objects.filter(shift=shift, state=WalkInState.ASKED)
        .select_related("member__commune")
        .order_by("asked_at", "id")
    )


def needs_of(shift: Shift) -> QuerySet[ShiftNeed]:
    """The roles of a shift."""
    return ShiftNeed.objects.filter(shift=shift).order_by("position", "title", "id")


def members_to_walk_in(actor: Actor, shift: Shift, text: str) -> QuerySet[Member]:
    """Active members of the actor's places with that part of a name, who are not on the shift."""
    on = SignUp.objects.filter(shift=shift, state__in=HOLDING, member_id=OuterRef("pk"))
    return (
        Member.objects.visible_to(actor, Permission.ATTENDANCE_MARK)
        .filter(~Exists(on), is_active=True, name__icontains=text)
        .exclude(pk=actor.id)
        .select_related("commune")
        .order_by("name", "id")[:MOST_FOUND]
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands before the code of a post: a shift now, and what binds them to it."""

    shift: Shift
    sign_up: SignUp | None = None
    attendance: Attendance | None = None
    walk_in: WalkIn | None = None

    @property
    def is_here(self) -> bool:
        return self.attendance is not None and self.attendance.state == AttendanceState.HERE

    @property
    def has_left(self) -> bool:
        return self.attendance is not None and self.attendance.is_measured

    @property
    def may_come(self) -> bool:
        """On the shift, and not seen yet."""
        free = self.attendance is None or self.attendance.state == AttendanceState.UNDONE
        return self.sign_up is not None and self.sign_up.state in EXPECTED and free


def shifts_now(post_id: UUID, now: datetime) -> QuerySet[Shift]:
    """The open shifts of a post that one can come to now, the running one first."""
    return (
        Shift.objects.filter(
            post_id=post_id, state=ShiftState.OPEN, starts_at__lte=now + OPENS, ends_at__gt=now
        )
        .select_related("post", "commune")
        .order_by("starts_at", "id")
    )


def places_of(member_id: UUID, *, post_id: UUID, now: datetime) -> list[Place]:
    """The shifts of a post now through the eyes of a member: what they are on first. Three queries.

    Also a shift that is over, while its member has not checked out.
    """
    mine = SignUp.objects.filter(member_id=member_id).exclude(state__in=GONE).select_related("attendance")
    asked = WalkIn.objects.filter(member_id=member_id)
    still_here = Exists(
        Attendance.objects.filter(shift_id=OuterRef("pk"), member_id=member_id, state=AttendanceState.HERE)
    )
    shifts = (
        Shift.objects.filter(post_id=post_id, state=ShiftState.OPEN)
        .filter(Q(starts_at__lte=now + OPENS, ends_at__gt=now) | still_here)
        .select_related("post", "commune")
        .prefetch_related(
            Prefetch("sign_ups", mine, to_attr="mine"), Prefetch("walk_ins", asked, to_attr="asked")
        )
        .order_by("starts_at", "id")
    )
    return sorted((_place(shift) for shift in shifts), key=lambda place: place.sign_up is None)


def _place(shift: Shift) -> Place:
    sign_ups: list[SignUp] = vars(shift)["mine"]
    walk_ins: list[WalkIn] = vars(shift)["asked"]
    # Somebody who gave up and came back has two; the one that holds the seat counts.
    best = min(sign_ups, key=lambda row: row.state not in HOLDING, default=None)
    return Place(
        shift=shift,
        sign_up=best,
        attendance=attendance_of(best) if best else None,
        walk_in=walk_ins[0] if walk_ins else None,
    )


def post_by_id(post_id: UUID) -> Post | None:
    """A post whoever asks: its name, for those who stand before it."""
    return Post.objects.select_related("point", "commune").filter(pk=post_id).first()


def next_shift(post_id: UUID, now: datetime) -> Shift | None:
    """The next shift of a post."""
    return (
        Shift.objects.filter(post_id=post_id, state=ShiftState.OPEN, starts_at__gt=now)
        .select_related("post")
        .order_by("starts_at", "id")
        .first()
    )


def here_now(member_id: UUID) -> QuerySet[Attendance]:
    """Where a member is checked in at present."""
    return (
        Attendance.objects.filter(member_id=member_id, state=AttendanceState.HERE)
        .select_related("shift__post")
        .order_by("checked_in_at", "id")
    )


def forgotten(ids: Iterable[UUID]) -> QuerySet[Attendance]:
    """Attendances by id, locked, with their shift and member."""
    return (
        Attendance.objects.filter(pk__in=list(ids))
        .select_for_update(of=("self",))
        .select_related("shift__post", "member")
        .order_by("id")
    )
