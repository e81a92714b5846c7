"""Finds the guide people mean, in the words they use; nothing when the library has none.

The query and the guides are read with the same normaliser and the same table of everyday words
(data/synonyms). Building the index takes a moment, so each process keeps the one it built for a library.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from .concepts import ConceptTable, read_tables
from .index import Hit, Index

SYNONYMS = Path(__file__).resolve().parents[3] / "data" / "synonyms"

__all__ = ["ConceptTable", "Hit", "Index", "concept_table", "find", "read_tables"]

_lock = threading.Lock()
_current: tuple[str, Index] | None = None


@lru_cache(maxsize=1)
def concept_table() -> ConceptTable:
    """The table of everyday words that ships with the product."""
    return ConceptTable(read_tables(SYNONYMS))


def find(
    query: str, *, stamp: str, load: Callable[[], Iterable[Mapping[str, Any]]], limit: int = 10
) -> list[Hit]:
    """Hits in the library that `stamp` identifies; `load` is called only when the library has changed."""
    global _current  # noqa: PLW0603 - one index for each process, replaced when the library changes
    current = _current
    if current is None or current[0] != stamp:
        with _lock:
            current = _current
            if current is None or current[0] != stamp:
                current = _current = (stamp, Index(load(), concept_table()))
    return current[1].search(query, limit)
