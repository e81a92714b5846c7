"""The share of places whose holders did not come."""

from django.utils.translation import gettext_lazy as _

from nhipcau.reports.indicators.base import Derived

INDICATOR = Derived(
    name="no_show_share",
    label=_("Share that did not come"),
    definition=_(
        "Of the places on shifts with a known outcome, the share whose holders did not come and told nobody."
    ),
    unit=_("percent"),
    numerator="no_shows",
    denominator="expected",
    scale=100,
)
