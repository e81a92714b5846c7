"""Seats that the shifts needed at least."""

from datetime import date

from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.roster_columns import OF_SEATS
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import ShiftNeed


def rows(start: date, end: date) -> QuerySet[ShiftNeed]:
    """The needs of the open shifts of the days `[start, end)`; shifts called off need nobody."""
    return ShiftNeed.objects.filter(
        shift__state=ShiftState.OPEN, shift__day__gte=start, shift__day__lt=end, minimum__gt=0
    )


INDICATOR = Counted(
    name="seats_asked",
    label=_("Seats needed"),
    definition=_("How many people the shifts needed at least, role by role."),
    unit=_("seats"),
    rows=rows,
    commune="shift__commune_id",
    day=F("shift__day"),
    measure=Sum("minimum"),
    columns=OF_SEATS,
)
