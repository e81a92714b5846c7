"""First visits at which the papers were looked through."""

from datetime import date

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.cases.enums import Papers
from nhipcau.cases.models import HelpSession
from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.columns import OF_PAPERS


def rows(start: date, end: date) -> QuerySet[HelpSession]:
    """The help sessions of the days `[start, end)` that count."""
    return HelpSession.objects.filter(
        day__gte=start, day__lt=end, first_time=True, papers__in=(Papers.READY, Papers.MISSING)
    )


INDICATOR = Counted(
    name="papers_checked",
    label=_("Papers checked at the first visit"),
    definition=_("First visits at which somebody looked whether all papers were there."),
    unit=_("people"),
    rows=rows,
    commune="commune_id",
    day=F("day"),
    measure=Count("id"),
    columns=OF_PAPERS,
)
