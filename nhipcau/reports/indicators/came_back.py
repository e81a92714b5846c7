"""Sessions of people who had to come back because of papers."""

from datetime import date

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.cases.models import HelpSession
from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.columns import OF_PAPERS


def rows(start: date, end: date) -> QuerySet[HelpSession]:
    """The help sessions of the days `[start, end)` that count."""
    return HelpSession.objects.filter(day__gte=start, day__lt=end, came_back_for_papers=True)


INDICATOR = Counted(
    name="came_back",
    label=_("Came back because of papers"),
    definition=_(
        "Help sessions of people who had to come again because a paper was missing the time before."
    ),
    unit=_("sessions"),
    rows=rows,
    commune="commune_id",
    day=F("day"),
    measure=Count("id"),
    columns=OF_PAPERS,
)
