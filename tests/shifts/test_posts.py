"""Standing posts, their rules and needs; the shifts a period brings, made once and never twice."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from nhipcau.audit.models import Entry
from nhipcau.core.clock import VIETNAM
from nhipcau.places.enums import PointKind
from nhipcau.places.models import ServicePoint
from nhipcau.places.services import add_service_point
from nhipcau.shifts.enums import LeftOut, Reason, ShiftState, Starter
from nhipcau.shifts.models import Post, PostRule, Shift, ShiftNeed
from nhipcau.shifts.queries.posts import rules_to_plan
from nhipcau.shifts.queries.shifts import planned_dates
from nhipcau.shifts.rules.calendar import holidays_between
from nhipcau.shifts.rules.editing import UnableToEditRoster
from nhipcau.shifts.rules.needs import NeedSpec, RuleSpec, UnableToSetNeeds
from nhipcau.shifts.services.posts import (
    PostSpec,
    RosterSettings,
    RuleDays,
    UnableToSavePost,
    UnableToSaveRule,
    UnableToSaveSettings,
    add_rule,
    edit_post,
    end_post,
    end_rule,
    make_post,
    set_needs,
    set_team_roster,
    spec_of,
    start_with,
)
from nhipcau.shifts.services.shifts import Generated, UnableToMakeShifts, generate_shifts, open_shifts
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Team
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_team

MONDAY = date(2025, 7, 7)
FORTNIGHT = MONDAY + timedelta(days=14)
MORNING = RuleSpec((0, 1, 2, 3, 4), time(7), time(11, 30))
ONE = NeedSpec("Hướng dẫn", minimum=1, ideal=2, maximum=3)


@pytest.fixture
def team(cast: Cast) -> Team:
    return make_team(cast)


@pytest.fixture
def point(cast: Cast) -> ServicePoint:
    return add_service_point(by=None, now=NOW, commune="24848", kind=PointKind.CENTRE, name="Trung tâm")


@pytest.fixture
def post(team: Team, point: ServicePoint) -> Post:
    return make_post(by=None, now=NOW, team=team, post=PostSpec("Bàn hướng dẫn", point=point))


def rule_of(post: Post, times: RuleSpec = MORNING, **days: Any) -> PostRule:
    values = {"valid_from": date(2025, 6, 1)} | days
    rule = add_rule(by=None, now=NOW, post=post, times=times, days=RuleDays(**values))
    set_needs(by=None, now=NOW, rule=rule, needs=[ONE])
    return rule


def generate(team: Team, start: date = MONDAY, end: date = FORTNIGHT, **options: Any) -> Generated:
    rules = list(rules_to_plan(team))
    values = {"by": None, "now": NOW, "rules": rules, "start": start, "end": end} | options
    return generate_shifts(**values)


def test_a_post_has_a_name_once_in_a_team_and_a_point_of_its_commune(
    cast: Cast, team: Team, post: Post
) -> None:
    with pytest.raises(UnableToSavePost, match="already"):
        make_post(by=None, now=NOW, team=team, post=PostSpec("Bàn hướng dẫn"))
    with pytest.raises(UnableToSavePost, match="name"):
        edit_post(by=None, now=NOW, post=post, spec=PostSpec(" "))
    far = add_service_point(by=None, now=NOW, commune="22015", kind=PointKind.CENTRE, name="Xa")
    with pytest.raises(UnableToSavePost, match="another commune"):
        make_post(by=None, now=NOW, team=team, post=PostSpec("Bàn hai", point=far))


def test_strangers_change_nothing(cast: Cast, team: Team, post: Post) -> None:
    rule = rule_of(post)
    for stranger in (cast.outsider, cast.volunteer, cast.official):
        by = actor_of(stranger, NOW)
        with pytest.raises(UnableToEditRoster):
            make_post(by=by, now=NOW, team=team, post=PostSpec("X"))
        with pytest.raises(UnableToEditRoster):
            set_needs(by=by, now=NOW, rule=rule, needs=[])
        with pytest.raises(UnableToEditRoster):
            generate(team, by=by)
        with pytest.raises(UnableToEditRoster):
            open_shifts(by=by, now=NOW, team=team, start=MONDAY, end=FORTNIGHT)
    assert not Shift.objects.exists()
    assert generate(team, by=actor_of(cast.leader, NOW)).made


@pytest.mark.parametrize(
    ("times", "days", "words"),
    [
        (RuleSpec((), time(7), time(8)), {}, "day of the week"),
        (RuleSpec((7,), time(7), time(8)), {}, "day of the week"),
        (RuleSpec((0,), time(8), time(8)), {}, "ends after it begins"),
        (RuleSpec((0,), time(7), time(8)), {"valid_until": date(2025, 6, 1)}, "rule ends after"),
    ],
)
def test_a_rule_that_says_nothing_is_refused(
    post: Post, times: RuleSpec, days: dict[str, Any], words: str
) -> None:
    with pytest.raises(UnableToSaveRule, match=words):
        rule_of(post, times, **days)


@pytest.mark.parametrize(
    "need",
    [
        NeedSpec(""),
        NeedSpec("A", minimum=2),
        NeedSpec("A", ideal=2),
        NeedSpec("A", minimum=0, ideal=0, maximum=0),
        NeedSpec("A", maximum=61, ideal=1),
        NeedSpec("A", qualifications=("nothing",)),
        NeedSpec("A", languages={"zz": "good"}),
        NeedSpec("A", languages={"vi": "best"}),
    ],
)
def test_needs_that_do_not_fit_are_refused(post: Post, need: NeedSpec) -> None:
    rule = rule_of(post)
    with pytest.raises(UnableToSetNeeds):
        set_needs(by=None, now=NOW, rule=rule, needs=[need])
    with pytest.raises(UnableToSetNeeds, match="same name"):
        set_needs(by=None, now=NOW, rule=rule, needs=[NeedSpec("A"), NeedSpec(" a")])


def test_needs_are_replaced_and_keep_their_rows(post: Post) -> None:
    rule = rule_of(post)
    first = rule.needs.get()
    second = NeedSpec("Tiếng K’Ho", languages={"kpm": "native"})
    set_needs(by=None, now=NOW, rule=rule, needs=[second, spec_of(first)])
    rows = list(rule.needs.order_by("position"))
    assert [row.title for row in rows] == ["Tiếng K’Ho", "Hướng dẫn"]
    assert rows[1].pk == first.pk
    set_needs(by=None, now=NOW, rule=rule, needs=[spec_of(rows[0])])
    assert rule.needs.get() == rows[0]


def test_one_tap_takes_the_opening_hours(post: Post) -> None:
    made = start_with(by=None, now=NOW, post=post, starter=Starter.OPENING)
    assert [(row.weekdays, row.starts, row.ends) for row in made] == [
        ([0, 1, 2, 3, 4], time(7), time(11, 30)),
        ([0, 1, 2, 3, 4], time(13, 30), time(17)),
    ]
    assert all(row.needs.count() == 1 for row in made)
    assert start_with(by=None, now=NOW, post=post, starter=Starter.OPENING) == []
    weekend = start_with(by=None, now=NOW, post=post, starter=Starter.WEEKENDS)
    assert {day for row in weekend for day in row.weekdays} == {5, 6}
    assert len(start_with(by=None, now=NOW, post=post, starter=Starter.EVENINGS)) == 1


def test_without_a_point_there_are_no_opening_hours(team: Team) -> None:
    market = make_post(by=None, now=NOW, team=team, post=PostSpec("Chợ", place_name="Chợ thôn 2"))
    with pytest.raises(UnableToSaveRule, match="opening hours"):
        start_with(by=None, now=NOW, post=market, starter=Starter.OPENING)


def test_a_fortnight_is_made_once_with_its_needs(team: Team, post: Post) -> None:
    rule_of(post)
    done = generate(team)
    assert len(done.made) == 10
    first = Shift.objects.order_by("starts_at").first()
    assert first is not None
    assert first.starts_at == datetime(2025, 7, 7, 7, 0, tzinfo=VIETNAM)
    assert (first.day, first.state, first.commune_id) == (MONDAY, ShiftState.DRAFT, "24848")
    assert set(ShiftNeed.objects.values_list("title", "minimum", "ideal", "maximum")) == {
        ("Hướng dẫn", 1, 2, 3)
    }
    again = generate(team)
    assert again == Generated((), ())
    assert Shift.objects.count() == ShiftNeed.objects.count() == 10


def test_only_what_is_chosen_and_open_at_once(team: Team, post: Post) -> None:
    rule = rule_of(post)
    done = generate(team, chosen={f"{rule.pk}:2025-07-08", f"{rule.pk}:2025-07-12"}, open_at_once=True)
    made = Shift.objects.get(pk=done.made[0])
    assert (made.day, made.state, made.opened_at) == (date(2025, 7, 8), ShiftState.OPEN, NOW)


def test_the_database_too_refuses_a_second_shift_of_a_rule_on_a_day(team: Team, post: Post) -> None:
    rule_of(post)
    generate(team)
    first = Shift.objects.order_by("starts_at").first()
    assert first is not None
    values = {"post": post, "rule": first.rule, "team": team, "commune_id": "24848", "made_at": NOW}
    other = {"day": first.day, "starts_at": first.ends_at, "ends_at": first.ends_at + timedelta(hours=1)}
    with pytest.raises(IntegrityError, match="shifts_shift_rule_once"), transaction.atomic():
        Shift.objects.create(**values, **other)


def test_a_shift_whose_times_were_changed_is_not_made_anew(team: Team, post: Post) -> None:
    rule_of(post)
    generate(team)
    first = Shift.objects.order_by("starts_at").first()
    assert first is not None
    Shift.objects.filter(pk=first.pk).update(starts_at=first.starts_at + timedelta(minutes=30))
    assert generate(team).made == ()


def why(team: Team, start: date = MONDAY, end: date = FORTNIGHT, now: datetime = NOW) -> dict[date, Any]:
    rules = list(rules_to_plan(team))
    return {one.day: (one.why, one.detail) for one in planned_dates(rules, start=start, end=end, now=now)}


def test_what_was_called_off_by_hand_comes_back_only_by_a_tick(team: Team, post: Post) -> None:
    rule_of(post)
    generate(team)
    shifts = Shift.objects.order_by("starts_at")
    for shift, reason in zip(shifts, (Reason.NO_LONGER_NEEDED, Reason.POST_CLOSED), strict=False):
        Shift.objects.filter(pk=shift.pk).update(state=ShiftState.CANCELLED, reason=reason)
    found = why(team)
    assert found[MONDAY] == (LeftOut.CALLED_OFF, "")
    assert found[MONDAY + timedelta(days=1)] == (None, "")
    assert len(generate(team).made) == 1
    assert len(generate(team, chosen={f"{post.rules.get().pk}:2025-07-07"}).made) == 1


def test_holidays_are_named_in_the_language_of_the_screen_and_allowed_by_the_rule(
    team: Team, post: Post
) -> None:
    rule = rule_of(post)
    tet = date(2026, 2, 17)
    names = {"vi": "Tết Nguyên Đán", "en": "Lunar New Year", "th": "วันตรุษเต๊ต"}
    for language, name in names.items():
        with override(language):
            assert why(team, tet, tet + timedelta(days=1))[tet] == (LeftOut.HOLIDAY, name)
    rule.on_holidays = True
    rule.save()
    assert why(team, tet, tet + timedelta(days=1))[tet] == (None, "")
    lieu = holidays_between(date(2026, 4, 27), date(2026, 4, 28), "vi")
    assert lieu == {date(2026, 4, 27): "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"}


def test_a_saturday_worked_in_lieu_is_served_as_the_day_off_would_have_been(team: Team, post: Post) -> None:
    """Monday 31 August 2026 is off, worked on Saturday 22: Monday's rule comes round then, Tuesday's not."""
    saturday, monday = date(2026, 8, 22), date(2026, 8, 31)
    rule = rule_of(post, RuleSpec((0,), time(7), time(11)))
    rule_of(post, RuleSpec((1,), time(13), time(15)))
    planned = planned_dates(
        list(rules_to_plan(team)), start=saturday, end=saturday + timedelta(days=1), now=NOW
    )
    assert [(one.rule.pk, one.in_lieu_of, one.why) for one in planned] == [(rule.pk, monday, None)]
    assert why(team, monday, monday + timedelta(days=1))[monday][0] == LeftOut.HOLIDAY
    ordinary = saturday + timedelta(days=7)
    assert why(team, ordinary, ordinary + timedelta(days=1)) == {}
    made = generate(team, saturday, saturday + timedelta(days=1))
    assert [shift.day for shift in Shift.objects.filter(pk__in=made.made)] == [saturday]


def test_what_is_over_or_asks_for_nobody_is_left_out(team: Team, post: Post) -> None:
    rule = rule_of(post)
    nine = datetime(2025, 7, 7, 9, 0, tzinfo=VIETNAM)
    assert why(team, now=nine)[MONDAY] == (LeftOut.PAST, "")
    set_needs(by=None, now=NOW, rule=rule, needs=[])
    assert {reason for reason, _detail in why(team).values()} == {LeftOut.NOBODY}


def test_two_rules_at_the_same_time_bring_one_shift_and_an_overlap_is_asked_about(
    team: Team, post: Post
) -> None:
    rule_of(post)
    rule_of(post, RuleSpec((0,), time(7), time(9)))
    rule_of(post, RuleSpec((0,), time(11), time(12)))
    found = planned_dates(list(rules_to_plan(team)), start=MONDAY, end=MONDAY + timedelta(1), now=NOW)
    assert sorted(str(one.why) for one in found) == ["None", "made", "overlaps"]
    assert len(generate(team, end=MONDAY + timedelta(days=1)).made) == 1


def test_a_post_or_team_that_ends_brings_no_shift(team: Team, post: Post) -> None:
    rule = rule_of(post)
    end_post(by=None, now=NOW, post=post, on=date(2025, 7, 10))
    assert max(why(team)) == date(2025, 7, 9)
    team.ends_on = date(2025, 7, 9)
    team.save()
    assert max(why(team)) == date(2025, 7, 8)
    assert end_rule(by=None, now=NOW, rule=rule) is True
    assert why(team) == {}


def test_a_rule_that_was_used_ends_and_stays_on_record(team: Team, post: Post) -> None:
    rule = rule_of(post)
    generate(team)
    assert end_rule(by=None, now=NOW, rule=rule) is False
    rule.refresh_from_db()
    assert rule.valid_until == date(2025, 7, 3)
    assert Shift.objects.filter(rule=rule).count() == 10


def test_opening_is_safe_to_repeat(team: Team, post: Post) -> None:
    rule_of(post)
    generate(team)
    week: dict[str, Any] = {"team": team, "start": MONDAY, "end": MONDAY + timedelta(days=7)}
    assert open_shifts(by=None, now=NOW, **week) == 5
    assert open_shifts(by=None, now=NOW, **week) == 0
    assert Shift.objects.filter(state=ShiftState.OPEN, opened_at=NOW).count() == 5


def test_a_period_is_at_most_two_months(team: Team, post: Post) -> None:
    rule_of(post)
    with pytest.raises(UnableToMakeShifts):
        generate(team, end=MONDAY)
    with pytest.raises(UnableToMakeShifts):
        generate(team, end=MONDAY + timedelta(days=63))


def test_planning_costs_the_same_for_one_rule_and_three(team: Team, post: Post) -> None:
    rule_of(post)
    counts = []
    for hour in (13, 18):
        with CaptureQueriesContext(connection) as seen:
            why(team)
        counts.append(len(seen))
        rule_of(post, RuleSpec((0, 1), time(hour), time(hour + 2)))
        rule_of(post, RuleSpec((0, 1), time(hour + 2), time(hour + 3)))
    assert counts == [4, 4]


def test_the_record_holds_where_a_post_is_for_whom_and_how_long_people_rest(team: Team, post: Post) -> None:
    moved = PostSpec("Bàn hướng dẫn", place_name="Nhà văn hoá", adults_only=True)
    edit_post(by=None, now=NOW, post=post, spec=moved)
    entry = Entry.objects.get(entity="shifts_post", entity_id=str(post.pk), action="update")
    assert entry.changes["place_name"] == ["", "Nhà văn hoá"]
    assert entry.changes["adults_only"] == [False, True]
    set_team_roster(by=None, now=NOW, team=team, settings=RosterSettings(21, 8, False, 120, 3, 10))
    set_team_roster(by=None, now=NOW, team=team, settings=RosterSettings(21, 8, False, 120, 3, 6))
    entry = Entry.objects.get(entity="shifts_teamroster", entity_id=str(team.pk), action="update")
    assert entry.changes == {"rest_hours": [10, 6]}


def test_settings_of_a_team(cast: Cast, team: Team) -> None:
    usual = RosterSettings(21, 8, False, 120, 3, 10)
    assert set_team_roster(by=None, now=NOW, team=team, settings=usual).most_ahead == 8
    with pytest.raises(UnableToSaveSettings):
        set_team_roster(by=None, now=NOW, team=team, settings=RosterSettings(0, 8, False, 120, 3, 10))
    with pytest.raises(UnableToEditRoster):
        set_team_roster(by=actor_of(cast.outsider, NOW), now=NOW, team=team, settings=usual)
