"""Entries of a guide in words: what a field says, what a condition means, by what name an entry is known."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from nhipcau.authoring.rules import conditions
from nhipcau.authoring.rules.contents import Content, version_of
from nhipcau.authoring.rules.parts import LANGUAGES, PARTS, Field, Part, Shape
from nhipcau.places.models import Unit

LONGEST_TITLE = 90


def said(text: Any) -> str:
    """A text of a guide in the reader's language, else in the first language that has it."""
    if not isinstance(text, Mapping):
        return str(text or "")
    return next((str(text[key]) for key in (get_language() or "vi", *LANGUAGES) if text.get(key)), "")


def day_in_words(text: Any) -> str:
    try:
        return date_format(date.fromisoformat(str(text)), "SHORT_DATE_FORMAT")
    except ValueError:
        return str(text or "")


def number_in_words(value: Any) -> str:
    return number_format(value, use_l10n=True, force_grouping=True) if isinstance(value, int | float) else ""


class Speaker:
    """Says what stands in one guide; knows its questions, its sources and the names of provinces."""

    def __init__(self, content: Content, provinces: Mapping[str, str]) -> None:
        version = version_of(content)
        self.facts = {fact.get("id", ""): fact for fact in version.get("facts") or []}
        self.sources = {
            source.get("id", ""): source.get("title", "") for source in version.get("sources") or []
        }
        self.provinces = provinces

    # ---- fields -------------------------------------------------------------------------------

    def field_lines(self, field: Field, entry: Content) -> Iterator[tuple[str, str]]:
        """Label and value of a field; a text is a line for each of its languages."""
        value = entry.get(field.name)
        label = str(field.label)
        if field.shape is Shape.TEXT:
            texts = value if isinstance(value, Mapping) else {}
            yield from ((f"{label} ({key})", str(texts.get(key) or "")) for key in LANGUAGES)
        elif field.shape is Shape.WORDS_BY_LANGUAGE:
            texts = value if isinstance(value, Mapping) else {}
            yield from ((f"{label} ({key})", "\n".join(texts.get(key) or [])) for key in LANGUAGES)
        else:
            yield label, self.value(field, value)

    def value(self, field: Field, value: Any) -> str:
        if value in (None, "", []):
            return ""
        plain = {
            Shape.NUMBER: number_in_words,
            Shape.DAY: day_in_words,
            Shape.CHOICE: lambda key: str(_choice(field, key)),
            Shape.YES_NO: lambda yes: _("Yes") if yes else _("No"),
            Shape.PROVINCES: lambda codes: ", ".join(self.provinces.get(code, code) for code in codes),
            Shape.SOURCE: lambda key: self.sources.get(key, key),
            Shape.WORDS: "\n".join,
            Shape.LANGUAGES: ", ".join,
        }
        return str(plain.get(field.shape, str)(value))

    # ---- conditions ---------------------------------------------------------------------------

    def condition(self, rule: Any) -> str:
        """A whole rule as one sentence; empty for "always"."""
        if not isinstance(rule, Mapping):
            return ""
        if "not" in rule:
            return _("not (%(condition)s)") % {"condition": self.condition(rule["not"])}
        for kind, word in (("all", _("and")), ("any", _("or"))):
            if kind in rule:
                parts = [self._inside(child) for child in rule[kind]]
                return f" {word} ".join(parts)
        return " ".join(self.comparisons(rule))

    def _inside(self, rule: Any) -> str:
        text = self.condition(rule)
        group = isinstance(rule, Mapping) and any(kind in rule for kind in conditions.GROUPS)
        return f"({text})" if group else text

    def comparisons(self, leaf: Mapping[str, Any]) -> Iterator[str]:
        """ "Is it late?" is "Yes"."""
        fact = self.facts.get(str(leaf.get("fact")), {})
        question = f"“{said(fact.get('question')) or leaf.get('fact')}”"
        parts = [
            text
            for key, bound in leaf.items()
            if key != "fact"
            for text in self._comparison(fact, key, bound)
        ]
        yield _("%(question)s %(comparison)s") % {
            "question": question, "comparison": f" {_('and')} ".join(parts)
        }  # fmt: skip

    def _comparison(self, fact: Content, key: str, bound: Any) -> Iterator[str]:
        if key == "age" and isinstance(bound, Mapping):
            for operator, years in bound.items():
                yield _("makes an age %(bound)s") % {"bound": self._bound(operator, number_in_words(years))}
        elif key in conditions.ORDERED:
            shown = day_in_words(bound) if fact.get("type") == "date" else number_in_words(bound)
            yield self._bound(key, shown)
        elif key == "in" and isinstance(bound, list):
            answers = f" {_('or')} ".join(f"“{self.answer(fact, value)}”" for value in bound)
            yield _("is %(answers)s") % {"answers": answers}
        else:
            yield _("is %(answers)s") % {"answers": f"“{self.answer(fact, bound)}”"}

    def _bound(self, operator: str, shown: str) -> str:
        words = {
            "lt": _("below %(value)s"),
            "le": _("at most %(value)s"),
            "gt": _("above %(value)s"),
            "ge": _("at least %(value)s"),
        }
        return words.get(operator, "%(value)s") % {"value": shown}

    def answer(self, fact: Content, value: Any) -> str:
        """An answer as people choose it."""
        if fact.get("type") == "yes_no":
            return _("Yes") if value in ("yes", True) else _("No")
        if fact.get("type") == "date":
            return day_in_words(value)
        texts = {option.get("value"): said(option.get("text")) for option in fact.get("options") or []}
        return texts.get(value) or str(value)

    # ---- entries ------------------------------------------------------------------------------

    def title(self, part: Part, entry: Any) -> str:
        """By what an entry is known in a list."""
        if part.bare:
            return _short(said(entry.get("text") if "text" in entry else entry))
        if part.name == "evidence":
            names = [said(item.get("name")) for item in entry.get("items") or []]
            return _short(f" {_('and')} ".join(names)) or _("No papers yet")
        if part.name == "fees":
            base = _money(entry.get("amount"))
            per = said(entry.get("per"))
            return self._with_limits(f"{base} / {per}" if per else base, entry)
        if part.name == "time_limits":
            return self._with_limits(_duration(entry), entry)
        field = next((field for field in part.fields if field.name == part.named_by), None)
        shown = self.value(field, entry.get(field.name)) if field and field.shape is not Shape.TEXT else ""
        return self._with_limits(_short(shown or said(entry.get(part.named_by))), entry)

    def _with_limits(self, text: str, entry: Content) -> str:
        channel = dict(PARTS["channels"].fields[0].choices).get(entry.get("channel") or "")
        places = ", ".join(self.provinces.get(code, code) for code in entry.get("provinces") or [])
        where = said(entry.get("where")) if "where" in entry else ""
        return " – ".join(part for part in (text, where, str(channel or ""), places) if part)

    def lines(self, part: Part, entry: Content) -> list[tuple[str, str]]:
        """Everything an entry says, a line for each value, its condition and what stands inside it too."""
        found = [line for field in part.fields for line in self.field_lines(field, entry)]
        if part.rule:
            found.append((_("Only when"), self.condition(entry.get("when"))))
        for name in part.children:
            inner = PARTS[name]
            for number, child in enumerate(entry.get(name) or [], 1):
                label = f"{inner.one} {number}"
                below = [(f"{label} · {key}", text) for key, text in self.lines(inner, child) if text]
                found += below or [(label, self.title(inner, child))]
        return found


def _money(amount: Any) -> str:
    if amount == 0:
        return _("free of charge")
    return _("%(amount)s đ") % {"amount": number_in_words(amount)} if amount is not None else _("not known")


def _duration(entry: Content) -> str:
    value, unit = entry.get("value"), entry.get("unit", "day")
    if not isinstance(value, int):
        return _("not known")
    texts = {
        "hour": ngettext("%(n)s hour", "%(n)s hours", value),
        "day": ngettext("%(n)s day", "%(n)s days", value),
        "working_day": ngettext("%(n)s working day", "%(n)s working days", value),
        "month": ngettext("%(n)s month", "%(n)s months", value),
    }
    return texts.get(unit, "%(n)s") % {"n": value}


def _choice(field: Field, key: Any) -> str:
    return next((str(words) for value, words in field.choices if value == key), str(key))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1].rstrip() + "…"


def province_names() -> dict[str, str]:
    """Name of each province by its code."""
    return dict(Unit.objects.filter(level="province").order_by("search_key").values_list("code", "name"))


def condition(content: Content, rule: Any) -> str:
    """A rule as a sentence."""
    return Speaker(content, {}).condition(rule)
