"""The guides, each in one language: the engine on the phone makes the same checklist from them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from nhipcau.places.models import Unit
from nhipcau.procedures.models import ProcedureVersion
from nhipcau.procedures.queries import content_in, versions_on
from nhipcau.sync.queries.pack.things import Thing, Wanted, thing

# Every guide in three languages; made once a process, not at every request.
_MOST_KEPT = 600


def things(wanted: Wanted) -> Iterator[Thing]:
    """The version in force of each guide, for the member's province where it has its own."""
    province = Unit.objects.filter(pk=wanted.actor.commune).values_list("parent_id", flat=True).first()
    for version in versions_on(wanted.today, province or ""):
        yield _guide(_key(version), wanted.language)


@dataclass(frozen=True, slots=True)
class _Key:
    """A version with everything that its text depends on: equal keys give equal things."""

    of: tuple[str, ...]
    version: ProcedureVersion = field(compare=False)


def _key(version: ProcedureVersion) -> _Key:
    procedure = version.procedure
    texts = (procedure.names, procedure.summaries, procedure.keywords)
    days = (version.valid_from, version.valid_until, version.checked_on)
    return _Key((str(version.pk), version.content_hash, *map(str, days), *map(str, texts)), version)


@lru_cache(maxsize=_MOST_KEPT)
def _guide(key: _Key, language: str) -> Thing:
    version, procedure = key.version, key.version.procedure
    body = {
        "slug": procedure.pk,
        "code": procedure.code,
        "name": str(procedure.name),
        "summary": str(procedure.summary),
        "keywords": procedure.keywords.get(language, []) if isinstance(procedure.keywords, dict) else [],
        "life_event": procedure.life_event,
        "version": version.pk,
        "mark": version.mark,
        "content": content_in(version, language),
    }
    return thing("guide", procedure.pk, body)
