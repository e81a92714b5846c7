"""First visits with all papers in hand: what the checklists are for."""

from datetime import date

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.cases.enums import Papers
from nhipcau.cases.models import HelpSession
from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.columns import OF_PAPERS


def rows(start: date, end: date) -> QuerySet[HelpSession]:
    """The help sessions of the days `[start, end)` that count."""
    return HelpSession.objects.filter(day__gte=start, day__lt=end, first_time=True, papers=Papers.READY)


INDICATOR = Counted(
    name="papers_ready",
    label=_("All papers at the first visit"),
    definition=_("First visits at which the papers were checked and none was missing."),
    unit=_("people"),
    rows=rows,
    commune="commune_id",
    day=F("day"),
    measure=Count("id"),
    columns=OF_PAPERS,
)
