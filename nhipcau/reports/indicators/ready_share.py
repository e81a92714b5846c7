"""The share of people who came with all papers the first time."""

from django.utils.translation import gettext_lazy as _

from nhipcau.reports.indicators.base import Derived

INDICATOR = Derived(
    name="ready_share",
    label=_("Ready at first visit"),
    definition=_("Of the people whose papers were checked at their first visit, the share who had them all."),
    unit=_("percent"),
    numerator="papers_ready",
    denominator="papers_checked",
    scale=100,
)
