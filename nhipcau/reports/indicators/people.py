"""People helped: each person once, at the first session they ever had."""

from datetime import date

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.cases.models import HelpSession
from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.columns import OF_SESSIONS


def rows(start: date, end: date) -> QuerySet[HelpSession]:
    """The help sessions of the days `[start, end)` that count."""
    return HelpSession.objects.filter(day__gte=start, day__lt=end, first_time=True)


INDICATOR = Counted(
    name="people",
    label=_("People helped"),
    definition=_(
        "Help sessions in which the person came for the first time. Each person counts once, without a name."
    ),
    unit=_("people"),
    rows=rows,
    commune="commune_id",
    day=F("day"),
    measure=Count("id"),
    columns=OF_SESSIONS,
)
