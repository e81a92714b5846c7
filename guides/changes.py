"""What differs between two checklists: the one somebody holds, and the one that counts now.

Responsible for telling people and authors apart what was added, is gone, or reads differently. Takes plain
data as `Checklist.as_json` gives it, in all languages or in one. Pure; compares content only: the days,
sources and remarks around it may differ freely.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Row = Mapping[str, Any]

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
# What people must do or bring; a new reason or another order of the same is no change to them.
PAPER = ("name", "need", "form", "use", "count", "validity", "how_to_get", "in_database")
ROWS: dict[str, tuple[str, ...]] = {
    "fees": ("amount", "per", "note", "valid_until", "applies"),
    "time_limits": ("value", "unit", "note", "valid_until", "applies"),
    "channels": ("where", "url", "note", "valid_until", "applies"),
}
TEXTS = ("online", "steps", "warnings", "ask_officer")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `what`: document, fees, time_limits, channels, or a text such as steps.

    `how` is added, removed or changed; `fields` names what reads differently. `alternative`: the
    requirement stays, and this was or becomes one of several ways to meet it. `old` and `new` are the rows
    (or texts) themselves, None where there is none.
    """

    what: str
    how: str
    old: Any
    new: Any
    fields: tuple[str, ...] = ()
    alternative: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self) | {"fields": list(self.fields)}


def compare(old: Row, new: Row) -> list[Change]:
    """Every change from one checklist (as plain data) to another; an empty list when none matters."""
    changes = _documents(old.get("documents") or (), new.get("documents") or ())
    for what, names in ROWS.items():
        changes += _rows(what, names, old.get(what) or (), new.get(what) or ())
    changes += [
        Change(what, CHANGED, old.get(what), new.get(what), (what,))
        for what in TEXTS
        if old.get(what) != new.get(what)
    ]
    return changes


def _differing(names: Iterable[str], old: Row, new: Row) -> tuple[str, ...]:
    return tuple(name for name in names if old.get(name) != new.get(name))


def _by_id(documents: Sequence[Row]) -> dict[Any, Row]:
    """Each paper once: it may stand in several ways, and is needed when one of them certainly is."""
    papers: dict[Any, Row] = {}
    for row in documents:
        known = papers.get(row["id"])
        if known is None or (known["need"] != "needed" and row["need"] == "needed"):
            papers[row["id"]] = row
    return papers


def _documents(old: Sequence[Row], new: Sequence[Row]) -> list[Change]:
    before, after = _by_id(old), _by_id(new)
    wanted_before, wanted_after = ({row["requirement"] for row in rows} for rows in (old, new))
    changes = []
    for name, row in after.items():
        if name not in before:
            also = row["choices"] > 1 and row["requirement"] in wanted_before
            changes.append(Change("document", ADDED, None, row, (), also))
        elif fields := _differing(PAPER, before[name], row):
            changes.append(Change("document", CHANGED, before[name], row, fields))
    for name, row in before.items():
        if name not in after:
            also = row["choices"] > 1 and row["requirement"] in wanted_after
            changes.append(Change("document", REMOVED, row, None, (), also))
    return changes


def _rows(what: str, names: tuple[str, ...], old: Sequence[Row], new: Sequence[Row]) -> list[Change]:
    """Equal rows cancel out; of the rest, those for the same place and channel are one that changed."""
    gone, come = _without(old, new, names), _without(new, old, names)
    changes = []
    for row in come:
        partner = next((other for other in gone if _place(other) == _place(row)), None)
        if partner is None:
            changes.append(Change(what, ADDED, None, row))
        else:
            gone.remove(partner)
            changes.append(Change(what, CHANGED, partner, row, _differing(names, partner, row)))
    return changes + [Change(what, REMOVED, row, None) for row in gone]


def _without(rows: Sequence[Row], others: Sequence[Row], names: tuple[str, ...]) -> list[Row]:
    """The rows that have no equal among the others, each equal counted once."""
    key: Callable[[Row], Any] = lambda row: [_place(row), *(row.get(name) for name in names)]  # noqa: E731
    left = [key(other) for other in others]
    result = []
    for row in rows:
        if key(row) in left:
            left.remove(key(row))
        else:
            result.append(row)
    return result


def _place(row: Row) -> list[Any]:
    """Where and how a row applies."""
    return [row.get("channel"), row.get("kind"), list(row.get("provinces") or ())]
