"""What may be shown beyond a team: no group so small that a neighbour could recognise a person in it."""

from collections.abc import Mapping

SMALLEST_SHOWN = 5


def is_small(value: int) -> bool:
    """Whether a count is of fewer than five people but not zero."""
    return 0 < value < SMALLEST_SHOWN


def hidden_among(counts: Mapping[str, int]) -> frozenset[str]:
    """The keys whose counts must be hidden in a table that also shows their total.

    Every small count is hidden (primary); if that hides exactly one, or hides counts that together
    are small, the total would give them away, so the next smallest ones are hidden with them
    (secondary suppression).
    """
    hidden = {key for key, value in counts.items() if is_small(value)}
    if not hidden:
        return frozenset()
    others = sorted((value, key) for key, value in counts.items() if key not in hidden and value > 0)
    for _value, key in others:
        if len(hidden) > 1 and sum(counts[found] for found in hidden) >= SMALLEST_SHOWN:
            break
        hidden.add(key)
    return frozenset(hidden)
