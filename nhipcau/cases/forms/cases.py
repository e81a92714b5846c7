"""Checks what was typed on the pages of a case and on the public follow page."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from nhipcau.cases.enums import Stars
from nhipcau.cases.forms.reception import NeedMixin, language_choices
from nhipcau.cases.queries import NeedChoice, WorkPlaces
from nhipcau.cases.rules import KEEP_MONTHS, read_dossier_code, read_note
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.citizens.queries import check_no_long_number, consent_words, read_name, read_phone
from nhipcau.core.choices import set_choices
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import read_code

_LONGEST_TYPED = 20_000  # what is too long is answered by the rule's own words, not cut
_DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _read(reader: Callable[[str], Any], text: str) -> Any:
    """A rule's answer, with its refusal as an error of the field."""
    try:
        return reader(text)
    except UnableTo as error:
        raise forms.ValidationError(str(error)) from error


class NewCaseForm(NeedMixin):
    """A name, a phone if they like, what for and for how long – and their yes."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    session = forms.UUIDField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(widget=forms.HiddenInput, max_length=64)
    words_language = forms.ChoiceField(
        widget=forms.HiddenInput, choices=[("vi", "vi"), ("th", "th"), ("en", "en")]
    )
    need = forms.ChoiceField(label=_("What is to be followed?"))
    place = forms.ChoiceField(label=_("Where"))
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As the person wants to be called."),
        max_length=_LONGEST_TYPED,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": None}),
    )
    phone = forms.CharField(
        label=_("Phone number"),
        help_text=_("Only if the person wants to be called. A number of the family is fine."),
        max_length=_LONGEST_TYPED,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off", "maxlength": None}
        ),
    )
    same_person = forms.ChoiceField(
        label=_("Somebody with this phone number is already known here. Is it the same person?"),
        widget=forms.RadioSelect,
        required=False,
    )
    helping_language = forms.ChoiceField(label=_("Which language helps the person?"), required=False)
    due_on = forms.DateField(
        label=_("Look at it again on"), required=False, widget=_day_input(), input_formats=_DAY_FORMATS
    )
    keep_months = forms.TypedChoiceField(
        label=_("How long do we keep the name and number?"),
        help_text=_("Counted from the end of the case. Then they are erased."),
        coerce=int,
        initial=6,
        widget=forms.RadioSelect,
    )
    method = forms.ChoiceField(
        label=_("How did the person say yes?"), choices=ConsentMethod.choices, widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(
        label=_("I read these words to the person, and the person said yes."),
        error_messages={
            "required": _("Without a yes nothing is written down. Help the person all the same.")
        },
    )

    def __init__(
        self,
        *args: Any,
        needs: Iterable[NeedChoice],
        places: WorkPlaces,
        known: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "helping_language", language_choices())
        set_choices(
            self,
            "keep_months",
            [
                (count, ngettext("%(count)d month", "%(count)d months", count) % {"count": count})
                for count in KEEP_MONTHS
            ],
        )
        self.set_needs([NeedChoice("", str(_("Choose"))), *needs])
        self.set_places(places)
        self.set_known(known)

    def set_known(self, known: Sequence[tuple[str, str]]) -> None:
        """Asks whether it is one of these people; without any, the question is not there."""
        self.fields["same_person"].widget = forms.RadioSelect() if known else forms.HiddenInput()
        choices = [*known, ("another", _("No, another person with the same number"))]
        set_choices(self, "same_person", choices)

    def clean_name(self) -> str:
        return str(_read(read_name, self.cleaned_data["name"]))

    def clean_phone(self) -> str:
        return str(_read(read_phone, self.cleaned_data["phone"]))

    def clean(self) -> dict[str, Any] | None:
        """The person must have heard today's words."""
        cleaned = super().clean()
        language = self.cleaned_data.get("words_language", "vi")
        if self.cleaned_data.get("words") != consent_words(Purpose.FOLLOW_UP, language).sha256:
            self.add_error("agreed", _("The words have changed. Read them to the person again."))
        return cleaned


class MoveForm(forms.Form):
    """One step further; the button says where."""

    to = forms.CharField(max_length=20, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=20, widget=forms.HiddenInput)


class NoteForm(forms.Form):
    """Words for the team only."""

    note = forms.CharField(
        label=_("Note for the team"),
        help_text=_("No identity numbers, no passwords, no codes. The citizen does not see it."),
        max_length=_LONGEST_TYPED,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": None}),
    )

    def clean_note(self) -> str:
        note = str(_read(read_note, self.cleaned_data["note"]))
        _read(check_no_long_number, note)
        return note


class DossierForm(forms.Form):
    """A dossier that the citizen submitted on the official portal or at the counter."""

    code = forms.CharField(
        label=_("Dossier code"),
        help_text=_("From the receipt, for example G22.99.08-260921-896048."),
        max_length=_LONGEST_TYPED,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": None}),
    )
    submitted_on = forms.DateField(label=_("Submitted on"), widget=_day_input(), input_formats=_DAY_FORMATS)
    submitted_by = forms.ChoiceField(
        label=_("Who pressed “submit”?"),
        choices=[
            ("citizen", _("The citizen, on their own account")),
            ("counter", _("The officer at the counter")),
        ],
        widget=forms.RadioSelect,
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        _read(read_dossier_code, code)
        return code


class AssignForm(forms.Form):
    """Who follows the case."""

    member = forms.ChoiceField(label=_("Followed by"))

    def __init__(self, *args: Any, members: Iterable[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "member", [(str(pk), name) for pk, name in members])


class DueForm(forms.Form):
    """When somebody looks at the case again."""

    due_on = forms.DateField(
        label=_("Look at it again on"), required=False, widget=_day_input(), input_formats=_DAY_FORMATS
    )


class FollowForm(forms.Form):
    """The short code of a card."""

    code = forms.CharField(
        label=_("Code on your card"),
        help_text=_("8 letters and digits, for example 7K3M-9QX4. Small or capital letters, both are fine."),
        max_length=_LONGEST_TYPED,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "maxlength": None,
            }
        ),
        error_messages={"required": _("Type the code that is printed on your card.")},
    )

    def clean_code(self) -> str:
        return str(_read(read_code, self.cleaned_data["code"]))


class RateForm(forms.Form):
    """One to five."""

    stars = forms.TypedChoiceField(
        label=_("How was the help?"),
        choices=[(stars.value, stars.label) for stars in reversed(Stars)],
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "nc-tiles"}),
        error_messages={"required": _("Choose one of the five.")},
    )
