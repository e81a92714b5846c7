"""Finds the guide or record people mean, in the words they use; nothing when the library has none.

The query, the guides and the records are read with the same normaliser and the same table of everyday
words (data/synonyms). Building the index takes some seconds, so each process keeps the one it built.
"""

from functools import lru_cache
from pathlib import Path

from .concepts import ConceptTable, read_tables
from .index import Hit, Index
from .keeper import Documents, Keeper, Load

SYNONYMS = Path(__file__).resolve().parents[3] / "data" / "synonyms"

__all__ = [
    "ConceptTable",
    "Documents",
    "Hit",
    "Index",
    "Keeper",
    "Load",
    "concept_table",
    "keeper",
    "read_tables",
]


@lru_cache(maxsize=1)
def concept_table() -> ConceptTable:
    """The table of everyday words that ships with the product."""
    return ConceptTable(read_tables(SYNONYMS))


keeper = Keeper(concept_table)
