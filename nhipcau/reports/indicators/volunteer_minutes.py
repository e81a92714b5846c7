"""Volunteers' time at the posts that was measured and approved, in minutes."""

from datetime import date

from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from nhipcau.attendance.enums import AttendanceState
from nhipcau.attendance.models import Attendance
from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.roster_columns import OF_HOURS


def rows(start: date, end: date) -> QuerySet[Attendance]:
    """The approved attendances of the days `[start, end)`."""
    return Attendance.objects.filter(
        state=AttendanceState.APPROVED, shift__day__gte=start, shift__day__lt=end
    )


INDICATOR = Counted(
    name="volunteer_minutes",
    label=_("Approved minutes"),
    definition=_("Minutes that volunteers were at the posts: measured, rounded by one rule, and approved."),
    unit=_("minutes"),
    rows=rows,
    commune="shift__commune_id",
    day=F("shift__day"),
    measure=Sum("minutes_credited"),
    columns=OF_HOURS,
)
