"""The share of needed seats that were held."""

from django.utils.translation import gettext_lazy as _

from nhipcau.reports.indicators.base import Derived

INDICATOR = Derived(
    name="cover_share",
    label=_("Cover of the shifts"),
    definition=_(
        "Of the seats that the shifts needed at least, the share for which somebody was on the roster."
    ),
    unit=_("percent"),
    numerator="seats_held",
    denominator="seats_asked",
    scale=100,
)
