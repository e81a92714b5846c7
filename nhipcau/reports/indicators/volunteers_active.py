"""Volunteers who served: each counts once a month in a commune, on the first day they were there."""

from datetime import date

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from nhipcau.reports.indicators.base import Counted
from nhipcau.reports.indicators.roster_columns import OF_SIGN_UPS
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp


def rows(start: date, end: date) -> QuerySet[SignUp]:
    """The sign-ups attended on the days `[start, end)` that were the member's first of the month there."""
    month = TruncMonth("shift__day")
    attended = SignUp.objects.filter(state=SignUpState.ATTENDED).annotate(month=month)
    before = attended.filter(
        member_id=OuterRef("member_id"),
        shift__commune_id=OuterRef("shift__commune_id"),
        month=OuterRef("month"),
        starts_at__lt=OuterRef("starts_at"),
    )
    return attended.filter(~Exists(before), shift__day__gte=start, shift__day__lt=end)


INDICATOR = Counted(
    name="volunteers_active",
    label=_("Volunteers who served"),
    definition=_(
        "People who were there for at least one shift. Each counts once a calendar month in a commune, "
        "on the first day they served."
    ),
    unit=_("volunteers"),
    rows=rows,
    commune="shift__commune_id",
    day=F("shift__day"),
    measure=Count("id"),
    columns=OF_SIGN_UPS,
)
