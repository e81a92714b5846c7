"""Help sessions: every time somebody was helped."""

from datetime import date

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.cases.models import HelpSession
from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.columns import OF_SESSIONS


def rows(start: date, end: date) -> QuerySet[HelpSession]:
    """The help sessions of the days `[start, end)` that count."""
    return HelpSession.objects.filter(day__gte=start, day__lt=end)


INDICATOR = Counted(
    name="sessions",
    label=_("Help sessions"),
    definition=_("Every time a volunteer helped one person. Someone who came twice counts twice."),
    unit=_("sessions"),
    rows=rows,
    commune="commune_id",
    day=F("day"),
    measure=Count("id"),
    columns=OF_SESSIONS,
)
