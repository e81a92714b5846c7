"""Checks what is handed in for a phone that could not send it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.devices.queries.rescue import MOST_FILE_BYTES


class RescueForm(forms.Form):
    """The file that the phone saved, or the texts of the codes that it showed."""

    mark_optional = False

    file = forms.FileField(
        label=_("File from the phone"),
        help_text=_("Its name ends in .nhipcau."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".nhipcau"}),
    )
    codes = forms.CharField(
        label=_("Or the texts of the codes"),
        help_text=_("Each begins with NCR1. In any order; one more than once does no harm."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any] | None:
        """One of the two, and not larger than any phone can fill."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if not self.errors and not file and not cleaned.get("codes"):
            self.add_error("file", _("Choose the file, or put in the codes."))
        if file is not None and file and file.size > MOST_FILE_BYTES:
            self.add_error("file", _("This is more than a phone of ours can hold."))
        return cleaned

    def content(self) -> str | bytes:
        """What was handed in: the file when there is one."""
        file = self.cleaned_data["file"]
        if not file:
            codes: str = self.cleaned_data["codes"]
            return codes
        content: bytes = file.read()
        return content
