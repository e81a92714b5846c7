"""Hours: a member's own, what waits for approval, one record with its history."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from nhipcau.attendance.enums import WAITING, AttendanceState
from nhipcau.attendance.models import Attendance, AttendanceStep
from nhipcau.core.scope import Actor
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member


def hours_of(member_id: UUID) -> QuerySet[Attendance]:
    """A member's attendances, the latest first; what was taken back is left out."""
    return (
        Attendance.objects.filter(member_id=member_id)
        .exclude(state=AttendanceState.UNDONE)
        .select_related("shift__post", "shift__commune")
        .order_by("-shift__starts_at", "-id")
    )


@dataclass(frozen=True, slots=True)
class Total:
    """Minutes that count, and at how many shifts; `waiting`: minutes nobody has approved yet."""

    minutes: int = 0
    shifts: int = 0
    waiting: int = 0


def in_period(first: date, until: date) -> Q:
    """Shifts whose day lies in `[first, until)`."""
    return Q(shift__day__gte=first, shift__day__lt=until)


def total_of(member_id: UUID, period: Q | None = None) -> Total:
    """What counts for a member, in one query."""
    approved = Q(state=AttendanceState.APPROVED)
    found = Attendance.objects.filter(period or Q(), member_id=member_id).aggregate(
        minutes=Sum("minutes_credited", filter=approved, default=0),
        shifts=Count("id", filter=approved & Q(minutes_credited__gt=0)),
        waiting=Sum("minutes_credited", filter=Q(state__in=WAITING), default=0),
    )
    return Total(**found)


def waiting_for(actor: Actor, *, shift_id: UUID | None = None) -> QuerySet[Attendance]:
    """What waits for the actor's word, by shift and name; never the actor's own."""
    rows = Attendance.objects.filter(
        actor.scope(Permission.ATTENDANCE_APPROVE).q("shift__commune"), state__in=WAITING
    )
    if shift_id is not None:
        rows = rows.filter(shift_id=shift_id)
    return (
        rows.exclude(member_id=actor.id)
        .select_related("member", "shift__post", "shift__commune", "sign_up__need")
        .order_by("shift__starts_at", "shift_id", "member__name", "id")
    )


def get_attendance(attendance_id: UUID, *, for_: Actor, permission: str = "") -> Attendance:
    """One's own attendance, or with a permission one of the actor's places, or 404."""
    rows = (
        Attendance.objects.filter(for_.scope(permission).q("shift__commune"))
        if permission
        else Attendance.objects.filter(member_id=for_.id)
    )
    found = rows.select_related("member", "shift__post", "shift__commune").filter(pk=attendance_id).first()
    if found is None:
        raise Http404
    return found


def steps_of(attendance: Attendance) -> QuerySet[AttendanceStep]:
    """What happened to a record, in order, with who did it."""
    return AttendanceStep.objects.filter(attendance=attendance).select_related("by").order_by("at", "id")


def get_holder(member_id: UUID, *, for_: Actor) -> Member:
    """A member whose hours the actor looks after – not by being that member –, or 404."""
    found = (
        Member.objects.visible_to(for_, Permission.ATTENDANCE_APPROVE)
        .select_related("commune")
        .filter(pk=member_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def holder_list(actor: Actor, text: str = "") -> QuerySet[Member]:
    """Active members of the actor's places by name, each with `approved` minutes and `unapproved` records."""
    members = Member.objects.visible_to(actor, Permission.ATTENDANCE_APPROVE).filter(is_active=True)
    if text:
        members = members.filter(name__icontains=text)
    return members.annotate(
        approved=Sum(
            "attendances__minutes_credited",
            filter=Q(attendances__state=AttendanceState.APPROVED),
            default=0,
        ),
        unapproved=Count("attendances", filter=Q(attendances__state__in=WAITING)),
    ).order_by("name", "id")
