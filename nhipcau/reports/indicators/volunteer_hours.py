"""The approved time in hours."""

from django.utils.translation import gettext_lazy as _

from nhipcau.reports.indicators.base import Derived

INDICATOR = Derived(
    name="volunteer_hours",
    label=_("Volunteer hours"),
    definition=_("Hours that volunteers were at the posts: measured, rounded by one rule, and approved."),
    unit=_("hours"),
    numerator="volunteer_minutes",
    denominator="",
    scale=1 / 60,
)
