"""Fields that forms of several rooms share: a day, a time of day, both ends of a stay."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

WEEK = timedelta(days=7)
# So many faults of a list are shown at once.
MOST_FAULTS = 100
ONE_DAY = timedelta(days=1)
_OUT_OF_RANGE = _("Choose a day from 2020 to 2100.")
_IN_RANGE = (
    MinValueValidator(date(2020, 1, 1), _OUT_OF_RANGE),
    MaxValueValidator(date(2100, 1, 1), _OUT_OF_RANGE),
)


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, as a date input gives it or as people write it."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    formats = ["%Y-%m-%d", "%d/%m/%Y"]
    return forms.DateField(label=label, input_formats=formats, widget=widget, validators=_IN_RANGE, **options)


def time_field(label: Any, **options: Any) -> forms.TimeField:
    """A time of day."""
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, input_formats=["%H:%M", "%H:%M:%S"], widget=widget, **options)


def day_after(last: date | None) -> date | None:
    """People say the last day, which is included; records keep the first day after it."""
    return last + ONE_DAY if last else None


def day_before(until: date | None) -> date | None:
    """The last day, included, of what ends before `until`."""
    return until - ONE_DAY if until else None


def read_day(text: str) -> date | None:
    """A day from an address, as `2026-11-23`; None when it is none, or far off."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2020 <= day.year <= 2100 else None


def read_week(text: str, *, today: date) -> date:
    """The Monday of the week of a day as `read_day` reads it; of this week when it is none."""
    day = read_day(text) or today
    return day - timedelta(days=day.weekday())


class FileForm(forms.Form):
    """A list that somebody brings."""

    file = forms.FileField(
        label=_("Table (XLSX or CSV)"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"})
    )
