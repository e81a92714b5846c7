"""Identifiers are ordered in time, codes find typing errors."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.core.ids import ALPHABET, UnableToReadCode, made_at, make_code, new_id, new_token, read_code

codes = st.integers(0, 31**7 - 1).map(make_code)


def test_new_id_is_a_version_7_uuid_in_time_order() -> None:
    early = new_id(datetime(2025, 7, 1, tzinfo=UTC))
    late = new_id(datetime(2025, 7, 1, 0, 0, 0, 1000, tzinfo=UTC))
    assert (early.version, early.variant) == (7, "specified in RFC 4122")
    assert early < late


def test_an_id_tells_when_it_was_made() -> None:
    at = datetime(2025, 7, 1, 2, 3, 4, 567000, tzinfo=UTC)
    assert made_at(new_id(at)) == at


def test_same_moment_and_entropy_give_the_same_id() -> None:
    at = datetime(2025, 7, 1, tzinfo=UTC)
    assert new_id(at, 5) == new_id(at, 5)
    assert new_id(at, 5) != new_id(at, 6)


@given(codes)
def test_a_code_reads_back_however_it_is_written(code: str) -> None:
    plain = code.replace("-", "")
    assert read_code(code) == code
    assert read_code(f"  {plain.lower()} ") == code
    assert read_code(" ".join(plain)) == code


@given(codes, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(code: str, position: int, sign: str) -> None:
    plain = list(code.replace("-", ""))
    if plain[position] == sign:
        return
    plain[position] = sign
    with pytest.raises(UnableToReadCode):
        read_code("".join(plain))


@given(codes, st.integers(0, 6))
def test_two_swapped_neighbours_are_found(code: str, position: int) -> None:
    plain = list(code.replace("-", ""))
    if plain[position] == plain[position + 1]:
        return
    plain[position], plain[position + 1] = plain[position + 1], plain[position]
    with pytest.raises(UnableToReadCode):
        read_code("".join(plain))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        canonical = read_code(text)
    except UnableToReadCode:
        return
    assert read_code(canonical) == canonical


def test_tokens_are_long_and_different() -> None:
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) == 27
