"""One comparison of a condition: which answers, or from where to where."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.authoring.rules.conditions import ORDERED
from nhipcau.authoring.rules.contents import Content
from nhipcau.authoring.rules.parts import Words

ANSWERS: dict[str, Words] = {"yes": _("Yes"), "no": _("No")}
OPERATORS: dict[str, Words] = {
    "ge": _("at least"),
    "lt": _("below"),
    "le": _("at most"),
    "gt": _("above"),
    "is": _("exactly"),
}


class ConditionForm(forms.Form):
    """Values to compare the answer of one question (`fact`) with. `leaf`: the comparison there is now."""

    mark_optional = False

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        fact: Content,
        answers: list[tuple[str, str]],
        leaf: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, auto_id="c_%s")
        self.fact, self.kind = fact, fact["type"]
        known = leaf if leaf and leaf.get("fact") == fact["id"] else {}
        if self.kind in ("yes_no", "choice"):
            self._choices(answers, known)
        else:
            self._bounds(known)

    def _choices(self, answers: list[tuple[str, str]], known: Mapping[str, Any]) -> None:
        self.fields["values"] = forms.MultipleChoiceField(
            label=_("The answer is one of these"),
            choices=answers,
            initial=known.get("in") or ([known["is"]] if "is" in known else []),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one answer.")},
        )

    def _bounds(self, known: Mapping[str, Any]) -> None:
        if self.kind == "date":
            self.fields["measure"] = forms.ChoiceField(
                label=_("What is compared"),
                choices=(
                    ("age", _("The age in full years on the day of asking")),
                    ("day", _("The day itself")),
                ),
                initial="age" if "age" in known or not known else "day",
                widget=forms.RadioSelect,
            )
        pairs = list((known.get("age") or {key: known[key] for key in OPERATORS if key in known}).items())
        for number, label in ((0, _("Comparison")), (1, _("And at the same time (may stay empty)"))):
            operator, value = pairs[number] if number < len(pairs) else ("", "")
            choices = list(OPERATORS.items()) if number == 0 else [("", "–"), *list(OPERATORS.items())[:-1]]
            self.fields[f"operator{number}"] = forms.ChoiceField(
                label=label, choices=choices, initial=operator, required=number == 0
            )
            self.fields[f"value{number}"] = forms.CharField(
                label=_("Number, or day as YYYY-MM-DD") if self.kind == "date" else _("Number"),
                initial=str(value),
                max_length=20,
                required=number == 0,
                widget=forms.TextInput(attrs={"class": "nc-w-medium", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "values" in self.fields or self.errors:
            return values
        for number in (0, 1):
            operator, text = values.get(f"operator{number}"), values.get(f"value{number}", "").strip()
            if bool(operator) != bool(text):
                self.add_error(f"value{number}", _("Give both the comparison and the value."))
            elif operator:
                try:
                    values[f"bound{number}"] = self._read(text)
                except ValueError:
                    self.add_error(f"value{number}", _("This is no number and no day."))
        if values.get("measure") == "age" and "is" in (values.get("operator0"), values.get("operator1")):
            self.add_error("operator0", _("For an age say from when and until when."))
        return values

    def _read(self, text: str) -> Any:
        """Raises ValueError for what is neither."""
        try:
            if self.kind == "date" and self.cleaned_data.get("measure") != "age":
                return forms.DateField(input_formats=["%Y-%m-%d"]).clean(text).isoformat()
            return forms.IntegerField(min_value=-(10**12), max_value=10**12).clean(text)
        except forms.ValidationError as error:
            raise ValueError(text) from error

    @property
    def leaf(self) -> dict[str, Any]:
        """The comparison as a node of a rule."""
        values = self.cleaned_data
        if "values" in self.fields:
            chosen = values["values"]
            compared: dict[str, Any] = {"is": chosen[0]} if len(chosen) == 1 else {"in": chosen}
        else:
            compared = dict(self._pairs(values))
            if values.get("measure") == "age":
                compared = {"age": {key: bound for key, bound in compared.items() if key in ORDERED}}
        return {"fact": self.fact["id"], **compared}

    def _pairs(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for number in (0, 1):
            if values.get(f"operator{number}"):
                yield values[f"operator{number}"], values[f"bound{number}"]
