"""What a draft changes for people: entry by entry, in words, against what is published now."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from nhipcau.authoring.enums import Kind
from nhipcau.authoring.models import Draft
from nhipcau.authoring.queries.wording import Speaker, province_names
from nhipcau.authoring.rules.contents import Content, fingerprint, version_of
from nhipcau.authoring.rules.parts import ABOUT, HEADER, OF_THE_NATION, PARTS, SHOWN, Part
from nhipcau.procedures.enums import VersionState
from nhipcau.procedures.queries import content_of, published_versions

# Below this two entries without an id have too little in common to be one entry that was changed.
ALIKE = 0.45


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that became another. `key` names exactly this change; `lines`: label, before, after."""

    part: Part
    kind: Kind
    title: str
    key: str
    place: str
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    source: str = ""
    url: str = ""


def base_of(draft: Draft) -> Content | None:
    """What the draft is compared with: the version it began from; once that is gone, what took its place."""
    version = draft.based_on
    if draft.is_open and (version is None or version.state != VersionState.PUBLISHED):
        version = published_versions(draft.procedure, draft.area).last() or version
    if version is None:
        return None
    content = content_of(version) | {"keywords": version.procedure.keywords}
    if draft.area:
        # What belongs to the nation is not changed by the version of a province.
        content |= {key: draft.content.get(key) for key in (*OF_THE_NATION, "keywords")}
    return content


def changes_of(draft: Draft) -> list[Change]:
    """Every change of a draft, part by part."""
    return compare(base_of(draft), draft.content)


def changes_by_part(changes: list[Change]) -> list[tuple[Part, list[Change]]]:
    """The same under their parts."""
    return [
        (PARTS[name], list(group)) for name, group in groupby(changes, key=lambda change: change.part.name)
    ]


def compare(old: Content | None, new: Content) -> list[Change]:
    """What stands differently in `new`; everything when there is no `old`."""
    names = province_names()
    speakers = (Speaker(old, names) if old else Speaker(new, names), Speaker(new, names))
    found: list[Change] = []
    for name in SHOWN:
        part = PARTS[name]
        pair = (_entries(old, part) if old else [], _entries(new, part))
        found += _single(part, *pair, speakers) if part.single else _listed(part, *pair, speakers)
    return [_with_source(change, new) for change in found]


def _entries(content: Content, part: Part) -> list[Any]:
    if part is ABOUT:
        header = {key: content.get(key) or "" for key in HEADER}
        return [header | {"online": version_of(content).get("online", "unknown")}]
    if part.single:
        return [{part.name: content.get(part.name) or {}}]
    entries = version_of(content).get(part.name) or []
    return [{"text": entry} for entry in entries] if part.bare else list(entries)


Speakers = tuple[Speaker, Speaker]


def _single(part: Part, old: list[Any], new: list[Any], speakers: Speakers) -> Iterator[Change]:
    before, after = (old[0] if old else {}), new[0]
    if not old or fingerprint(before) != fingerprint(after):
        lines = _differences(part, before, after, speakers)
        if lines:
            key = fingerprint([part.name, before, after])
            yield Change(part, Kind.CHANGED if old else Kind.ADDED, str(part.title), key, part.name, lines)


def _listed(part: Part, old: list[Any], new: list[Any], speakers: Speakers) -> Iterator[Change]:
    pairs = _pairs(old, new)
    for i, entry in enumerate(new):
        before = old[pairs[i]] if i in pairs else None
        if before is not None and fingerprint(before) == fingerprint(entry):
            continue
        yield Change(
            part,
            Kind.ADDED if before is None else Kind.CHANGED,
            speakers[1].title(part, entry),
            fingerprint([part.name, before, entry]),
            f"{part.name}.{i}",
            _differences(part, before or {}, entry, speakers),
            entry.get("source", ""),
        )
    for j, entry in enumerate(old):
        if j not in pairs.values():
            lines = _differences(part, entry, {}, speakers)
            key = fingerprint([part.name, entry, None])
            yield Change(part, Kind.REMOVED, speakers[0].title(part, entry), key, part.name, lines)
    order = [pairs[i] for i in sorted(pairs)]
    if order != sorted(order):
        key = fingerprint([part.name, "moved", new])
        yield Change(part, Kind.MOVED, str(part.title), key, part.name)


def _pairs(old: list[Any], new: list[Any]) -> dict[int, int]:
    """Which new entry (by number) was which old one: the same id, the same words, else much alike."""
    pairs: dict[int, int] = {}
    for same in (_same_id, lambda one, other: fingerprint(one) == fingerprint(other)):
        for i, entry in enumerate(new):
            if i not in pairs:
                free = (j for j in range(len(old)) if j not in pairs.values() and same(entry, old[j]))
                j = next(free, None)
                if j is not None:
                    pairs[i] = j
    for i, entry in enumerate(new):
        free_ones = [j for j in range(len(old)) if j not in pairs.values()]
        if i in pairs or not free_ones or entry.get("id"):
            continue
        likeness = {j: _likeness(entry, old[j]) for j in free_ones if not old[j].get("id")}
        best = max(likeness, key=lambda j: likeness[j], default=None)
        if best is not None and likeness[best] >= ALIKE:
            pairs[i] = best
    return pairs


def _same_id(one: Any, other: Any) -> bool:
    return (
        bool(one.get("id"))
        and one.get("id") == other.get("id")
        and one.get("provinces") == other.get("provinces")
    )


def _likeness(one: Any, other: Any) -> float:
    return SequenceMatcher(None, str(one)[:2_000], str(other)[:2_000], autojunk=False).quick_ratio()


def _differences(part: Part, old: Any, new: Any, speakers: Speakers) -> list[tuple[str, str, str]]:
    before = _numbered(speakers[0].lines(part, old) if old else [])
    after = _numbered(speakers[1].lines(part, new) if new else [])
    labels = [*after, *(label for label in before if label not in after)]
    return [
        (label[0], before.get(label, ""), after.get(label, ""))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]


def _numbered(lines: list[tuple[str, str]]) -> dict[tuple[str, int], str]:
    """Lines by label; a label that comes again is counted."""
    found: dict[tuple[str, int], str] = {}
    for label, text in lines:
        number = sum(1 for known, _n in found if known == label)
        found[label, number] = text
    return found


def _with_source(change: Change, content: Content) -> Change:
    """The source against which a change is compared: the entry's own, else the main one."""
    sources = version_of(content).get("sources") or []
    source = next((one for one in sources if one.get("id") == change.source), sources[0] if sources else {})
    return Change(
        change.part, change.kind, change.title, change.key, change.place, change.lines,
        source.get("title", ""), source.get("url", ""),
    )  # fmt: skip
