"""Sessions that ended because papers were missing: what the checklists are to remove."""

from datetime import date

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.cases.enums import Outcome
from nhipcau.cases.models import HelpSession
from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.columns import OF_SESSIONS


def rows(start: date, end: date) -> QuerySet[HelpSession]:
    """The help sessions of the days `[start, end)` that count."""
    return HelpSession.objects.filter(day__gte=start, day__lt=end, outcome=Outcome.PAPERS_MISSING)


INDICATOR = Counted(
    name="papers_missing",
    label=_("Papers missing"),
    definition=_("Help sessions that could not go on because the person lacked a paper."),
    unit=_("sessions"),
    rows=rows,
    commune="commune_id",
    day=F("day"),
    measure=Count("id"),
    columns=OF_SESSIONS,
)
