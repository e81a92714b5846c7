"""How a guide is laid down in rows: its header once, each version as it was written, known by its digest."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from nhipcau.procedures import guide as engine
from nhipcau.procedures.enums import ProcedureState, VersionState
from nhipcau.procedures.models import Procedure, ProcedureVersion


def digest_of(*parts: str) -> str:
    """One digest of several texts, so that no two lists of texts share it."""
    seen = hashlib.sha256()
    for part in parts:
        seen.update(part.encode())
        seen.update(b"\0")
    return seen.hexdigest()


def contents_of(data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """One content for each version of a guide, by its digest."""
    # Words for searching may be added at any time; they are no part of what a version promises.
    header = {key: value for key, value in data.items() if key not in ("versions", "keywords")}
    contents = [header | {"versions": [version]} for version in data["versions"]]
    return {digest_of(engine.canonical(content)): content for content in contents}


def write_header(guide: engine.Guide) -> Procedure:
    """The procedure itself: names and words for searching may change at any time."""
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
    return procedure


def write_version(
    procedure: Procedure,
    content: dict[str, Any],
    *,
    state: VersionState,
    area: str = "",
    written_by: str = "",
    checked_by: str = "",
    published_at: datetime | None = None,
) -> ProcedureVersion:
    """A row for one version of a guide; its first source is the one it is checked against."""
    version = engine.parse(content).versions[0]
    source = version.sources[0]
    return ProcedureVersion.objects.create(
        procedure=procedure,
        valid_from=date.fromisoformat(version.valid_from),
        valid_until=date.fromisoformat(version.valid_until) if version.valid_until else None,
        area=area,
        state=state,
        guide=content,
        content_hash=digest_of(engine.canonical(content)),
        source_title=source.title,
        source_url=source.url,
        source_kind=source.kind,
        checked_on=date.fromisoformat(source.checked_on),
        confidence=source.confidence,
        written_by=written_by,
        checked_by=checked_by,
        published_at=published_at,
    )
