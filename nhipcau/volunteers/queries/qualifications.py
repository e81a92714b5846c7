"""Reading qualifications: what includes what."""

from nhipcau.volunteers.models import Qualification
from nhipcau.volunteers.rules import Edges


def edges() -> Edges:
    """What each qualification includes directly, in one query."""
    found: dict[str, set[str]] = {}
    pairs = Qualification.includes.through.objects.values_list("from_qualification_id", "to_qualification_id")
    for holder, included in pairs:
        found.setdefault(holder, set()).add(included)
    return {holder: frozenset(included) for holder, included in found.items()}
