"""All stars given, the numerator of satisfaction."""

from datetime import date

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from nhipcau.cases.models import Rating
from nhipcau.core.clock import VIETNAM, day_bounds
from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.columns import OF_RATINGS


def rows(start: date, end: date) -> QuerySet[Rating]:
    """The ratings given on the days `[start, end)`, Vietnamese time."""
    return Rating.objects.filter(at__gte=day_bounds(start)[0], at__lt=day_bounds(end)[0])


INDICATOR = Counted(
    name="stars",
    label=_("Stars"),
    definition=_("All stars given, added up; divided by the ratings this is the satisfaction."),
    unit=_("stars"),
    rows=rows,
    commune="case__commune_id",
    day=TruncDate("at", tzinfo=VIETNAM),
    measure=Sum("stars"),
    columns=OF_RATINGS,
)
