"""Addresses inside a guide in the making, and the pure changes at an address.

An address is written as `requirements.0.evidence.1.items.2`; `requirements.new` is an entry to come and
`requirements` the whole list. Content is a guide with exactly one version; functions return new content.
"""

import copy
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nhipcau.authoring.rules.parts import ABOUT, HEADER, LANGUAGES, PARTS, Part
from nhipcau.core.text import fold

NEW: Final = "new"
Content = dict[str, Any]
_STEP = re.compile(r"[a-z_]{1,20}|[0-9]{1,3}|new")
_TOP = tuple(name for name in PARTS if name not in ("options", "evidence", "items"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands. `index` None: the whole list, or the entry to come when `new`."""

    part: Part
    parents: tuple[tuple[str, int], ...] = ()
    index: int | None = None
    new: bool = False

    def __str__(self) -> str:
        steps = [f"{name}.{index}" for name, index in self.parents]
        own = [self.part.name, NEW if self.new else "" if self.index is None else str(self.index)]
        return ".".join([*steps, *filter(None, own)])

    @property
    def is_list(self) -> bool:
        return self.index is None and not self.new and not self.part.single

    @property
    def listed(self) -> "Place":
        """The list in which it stands."""
        return Place(self.part, self.parents)

    @property
    def above(self) -> "Place | None":
        """The entry around the list; None at the top."""
        if not self.parents:
            return None
        name, index = self.parents[-1]
        return Place(PARTS[name], self.parents[:-1], index)

    def at(self, index: int) -> "Place":
        return Place(self.part, self.parents, index)

    def inside(self, name: str) -> "Place":
        """A list inside this entry."""
        assert self.index is not None
        return Place(PARTS[name], (*self.parents, (self.part.name, self.index)))


def read_place(text: str) -> Place | None:
    """The address, or None when a guide has no such place."""
    steps = text.split(".")
    if not all(_STEP.fullmatch(step) for step in steps):
        return None
    allowed: tuple[str, ...] = _TOP
    parents: list[tuple[str, int]] = []
    while len(steps) > 2 and steps[0] in allowed and steps[1].isdigit():
        parents.append((steps[0], int(steps[1])))
        allowed, steps = PARTS[steps[0]].children, steps[2:]
    name, *rest = steps
    if name not in allowed:
        return None
    return _own_place(PARTS[name], tuple(parents), rest)


def _own_place(part: Part, parents: tuple[tuple[str, int], ...], rest: list[str]) -> Place | None:
    if not rest:
        return Place(part, parents)
    if part.single or len(rest) > 1 or not (rest[0] == NEW or rest[0].isdigit()):
        return None
    return Place(part, parents, new=True) if rest[0] == NEW else Place(part, parents, int(rest[0]))


def version_of(content: Content) -> Content:
    """The one version of a guide in the making."""
    version: Content = content["versions"][0]
    return version


def list_at(content: Content, place: Place, *, make: bool = False) -> list[Any] | None:
    """The list in which a place stands; None when the entry around it is not there.

    A list that is not written down is empty; `make` puts it into the content, so that it can be filled.
    """
    around: Any = version_of(content)
    for name, index in place.parents:
        entries = around.get(name) or []
        if index >= len(entries):
            return None
        around = entries[index]
    found: list[Any] = around.get(place.part.name) or []
    if make:
        around[place.part.name] = found
    return found


def entry_at(content: Content, place: Place) -> Any:
    """The entry as its form sees it; None when there is none."""
    if place.part is ABOUT:
        header = {key: content[key] for key in HEADER if key in content}
        return header | {"online": version_of(content).get("online", "unknown")}
    if place.part.single:
        return {place.part.name: content.get(place.part.name, {})}
    entries = list_at(content, place)
    if place.index is None or entries is None or place.index >= len(entries):
        return None
    entry = entries[place.index]
    return {"text": entry} if place.part.bare else entry


def fingerprint(value: Any) -> str:
    """Tells whether something is still what somebody has seen."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def seen_at(content: Content, place: Place) -> str:
    """What a form remembers: the entry it was opened on; for an entry to come, what it will belong to."""
    if not place.new:
        return fingerprint(entry_at(content, place))
    above = place.above
    entry = entry_at(content, above) if above else None
    if entry is None:
        return fingerprint(None)
    return fingerprint(entry.get("id") or [item.get("id") for item in entry.get("items", [])])


def find(content: Content, place: Place, seen: str) -> Place | None:
    """Where the entry that somebody saw stands now: it may have moved. None when it is not as it was."""
    if place.part.single or place.new or place.index is None:
        return place if seen_at(content, place) == seen else None
    entries = list_at(content, place)
    if entries is None:
        return None
    if seen_at(content, place) == seen and place.index < len(entries):
        return place
    same = [i for i in range(len(entries)) if seen_at(content, place.at(i)) == seen]
    return place.at(same[0]) if len(same) == 1 else None


def put(content: Content, place: Place, entry: Content) -> Content:
    """The content with this entry at its place, or at the end of its list."""
    result = copy.deepcopy(content)
    if place.part is ABOUT:
        version_of(result)["online"] = entry["online"]
        return {key: value for key, value in result.items() if key not in HEADER or key in entry} | {
            key: value for key, value in entry.items() if key in HEADER
        }
    if place.part.single:
        return result | {place.part.name: entry[place.part.name]}
    entries = list_at(result, place, make=True)
    assert entries is not None
    stored: Any = entry["text"] if place.part.bare else entry
    if place.index is None:
        entries.append(stored if place.part.bare else named(result, place, entry))
    else:
        entries[place.index] = stored
    return result


def change(content: Content, place: Place, act: Callable[[list[Any]], None]) -> Content:
    """The content with a change made to the list of a place."""
    result = copy.deepcopy(content)
    entries = list_at(result, place, make=True)
    if entries is not None:
        act(entries)
    return result


def with_rule(content: Content, place: Place, rule: Any) -> Content:
    """The content with the condition of an entry set, or taken away."""
    assert place.index is not None
    entry = {key: value for key, value in entry_at(content, place).items() if key != "when"}
    return put(content, place, entry if rule is None else entry | {"when": rule})


def named(content: Content, place: Place, entry: Content) -> Content:
    """An entry to come with an id of its own, made from its words; people never need to see it."""
    key = {"options": "value", "evidence": "", "fees": "", "time_limits": "", "channels": ""}.get(
        place.part.name, "id"
    )
    if not key or entry.get(key):
        return entry
    twin = _same_paper(content, place, entry)
    if twin:
        return {key: twin} | entry
    words = entry.get(place.part.named_by, "")
    text = (words.get("en") or words.get("vi", "")) if isinstance(words, Mapping) else words
    base = re.sub(r"[^a-z0-9]+", "_", fold(text))[:40].strip("_")
    if not base or not base[0].isalpha():
        base = f"{place.part.name[:-1]}_{base}".strip("_")
    taken = _ids(content, place) | {"unknown", *LANGUAGES}
    numbers = (f"{base}_{number}" for number in range(2, 10_000))
    return {key: base if base not in taken else next(name for name in numbers if name not in taken)} | entry


def _ids(content: Content, place: Place) -> set[str]:
    """Ids that are taken: those of papers are taken in the whole guide."""
    if place.part.name != "items":
        return {entry.get("value") or entry.get("id", "") for entry in list_at(content, place) or []}
    return {item.get("id", "") for _requirement, item in _papers(content)}


def _papers(content: Content) -> Iterator[tuple[int, Content]]:
    for number, requirement in enumerate(version_of(content).get("requirements") or []):
        for evidence in requirement.get("evidence") or []:
            for item in evidence.get("items") or []:
                yield number, item


def _same_paper(content: Content, place: Place, entry: Content) -> str:
    """The same paper in another way to prove the same thing keeps its id."""
    if place.part.name != "items":
        return ""
    mine = place.parents[0][1]
    here = {item.get("id") for item in list_at(content, place) or []}
    for number, item in _papers(content):
        same = number == mine and item.get("name", {}).get("vi") == entry["name"].get("vi")
        if same and item.get("id") not in here:
            return str(item.get("id", ""))
    return ""


_PATH = re.compile(r"([a-z_]+)|\[([0-9]+)\]")


def place_of_fault(path: str) -> tuple[str, str]:
    """From a fault's path (`versions[0].fees[1].amount`) to an address and the field (or "when")."""
    steps = [name or int(index) for name, index in _PATH.findall(path)]
    if steps[:2] == ["versions", 0]:
        steps = steps[2:]
    if not steps or steps[0] in HEADER or steps[0] in ("online", "slug", "schema"):
        return ABOUT.name, str(steps[0]) if steps else ""
    found, text = "", ""
    for count in range(1, len(steps) + 1):
        text = ".".join(map(str, steps[:count]))
        if read_place(text) is not None:
            found = text
    rest = steps[len(found.split(".")) if found else 0 :]
    return found, str(rest[0]) if rest else ""
