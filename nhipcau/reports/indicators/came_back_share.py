"""The share of people who had to come again because of papers."""

from django.utils.translation import gettext_lazy as _

from nhipcau.reports.indicators.base import Derived

INDICATOR = Derived(
    name="came_back_share",
    label=_("Share who came back because of papers"),
    definition=_(
        "Of the people who were asked, the share who had to come again because a paper was missing."
    ),
    unit=_("percent"),
    numerator="came_back",
    denominator="came_back_asked",
    scale=100,
)
