"""A period to certify, a reason in words, the short code of a certificate."""

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.citizens.queries import check_no_long_number
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import read_code

NO_SUCH_CODE: Final = _("There is no certificate with this code. Compare it with the paper.")
_DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "nc-w-medium"}, format="%Y-%m-%d")


class PeriodForm(forms.Form):
    """First and last day, both included, as people say it."""

    first = forms.DateField(label=_("First day"), widget=_day_input(), input_formats=_DAY_FORMATS)
    last = forms.DateField(label=_("Last day"), widget=_day_input(), input_formats=_DAY_FORMATS)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        if last and last == date.max:
            self.add_error("last", _("Enter a valid date."))
        return cleaned


class ReasonForm(forms.Form):
    """Why, in a few words."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("A few words. Nothing about health, no identity numbers, no phone numbers."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_reason(self) -> str:
        return _no_number(self.cleaned_data["reason"])


def _no_number(text: str) -> str:
    try:
        check_no_long_number(text)
    except UnableTo as error:
        raise forms.ValidationError(str(error)) from error
    return text


class CodeForm(forms.Form):
    """The short code printed on a certificate."""

    code = forms.CharField(
        label=_("Code of the certificate"),
        help_text=_("For example 7K3M-9QX4."),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "nc-w-medium"}),
    )

    def clean_code(self) -> str:
        try:
            return read_code(self.cleaned_data["code"])
        except UnableTo as error:
            raise forms.ValidationError(NO_SUCH_CODE) from error
