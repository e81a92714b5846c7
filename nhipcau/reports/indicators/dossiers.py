"""Dossiers filed on the official portal by people we accompanied."""

from datetime import date

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.cases.models import Dossier
from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.columns import OF_DOSSIERS


def rows(start: date, end: date) -> QuerySet[Dossier]:
    """The dossiers submitted on the days `[start, end)`."""
    return Dossier.objects.filter(submitted_on__gte=start, submitted_on__lt=end)


INDICATOR = Counted(
    name="dossiers",
    label=_("Dossiers filed"),
    definition=_(
        "Dossiers that people filed on the public service portal with our help, each with its portal code."
    ),
    unit=_("dossiers"),
    rows=rows,
    commune="case__commune_id",
    day=F("submitted_on"),
    measure=Count("id"),
    columns=OF_DOSSIERS,
)
