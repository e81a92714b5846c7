"""Parts of the day, inclusion, and the plain values that other rooms decide by."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.core.clock import VIETNAM
from nhipcau.core.ids import new_id
from nhipcau.volunteers.enums import DayPart, Liking, Refusal
from nhipcau.volunteers.rules import (
    Availability,
    Span,
    Standing,
    UnableToInclude,
    check_includes,
    closure,
    parts_of,
)

DAY = date(2025, 7, 3)  # a Thursday
LAN: UUID = new_id()


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("start", "end", "parts"),
    [
        (at(7), at(11, 30), [DayPart.MORNING]),
        (at(7), at(12), [DayPart.MORNING]),
        (at(11), at(12, 1), [DayPart.MORNING, DayPart.AFTERNOON]),
        (at(13, 30), at(17), [DayPart.AFTERNOON]),
        (at(13, 30), at(17, 30), [DayPart.AFTERNOON]),
        (at(17, 30), at(20), [DayPart.EVENING]),
        (at(7), at(21), list(DayPart)),
    ],
)
def test_parts_a_shift_touches(start: datetime, end: datetime, parts: list[DayPart]) -> None:
    assert parts_of(start, end) == tuple((DAY, part) for part in parts)


def test_a_shift_over_midnight_touches_two_days() -> None:
    tomorrow = DAY + timedelta(days=1)
    assert parts_of(at(22), at(1, day=tomorrow)) == (
        (DAY, DayPart.EVENING), (tomorrow, DayPart.MORNING),
    )  # fmt: skip
    assert parts_of(at(22), at(0, day=tomorrow)) == ((DAY, DayPart.EVENING),)


MINUTES = st.integers(0, 3 * 24 * 60)


@given(MINUTES, MINUTES, MINUTES)
def test_parts_of_a_stretch_are_those_of_its_two_halves(a: int, b: int, c: int) -> None:
    first, middle, last = sorted((a, b, c))
    start, cut, end = (at(0) + timedelta(minutes=value) for value in (first, middle, last))
    whole = parts_of(start, end)
    assert set(whole) == set(parts_of(start, cut)) | set(parts_of(cut, end))
    assert list(whole) == sorted(set(whole), key=lambda row: (row[0], list(DayPart).index(row[1])))


CODES = st.sampled_from("abcdefgh")
EDGES = st.dictionaries(CODES, st.frozensets(CODES, max_size=3))


@given(st.sets(CODES), EDGES)
def test_the_closure_is_closed_and_no_larger_than_needed(
    codes: set[str], edges: dict[str, frozenset[str]]
) -> None:
    found = closure(codes, edges)
    assert codes <= found
    assert all(edges.get(code, frozenset()) <= found for code in found)
    assert closure(found, edges) == found
    reached = set(codes)
    for _step in range(8):
        reached |= {other for code in reached for other in edges.get(code, ())}
    assert found == reached


@given(CODES, st.frozensets(CODES, max_size=3), EDGES)
def test_what_is_let_through_never_includes_itself(
    code: str, includes: frozenset[str], edges: dict[str, frozenset[str]]
) -> None:
    try:
        check_includes(code, includes, edges)
    except UnableToInclude:
        assert code in closure(includes, {**edges, code: frozenset()})
    else:
        assert code not in closure(includes, {**edges, code: includes})


def test_a_single_day_goes_before_the_week() -> None:
    free = Availability(
        LAN,
        {(3, DayPart.MORNING): Liking.GLADLY, (3, DayPart.AFTERNOON): Liking.IF_NEEDED},
        {(DAY, DayPart.MORNING): False, (DAY, DayPart.EVENING): True},
    )
    assert free.said
    assert free.liking(3, DayPart.MORNING) == Liking.GLADLY
    assert not free.free(DAY, DayPart.MORNING)
    assert free.away(DAY, DayPart.MORNING)
    assert free.liking_on(DAY, DayPart.MORNING) is None
    assert free.free(DAY + timedelta(days=7), DayPart.MORNING)
    assert free.liking_on(DAY, DayPart.AFTERNOON) == Liking.IF_NEEDED
    assert free.liking_on(DAY, DayPart.EVENING) == Liking.CAN
    assert not free.free(DAY + timedelta(days=7), DayPart.EVENING)
    assert not free.away(DAY + timedelta(days=7), DayPart.EVENING)
    assert free.free_during(at(13, 30), at(20))
    assert not free.free_during(at(7), at(17))
    assert free.away_during(at(7), at(17))
    assert not Availability(LAN, {}, {}).said


def test_who_may_serve_on_which_day() -> None:
    team, later = new_id(), DAY + timedelta(days=30)
    base = Standing(LAN, True, None, (), ((team, Span(DAY, later)),))
    assert base.refusal_on(DAY) is None
    assert base.teams_on(DAY) == {team}
    assert base.refusal_on(later) == Refusal.IN_NO_TEAM
    assert Standing(LAN, False, None, (), base.memberships).refusal_on(DAY) == Refusal.ACCOUNT_CLOSED
    until = DAY + timedelta(days=20)
    minor = Standing(LAN, True, until, (Span(DAY, DAY + timedelta(days=5)),), base.memberships)
    assert minor.refusal_on(DAY) is None
    assert minor.refusal_on(DAY + timedelta(days=5)) == Refusal.NO_GUARDIAN_CONSENT
    assert minor.refusal_on(until) is None, "on the eighteenth birthday nobody has to agree any more"
