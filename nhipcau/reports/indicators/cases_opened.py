"""Cases opened: matters that have to be followed to their end."""

from datetime import date

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from nhipcau.cases.models import Case
from nhipcau.core.clock import VIETNAM, day_bounds
from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.columns import OF_CASES


def rows(start: date, end: date) -> QuerySet[Case]:
    """The cases opened on the days `[start, end)`, Vietnamese time."""
    return Case.objects.filter(opened_at__gte=day_bounds(start)[0], opened_at__lt=day_bounds(end)[0])


INDICATOR = Counted(
    name="cases_opened",
    label=_("Cases opened"),
    definition=_("Matters taken up to be followed to their end, with the person's consent."),
    unit=_("cases"),
    rows=rows,
    commune="commune_id",
    day=TruncDate("opened_at", tzinfo=VIETNAM),
    measure=Count("id"),
    columns=OF_CASES,
)
