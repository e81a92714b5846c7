"""The share of sessions done mostly alone."""

from django.utils.translation import gettext_lazy as _

from nhipcau.reports.indicators.base import Derived

INDICATOR = Derived(
    name="alone_share",
    label=_("Share done mostly alone"),
    definition=_("Of all help sessions, the share in which the person did everything or most of it alone."),
    unit=_("percent"),
    numerator="mostly_alone",
    denominator="sessions",
    scale=100,
)
