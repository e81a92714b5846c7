"""Small groups stay hidden, even from someone who can subtract."""

from hypothesis import given
from hypothesis import strategies as st

from nhipcau.core.cells import SMALLEST_SHOWN, hidden_among, is_small

tables = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 40), max_size=12)


@given(tables)
def test_no_small_group_is_shown(counts: dict[str, int]) -> None:
    hidden = hidden_among(counts)
    assert all(key in hidden for key, value in counts.items() if is_small(value))
    assert all(counts[key] for key in hidden)


@given(tables)
def test_the_total_gives_nothing_away(counts: dict[str, int]) -> None:
    """What total minus shown rows tells is several rows and five or more, if there are others."""
    hidden = hidden_among(counts)
    if not hidden:
        return
    positive = [key for key, value in counts.items() if value > 0]
    enough = len(hidden) > 1 and sum(counts[key] for key in hidden) >= SMALLEST_SHOWN
    assert enough or set(positive) == hidden


@given(tables)
def test_nothing_is_hidden_without_need(counts: dict[str, int]) -> None:
    if not any(is_small(value) for value in counts.values()):
        assert hidden_among(counts) == frozenset()


def test_one_small_row_takes_the_next_smallest_with_it() -> None:
    assert hidden_among({"a": 2, "b": 30, "c": 9}) == {"a", "c"}
