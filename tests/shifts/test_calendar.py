"""Property: planned dates are those of a plain walk through the calendar, whatever stands against them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.core.ids import new_id
from nhipcau.shifts.enums import LeftOut
from nhipcau.shifts.models import Closure, Post, PostNeed, PostRule
from nhipcau.shifts.rules.calendar import Calendar, Dated, holidays_between, span, worked_in_lieu
from nhipcau.teams.models import Team

FIRST, LAST = date(2026, 1, 26), date(2026, 5, 11)  # Tết, Hùng Vương, 30 April and 1 May lie between
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
TEAM = Team(id=new_id(), name="Đội", commune_id="24848", starts_on=date(2025, 1, 1))
POINTS = (new_id(), new_id())
days = st.dates(FIRST, LAST)
clocks = st.times(time(5), time(22)).map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def rules(draw: st.DrawFn) -> PostRule:
    """A rule of a post of its own, with a need."""
    point = draw(st.sampled_from((None, *POINTS)))
    post = Post(id=new_id(), team=TEAM, commune_id="24848", name="Bàn", active_from=date(2025, 1, 1))
    post.point_id = point
    starts = draw(clocks)
    found = PostRule(
        id=new_id(),
        post=post,
        weekdays=sorted(draw(st.sets(st.integers(0, 6), min_size=1))),
        starts=starts,
        ends=time(23, 30),
        on_holidays=draw(st.booleans()),
        valid_from=draw(days),
        valid_until=draw(st.none() | days),
    )
    prefetched: dict[str, Any] = {"needs": [PostNeed(title="A")]}
    found._prefetched_objects_cache = prefetched  # type: ignore[attr-defined]  # as reading with needs leaves it
    return found


@st.composite
def closures(draw: st.DrawFn) -> Closure:
    start = draw(days)
    return Closure(
        commune_id=draw(st.sampled_from(("24848", "24846"))),
        point_id=draw(st.sampled_from((None, *POINTS))),
        reason="flood",
        starts_on=start,
        ends_on=start + timedelta(days=draw(st.integers(1, 12))),
    )


def brute(
    rule: PostRule, closed: list[Closure], holidays: dict[date, str], in_lieu: dict[date, date]
) -> set[date]:
    """Day by day, each condition by itself."""
    found = set()
    day = FIRST
    while day < LAST:
        shut = any(
            one.commune_id == "24848"
            and (one.point_id is None or one.point_id == rule.post.point_id)
            and one.starts_on <= day < one.ends_on
            for one in closed
        )
        in_force = rule.valid_from <= day and (rule.valid_until is None or day < rule.valid_until)
        festive = day in holidays and not rule.on_holidays
        wanted = day.weekday() in rule.weekdays
        if day in in_lieu:
            wanted = wanted or in_lieu[day].weekday() in rule.weekdays
        if wanted and in_force and not shut and not festive:
            found.add(day)
        day += timedelta(days=1)
    return found


@settings(max_examples=150, deadline=None)
@given(
    st.lists(rules(), max_size=3), st.lists(closures(), max_size=4), st.dictionaries(days, days, max_size=4)
)
def test_dates_are_those_of_a_walk_through_the_calendar(
    wanted: list[PostRule], closed: list[Closure], in_lieu: dict[date, date]
) -> None:
    holidays = holidays_between(FIRST, LAST, "vi")
    calendar = Calendar(holidays, tuple(closed), LONG_AGO, in_lieu)
    planned = calendar.plan(wanted, [], start=FIRST, end=LAST)
    for rule in wanted:
        made = {one.day for one in planned if one.rule is rule and one.why is None}
        assert made == brute(rule, closed, holidays, in_lieu)
    for one in planned:
        assert one.in_lieu_of == in_lieu.get(one.day)
        assert one.why in (None, LeftOut.HOLIDAY, LeftOut.CLOSED)
        assert (one.why is None) == (one.detail == "")
        assert FIRST <= one.day < LAST


def test_days_worked_in_lieu_are_known_with_the_day_off_they_stand_for() -> None:
    """The government names them year by year; the table of holidays keeps them, across New Year too."""
    known = {
        date(2019, 1, 5): date(2018, 12, 31),
        date(2019, 5, 4): date(2019, 4, 29),
        date(2024, 5, 4): date(2024, 4, 29),
        date(2025, 4, 26): date(2025, 5, 2),
        date(2026, 8, 22): date(2026, 8, 31),
    }
    assert worked_in_lieu(date(2016, 1, 1), date(2027, 1, 1)) == known
    assert all(off in holidays_between(off, off + timedelta(days=1)) for off in known.values())
    assert worked_in_lieu(date(2026, 8, 23), date(2026, 12, 31)) == {}


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), clocks)
def test_times_are_those_of_viet_nam(day: date, starts: time) -> None:
    moment, _end = span(day, starts, time(23, 59))
    assert moment.astimezone(UTC).replace(tzinfo=None) == datetime.combine(day, starts) - timedelta(hours=7)


@settings(max_examples=50, deadline=None)
@given(rules(), st.lists(closures(), max_size=2))
def test_what_was_made_is_not_planned_again(rule: PostRule, closed: list[Closure]) -> None:
    calendar = Calendar({}, tuple(closed), LONG_AGO)
    first = calendar.plan([rule], [], start=FIRST, end=LAST)
    made: list[Any] = [_Row(one) for one in first if one.why is None]
    again = calendar.plan([rule], made, start=FIRST, end=LAST)
    assert [one for one in again if one.why is None] == []
    assert sum(one.why is LeftOut.MADE for one in again) == len(made)


class _Row:
    """A shift as the database would give it back."""

    state, reason = "open", ""

    def __init__(self, one: Dated) -> None:
        self.post_id, self.rule_id, self.day = one.rule.post_id, one.rule.pk, one.day
        self.starts_at, self.ends_at = one.starts_at, one.ends_at
