"""Forms of the way of a draft: beginning, the second reader, publishing."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.authoring.forms.entry import Plain
from nhipcau.core.choices import set_choices
from nhipcau.procedures.enums import Kind, LifeEvent


class NewGuideForm(forms.Form):
    """A guide that does not exist yet."""

    name_vi = Plain(label=_("Everyday name in Vietnamese"), max_length=200)
    name_en = Plain(label=_("Everyday name in English"), max_length=200)
    name_th = Plain(label=_("Everyday name in Thai"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("What it leads through"), choices=Kind.choices, widget=forms.RadioSelect)
    code = Plain(
        label=_("National code"), help_text=_("Such as 1.001193; empty for steps in an app."),
        max_length=12, required=False,
    )  # fmt: skip
    life_event = forms.ChoiceField(
        label=_("What is happening in the person’s life"), choices=LifeEvent.choices
    )
    area = forms.ChoiceField(label=_("For which place"), required=False)

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **values: Any) -> None:
        super().__init__(*args, **values)
        set_choices(self, "area", [(code, name or _("Whole country")) for code, name in areas])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        code = values.get("code", "")
        if code and not re.fullmatch(r"[1-9]\.[0-9]{6}", code):
            self.add_error("code", _("A national code looks like 1.001193."))
        if values.get("kind") == Kind.PROCEDURE and not code and "code" not in self.errors:
            self.add_error("code", _("A procedure needs its national code."))
        return values

    @property
    def name(self) -> dict[str, str]:
        texts = {code: self.cleaned_data[f"name_{code}"].strip() for code in ("vi", "en", "th")}
        return {code: text for code, text in texts.items() if text}


class CheckForm(forms.Form):
    """What the second reader ticked, and which words they read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    ticked = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, keys: list[str], **values: Any) -> None:
        super().__init__(*args, **values)
        set_choices(self, "ticked", [(key, key) for key in keys])


class NoteForm(forms.Form):
    """Why a draft goes back."""

    note = Plain(
        label=_("What has to be put right"),
        max_length=1_500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class PublishForm(forms.Form):
    """From when, and until when."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    begins = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends = forms.DateField(
        label=_("Until before this day"),
        help_text=_("Empty: until further notice."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("begins") and values.get("ends") and values["ends"] <= values["begins"]:
            self.add_error("ends", _("It ends before it begins."))
        return values
