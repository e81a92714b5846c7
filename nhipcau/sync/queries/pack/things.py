"""A thing of the day pack: what it says, how large it is, and by what a change is seen."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nhipcau.core.crypto import blind_index
from nhipcau.core.scope import Actor


@dataclass(frozen=True, slots=True)
class Wanted:
    """For whom and for which day a pack is made."""

    actor: Actor
    today: date
    now: datetime
    language: str


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of the pack. `digest` is keyed: kept on the server, it tells nothing of a name."""

    kind: str
    id: str
    body: dict[str, Any]
    digest: str
    size: int

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.id}"


def thing(kind: str, id: object, body: dict[str, Any]) -> Thing:
    """With moments, days and ids as JSON knows them."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    digest = blind_index(text, purpose="sync.pack")[:16]
    return Thing(kind, str(id), json.loads(text), digest, len(text.encode()))


def weight(things: Iterable[Thing]) -> int:
    """About how many bytes these are on the line: compressed, as JSON goes there."""
    return len(zlib.compress(json.dumps([one.body for one in things]).encode()))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
