"""Checks what was typed: a plan, its change, and what a visit came to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.cases.queries import NeedChoice
from nhipcau.citizens.queries import check_no_long_number
from nhipcau.core.choices import set_choices
from nhipcau.core.clock import VIETNAM
from nhipcau.core.errors import UnableTo
from nhipcau.core.fields import day_field, time_field
from nhipcau.teams.models import Member
from nhipcau.visits.enums import RESULTS, NextStep
from nhipcau.visits.rules import LONGEST_HAMLET, LONGEST_MINUTES, LONGEST_TEXT, MOST_VISITORS

_NO_NUMBERS = _("No telephone or identity numbers.")


class _WordsField(forms.CharField):
    """Free text in which long numbers have no place."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            check_no_long_number(text)
        except UnableTo as error:
            raise forms.ValidationError(str(error)) from error
        return text


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ChangeForm(forms.Form):
    """When, who goes, where: what may change while a visit is planned."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    day = day_field(_("Day"))
    starts = time_field(pgettext_lazy("time of day", "From"))
    ends = time_field(pgettext_lazy("time of day", "Until"))
    visitors = forms.TypedMultipleChoiceField(
        label=_("Who goes"),
        help_text=_("Two people, if you can: safer for everybody. At most three."),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one to three people who go.")},
    )
    hamlet = _WordsField(
        label=_("Hamlet"),
        help_text=_("Everybody who sees the list reads this. No name, no house."),
        max_length=LONGEST_HAMLET,
        required=False,
    )
    address = _WordsField(
        label=_("How to find the house"),
        help_text=_("Only those who go and those who plan read it. Erased after the visit."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=_area(2),
    )
    notes = _WordsField(
        label=_("What to know before going"),
        help_text=_NO_NUMBERS,
        max_length=LONGEST_TEXT,
        required=False,
        widget=_area(3),
    )

    def __init__(self, *args: Any, people: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "visitors", [(str(member.pk), member.name) for member in people])

    def clean_visitors(self) -> tuple[UUID, ...]:
        chosen = tuple(self.cleaned_data["visitors"])
        if len(chosen) > MOST_VISITORS:
            raise forms.ValidationError(_("Choose one to three people who go."))
        return chosen

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if "starts" in values and "ends" in values and values["ends"] <= values["starts"]:
            self.add_error("ends", _("The visit must end after it begins."))
        return values

    @property
    def window(self) -> dict[str, Any]:
        """`starts_at` and `ends_at`, as services take them."""
        values = self.cleaned_data
        return {
            f"{name}_at": datetime.combine(values["day"], values[name], tzinfo=VIETNAM)
            for name in ("starts", "ends")
        }

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("hamlet", "address", "notes")}


class PlanForm(ChangeForm):
    """A new visit: also what for, and for which case."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    case = forms.UUIDField(widget=forms.HiddenInput, required=False)
    need = forms.ChoiceField(label=_("What is the visit for?"))

    field_order = ("id", "version", "case", "need")

    def __init__(self, *args: Any, needs: Iterable[NeedChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(need.value, need.label) for need in needs]
        set_choices(self, "need", [("", _("Choose")), *choices])

    @property
    def chosen_need(self) -> dict[str, Any]:
        """`procedure` or `topic`, as services take it."""
        kind, _colon, key = self.cleaned_data["need"].partition(":")
        return {kind: key}


class ResultForm(forms.Form):
    """What a visit came to."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    state = forms.ChoiceField(
        label=_("How did the visit go?"),
        choices=[(state.value, state.label) for state in RESULTS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the visit went.")},
    )
    minutes = forms.IntegerField(
        label=_("How many minutes"),
        help_text=_("Only if you met somebody."),
        min_value=1,
        max_value=LONGEST_MINUTES,
        required=False,
    )
    next_step = forms.ChoiceField(
        label=_("What comes next?"),
        choices=NextStep.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what comes next.")},
    )
    day = day_field(_("Day"))
    time = time_field(_("Time"))
    note = _WordsField(
        label=_("Note for the team"),
        help_text=_NO_NUMBERS,
        max_length=LONGEST_TEXT,
        required=False,
        widget=_area(3),
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("state") == "done" and values.get("minutes") is None and "minutes" in values:
            self.add_error("minutes", _("Say how many minutes the visit took."))
        return values

    @property
    def at(self) -> datetime:
        values = self.cleaned_data
        return datetime.combine(values["day"], values["time"], tzinfo=VIETNAM)
