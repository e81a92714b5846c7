"""One question as a form. "I don't know" is always a good answer."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nhipcau.procedures.guide import UNKNOWN, Fact, Text

SMALLEST, LARGEST = -1_000_000_000, 1_000_000_000_000


def in_language(text: Text | None) -> str:
    """A guide's text in the reader's language, else in Vietnamese."""
    texts = text or {}
    return texts.get(get_language() or "vi") or texts.get("vi") or next(iter(texts.values()), "")


class QuestionForm(forms.Form):
    """Asks one fact; `cleaned_data["answer"]` is what the engine understands."""

    answer: forms.Field

    def __init__(self, fact: Fact, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial={"answer": initial})
        field = self._field(fact)
        field.label = in_language(fact.question)
        field.help_text = in_language(fact.help)
        self.fields["answer"] = field

    def _field(self, fact: Fact) -> forms.Field:
        if fact.type == "number":
            wrong = _("Write a number, or choose “I don’t know”.")
            return forms.DecimalField(
                min_value=SMALLEST,
                max_value=LARGEST,
                decimal_places=6,
                error_messages={"required": wrong, "invalid": wrong},
            )
        if fact.type == "date":
            wrong = _("Choose a day, or choose “I don’t know”.")
            return forms.DateField(
                input_formats=["%Y-%m-%d", "%d/%m/%Y"],
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                error_messages={"required": wrong, "invalid": wrong},
            )
        choices: list[tuple[str, Any]] = [("yes", _("Yes")), ("no", _("No"))]
        if fact.type == "choice":
            choices = [(option.value, in_language(option.text)) for option in fact.options]
        wrong = _("Choose an answer. If you are not sure, choose “I don’t know”.")
        return forms.ChoiceField(
            choices=[*choices, (UNKNOWN, _("I don’t know"))],
            widget=forms.RadioSelect,
            error_messages={"required": wrong, "invalid_choice": wrong},
        )

    @property
    def plain_answer(self) -> str:
        """The answer as it stands in an address."""
        value = self.cleaned_data["answer"]
        return value.isoformat() if hasattr(value, "isoformat") else str(value)
