"""Keeps the index of a process, and makes the next one while the old one still answers.

Building takes some seconds. A web worker (`keep_warm`) builds at its start and after every change of the
library in a thread of its own; any other process builds when it is asked, so that it answers from what is.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .concepts import ConceptTable
from .index import Hit, Index

Documents = Iterable[Mapping[str, Any]]
Load = Callable[[], tuple[Documents, Documents]]

_log = logging.getLogger(__name__)


class Keeper:
    """The index over the library that a stamp identifies, replaced when the stamp changes."""

    def __init__(self, table: Callable[[], ConceptTable]) -> None:
        self._table = table
        self._current: tuple[str, Index] | None = None
        self._building = threading.Lock()
        self._starting = threading.Lock()
        self._builder: threading.Thread | None = None
        self.warm = False

    def keep_warm(self) -> None:
        """From now on a changed library is read in the background."""
        self.warm = True

    def ready(self, stamp: str, load: Load) -> None:
        """Builds the index for this stamp unless it stands."""
        self._at(stamp, load)

    def find(
        self, query: str, *, stamp: str, load: Load, release: Callable[[], None], limit: int
    ) -> list[Hit]:
        """Hits of the index that stands; `release` is called in the thread that has read a new library."""
        current = self._current
        if current is None or (current[0] != stamp and not self._may_wait(current[1])):
            return self._at(stamp, load).search(query, limit)
        if current[0] != stamp:
            self._renew(stamp, load, release)
        return current[1].search(query, limit)

    def _may_wait(self, index: Index) -> bool:
        """Not with an index without guides, that of a new installation: it has nothing to answer."""
        return self.warm and bool(index.guides.documents)

    def _at(self, stamp: str, load: Load) -> Index:
        current = self._current
        if current is None or current[0] != stamp:
            with self._building:
                current = self._current
                if current is None or current[0] != stamp:
                    guides, records = load()
                    current = self._current = (stamp, Index(guides, self._table(), records))
        return current[1]

    def _renew(self, stamp: str, load: Load, release: Callable[[], None]) -> None:
        """Starts the one thread that builds; while it runs, others answer with the old index."""

        def build() -> None:
            try:
                self._at(stamp, load)
            except Exception:  # the old index goes on answering, and the next query tries again
                _log.exception("The search index could not be built")
            finally:
                release()

        with self._starting:
            if self._builder is None or not self._builder.is_alive():
                self._builder = threading.Thread(target=build, name="search-index", daemon=True)
                self._builder.start()
