"""People who came to public classes."""

from datetime import date

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.learning.models import Attendee
from nhipcau.learning.queries import came_between
from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.columns import OF_CLASSES


def rows(start: date, end: date) -> QuerySet[Attendee]:
    """Everybody counted in a class of the days `[start, end)` that was not cancelled."""
    return came_between(start, end)


INDICATOR = Counted(
    name="class_people",
    label=_("People who came to classes"),
    definition=_("People counted in classes that were not cancelled, on the day of the class. No names."),
    unit=_("people"),
    rows=rows,
    commune="public_class__commune_id",
    day=F("public_class__day"),
    measure=Count("id"),
    columns=OF_CLASSES,
)
