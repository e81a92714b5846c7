"""The shape of a guide: frozen dataclasses read from plain data (one YAML file, or one JSON column).

Responsible for structure only. `parse` refuses data of the wrong shape and names the place; whether the
content makes sense (languages, sources, reachable items) is for `lint`. See docs for the schema.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

LANGUAGES = ("vi", "en", "th")
FACT_TYPES = ("yes_no", "choice", "number", "date")
KINDS = ("procedure", "in_app")
# Numbers beyond this are refused: up to here every evaluator counts exactly alike.
LARGEST_NUMBER = 10**15

Text = Mapping[str, str]
Data = Mapping[str, Any]
T = TypeVar("T")


class UnableToReadGuide(ValueError):
    """The data is not shaped like a guide."""

    code = "procedures.unreadable_guide"

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    text: Text


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about this person's situation that the list depends on, with the question that asks it."""

    id: str
    type: str
    question: Text
    help: Text | None
    options: tuple[Option, ...]

    @property
    def values(self) -> tuple[str, ...]:
        """The answers that can be chosen; empty for numbers and dates."""
        return ("yes", "no") if self.type == "yes_no" else tuple(option.value for option in self.options)


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    name: Text
    form: str
    use: str
    count: int
    in_database: bool
    how_to_get: Text | None
    validity: Text | None


@dataclass(frozen=True, slots=True)
class EvidenceSet:
    """Papers that together are enough; between sets, any one will do."""

    when: Any
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    id: str
    title: Text
    why: Text | None
    when: Any
    source: str
    evidence: tuple[EvidenceSet, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A fee, time limit or channel: what it says, and where, when and for whom it applies."""

    id: str
    content: Data
    when: Any
    provinces: tuple[str, ...]
    channel: str | None
    valid_from: str | None
    valid_until: str | None
    note: Text | None
    source: str


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    title: str
    url: str
    kind: str
    checked_on: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Version:
    valid_from: str
    valid_until: str | None
    sources: tuple[Source, ...]
    facts: Mapping[str, Fact]
    requirements: tuple[Requirement, ...]
    fees: tuple[Row, ...]
    time_limits: tuple[Row, ...]
    channels: tuple[Row, ...]
    online: str
    steps: tuple[Text, ...]
    warnings: tuple[Text, ...]
    ask_officer: tuple[Text, ...]

    def in_force(self, day: str) -> bool:
        """Half-open: the first day counts, the last does not. Days are ISO text."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class Guide:
    slug: str
    code: str
    kind: str
    life_event: str
    name: Text
    official_name: str
    summary: Text | None
    keywords: Mapping[str, tuple[str, ...]]
    replaces: tuple[str, ...]
    see_also: tuple[str, ...]
    versions: tuple[Version, ...]

    def version_on(self, day: str) -> Version:
        """The version in force; else the latest already begun; else the earliest to come."""
        ordered = sorted(self.versions, key=lambda version: version.valid_from)
        begun = [version for version in ordered if version.valid_from <= day]
        in_force = [version for version in begun if version.in_force(day)]
        return (in_force or begun[-1:] or ordered[:1])[-1]


def _map(data: Any, path: str) -> Data:
    if not isinstance(data, Mapping):
        raise UnableToReadGuide(path, "expected names with values")
    return data


def _at(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _list(data: Data, key: str, path: str) -> list[Any]:
    value = data.get(key)
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise UnableToReadGuide(_at(path, key), "expected a list")
    return list(value)


def _each(data: Data, key: str, path: str, read: Callable[[Any, str], T]) -> tuple[T, ...]:
    place = _at(path, key)
    return tuple(read(entry, f"{place}[{i}]") for i, entry in enumerate(_list(data, key, path)))


def _word(data: Data, key: str, path: str, default: str | None = None) -> str:
    value = data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, str):
        raise UnableToReadGuide(_at(path, key), "expected text (put it in quotes)")
    return value


def _optional_word(data: Data, key: str, path: str) -> str | None:
    return None if data.get(key) is None else _word(data, key, path)


def _text(value: Any, path: str) -> Text:
    entries = _map(value, path)
    if not all(isinstance(key, str) and isinstance(text, str) for key, text in entries.items()):
        raise UnableToReadGuide(path, "expected one text for each language")
    # The order is fixed so that the same guide always gives the same bytes.
    return {language: entries[language] for language in LANGUAGES if entries.get(language)}


def _optional_text(data: Data, key: str, path: str) -> Text | None:
    if data.get(key) is None:
        return None
    return _text(data[key], _at(path, key)) or None


def _texts(data: Data, key: str, path: str) -> tuple[Text, ...]:
    return _each(data, key, path, _text)


def _words(data: Data, key: str, path: str) -> tuple[str, ...]:
    words = _list(data, key, path)
    if not all(isinstance(word, str) for word in words):
        raise UnableToReadGuide(_at(path, key), "expected a list of texts in quotes")
    return tuple(words)


def _option(data: Any, path: str) -> Option:
    entry = _map(data, path)
    return Option(_word(entry, "value", path), _text(entry.get("text"), f"{path}.text"))


def _fact(data: Any, path: str) -> Fact:
    entry = _map(data, path)
    kind = _word(entry, "type", path)
    if kind not in FACT_TYPES:
        raise UnableToReadGuide(f"{path}.type", f"expected one of {', '.join(FACT_TYPES)}")
    return Fact(
        id=_word(entry, "id", path),
        type=kind,
        question=_text(entry.get("question"), f"{path}.question"),
        help=_optional_text(entry, "help", path),
        options=_each(entry, "options", path, _option) if kind == "choice" else (),
    )


def _item(data: Any, path: str) -> Item:
    entry = _map(data, path)
    count = _whole_number(entry.get("count", 1), f"{path}.count")
    return Item(
        id=_word(entry, "id", path),
        name=_text(entry.get("name"), f"{path}.name"),
        form=_word(entry, "form", path, "original"),
        use=_word(entry, "use", path, "submit"),
        count=count,
        in_database=entry.get("in_database") is True,
        how_to_get=_optional_text(entry, "how_to_get", path),
        validity=_optional_text(entry, "validity", path),
    )


def _evidence(data: Any, path: str) -> EvidenceSet:
    entry = _map(data, path)
    return EvidenceSet(entry.get("when"), _each(entry, "items", path, _item))


def _requirement(data: Any, path: str, main_source: str) -> Requirement:
    entry = _map(data, path)
    return Requirement(
        id=_word(entry, "id", path),
        title=_text(entry.get("title"), f"{path}.title"),
        why=_optional_text(entry, "why", path),
        when=entry.get("when"),
        source=_word(entry, "source", path, main_source),
        evidence=_each(entry, "evidence", path, _evidence),
    )


def _source(data: Any, path: str) -> Source:
    entry = _map(data, path)
    words = {key: _word(entry, key, path) for key in ("id", "title", "kind", "checked_on", "confidence")}
    return Source(**words, url=_word(entry, "url", path, ""))


def _row(data: Any, path: str, main_source: str, content: Callable[[Data, str], Data]) -> Row:
    entry = _map(data, path)
    return Row(
        id=_word(entry, "id", path, ""),
        content=content(entry, path),
        when=entry.get("when"),
        provinces=_words(entry, "provinces", path),
        channel=_optional_word(entry, "channel", path),
        valid_from=_optional_word(entry, "valid_from", path),
        valid_until=_optional_word(entry, "valid_until", path),
        note=_optional_text(entry, "note", path),
        source=_word(entry, "source", path, main_source),
    )


def _whole_number(value: Any, path: str) -> int:
    """JSON does not tell 2 from 2.0, so neither do we."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not -LARGEST_NUMBER <= value <= LARGEST_NUMBER or value != int(value):
        raise UnableToReadGuide(path, "expected a whole number")
    return int(value)


def _whole(data: Data, key: str, path: str) -> int | None:
    return None if data.get(key) is None else _whole_number(data[key], f"{path}.{key}")


def _fee(entry: Data, path: str) -> Data:
    return {"amount": _whole(entry, "amount", path), "per": _optional_text(entry, "per", path)}


def _time_limit(entry: Data, path: str) -> Data:
    return {"value": _whole(entry, "value", path), "unit": _word(entry, "unit", path)}


def _channel(entry: Data, path: str) -> Data:
    where = _optional_text(entry, "where", path)
    return {"kind": _word(entry, "kind", path), "where": where, "url": _optional_word(entry, "url", path)}


def _facts(entry: Data, path: str) -> Mapping[str, Fact]:
    facts = _each(entry, "facts", path, _fact)
    if len({fact.id for fact in facts}) != len(facts):
        raise UnableToReadGuide(f"{path}.facts", "two facts have the same id")
    return {fact.id: fact for fact in facts}


def _version(data: Any, path: str) -> Version:
    entry = _map(data, path)
    sources = _each(entry, "sources", path, _source)
    main = sources[0].id if sources else ""

    def rows(key: str, content: Callable[[Data, str], Data]) -> tuple[Row, ...]:
        return _each(entry, key, path, lambda row, at: _row(row, at, main, content))

    return Version(
        valid_from=_word(entry, "valid_from", path),
        valid_until=_optional_word(entry, "valid_until", path),
        sources=sources,
        facts=_facts(entry, path),
        requirements=_each(entry, "requirements", path, lambda row, at: _requirement(row, at, main)),
        fees=rows("fees", _fee),
        time_limits=rows("time_limits", _time_limit),
        channels=rows("channels", _channel),
        online=_word(entry, "online", path, "unknown"),
        steps=_texts(entry, "steps", path),
        warnings=_texts(entry, "warnings", path),
        ask_officer=_texts(entry, "ask_officer", path),
    )


def parse(data: Any) -> Guide:
    """Read one guide. Raises UnableToReadGuide, naming the place, when the shape is wrong."""
    entry = _map(data, "")
    keywords = _map(entry.get("keywords") or {}, "keywords")
    versions = _each(entry, "versions", "", _version)
    if not versions:
        raise UnableToReadGuide("versions", "a guide needs at least one version")
    return Guide(
        slug=_word(entry, "slug", ""),
        code=_word(entry, "code", "", ""),
        kind=_word(entry, "kind", "", "procedure"),
        life_event=_word(entry, "life_event", ""),
        name=_text(entry.get("name"), "name"),
        official_name=_word(entry, "official_name", "", ""),
        summary=_optional_text(entry, "summary", ""),
        keywords={language: _words(keywords, language, "keywords") for language in LANGUAGES},
        replaces=_words(entry, "replaces", ""),
        see_also=_words(entry, "see_also", ""),
        versions=versions,
    )
