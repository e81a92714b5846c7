"""Finds faults in a guide before people see them; each fault says the file, the line and the place.

Responsible for the whole answer to "may this guide be published?": structure, languages, sources, dates,
safe text (this module, `shape` and `wording`), and whether every question and paper can matter (`reach`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from . import logic, reach, shape, wording
from .model import KINDS, LANGUAGES, EvidenceSet, Guide, Requirement, Row, UnableToReadGuide, Version, parse
from .source import Reading, UnableToReadYaml, read_yaml

LIFE_EVENTS = (
    "birth", "death", "identity", "digital_account", "driving", "justice", "certified_copies", "study",
    "land", "business", "residence", "family", "support", "smartphone",
)  # fmt: skip
FORMS = ("original", "copy", "certified_copy", "copy_with_original", "electronic", "form")
USES = ("submit", "show")
CHANNELS = ("direct", "online", "post", "app")
ROW_CHANNELS = ("direct", "online", "post")
UNITS = ("hour", "day", "working_day", "month")
ONLINE = ("full", "part", "no", "unknown")
SOURCE_KINDS = ("decision", "law", "portal", "board", "press", "own")
CONFIDENCE = ("high", "medium", "low")

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CODE = re.compile(r"[1-9]\.[0-9]{6}")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_PROVINCE = re.compile(r"[0-9]{2}")

Found = Iterator[tuple[str, str]]
Library = Mapping[str, tuple[Guide, Reading]]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: where it is, and what is wrong in words an editor understands."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f" ({self.path})" if self.path else ""
        return f"{self.file}:{self.line}: {self.message}{place}"


def lint_text(text: str, file: str) -> list[Problem]:
    """All faults of one YAML file."""
    try:
        reading = read_yaml(text)
    except UnableToReadYaml as error:
        return [Problem(file, error.line, "", error.message)]
    return lint(reading.data, file=file, reading=reading)


def lint(data: Any, *, file: str = "", reading: Reading | None = None) -> list[Problem]:
    """All faults of one guide given as plain data; with `reading`, problems name the line. Never raises."""
    where = reading or Reading()
    spared = wording.spared_languages(data) if isinstance(data, Mapping) else frozenset()
    found = list(wording.faults(data, spared=spared))
    try:
        guide = parse(data)
    except UnableToReadGuide as error:
        found.append((error.path, error.message))
    except RecursionError:
        found.append(("", "nested too deep"))
    else:
        found.extend(_guide(guide, data))
    problems = {Problem(file, where.line_of(path), path, message) for path, message in found}
    return sorted(problems)


def remarks(data: Any) -> list[Problem]:
    """What keeps no guide from being published, but is worth a look. Nothing while there are faults."""
    if lint(data):
        return []
    versions = enumerate(parse(data).versions)
    found = [fault for i, version in versions for fault in reach.always_true(version, f"versions[{i}]")]
    return sorted(Problem("", 1, path, message) for path, message in found)


def _guide(guide: Guide, data: Mapping[str, Any]) -> Found:
    if data.get("schema") != 1:
        yield "schema", "expected schema: 1"
    if not _SLUG.fullmatch(guide.slug):
        yield "slug", "use small letters, digits and single hyphens"
    if guide.code and not _CODE.fullmatch(guide.code):
        yield "code", 'a national code looks like "1.001193"'
    if not guide.code and guide.kind == "procedure":
        yield "code", "a procedure needs its national code (kind in_app has none)"
    yield from _one_of(guide.kind, KINDS, "kind")
    yield from _one_of(guide.life_event, LIFE_EVENTS, "life_event")
    yield from shape.faults(data)
    yield from _fallbacks(data.get("fallbacks", []))
    if guide.summary is None:
        yield "summary", "say in a sentence or two what this gives people"
    for i, version in enumerate(guide.versions):
        path = f"versions[{i}]"
        yield from _version(version, path)
        yield from reach.faults(version, path)
    yield from _overlaps(guide)


def is_code(name: str) -> bool:
    """Whether it is written as a national code."""
    return _CODE.fullmatch(name) is not None


def _fallbacks(marked: Any) -> Found:
    """The mark that texts missing in a language are shown in Vietnamese instead."""
    if not isinstance(marked, list | tuple) or not all(language in LANGUAGES[1:] for language in marked):
        yield "fallbacks", f"name the languages that may fall back to Vietnamese: {', '.join(LANGUAGES[1:])}"


def _one_of(value: str | None, allowed: tuple[str, ...], path: str) -> Found:
    if value is not None and value not in allowed:
        yield path, f'"{value}" is not one of {", ".join(allowed)}'


def _period(start: str | None, end: str | None, path: str) -> Found:
    for name, day in (("valid_from", start), ("valid_until", end)):
        if day is not None and logic.read_date(day) is None:
            yield f"{path}.{name}", f'"{day}" is not a day written as YYYY-MM-DD'
    if start is not None and end is not None and end <= start:
        yield f"{path}.valid_until", "ends before it begins"


def _overlaps(guide: Guide) -> Found:
    numbered = sorted(enumerate(guide.versions), key=lambda pair: pair[1].valid_from)
    for (_, earlier), (i, later) in pairwise(numbered):
        if earlier.valid_until is None or earlier.valid_until > later.valid_from:
            yield f"versions[{i}].valid_from", "two versions are in force on the same day"


def _duplicates(ids: Iterable[str]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for i, identifier in enumerate(ids):
        if identifier in seen:
            yield i, f'the id "{identifier}" is used twice'
        elif not _IDENTIFIER.fullmatch(identifier) or identifier in LANGUAGES:
            yield i, f'the id "{identifier}" must be small letters, digits, _ and -'
        seen.add(identifier)


def _version(version: Version, path: str) -> Found:
    yield from _period(version.valid_from, version.valid_until, path)
    yield from _one_of(version.online, ONLINE, f"{path}.online")
    yield from _sources(version, path)
    yield from _facts(version, path)
    yield from _requirements(version, path)
    for key, rows in (
        ("fees", version.fees), ("time_limits", version.time_limits), ("channels", version.channels)
    ):  # fmt: skip
        for i, row in enumerate(rows):
            yield from _row(version, row, f"{path}.{key}[{i}]")
    if not version.requirements and not version.steps:
        yield path, "neither papers nor steps: this version tells people nothing"


def _sources(version: Version, path: str) -> Found:
    if not version.sources:
        yield f"{path}.sources", "at least one source is needed"
    for i, message in _duplicates(source.id for source in version.sources):
        yield f"{path}.sources[{i}].id", message
    for i, source in enumerate(version.sources):
        place = f"{path}.sources[{i}]"
        if not source.title.strip():
            yield f"{place}.title", "a source needs a title"
        if logic.read_date(source.checked_on) is None:
            yield f"{place}.checked_on", f'"{source.checked_on}" is not a day written as YYYY-MM-DD'
        yield from _one_of(source.kind, SOURCE_KINDS, f"{place}.kind")
        yield from _one_of(source.confidence, CONFIDENCE, f"{place}.confidence")
        if source.url and not source.url.startswith("https://"):
            yield f"{place}.url", "a link must begin with https://"


def _facts(version: Version, path: str) -> Found:
    for i, message in _duplicates(version.facts):
        yield f"{path}.facts[{i}].id", message
    for i, fact in enumerate(version.facts.values()):
        place = f"{path}.facts[{i}]"
        if fact.type != "choice":
            continue
        if len(fact.options) < 2:
            yield f"{place}.options", "a choice needs at least two options"
        for j, message in _duplicates(fact.values):
            yield f"{place}.options[{j}].value", message
        if logic.UNKNOWN in fact.values:
            yield f"{place}.options", f'"{logic.UNKNOWN}" is always offered as "don\'t know": leave it out'


def _source_exists(version: Version, identifier: str, path: str) -> Found:
    if identifier not in {source.id for source in version.sources}:
        yield f"{path}.source", f'there is no source "{identifier}"'


def _requirements(version: Version, path: str) -> Found:
    for i, message in _duplicates(requirement.id for requirement in version.requirements):
        yield f"{path}.requirements[{i}].id", message
    owners: dict[str, str] = {}
    for i, requirement in enumerate(version.requirements):
        place = f"{path}.requirements[{i}]"
        yield from _source_exists(version, requirement.source, place)
        if requirement.why is None:
            yield f"{place}.why", "say why the office needs it"
        if not requirement.evidence:
            yield f"{place}.evidence", "name at least one paper that proves it"
        for j, evidence in enumerate(requirement.evidence):
            yield from _items(requirement, evidence, owners, f"{place}.evidence[{j}].items")


def _items(requirement: Requirement, evidence: EvidenceSet, owners: dict[str, str], path: str) -> Found:
    """`owners` remembers which requirement a paper belongs to: one paper may stand in several of its sets."""
    if not evidence.items:
        yield path, "a set of papers may not be empty"
    for k, message in _duplicates(item.id for item in evidence.items):
        yield f"{path}[{k}].id", message
    for k, item in enumerate(evidence.items):
        yield from _one_of(item.form, FORMS, f"{path}[{k}].form")
        yield from _one_of(item.use, USES, f"{path}[{k}].use")
        if item.count < 1:
            yield f"{path}[{k}].count", "the number must be at least 1"
        if owners.setdefault(item.id, requirement.id) != requirement.id:
            yield f"{path}[{k}].id", f'"{item.id}" is already a paper of "{owners[item.id]}"'


def _row(version: Version, row: Row, path: str) -> Found:
    yield from _source_exists(version, row.source, path)
    yield from _period(row.valid_from, row.valid_until, path)
    yield from _one_of(row.channel, ROW_CHANNELS, f"{path}.channel")
    yield from _one_of(row.content.get("unit"), UNITS, f"{path}.unit")
    yield from _one_of(row.content.get("kind"), CHANNELS, f"{path}.kind")
    for province in row.provinces:
        if not _PROVINCE.fullmatch(province):
            yield f"{path}.provinces", f'"{province}" is not a province code such as "68"'
    for number in ("amount", "value"):
        if (row.content.get(number) or 0) < 0:
            yield f"{path}.{number}", "may not be less than 0"
    url = row.content.get("url")
    if url and not url.startswith("https://"):
        yield f"{path}.url", "a link must begin with https://"


def lint_library(guides: Library) -> list[Problem]:
    """Faults between guides (by file name): the same slug or code twice, links to nowhere, circles."""
    found: list[tuple[str, str, str]] = []
    owners: dict[str, str] = {}
    for file, (guide, _) in guides.items():
        for key, name in (("slug", guide.slug), ("code", guide.code)):
            if name and owners.setdefault(name, file) != file:
                found.append((file, key, f'"{name}" is also used by {owners[name]}'))
    for file, (guide, _) in guides.items():
        found += [(file, path, message) for path, message in _links(guide, guides, set(owners))]
    return sorted(Problem(file, guides[file][1].line_of(path), path, text) for file, path, text in found)


def _links(guide: Guide, guides: Library, names: set[str]) -> Found:
    for i, old in enumerate(guide.replaces):
        if old in (guide.code, guide.slug):
            yield f"replaces[{i}]", "a guide cannot replace itself"
        elif _leads_back(guide, old, guides):
            yield f"replaces[{i}]", f'"{old}" in its turn replaces this guide: a circle'
    for i, other in enumerate(guide.see_also):
        if not _CODE.fullmatch(other) and other not in names:
            yield f"see_also[{i}]", f'there is no guide "{other}"'


def _leads_back(guide: Guide, old: str, guides: Library) -> bool:
    replaced = {
        name: set(other.replaces) for other, _ in guides.values() for name in (other.slug, other.code)
    }
    reached: set[str] = set()
    waiting = {old}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= replaced.get(name, set()) - reached
    return guide.slug in reached or (guide.code != "" and guide.code in reached)
