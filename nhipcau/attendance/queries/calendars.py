"""Calendar feeds: the shifts of one person or the cover of one post, as rows that become events."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import CharField, Count, IntegerField, Max, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce

from nhipcau.attendance.models import CalendarFeed
from nhipcau.audit.models import Entry
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Post, Shift
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp, SignUpStep

BACK = timedelta(days=60)
AHEAD = timedelta(days=200)
_TENTATIVE = (SignUpState.APPLIED, SignUpState.STAND_IN_SOUGHT)
_GONE = (SignUpState.CANCELLED, SignUpState.SWAPPED, SignUpState.EXCUSED)


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar. `sequence` grows with every change, so that calendars take over the newer."""

    uid: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    sequence: int
    changed_at: datetime
    post: Post
    role: str = ""
    taken: int = 0
    minimum: int = 0
    maximum: int = 0
    seeks_stand_in: bool = False


def feed_by_token(token: str) -> CalendarFeed | None:
    """A feed in use, by its address; that of a person only until they leave."""
    rows = CalendarFeed.objects.select_related("member", "post__point", "post__commune")
    alive = Q(member__isnull=True) | Q(member__is_active=True)
    return rows.filter(alive, token=token, ended_at__isnull=True).first() if token else None


def feed_of(member_id: UUID) -> CalendarFeed | None:
    """The feed in use of a member."""
    return CalendarFeed.objects.filter(member_id=member_id, ended_at__isnull=True).first()


def feed_of_post(post: Post) -> CalendarFeed | None:
    """The feed in use of a post."""
    return CalendarFeed.objects.filter(post=post, ended_at__isnull=True).first()


def _history(shift: str) -> dict[str, Coalesce | Subquery]:
    """How often a shift was changed and when last: the database's own record of it."""
    rows = (
        Entry.objects.filter(
            entity="shifts_shift", action="update", entity_id=Cast(OuterRef(shift), CharField())
        )
        .order_by()
        .values("entity_id")
    )
    counted = rows.annotate(number=Count("id")).values("number")
    return {
        "changes": Coalesce(Subquery(counted, output_field=IntegerField()), Value(0)),
        "changed": Subquery(rows.annotate(last=Max("at")).values("last")),
    }


def events_of(member_id: UUID, now: datetime) -> list[Event]:
    """A member's shifts in the window of a feed, given up ones as cancelled. One query."""
    steps = SignUpStep.objects.filter(sign_up_id=OuterRef("pk")).order_by().values("sign_up_id")
    rows = (
        SignUp.objects.filter(member_id=member_id, starts_at__gt=now - BACK, starts_at__lt=now + AHEAD)
        .exclude(shift__state=ShiftState.DRAFT)
        .select_related("shift__post__point", "shift__post__commune", "need")
        .annotate(
            **_history("shift_id"),
            steps_taken=Coalesce(
                Subquery(steps.annotate(number=Count("id")).values("number"), output_field=IntegerField()),
                Value(0),
            ),
        )
        .order_by("starts_at", "id")
    )
    return [_event(row) for row in rows]


def _event(row: SignUp) -> Event:
    columns = vars(row)
    cancelled = row.state in _GONE or row.shift.state == ShiftState.CANCELLED
    return Event(
        uid=row.pk,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status="CANCELLED" if cancelled else "TENTATIVE" if row.state in _TENTATIVE else "CONFIRMED",
        sequence=columns["steps_taken"] + columns["changes"],
        changed_at=max(row.changed_at, columns["changed"] or row.changed_at),
        post=row.shift.post,
        role=row.need.title,
        seeks_stand_in=row.state == SignUpState.STAND_IN_SOUGHT,
    )


def cover_of(post: Post, now: datetime) -> list[Event]:
    """The shifts of a post with numbers only. One query.

    Each person who comes or goes changes the numbers, so steps count for the sequence here too.
    """
    steps = SignUpStep.objects.filter(sign_up__shift_id=OuterRef("pk")).order_by().values("sign_up__shift_id")
    rows = (
        Shift.objects.filter(post=post, starts_at__gt=now - BACK, starts_at__lt=now + AHEAD)
        .exclude(state=ShiftState.DRAFT)
        .annotate(
            **_history("pk"),
            steps_taken=Coalesce(
                Subquery(steps.annotate(number=Count("id")).values("number"), output_field=IntegerField()),
                Value(0),
            ),
            stepped=Subquery(steps.annotate(last=Max("at")).values("last")),
            taken=Coalesce(Sum("needs__taken"), Value(0)),
            least=Coalesce(Sum("needs__minimum"), Value(0)),
            most=Coalesce(Sum("needs__maximum"), Value(0)),
        )
        .order_by("starts_at", "id")
    )
    return [_cover(row, post) for row in rows]


def _cover(row: Shift, post: Post) -> Event:
    columns = vars(row)
    moments = [row.made_at, columns["changed"], columns["stepped"]]
    return Event(
        uid=row.pk,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status="CANCELLED" if row.state == ShiftState.CANCELLED else "CONFIRMED",
        sequence=columns["steps_taken"] + columns["changes"],
        changed_at=max(moment for moment in moments if moment is not None),
        post=post,
        taken=columns["taken"],
        minimum=columns["least"],
        maximum=columns["most"],
    )
