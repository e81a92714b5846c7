"""Message catalogues: `extract` updates them from the sources, `compile` builds them, `check` proves them.

Uses Babel, so that no machine needs the gettext programs. Templates are read through Django's own
`templatize`, which turns their tags into calls that a reader of program text understands.
"""

import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("vi", "th")
FOLDERS = ("nhipcau", "templates", "config")
KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "ungettext": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")
Found = tuple[Any, str | None]


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language lives."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def sources() -> Iterator[Path]:
    """Every Python file and template with words in it."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def _calls(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    # One statement a line, none indented: what stands between the calls is filler, not a program.
    return "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())


def messages_of(path: Path) -> Iterator[Found]:
    """The (message, context) pairs of one file."""
    method = "python" if path.suffix == ".py" else "javascript"
    stream = io.BytesIO(_calls(path).encode())
    for _line, message, _comments, context in extract(
        method, stream, KEYWORDS, options={"encoding": "utf-8"}
    ):
        if message and message != "":
            yield message, context


def template_catalogue() -> Catalog:
    """All messages of the sources, untranslated."""
    catalogue = Catalog(charset="utf-8")
    for path in sources():
        for message, context in messages_of(path):
            flags = ["python-format"] if "%(" in str(message) else []
            catalogue.add(message, context=context, flags=flags)
    return catalogue


def read(language: str) -> Catalog:
    """A stored catalogue; empty when there is none yet."""
    path = catalogue_path(language)
    if not path.is_file():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def update(language: str) -> Catalog:
    """The stored catalogue with new messages added and unused ones dropped; nothing is guessed."""
    catalogue = read(language)
    catalogue.update(template_catalogue(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def write(language: str, catalogue: Catalog) -> None:
    """Stores a catalogue, sorted and without line numbers, so that changes read well."""
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, catalogue, no_location=True, sort_output=True, width=110, omit_header=False)


def compile_all() -> None:
    """Builds the binary catalogues that Django reads."""
    for language in LANGUAGES:
        if catalogue_path(language).is_file():
            with catalogue_path(language).with_suffix(".mo").open("wb") as stream:
                write_mo(stream, read(language))


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def faults(language: str) -> Iterator[str]:
    """What is wrong with a catalogue: missing, doubtful or stale entries, lost placeholders."""
    stored = read(language)
    wanted = template_catalogue()
    for message in wanted:
        if not message.id:
            continue
        entry = stored.get(message.id, message.context)
        yield from _entry_faults(language, message, entry)
    for entry in stored:
        if entry.id and wanted.get(entry.id, entry.context) is None:
            yield f"{language}: no longer used: {entry.id!r}"


def _entry_faults(language: str, message: Message, entry: Message | None) -> Iterator[str]:
    translations = _texts(entry.string) if entry else ()
    if entry is None or not translations or not all(translations):
        yield f"{language}: not translated: {message.id!r}"
    elif entry.fuzzy:
        yield f"{language}: marked fuzzy: {message.id!r}"
    else:
        asked = set().union(*(_placeholders(text) for text in _texts(message.id)))
        for text in translations:
            if _placeholders(text) - asked or (len(translations) == 1 and _placeholders(text) != asked):
                yield f"{language}: placeholders differ: {message.id!r}"


def check() -> int:
    """Prints every fault; the exit status."""
    found: Iterable[str] = [fault for language in LANGUAGES for fault in faults(language)]
    for fault in found:
        print(fault)
    return 1 if found else 0


def main(arguments: list[str]) -> int:
    """Runs one of the three verbs."""
    if not settings.configured:
        settings.configure()  # templatize asks for it; nothing of the product's own settings matters here
    if arguments == ["extract"]:
        for language in LANGUAGES:
            write(language, update(language))
        return 0
    if arguments == ["compile"]:
        compile_all()
        return 0
    if arguments == ["check"]:
        return check()
    print("usage: messages.py extract | compile | check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
