"""Hours are approved by somebody else, and the member may disagree; what was approved can be taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from nhipcau.attendance.enums import AttendanceState
from nhipcau.attendance.models import Attendance
from nhipcau.attendance.queries.hours import get_attendance
from nhipcau.attendance.services import steps
from nhipcau.audit.services import unit_of_work
from nhipcau.citizens.queries import check_no_long_number
from nhipcau.core.clock import hours_text
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.shifts.models import TeamRoster
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member
from nhipcau.volunteers.services import give_experience

MOST_AT_ONCE: Final = 500


class UnableToApprove(UnableTo):
    """Nobody approves their own hours."""

    code = "attendance.own_hours"


class UnableToDispute(UnableTo):
    """The member has disagreed already; a second text would be lost."""

    code = "attendance.disputed_already"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many records were approved, and how many had changed since the leader looked."""

    approved: int
    changed: int


def approve(*, seen: Mapping[UUID, int], by: Actor, now: datetime) -> Outcome:
    """Approves records as the leader saw them: id and minutes. One that has changed since stays as it is.

    Each member is told once. Raises `UnableToApprove` when one's own is among them.
    """
    with unit_of_work(by=by, now=now):
        rows = list(
            Attendance.objects.filter(
                by.scope(Permission.ATTENDANCE_APPROVE).q("shift__commune"), pk__in=list(seen)[:MOST_AT_ONCE]
            )
            .select_for_update(of=("self",))
            .select_related("shift", "member")
            .order_by("id")
        )
        if any(row.member_id == by.id for row in rows):
            raise UnableToApprove(_("Nobody approves their own hours. Ask another leader."))
        waiting = (AttendanceState.RECORDED, AttendanceState.DISPUTED)
        good = [row for row in rows if row.state in waiting and row.minutes_credited == seen[row.pk]]
        for row in good:
            steps.change(row, AttendanceState.APPROVED, by=by, now=now)
        _tell_approved(good, now)
        _give_experience(good, now)
    return Outcome(approved=len(good), changed=len(seen) - len(good))


def _tell_approved(rows: list[Attendance], now: datetime) -> None:
    told: dict[UUID, list[Attendance]] = {}
    for row in rows:
        told.setdefault(row.member_id, []).append(row)
    for mine in told.values():
        _tell_one(mine[0].member, mine, now)


def _tell_one(member: Member, rows: list[Attendance], now: datetime) -> None:
    def words() -> tuple[str, str]:
        hours = hours_text(sum(row.minutes_credited or 0 for row in rows))
        shifts = ngettext("%(count)d shift", "%(count)d shifts", len(rows)) % {"count": len(rows)}
        return (
            gettext("Your hours were approved"),
            gettext("%(hours)s hours at %(shifts)s now count.") % {"hours": hours, "shifts": shifts},
        )

    steps.tell(member, words, about=rows[0].pk, link=reverse("attendance:mine"), now=now)


def _give_experience(rows: list[Attendance], now: datetime) -> None:
    """Whoever has so many approved shifts as the team asks for is experienced from the day of the last."""
    members = {row.member_id for row in rows}
    found = (
        Attendance.objects.filter(member__in=members, state=AttendanceState.APPROVED, minutes_credited__gt=0)
        .order_by()
        .values_list("member_id")
        .annotate(number=Count("id"), last=Max("shift__day"))
    )
    counted = {member: (number, last) for member, number, last in found}
    teams = {row.shift.team_id for row in rows}
    wanted = dict(TeamRoster.objects.filter(team__in=teams).values_list("team_id", "experienced_after"))
    usual = TeamRoster().experienced_after
    ready: dict[date, set[UUID]] = {}
    for row in rows:
        number, last = counted.get(row.member_id, (0, row.shift.day))
        if number >= wanted.get(row.shift.team_id, usual):
            ready.setdefault(last, set()).add(row.member_id)
    for day, some in sorted(ready.items()):
        give_experience(now=now, members=some, from_day=day)


def take_back_approval(*, attendance_id: UUID, reason: str, by: Actor, now: datetime) -> Attendance:
    """The approval was a mistake: the record waits again. Certificates that count it no longer stand.

    Raises `UnableToMoveAttendance`, `UnableToApprove` for one's own, 404.
    """
    check_no_long_number(reason)
    with unit_of_work(by=by, now=now):
        get_attendance(attendance_id, for_=by, permission=Permission.ATTENDANCE_APPROVE)
        row = steps.lock(attendance_id)
        if row.member_id == by.id:
            raise UnableToApprove(_("Nobody decides about their own hours. Ask another leader."))
        if row.state == AttendanceState.APPROVED:
            steps.change(row, AttendanceState.RECORDED, by=by, now=now, reason=reason)
            steps.tell(row.member, _taken_back, about=row.pk, link=reverse("attendance:mine"), now=now)
    return row


def _taken_back() -> tuple[str, str]:
    return (
        gettext("The approval of your hours was taken back"),
        gettext("Your leader looks at them again. Open your hours to see why."),
    )


def dispute(*, attendance_id: UUID, reason: str, by: Actor, now: datetime) -> Attendance:
    """The member says that the record is wrong, and what would be right; a leader looks at it again.

    Raises `UnableToMoveAttendance`, 404.
    """
    check_no_long_number(reason)
    with unit_of_work(by=by, now=now):
        get_attendance(attendance_id, for_=by)
        row = steps.lock(attendance_id)
        if row.state != AttendanceState.DISPUTED:
            steps.change(row, AttendanceState.DISPUTED, by=by, now=now, reason=reason)
        elif row.reason != reason.strip()[: steps.LONGEST_REASON]:
            raise UnableToDispute(_("You have said already what is wrong. Your leader looks at it again."))
    return row
