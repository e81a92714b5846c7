"""Needed seats that somebody held."""

from django.db.models import F, Sum
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.roster_columns import OF_SEATS
from nhipcau.reports.indicators.seats_asked import rows

INDICATOR = Counted(
    name="seats_held",
    label=_("Needed seats held"),
    definition=_(
        "Of the seats that the shifts needed at least, those for which somebody was on the roster. "
        "People above that number on one shift do not make up for an empty seat on another."
    ),
    unit=_("seats"),
    rows=rows,
    commune="shift__commune_id",
    day=F("shift__day"),
    measure=Sum(Least("taken", "minimum")),
    columns=OF_SEATS,
)
