"""Satisfaction: the mean of the stars people gave."""

from django.utils.translation import gettext_lazy as _

from nhipcau.reports.indicators.base import Derived

INDICATOR = Derived(
    name="satisfaction",
    label=_("Satisfaction"),
    definition=_(
        "The mean of the stars people gave to the help, from 1 to 5. People who did not rate are not in it."
    ),
    unit=_("of 5 stars"),
    numerator="stars",
    denominator="ratings",
    digits=2,
)
