"""When somebody can help, how much, and what is recorded of members under 18."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.places.enums import Weekday
from nhipcau.volunteers.enums import DayPart, Liking
from nhipcau.volunteers.rules import HOURS_A_DAY, MOST_KM, SHIFTS_A_WEEK, Availability

DAYS_OF_WORK = range(1, 5)  # Tuesday to Friday, which may be like Monday


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A date, with the phone's own calendar where there is one."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class WeekForm(forms.Form):
    """Seven days of three parts; each says how gladly, or no."""

    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in Weekday:
            for part in DayPart:
                self.fields[_name(day.value, part)] = forms.ChoiceField(
                    label=part.label, choices=[("", _("No")), *Liking.choices], required=False
                )

    @classmethod
    def of(cls, known: Availability) -> "WeekForm":
        """The form filled with what is known."""
        return cls(initial={_name(*when): liking.value for when, liking in known.weekly.items()})

    def days(self) -> list[dict[str, Any]]:
        """The fields by day, as the page shows them."""
        return [{"day": day, "fields": [self[_name(day.value, part)] for part in DayPart]} for day in Weekday]

    def week(self, *, like_monday: bool = False) -> Mapping[tuple[int, DayPart], Liking]:
        """What was chosen; with `like_monday` Tuesday to Friday are like Monday."""
        found = {}
        for day in Weekday:
            source = 0 if like_monday and day.value in DAYS_OF_WORK else day.value
            for part in DayPart:
                if chosen := self.cleaned_data[_name(source, part)]:
                    found[day.value, part] = Liking(chosen)
        return found


def _name(weekday: int, part: DayPart) -> str:
    return f"{part.value}_{weekday}"


class DaysForm(forms.Form):
    """Days that differ from the usual week."""

    mark_optional = False

    free = forms.ChoiceField(
        label=_("On these days"),
        choices=[("no", _("Cannot serve")), ("yes", _("Can serve, although not usually"))],
        initial="no",
        widget=forms.RadioSelect,
    )
    first = day_field(_("First day"))
    last = day_field(_("Last day"), required=False, help_text=_("Leave empty when it is one day only."))
    parts = forms.MultipleChoiceField(
        label=_("Parts of the day"),
        help_text=_("Tick nothing when you mean the whole day."),
        choices=DayPart.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            values["last"] = values["last"] or values["first"]
            values["free"] = values["free"] == "yes"
            values["parts"] = [DayPart(part) for part in values["parts"]]
        return values


class ClearForm(forms.Form):
    """A stretch of days on which the usual week shall hold again."""

    first = day_field(_("First day"))
    last = day_field(_("Last day"))


class LimitsForm(forms.Form):
    """How much at most, and how far."""

    shifts_a_week = forms.IntegerField(
        label=_("At most how many shifts a week?"), min_value=SHIFTS_A_WEEK[0], max_value=SHIFTS_A_WEEK[1]
    )
    hours_a_day = forms.IntegerField(
        label=_("At most how many hours a day?"), min_value=HOURS_A_DAY[0], max_value=HOURS_A_DAY[1]
    )
    reach_km = forms.IntegerField(
        label=_("At most how far from home, in kilometres?"), min_value=0, max_value=MOST_KM
    )


class MinorForm(forms.Form):
    """Until when somebody is under 18; nothing else of their age is kept."""

    mark_optional = False

    minor_until = day_field(
        _("Day of the eighteenth birthday"),
        required=False,
        help_text=_("Leave empty when the person is 18 or older. Only this day is kept."),
    )


class ConsentForm(forms.Form):
    """Who agreed, when, and until when."""

    guardian_name = forms.CharField(
        label=_("Name of the parent or guardian"),
        help_text=_("Kept encrypted. Removed a year after the consent has ended."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    guardian_phone = forms.CharField(
        label=_("Phone number of the parent or guardian"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    given_on = day_field(_("Day on which they agreed"))
    valid_until = day_field(
        _("Valid until"), help_text=_("At most one year. From this day on it no longer holds.")
    )
