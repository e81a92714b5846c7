"""The guides, each in one language: the engine on the phone makes the same checklist from them."""

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from nhipcau.cases.queries import top_needs
from nhipcau.places.models import Unit
from nhipcau.procedures.models import ProcedureVersion
from nhipcau.procedures.queries import content_in, versions_on
from nhipcau.sync.queries.pack.things import Thing, Wanted, thing, weight

# Every guide in three languages; made once a process, not at every request.
_MOST_KEPT = 600


class _Weighed(NamedTuple):
    """A guide, and what it weighs alone on the line."""

    guide: Thing
    weight: int

    @property
    def need(self) -> str:
        return f"procedure:{self.guide.id}"


def things(wanted: Wanted, communes: list[Unit], *, first: set[str], room: int) -> tuple[list[Thing], int]:
    """The version in force of each guide, for the member's province where it has its own; how many there are.

    Where there is not room for all: what `first` names, then what is asked for most in these communes.
    """
    province = Unit.objects.filter(pk=wanted.actor.commune).values_list("parent_id", flat=True).first()
    found = [_guide(_key(one), wanted.language) for one in versions_on(wanted.today, province or "")]
    if sum(one.weight for one in found) > room:
        asked = top_needs(communes=[unit.pk for unit in communes], limit=_MOST_KEPT)
        places = {choice.value: number for number, choice in enumerate(asked)}
        found.sort(key=lambda one: (one.need not in first, places.get(one.need, _MOST_KEPT)))
    reached = accumulate(one.weight for one in found)
    return [one.guide for one, weight in zip(found, reached, strict=True) if weight <= room], len(found)


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
def _guide(key: _Key, language: str) -> _Weighed:
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
    guide = thing("guide", procedure.pk, body)
    return _Weighed(guide, weight([guide]))
