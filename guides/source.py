"""Reads and writes a guide file: a small, safe part of YAML, remembering the line of every value.

Responsible for refusing what a guide has no need of and a hostile file would use: anchors and aliases, tags,
duplicate keys, several documents, very long files and very deep nesting. Scalars follow the YAML 1.2 core
idea: only true/false are booleans, dates stay text, so `is: yes` is the word "yes".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

MAX_CHARACTERS = 400_000
MAX_NESTING = 24

# libyaml reads twenty times faster; where it is missing the slower reader says the same.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


class UnableToReadYaml(ValueError):
    """The text is not YAML that a guide may use; says in which line."""

    code = "procedures.unreadable_yaml"

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.message = message


@dataclass
class _Container:
    """A list or mapping being filled."""

    value: Any
    path: str
    key: Any = None
    seen: set[str] = field(default_factory=set)


@dataclass
class Reading:
    """The data of one file, and the line on which each path ("versions[0].fees[1]") begins."""

    data: Any = None
    lines: dict[str, int] = field(default_factory=dict)

    def line_of(self, path: str) -> int:
        """The line of a path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = re.sub(r"(^|\.)[^.\[\]]+$|\[[0-9]+\]$|.$", "", path, count=1)
        return self.lines.get(path, 1)


def scalar(text: str, quoted: bool) -> Any:
    """The value of an unquoted word; quoted words are always text."""
    if quoted:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text


class _Builder:
    """Builds data from parser events, so that nothing is expanded before it has been checked."""

    def __init__(self) -> None:
        self.reading = Reading()
        self.stack: list[_Container] = []
        self.documents = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise UnableToReadYaml(line, "anchors and aliases (& and *) are not used in guides")
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise UnableToReadYaml(line, "one guide for each file")
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            self._take_value(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()

    def _take_value(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int) -> None:
        if event.tag is not None:
            raise UnableToReadYaml(line, "tags (!) are not used in guides")
        if isinstance(event, yaml.ScalarEvent):
            value = scalar(event.value, bool(event.style))
            if self._is_key():
                self._open_key(value, line)
            else:
                self._place(value, line)
            return
        if self._is_key():
            raise UnableToReadYaml(line, "a name before the colon must be a plain word")
        if len(self.stack) >= MAX_NESTING:
            raise UnableToReadYaml(line, f"nested more than {MAX_NESTING} deep")
        container: Any = [] if isinstance(event, yaml.SequenceStartEvent) else {}
        self.stack.append(_Container(container, self._place(container, line)))

    def _is_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None

    def _open_key(self, value: Any, line: int) -> None:
        top = self.stack[-1]
        key = str(value)
        if not isinstance(value, str):
            raise UnableToReadYaml(line, f'"{key}" is used as a name: put it in quotes')
        if key in top.seen:
            raise UnableToReadYaml(line, f'"{key}" is given twice')
        top.seen.add(key)
        top.key = key
        self.reading.lines[f"{top.path}.{key}" if top.path else key] = line

    def _place(self, value: Any, line: int) -> str:
        if not self.stack:
            self.reading.data = value
            return ""
        top = self.stack[-1]
        if isinstance(top.value, list):
            path = f"{top.path}[{len(top.value)}]"
            top.value.append(value)
        else:
            path = f"{top.path}.{top.key}" if top.path else str(top.key)
            top.value[top.key] = value
            top.key = None
        self.reading.lines.setdefault(path, line)
        return path


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=_LOADER)


def read_yaml(text: str) -> Reading:
    """Read one file's text. Raises UnableToReadYaml with the line of the first fault."""
    if len(text) > MAX_CHARACTERS:
        raise UnableToReadYaml(1, f"longer than {MAX_CHARACTERS} characters")
    builder = _Builder()
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise UnableToReadYaml(mark.line + 1 if mark else 1, error.problem or "not YAML") from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise UnableToReadYaml(_line_of_bad_character(text), "a character that is not allowed") from error
    return builder.reading


def _line_of_bad_character(text: str) -> int:
    match = yaml.reader.Reader.NON_PRINTABLE.search(text)
    return text.count("\n", 0, match.start()) + 1 if match else 1


# The order in which people read a guide; a database keeps none.
_ORDER = (
    "vi", "en", "th", "schema", "slug", "id", "code", "kind", "type", "life_event", "name", "title",
    "official_name", "summary", "question", "help", "value", "unit", "amount", "per", "text", "why", "form",
    "use", "count", "in_database", "how_to_get", "validity", "where", "url", "keywords", "fallbacks",
    "replaces", "see_also", "all", "any", "not", "fact", "is", "in", "age", "ge", "gt", "le", "lt", "when",
    "provinces", "channel", "checked_on", "confidence", "valid_from", "valid_until", "note", "source",
    "sources", "facts", "options", "requirements", "evidence", "items", "fees", "time_limits", "channels",
    "online", "steps", "warnings", "ask_officer", "versions",
)  # fmt: skip
_PLACE = {key: place for place, key in enumerate(_ORDER)}


def in_order(data: Any) -> Any:
    """The same data, each mapping in the order of a guide file."""
    if isinstance(data, Mapping):
        keys = sorted(data, key=lambda key: (_PLACE.get(key, len(_ORDER)), key))
        return {key: in_order(data[key]) for key in keys}
    return [in_order(entry) for entry in data] if isinstance(data, list | tuple) else data


class _Plain(yaml.SafeDumper):
    """Repeats what stands twice instead of pointing at it: a guide has no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def write_yaml(data: Any) -> str:
    """The text of a guide file that `read_yaml` reads back as the same data."""
    return yaml.dump(in_order(data), Dumper=_Plain, allow_unicode=True, sort_keys=False, width=120)
