"""Checks what was typed when asking for people, naming them, answering, and putting them on shifts."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.core.choices import set_choices
from nhipcau.reinforcement.enums import Side, Why
from nhipcau.reinforcement.models import MOST_PEOPLE
from nhipcau.volunteers.enums import DayPart

_DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
Choice = tuple[str, Any]


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=_DAY_FORMATS)


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("Anything they should know"),
        help_text=_("No names, no telephone numbers. 300 characters at most."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AskForm(forms.Form):
    """A team asks for people; the short shifts it may be about are those of the team."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    team = forms.UUIDField(widget=forms.HiddenInput)
    shifts = forms.MultipleChoiceField(
        label=_("Shifts with too few people"), required=False, widget=forms.CheckboxSelectMultiple
    )
    starts_on = _day(_("First day"))
    last_on = _day(_("Last day"))
    parts = forms.MultipleChoiceField(
        label=_("When in the day"),
        choices=DayPart.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "nc-tiles nc-tiles--pairs"}),
    )
    people = forms.IntegerField(
        label=_("How many people"),
        min_value=1,
        max_value=MOST_PEOPLE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
    )
    why = forms.ChoiceField(label=_("Why"), choices=Why.choices, widget=forms.RadioSelect)
    qualifications = forms.MultipleChoiceField(
        label=_("Skills they must have"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "nc-columns"}),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages in which they must be able to explain a procedure"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "nc-columns"}),
    )
    gives = forms.MultipleChoiceField(
        label=_("What you give them"),
        choices=[
            ("transport", _("The way is paid, or we fetch them")),
            ("meals", _("Meals")),
            ("lodging", _("A place to sleep")),
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = _note()

    def __init__(
        self,
        *args: Any,
        shifts: Iterable[Choice],
        qualifications: Iterable[Choice],
        languages: Iterable[Choice],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("shifts", shifts),
            ("qualifications", qualifications),
            ("languages", languages),
        ):
            if rows := list(choices):
                set_choices(self, name, rows)
            else:
                del self.fields[name]

    def clean(self) -> dict[str, Any] | None:
        """The service counts days half-open."""
        cleaned = super().clean() or {}
        last = cleaned.get("last_on")
        if last == date.max:  # no day comes after it
            self.add_error("last_on", _("Ask for two months at most, then ask again."))
        elif last:
            cleaned["ends_on"] = last + timedelta(days=1)
        return cleaned


class OfferForm(forms.Form):
    """Who of a team is asked. Whether they can go is checked again by the service."""

    team = forms.UUIDField()
    members = forms.TypedMultipleChoiceField(coerce=str)
    note = _note()

    def __init__(self, *args: Any, members: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "members", [(pk, pk) for pk in members])


class AnswerForm(forms.Form):
    """Yes or no; for a team also which of the two."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    side = forms.ChoiceField(choices=Side.choices, required=False)


class PutOnForm(forms.Form):
    """Who comes to which shift: `need:member`, as many as are ticked."""

    places = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label=_("Who comes when"))

    def __init__(self, *args: Any, places: Iterable[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "places", places)
