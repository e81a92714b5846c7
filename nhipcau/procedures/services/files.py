"""Guides that ship as files become procedures and dated versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.procedures import guide as engine
from nhipcau.procedures.enums import ProcedureState, VersionState
from nhipcau.procedures.models import Procedure, ProcedureVersion, Stamp
from nhipcau.procedures.queries import files_stamp, guide_file
from nhipcau.procedures.services.rows import contents_of, digest_of, write_header, write_version

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
    digest = digest_of(LOADER, *(part for pair in texts.items() for part in pair))
    if files_stamp() == digest:
        return Loaded(len(texts), 0, unchanged=True)
    guides = _read(texts)
    with unit_of_work(by=None, now=now):
        written = sum(_load(data, engine.parse(data)) for data in guides)
        slugs = [data["slug"] for data in guides]
        _retire(slugs)
        Stamp.objects.update_or_create(name="guides", defaults={"digest": digest})
    return Loaded(len(guides), written, unchanged=False)


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
    """One guide: its procedure and its versions. Returns how many rows are new.

    What an official keeps up here is left as it is: the file's content is only offered as a draft.
    """
    contents = contents_of(data)
    kept = Procedure.objects.filter(slug=guide.slug, kept_here=True).first()
    if kept is not None:
        return _offer(kept, contents)
    procedure = write_header(guide)
    return _publish(procedure, contents)


def _offer(procedure: Procedure, contents: Mapping[str, dict[str, Any]]) -> int:
    """What is published here, brought back by a file as it is exported, is nothing new."""
    versions = ProcedureVersion.objects.filter(procedure=procedure, area="")
    known = set(versions.values_list("content_hash", flat=True))
    if versions.filter(state=VersionState.PUBLISHED).exists():
        known |= contents_of(guide_file(procedure)).keys()
    fresh = contents.keys() - known
    for digest in sorted(fresh):
        write_version(procedure, contents[digest], state=VersionState.DRAFT)
    return len(fresh)


def _publish(procedure: Procedure, contents: Mapping[str, dict[str, Any]]) -> int:
    """Exactly these contents are published; what was published before is withdrawn, not changed."""
    versions = ProcedureVersion.objects.filter(procedure=procedure, area="")
    outdated = versions.filter(state=VersionState.PUBLISHED).exclude(content_hash__in=contents)
    outdated.update(state=VersionState.WITHDRAWN)
    known = versions.filter(content_hash__in=contents)
    fresh = contents.keys() - set(known.values_list("content_hash", flat=True))
    known.filter(state=VersionState.WITHDRAWN).update(state=VersionState.PUBLISHED)
    for digest in sorted(fresh):
        write_version(procedure, contents[digest], state=VersionState.PUBLISHED)
    return len(fresh)


def _retire(slugs: list[str]) -> None:
    """Guides whose file is gone: their versions stay for the cases that rely on them."""
    gone = Procedure.objects.exclude(slug__in=slugs).exclude(kept_here=True)
    ProcedureVersion.objects.filter(procedure__in=gone, state=VersionState.PUBLISHED).update(
        state=VersionState.WITHDRAWN
    )
    gone.update(state=ProcedureState.RETIRED)
