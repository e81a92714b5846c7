"""The papers of a case: the questions of its guide, and a box at every paper."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

PREFIX = "a."
_SMALLEST, _LARGEST = -1_000_000_000, 1_000_000_000_000


class PapersForm(forms.Form):
    """Questions that were answered or are still open; none of them has to be answered."""

    # Every question may stay open, so none says so.
    mark_optional = False

    id = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, questions: Iterable[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            if question["open"] or question["answer"] != "":
                self.fields[PREFIX + question["id"]] = _field(question)

    @property
    def asked(self) -> list[forms.BoundField]:
        """The questions, in the order in which they are asked."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    @property
    def answers(self) -> dict[str, str]:
        """What was answered, as a guide reads it."""
        given = {name: self.cleaned_data[name] for name in self.fields if name.startswith(PREFIX)}
        return {
            name.removeprefix(PREFIX): value.isoformat() if hasattr(value, "isoformat") else str(value)
            for name, value in given.items()
            if value not in (None, "")
        }


def _field(question: dict[str, Any]) -> forms.Field:
    """A field for one question; what is not known stays empty or is said so."""
    common = {
        "label": question["text"], "help_text": question["help"] or "", "required": False,
        "initial": question["answer"],
    }  # fmt: skip
    if question["type"] == "number":
        return forms.DecimalField(min_value=_SMALLEST, max_value=_LARGEST, decimal_places=6, **common)
    if question["type"] == "date":
        return forms.DateField(
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": _("Choose a day, or leave it empty.")},
            **common,
        )
    choices = [(option["value"], option["text"]) for option in question["options"]]
    tiles = forms.RadioSelect(attrs={"class": "nc-tiles nc-tiles--pairs"})
    return forms.ChoiceField(choices=choices, widget=tiles, **common)
