"""Sessions in which the person was asked whether missing papers had made them come again."""

from datetime import date

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.cases.models import HelpSession
from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.columns import OF_PAPERS


def rows(start: date, end: date) -> QuerySet[HelpSession]:
    """The help sessions of the days `[start, end)` that count."""
    return HelpSession.objects.filter(day__gte=start, day__lt=end, came_back_for_papers__isnull=False)


INDICATOR = Counted(
    name="came_back_asked",
    label=_("Asked about coming back"),
    definition=_(
        "Help sessions in which the person said whether missing papers had made them come again, or not."
    ),
    unit=_("sessions"),
    rows=rows,
    commune="commune_id",
    day=F("day"),
    measure=Count("id"),
    columns=OF_PAPERS,
)
