"""Shifts at which at least one volunteer was there."""

from datetime import date

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.roster_columns import OF_SHIFTS
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Shift
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp


def rows(start: date, end: date) -> QuerySet[Shift]:
    """The open shifts of the days `[start, end)` that somebody attended."""
    attended = SignUp.objects.filter(shift_id=OuterRef("pk"), state=SignUpState.ATTENDED)
    return Shift.objects.filter(Exists(attended), state=ShiftState.OPEN, day__gte=start, day__lt=end)


INDICATOR = Counted(
    name="shifts_held",
    label=_("Shifts held"),
    definition=_("Shifts at which at least one volunteer was there, by what was written down at the post."),
    unit=_("shifts"),
    rows=rows,
    commune="commune_id",
    day=F("day"),
    measure=Count("id"),
    columns=OF_SHIFTS,
)
