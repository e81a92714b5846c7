"""Asking to join, answering, and the table of new members."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.core.choices import set_choices
from nhipcau.teams.enums import languages
from nhipcau.teams.models import Team
from nhipcau.volunteers.forms.people import day_field
from nhipcau.volunteers.models import Qualification

COMMON = ("vi", "en")
# Seven digits at least, with the usual separators.
PHONE = r"^\+?(?:[0-9][ .()-]*){7,15}$"


def _language_choices(province: str) -> list[tuple[str, str]]:
    """The languages of the province and those of most visitors; others may be told in words."""
    known = languages().values()
    return [(one.code, one.name) for one in known if one.code in COMMON or province in one.provinces]


class ApplyForm(forms.Form):
    """What somebody says who wants to join."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.RegexField(
        PHONE,
        label=_("Your phone number"),
        help_text=_("The team calls you on it. Kept encrypted; only those who run the team see it."),
        max_length=24,
        error_messages={"invalid": _("Write the phone number with digits, for example 0263 555 0123.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    spoken = forms.MultipleChoiceField(
        label=_("Languages in which you can explain something"),
        initial=["vi"],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    qualifications = forms.MultipleChoiceField(
        label=_("What you can help with"),
        help_text=_("Tick nothing if you are not sure: you will learn it with us."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    message = forms.CharField(
        label=_("Anything else you want to say"),
        help_text=_("For example another language you speak."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_minor = forms.BooleanField(
        label=_("I am under 18"),
        help_text=_(
            "If you are under 18, a parent or guardian has to agree before you can serve. "
            "The team speaks with them."
        ),
        required=False,
    )
    agreed = forms.BooleanField(
        label=_("I agree that my name and phone number are kept until my request is answered"),
        error_messages={"required": _("We can only answer you if you agree to this.")},
    )

    def __init__(self, *args: Any, offered: Iterable[Qualification], province: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "spoken", _language_choices(province))
        set_choices(self, "qualifications", [(row.code, row.name) for row in offered])


class AcceptForm(forms.Form):
    """Into which team, and for somebody under 18 until when."""

    team = forms.ChoiceField(label=_("Team"), required=False)
    minor_until = day_field(
        _("Day of the eighteenth birthday"),
        required=False,
        help_text=_("The person says to be under 18. Only this day is kept."),
    )

    def __init__(self, *args: Any, teams: Iterable[Team], is_minor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "team", [("", _("No team yet")), *((str(team.pk), team.name) for team in teams)])
        if is_minor:
            self.fields["minor_until"].required = True
        else:
            del self.fields["minor_until"]


class FileForm(forms.Form):
    """A table of new members."""

    file = forms.FileField(
        label=_("Your file"),
        help_text=_("XLSX or CSV, at most 10,000 rows. Nothing is saved before you have seen what is in it."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
