"""Which names each part of a guide may have, and where its texts stand.

Responsible for finding what reading would pass over in silence: a name that is mistyped (`whn` instead of
`when` makes a paper everybody's), and a text without a language.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .model import LANGUAGES

# What a name stands for: a text that must be there, one that may be left out, words by language, yes or no,
# or anything else.
TEXT, MAYBE_TEXT, WORDS, FLAG, VALUE = "text", "maybe text", "words", "flag", "value"

_ROW = {
    "id": VALUE, "when": VALUE, "provinces": VALUE, "channel": VALUE, "valid_from": VALUE,
    "valid_until": VALUE, "note": MAYBE_TEXT, "source": VALUE,
}  # fmt: skip
# Names of a part; a name of another part stands for a list of those.
_PARTS: dict[str, dict[str, str]] = {
    "guide": {
        "schema": VALUE, "fallbacks": VALUE, "slug": VALUE, "code": VALUE, "kind": VALUE, "life_event": VALUE,
        "name": TEXT, "official_name": VALUE, "summary": MAYBE_TEXT, "keywords": WORDS, "replaces": VALUE,
        "see_also": VALUE, "versions": "version",
    },
    "version": {
        "valid_from": VALUE, "valid_until": VALUE, "sources": "source", "facts": "question",
        "requirements": "requirement", "fees": "fee", "time_limits": "time limit", "channels": "channel",
        "online": VALUE, "steps": TEXT, "warnings": TEXT, "ask_officer": TEXT,
    },
    "source": dict.fromkeys(("id", "title", "url", "kind", "checked_on", "confidence"), VALUE),
    "question": {"id": VALUE, "type": VALUE, "question": TEXT, "help": MAYBE_TEXT, "options": "option"},
    "option": {"value": VALUE, "text": TEXT},
    "requirement": {
        "id": VALUE, "title": TEXT, "why": MAYBE_TEXT, "when": VALUE, "source": VALUE,
        "evidence": "set of papers",
    },
    "set of papers": {"when": VALUE, "items": "paper"},
    "paper": {
        "id": VALUE, "name": TEXT, "form": VALUE, "use": VALUE, "count": VALUE, "in_database": FLAG,
        "how_to_get": MAYBE_TEXT, "validity": MAYBE_TEXT,
    },
    "fee": _ROW | {"amount": VALUE, "per": MAYBE_TEXT},
    "time limit": _ROW | {"value": VALUE, "unit": VALUE},
    "channel": _ROW | {"kind": VALUE, "where": MAYBE_TEXT, "url": VALUE},
}  # fmt: skip

Found = Iterator[tuple[str, str]]


def faults(data: Mapping[str, Any], part: str = "guide", path: str = "") -> Found:
    """Names that are none, and texts that say nothing, with their paths. Never raises."""
    for key, value in data.items():
        place = f"{path}.{key}" if path else str(key)
        meaning = _PARTS[part].get(key)
        if meaning is None:
            yield place, f'"{key}" is not a field of a {part}'
        elif meaning == FLAG:
            if not isinstance(value, bool | None):
                yield place, "expected true or false"
        elif meaning == WORDS:
            if any(language not in LANGUAGES for language in value or ()):
                yield place, f"words have only the languages {', '.join(LANGUAGES)}"
        elif meaning != VALUE:
            yield from _entries(value, meaning, place)


def _entries(value: Any, meaning: str, path: str) -> Found:
    """One entry, or each of a list."""
    if isinstance(value, list | tuple):
        for i, entry in enumerate(value):
            yield from _entry(entry, meaning, f"{path}[{i}]")
    else:
        yield from _entry(value, meaning, path)


def _entry(entry: Any, meaning: str, path: str) -> Found:
    if not isinstance(entry, Mapping):
        return
    if meaning in _PARTS:
        yield from faults(entry, meaning, path)
    elif not entry and meaning == TEXT:
        yield path, "the text is missing"
    elif entry and not any(language in entry for language in LANGUAGES):
        yield path, f"a text has only the languages {', '.join(LANGUAGES)}"
