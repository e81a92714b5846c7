"""Finds the guide or record people mean, in the words they use; nothing when the library has none.

The query, the guides and the records are read with the same normaliser and the same table of everyday
words (data/synonyms). Building the index takes some seconds, so each process keeps the one it built.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from .concepts import ConceptTable, read_tables
from .index import Hit, Index

SYNONYMS = Path(__file__).resolve().parents[3] / "data" / "synonyms"

Documents = Iterable[Mapping[str, Any]]

__all__ = ["ConceptTable", "Hit", "Index", "concept_table", "find", "read_tables"]

_lock = threading.Lock()
_current: tuple[str, Index] | None = None


@lru_cache(maxsize=1)
def concept_table() -> ConceptTable:
    """The table of everyday words that ships with the product."""
    return ConceptTable(read_tables(SYNONYMS))


def find(
    query: str, *, stamp: str, load: Callable[[], tuple[Documents, Documents]], limit: int = 10
) -> list[Hit]:
    """Hits among the guides and records that `stamp` identifies; they are loaded only when it has changed."""
    global _current  # noqa: PLW0603 - one index for each process, replaced when the library changes
    current = _current
    if current is None or current[0] != stamp:
        with _lock:
            current = _current
            if current is None or current[0] != stamp:
                guides, records = load()
                current = _current = (stamp, Index(guides, concept_table(), records))
    return current[1].search(query, limit)
