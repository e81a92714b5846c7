"""Places on shifts whose holders did not come and told nobody."""

from datetime import date

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.roster_columns import OF_SIGN_UPS
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp


def rows(start: date, end: date) -> QuerySet[SignUp]:
    """The sign-ups of the days `[start, end)` whose holder did not come."""
    return SignUp.objects.filter(state=SignUpState.NO_SHOW, shift__day__gte=start, shift__day__lt=end)


INDICATOR = Counted(
    name="no_shows",
    label=_("Did not come"),
    definition=_("Places on shifts whose holders did not come and told nobody beforehand."),
    unit=_("places"),
    rows=rows,
    commune="shift__commune_id",
    day=F("shift__day"),
    measure=Count("id"),
    columns=OF_SIGN_UPS,
)
