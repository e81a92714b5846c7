"""Faults in the words of a guide: missing languages, and text that could deceive or harm a reader.

Responsible for every text, wherever it stands, without knowing the rest of the guide.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from .model import LANGUAGES

MAX_LENGTH = 1500
MAX_DEPTH = 30

_HIDDEN = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&#?[a-zA-Z0-9]+;")
_TEMPLATE = re.compile(r"\{\{|\{%|\$\{|<%")
_SCRIPT = re.compile(r"(?i)\b(javascript|vbscript|data)\s*:")

Found = Iterator[tuple[str, str]]


def faults(data: Any, path: str = "", depth: int = 0, spared: frozenset[str] = frozenset()) -> Found:
    """Walk all data and report each bad text with its path. Bounded in depth; never raises.

    `spared`: languages in which a text may be missing, because the guide says that it is shown in Vietnamese.
    """
    if depth > MAX_DEPTH:
        yield path, "nested too deep"
    elif isinstance(data, str):
        yield from text_faults(data, path)
    elif isinstance(data, Mapping):
        yield from _language_faults(data, path, spared)
        for key, value in data.items():
            place = f"{path}.{key}" if path else str(key)
            yield from text_faults(str(key), path)
            yield from faults(value, place, depth + 1, spared)
    elif isinstance(data, list | tuple):
        for i, value in enumerate(data):
            yield from faults(value, f"{path}[{i}]", depth + 1, spared)


def text_faults(text: str, path: str) -> Found:
    """What is wrong with one text."""
    if len(text) > MAX_LENGTH:
        yield path, f"longer than {MAX_LENGTH} characters"
    if _HIDDEN.search(text):
        yield path, "contains an invisible or direction-changing character"
    elif unicodedata.normalize("NFC", text) != text:
        yield path, "letters and their marks are stored apart: save the text as NFC"
    if "\ufffd" in text:
        yield path, "a letter was lost: save the file as UTF-8"
    if _MARKUP.search(text):
        yield path, "contains HTML: write plain text"
    if _TEMPLATE.search(text):
        yield path, "contains template code: write plain text"
    if _SCRIPT.search(text):
        yield path, "contains a link that runs code"


def spared_languages(data: Mapping[Any, Any]) -> frozenset[str]:
    """The languages of the mark `fallbacks`; never the one that everything falls back to."""
    marked = data.get("fallbacks")
    return (
        frozenset(LANGUAGES[1:]) & set(map(str, marked)) if isinstance(marked, list | tuple) else frozenset()
    )


def _language_faults(data: Mapping[Any, Any], path: str, spared: frozenset[str]) -> Found:
    """Keyword lists may be empty in a language; sentences may not."""
    if not data or path == "keywords" or not all(key in LANGUAGES for key in data):
        if any(key in LANGUAGES for key in data) and path != "keywords":
            yield path, f"a text has only the languages {', '.join(LANGUAGES)}"
        return
    for language in LANGUAGES:
        value = data.get(language)
        if value is None and language in spared:
            continue
        if not isinstance(value, str) or not value.strip():
            yield path, f"the text in {language} is missing"
