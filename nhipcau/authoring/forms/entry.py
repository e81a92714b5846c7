"""The form of any entry of a guide, made from the table of parts; three languages stand side by side."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.authoring.rules.contents import Content, version_of
from nhipcau.authoring.rules.parts import LANGUAGES, Field, Part, Shape, Words
from nhipcau.core.text import fold
from nhipcau.places.queries import provinces

LONGEST_TEXT = 1_500
LONGEST_LINE = 300
MOST_WORDS = 80
LARGEST_NUMBER = 10**12
LANGUAGE_NAMES: dict[str, Words] = {
    "vi": _("Vietnamese"),
    "en": _("English"),
    "th": _("Thai"),
}


class Plain(forms.CharField):
    """Text whose letters and marks are stored together, lines ended alike."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


class Line(Plain):
    """A text without line breaks; some official names are longer than a row."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class Lines(Plain):
    """Short texts, one on each line."""

    def clean(self, value: Any) -> Any:
        found = [" ".join(line.split()) for line in super().clean(value).split("\n")]
        words = list(dict.fromkeys(line for line in found if line))
        if len(words) > MOST_WORDS or any(len(word) > LONGEST_LINE for word in words):
            raise forms.ValidationError(_("At most 80 lines, each of at most 300 characters."))
        return words

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class Link(Plain):
    """An address on the web that is encrypted."""

    def clean(self, value: Any) -> Any:
        link = super().clean(value)
        if link and not re.fullmatch(r"https://[^\s<>\"']+", link):
            raise forms.ValidationError(_("A link begins with https://"))
        return link


def _area(rows: int, language: str = "") -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **({"lang": language} if language else {})})


class EntryForm(forms.Form):
    """Fields of one entry. `entry`: what is there now (None: an entry to come)."""

    mark_optional = False

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        part: Part,
        content: Content,
        entry: Content | None,
        locked: tuple[str, ...] = (),
    ) -> None:
        super().__init__(data, auto_id="f_%s")
        self.part, self.content, self.entry = part, content, entry or {}
        self.locked = bool(locked)
        makers: dict[Shape, Callable[[Field], None]] = {
            Shape.TEXT: self._text,
            Shape.WORDS_BY_LANGUAGE: self._words_by_language,
        }
        for field in part.fields:
            makers.get(field.shape, self._single)(field)
            for name in self._names(field):
                self.fields[name].disabled = field.name in locked

    # ---- building -----------------------------------------------------------------------------

    def _names(self, field: Field) -> list[str]:
        return [name for name in self.fields if name == field.name or name.startswith(f"{field.name}__")]

    def _text(self, field: Field) -> None:
        texts = self.entry.get(field.name) or {}
        for language in LANGUAGES:
            self.fields[f"{field.name}__{language}"] = Plain(
                label=str(LANGUAGE_NAMES[language]),
                required=field.required and language == "vi",
                max_length=LONGEST_TEXT,
                initial=texts.get(language, ""),
                widget=_area(min(9, max(3, len(texts.get(language, "")) // 22 + 1)), language),
            )

    def _words_by_language(self, field: Field) -> None:
        texts = self.entry.get(field.name) or {}
        for language in LANGUAGES:
            self.fields[f"{field.name}__{language}"] = Lines(
                label=str(LANGUAGE_NAMES[language]),
                required=False,
                initial=list(texts.get(language) or []),
                widget=_area(10, language),
            )

    def _single(self, field: Field) -> None:
        label = field.label if field.required else f"{field.label} ({gettext('optional')})"
        common: dict[str, Any] = {
            "label": label,
            "required": field.required,
            "help_text": field.help,
            "initial": self.entry.get(field.name, field.begins_as),
        }
        made: dict[Shape, Callable[[], forms.Field]] = {
            Shape.LINE: lambda: Line(
                max_length=LONGEST_TEXT, widget=_area(2) if field.name == "official_name" else None, **common
            ),
            Shape.LINK: lambda: Link(max_length=500, **common),
            Shape.WORDS: lambda: Lines(widget=_area(4), **common),
            Shape.NUMBER: lambda: forms.IntegerField(min_value=0, max_value=LARGEST_NUMBER, **common),
            Shape.DAY: lambda: forms.DateField(
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common
            ),
            Shape.CHOICE: lambda: forms.ChoiceField(choices=field.choices, **common),
            Shape.YES_NO: lambda: forms.BooleanField(**common | {"label": field.label}),
            Shape.PROVINCES: lambda: forms.MultipleChoiceField(
                choices=[(unit.code, unit.name) for unit in provinces()],
                widget=forms.CheckboxSelectMultiple(attrs={"class": "nc-columns"}),
                **common,
            ),
            Shape.SOURCE: lambda: forms.ChoiceField(
                choices=list(self._sources()), **common | {"label": field.label}
            ),
            Shape.LANGUAGES: lambda: forms.MultipleChoiceField(
                choices=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES[1:]],
                widget=forms.CheckboxSelectMultiple,
                **common,
            ),
        }
        self.fields[field.name] = made[field.shape]()

    def _sources(self) -> Iterator[tuple[str, Words]]:
        sources = version_of(self.content).get("sources") or []
        yield "", _("The main source")
        yield from ((source["id"], source["title"]) for source in sources)

    @property
    def groups(self) -> Iterator[dict[str, Any]]:
        """Fields as the page lays them out: a text in its languages side by side, all else alone."""
        for field in self.part.fields:
            names = self._names(field)
            yield {
                "label": field.label,
                "help": field.help,
                "required": field.required,
                "bound": [self[name] for name in names],
                "side_by_side": field.shape in (Shape.TEXT, Shape.WORDS_BY_LANGUAGE),
                "folded": field.shape is Shape.PROVINCES,
                "errors": any(self[name].errors for name in names),
                "chosen": len(self.entry.get(field.name) or []) if field.shape is Shape.PROVINCES else 0,
            }

    # ---- result -------------------------------------------------------------------------------

    @property
    def result(self) -> Content:
        """The entry with what was typed; what has no field (id, condition, what stands inside) stays."""
        entry = dict(self.entry)
        for field in self.part.fields:
            value = self._value(field)
            if value is None and field.shape is not Shape.NUMBER:
                entry.pop(field.name, None)
            else:
                entry[field.name] = value
        return entry

    def _value(self, field: Field) -> Any:
        if field.shape is Shape.TEXT:
            texts = {code: self.cleaned_data[f"{field.name}__{code}"] for code in LANGUAGES}
            return {code: text for code, text in texts.items() if text} or None
        if field.shape is Shape.WORDS_BY_LANGUAGE:
            return {code: self.cleaned_data[f"{field.name}__{code}"] for code in LANGUAGES}
        value = self.cleaned_data[field.name]
        if field.name == "id":
            value = re.sub(r"[^a-z0-9]+", "_", fold(value)).strip("_")
        if field.shape is Shape.DAY:
            return value.isoformat() if value else None
        if field.shape is Shape.WORDS or field.name in ("official_name", "code"):
            return value
        return None if value in ("", []) else value
