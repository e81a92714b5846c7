"""Time given, in minutes."""

from datetime import date

from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from nhipcau.cases.models import HelpSession
from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.columns import OF_SESSIONS


def rows(start: date, end: date) -> QuerySet[HelpSession]:
    """The help sessions of the days `[start, end)` that count."""
    return HelpSession.objects.filter(day__gte=start, day__lt=end)


INDICATOR = Counted(
    name="minutes",
    label=_("Minutes of help"),
    definition=_("Minutes that volunteers spent with people, as written down after each session."),
    unit=_("minutes"),
    rows=rows,
    commune="commune_id",
    day=F("day"),
    measure=Sum("minutes"),
    columns=OF_SESSIONS,
)
