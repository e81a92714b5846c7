"""Writing the library: guides that ship as files become procedures and dated versions."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.procedures import guide as engine
from nhipcau.procedures.enums import ProcedureState, VersionState
from nhipcau.procedures.models import Procedure, ProcedureVersion, Stamp
from nhipcau.procedures.queries import library_stamp

# Part of the stamp: raise it when the way files become rows changes.
LOADER = "1"


class UnableToLoadGuides(UnableTo):
    """A guide file cannot be read; nothing was changed."""

    code = "procedures.unreadable_guides"

    def __init__(self, problems: list[engine.Problem]) -> None:
        listed = "\n".join(str(problem) for problem in problems)
        super().__init__(_("These guides cannot be loaded:\n%(problems)s") % {"problems": listed})
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: guides in the library, version rows written, whether nothing had to be done."""

    guides: int
    new_versions: int
    unchanged: bool


def load_guides(folder: Path, *, now: datetime) -> Loaded:
    """Bring the library to the state of the guide files; without changes this costs one query.

    A version row is never rewritten, because a case may have frozen it: changed content becomes a new row
    and the old one is withdrawn. All or nothing.
    """
    files = sorted(folder.glob("*.yaml"))
    texts = {file.name: file.read_text(encoding="utf-8", errors="replace") for file in files}
    digest = _digest(LOADER, *(part for pair in texts.items() for part in pair))
    if library_stamp() == digest:
        return Loaded(len(texts), 0, unchanged=True)
    guides = _read(texts)
    with unit_of_work(by=None, now=now):
        written = sum(_load(data, engine.parse(data)) for data in guides)
        slugs = [data["slug"] for data in guides]
        _retire(slugs)
        Stamp.objects.update_or_create(name="guides", defaults={"digest": digest})
    return Loaded(len(guides), written, unchanged=False)


def _digest(*parts: str) -> str:
    seen = hashlib.sha256()
    for part in parts:
        seen.update(part.encode())
        seen.update(b"\0")
    return seen.hexdigest()


def _read(texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Data of all files; whatever would leave a person without a sound list is refused."""
    problems: list[engine.Problem] = []
    read = {}
    for file, text in texts.items():
        found = engine.lint_text(text, file)
        problems += found
        if not found:
            reading = engine.read_yaml(text)
            read[file] = (reading, engine.parse(reading.data))
    library = {file: (parsed, reading) for file, (reading, parsed) in read.items()}
    # A link to a guide that is not here yet is only left out of the page; it does not stop a load.
    between = [] if problems else engine.lint_library(library)
    problems += [problem for problem in between if not problem.path.startswith("see_also")]
    if problems:
        raise UnableToLoadGuides(problems)
    return [reading.data for reading, _parsed in read.values()]


def _load(data: Mapping[str, Any], guide: engine.Guide) -> int:
    """One guide: its procedure and its versions. Returns how many rows are new."""
    procedure, _created = Procedure.objects.update_or_create(
        slug=guide.slug,
        defaults={
            "code": guide.code,
            "kind": guide.kind,
            "life_event": guide.life_event,
            "names": dict(guide.name),
            "summaries": dict(guide.summary or {}),
            "official_name": guide.official_name,
            "keywords": {language: list(words) for language, words in guide.keywords.items()},
            "replaces": list(guide.replaces),
            "see_also": list(guide.see_also),
            "state": ProcedureState.CURRENT,
        },
    )
    # Words for searching may be added at any time; they are no part of what a version promises.
    header = {key: value for key, value in data.items() if key not in ("versions", "keywords")}
    contents = [header | {"versions": [version]} for version in data["versions"]]
    return _publish(procedure, {_digest(engine.canonical(content)): content for content in contents})


def _publish(procedure: Procedure, contents: Mapping[str, dict[str, Any]]) -> int:
    """Exactly these contents are published; what was published before is withdrawn, not changed."""
    versions = ProcedureVersion.objects.filter(procedure=procedure)
    outdated = versions.filter(state=VersionState.PUBLISHED).exclude(content_hash__in=contents)
    outdated.update(state=VersionState.WITHDRAWN)
    known = versions.filter(content_hash__in=contents)
    fresh = contents.keys() - set(known.values_list("content_hash", flat=True))
    known.filter(state=VersionState.WITHDRAWN).update(state=VersionState.PUBLISHED)
    for digest in sorted(fresh):
        _write(procedure, digest, contents[digest])
    return len(fresh)


def _write(procedure: Procedure, digest: str, content: dict[str, Any]) -> None:
    version = engine.parse(content).versions[0]
    source = version.sources[0]
    ProcedureVersion.objects.create(
        procedure=procedure,
        valid_from=date.fromisoformat(version.valid_from),
        valid_until=date.fromisoformat(version.valid_until) if version.valid_until else None,
        state=VersionState.PUBLISHED,
        guide=content,
        content_hash=digest,
        source_title=source.title,
        source_url=source.url,
        source_kind=source.kind,
        checked_on=date.fromisoformat(source.checked_on),
        confidence=source.confidence,
    )


def _retire(slugs: list[str]) -> None:
    """Guides whose file is gone: their versions stay for the cases that rely on them."""
    gone = Procedure.objects.exclude(slug__in=slugs)
    ProcedureVersion.objects.filter(procedure__in=gone, state=VersionState.PUBLISHED).update(
        state=VersionState.WITHDRAWN
    )
    gone.update(state=ProcedureState.RETIRED)
