"""A voice for a guide: which guide, in which language, the sound."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.core.choices import set_choices
from nhipcau.procedures.models import Recording
from nhipcau.procedures.queries import library
from nhipcau.teams.enums import languages


class RecordingForm(forms.Form):
    """`sound` is read into memory, never beyond what is kept."""

    procedure = forms.ChoiceField(label=_("Guide"))
    language = forms.ChoiceField(label=_("Language spoken in the recording"))
    sound = forms.FileField(
        label=_("Sound file"),
        help_text=_("Speak slowly, as to your grandmother: what it is for, which papers, where to go. "
                    "MP3, M4A, OGG or WebM, at most 4 MB. Name nobody."),
        widget=forms.ClearableFileInput(attrs={"accept": "audio/*"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        set_choices(self, "procedure", [(procedure.slug, procedure.name) for procedure in library()])
        set_choices(self, "language", [(entry.code, entry.name) for entry in languages().values()])

    def clean_sound(self) -> bytes:
        file = self.cleaned_data["sound"]
        if file.size is None or file.size > Recording.LARGEST:
            raise forms.ValidationError(
                _("The recording is too large. Keep it under 4 MB, about four minutes.")
            )
        return bytes(file.read())
