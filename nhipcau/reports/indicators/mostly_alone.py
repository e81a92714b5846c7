"""Sessions in which the person did most of it alone: the aim of the programme."""

from datetime import date

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.cases.enums import Alone
from nhipcau.cases.models import HelpSession
from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.columns import OF_SESSIONS


def rows(start: date, end: date) -> QuerySet[HelpSession]:
    """The help sessions of the days `[start, end)` that count."""
    return HelpSession.objects.filter(
        day__gte=start, day__lt=end, alone__in=(Alone.ALL_ALONE, Alone.MOSTLY_ALONE)
    )


INDICATOR = Counted(
    name="mostly_alone",
    label=_("Done mostly alone"),
    definition=_("Help sessions in which the person did everything or most of it with their own hands."),
    unit=_("sessions"),
    rows=rows,
    commune="commune_id",
    day=F("day"),
    measure=Count("id"),
    columns=OF_SESSIONS,
)
