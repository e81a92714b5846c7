"""Fields that the forms of this room share: a day, a time of day, days of the week, both ends of a stay."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from nhipcau.places.enums import Weekday

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


def weekdays_field() -> forms.TypedMultipleChoiceField:
    """Days of the week, Monday 0."""
    return forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        choices=Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day of the week.")},
    )


def day_after(last: date | None) -> date | None:
    """People say the last day, which is included; records keep the first day after it."""
    return last + ONE_DAY if last else None


def day_before(until: date | None) -> date | None:
    """The last day, included, of what ends before `until`."""
    return until - ONE_DAY if until else None
