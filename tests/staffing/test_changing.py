"""Calling off, moving, other seats, closures: people keep their place or are told; refusals have names."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from nhipcau.core.clock import VIETNAM
from nhipcau.messaging.enums import Kind
from nhipcau.messaging.models import Message
from nhipcau.places.enums import PointKind
from nhipcau.places.services import add_service_point
from nhipcau.shifts.enums import ClosureReason, LeftOut, Reason, ShiftState
from nhipcau.shifts.models import Closure, Shift, ShiftNeed
from nhipcau.shifts.queries.posts import rules_to_plan
from nhipcau.shifts.queries.shifts import get_shift, planned_dates, shifts_closed_by
from nhipcau.shifts.rules.editing import UnableToEditRoster
from nhipcau.shifts.rules.needs import NeedSpec, RuleSpec, UnableToSetNeeds
from nhipcau.shifts.services.posts import RuleDays, add_rule, set_needs
from nhipcau.shifts.services.shifts import generate_shifts
from nhipcau.signups.enums import AskState, SignUpState, WaitState
from nhipcau.signups.models import Ask, SignUp, SignUpStep, Waiting
from nhipcau.staffing.services.changing import UnableToChangeShift, call_off, move_shift, set_seats
from nhipcau.staffing.services.closures import UnableToClose, close_place, end_closure, end_post
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import (
    SHIFT_DAY,
    at,
    make_member,
    make_post,
    make_shift,
    make_sign_up,
    make_team,
)

WEEK = SHIFT_DAY + timedelta(days=7)


@pytest.fixture
def need(cast: Cast) -> ShiftNeed:
    return make_shift(make_post(make_team(cast)))


def test_a_post_ends_and_its_later_shifts_are_called_off(cast: Cast, need: ShiftNeed) -> None:
    make_sign_up(need, cast.volunteer)
    post, by = need.shift.post, actor_of(cast.leader, NOW)
    later = make_shift(post, day=SHIFT_DAY + timedelta(days=1))
    make_sign_up(later, cast.volunteer)
    assert end_post(by=by, now=NOW, post=post, on=WEEK, call_off=True) == (0, 0)
    assert end_post(by=by, now=NOW, post=post, on=later.shift.day, call_off=False) == (0, 0)
    assert end_post(by=by, now=NOW, post=post, on=later.shift.day, call_off=True) == (1, 1)
    assert set(Shift.objects.values_list("day", "state")) == {
        (SHIFT_DAY, ShiftState.OPEN), (later.shift.day, ShiftState.CANCELLED),
    }  # fmt: skip
    assert Message.objects.filter(to=cast.volunteer.pk, kind=Kind.SHIFT_CHANGE).count() == 1


def test_calling_off_cancels_every_sign_up_and_tells_people(cast: Cast, need: ShiftNeed) -> None:
    cast.volunteer.preferred_language = "en"
    cast.volunteer.save()
    ones = [make_sign_up(need, cast.volunteer), make_sign_up(need, cast.leader, SignUpState.STAND_IN_SOUGHT)]
    waiter = make_member("doi")
    waiting = Waiting.objects.create(need=need, member=waiter, since=NOW)
    ask = Ask.objects.create(need=need, mode="named", member=cast.coordinator, asked_at=NOW)
    by = actor_of(cast.leader, NOW)
    assert call_off(by=by, now=NOW, shift=need.shift, reason=Reason.WEATHER) == 2
    shift = Shift.objects.get()
    assert (shift.state, shift.reason) == (ShiftState.CANCELLED, Reason.WEATHER)
    assert set(SignUp.objects.values_list("state", "reason")) == {(SignUpState.CANCELLED, Reason.WEATHER)}
    assert {step.sign_up_id for step in SignUpStep.objects.all()} == {one.pk for one in ones}
    need.refresh_from_db()
    assert need.taken == 0
    people = {cast.volunteer.pk, cast.leader.pk, waiter.pk}
    assert set(Message.objects.values_list("kind", "to")) == {(Kind.SHIFT_CHANGE, pk) for pk in people}
    message = Message.objects.get(to=cast.volunteer.pk)
    assert message.subject == "Called off: Monday 07/07, 7:00–11:30, Bàn hướng dẫn"
    assert message.body.startswith("Reason: Weather")
    waiting.refresh_from_db()
    ask.refresh_from_db()
    assert (waiting.state, ask.state) == (WaitState.LAPSED, AskState.WITHDRAWN)


def test_nobody_is_told_of_a_draft(cast: Cast) -> None:
    need = make_shift(make_post(make_team(cast)), state=ShiftState.DRAFT)
    assert call_off(by=None, now=NOW, shift=need.shift, reason=Reason.OTHER) == 0
    assert not Message.objects.exists()


def test_what_has_begun_or_is_called_off_stays(cast: Cast, need: ShiftNeed) -> None:
    with pytest.raises(UnableToChangeShift, match="begun"):
        call_off(by=None, now=at(SHIFT_DAY, 7), shift=need.shift, reason=Reason.OTHER)
    call_off(by=None, now=NOW, shift=need.shift, reason=Reason.OTHER)
    with pytest.raises(UnableToChangeShift, match="called off already"):
        call_off(by=None, now=NOW, shift=need.shift, reason=Reason.OTHER)
    with pytest.raises(UnableToChangeShift, match="called off already"):
        move_shift(by=None, now=NOW, shift=need.shift, starts=time(8), ends=time(9))


def test_strangers_change_nothing(cast: Cast, need: ShiftNeed) -> None:
    for stranger in (cast.outsider, cast.volunteer, cast.official):
        by = actor_of(stranger, NOW)
        with pytest.raises(UnableToEditRoster):
            call_off(by=by, now=NOW, shift=need.shift, reason=Reason.OTHER)
        with pytest.raises(UnableToEditRoster):
            move_shift(by=by, now=NOW, shift=need.shift, starts=time(8), ends=time(9))
        with pytest.raises(UnableToEditRoster):
            set_seats(by=by, now=NOW, shift=need.shift, need=NeedSpec("A"))
        with pytest.raises(UnableToEditRoster):
            close(cast, by=by)


def test_people_move_along_and_are_told(cast: Cast, need: ShiftNeed) -> None:
    sign_up = make_sign_up(need, cast.volunteer)
    moved = move_shift(by=None, now=NOW, shift=need.shift, starts=time(8), ends=time(12), note="Mang nước")
    sign_up.refresh_from_db()
    assert (sign_up.starts_at, sign_up.ends_at) == (moved.starts_at, moved.ends_at)
    assert moved.starts_at == datetime(2025, 7, 7, 8, tzinfo=VIETNAM)
    assert Message.objects.get().body == "Mang nước"
    move_shift(by=None, now=NOW, shift=need.shift, starts=time(8), ends=time(12), note="Mang mũ")
    assert Message.objects.count() == 1


def test_who_cannot_follow_is_named_and_nothing_moves(cast: Cast, need: ShiftNeed) -> None:
    other = make_shift(make_post(need.shift.team, name="Chợ"), hours=(13, 15))
    make_sign_up(need, cast.volunteer)
    make_sign_up(need, cast.leader)
    make_sign_up(other, cast.volunteer)
    with pytest.raises(UnableToChangeShift, match="Tình nguyện viên Mẫu") as refusal:
        move_shift(by=None, now=NOW, shift=need.shift, starts=time(7), ends=time(14))
    assert "Đội trưởng" not in str(refusal.value)
    need.shift.refresh_from_db()
    assert need.shift.ends_at == at(SHIFT_DAY, 11, 30)
    make_shift(need.shift.post, hours=(13, 15))
    with pytest.raises(UnableToChangeShift, match="another shift that begins then"):
        move_shift(by=None, now=NOW, shift=need.shift, starts=time(13), ends=time(15))
    with pytest.raises(UnableToChangeShift, match="ends after"):
        move_shift(by=None, now=NOW, shift=need.shift, starts=time(13), ends=time(13))


def test_seats_are_not_cut_below_those_given(cast: Cast, need: ShiftNeed) -> None:
    for member in (cast.volunteer, cast.leader):
        make_sign_up(need, member)
    less = NeedSpec("Hướng dẫn", 1, 1, 1, id=need.pk)
    with pytest.raises(UnableToChangeShift, match=r"2 people are on it: .*Tình nguyện viên Mẫu"):
        set_seats(by=None, now=NOW, shift=need.shift, need=less)
    more = NeedSpec("Hướng dẫn", 2, 3, 4, languages={"kpm": "good"}, id=need.pk)
    row = set_seats(by=None, now=NOW, shift=need.shift, need=more)
    row.refresh_from_db()
    assert (row.minimum, row.ideal, row.maximum, row.taken) == (2, 3, 4, 2)
    assert row.languages == {"kpm": "good"}


def test_a_role_more_and_none_twice(cast: Cast, need: ShiftNeed) -> None:
    added = set_seats(by=None, now=NOW, shift=need.shift, need=NeedSpec("Tiếng K’Ho"))
    assert (added.position, added.maximum) == (1, 1)
    with pytest.raises(UnableToSetNeeds, match="same name"):
        set_seats(by=None, now=NOW, shift=need.shift, need=NeedSpec("hướng dẫn"))


def close(cast: Cast, **values: object) -> tuple[Closure, int, int]:
    given = {
        "by": None,
        "now": NOW,
        "commune": cast.commune,
        "point": None,
        "reason": ClosureReason.FLOOD,
        "starts_on": SHIFT_DAY,
        "ends_on": WEEK,
    } | values
    return close_place(**given)  # type: ignore[arg-type]  # of many kinds


def test_a_closure_calls_off_what_stands_in_its_days(cast: Cast, need: ShiftNeed) -> None:
    later = make_shift(need.shift.post, day=WEEK)
    make_sign_up(need, cast.volunteer)
    make_sign_up(later, cast.volunteer)
    seen = list(shifts_closed_by(commune="24848", point=None, start=SHIFT_DAY, end=WEEK, now=NOW))
    assert seen == [need.shift]
    _closure, shifts, people = close(cast, by=actor_of(cast.leader, NOW))
    assert (shifts, people) == (1, 1)
    assert Shift.objects.get(pk=need.shift_id).reason == Reason.POST_CLOSED
    assert SignUp.objects.get(need=need).reason == Reason.POST_CLOSED
    assert SignUp.objects.get(need=later).state == SignUpState.CONFIRMED
    assert "Lũ" in Message.objects.get().body or "Flood" in Message.objects.get().body


def test_a_point_closes_alone(cast: Cast) -> None:
    team = make_team(cast)
    point = add_service_point(by=None, now=NOW, commune="24848", kind=PointKind.CENTRE, name="Trung tâm")
    here, elsewhere = make_shift(make_post(team, point=point)), make_shift(make_post(team, name="Chợ"))
    assert close(cast, point=point)[1] == 1
    assert Shift.objects.get(pk=here.shift_id).state == ShiftState.CANCELLED
    assert Shift.objects.get(pk=elsewhere.shift_id).state == ShiftState.OPEN
    with pytest.raises(UnableToClose, match="already"):
        close(cast, point=point, starts_on=WEEK - timedelta(days=1), ends_on=WEEK + timedelta(days=1))
    assert close(cast)[1] == 1


def test_days_of_a_closure_that_do_not_fit(cast: Cast) -> None:
    for values in (
        {"ends_on": SHIFT_DAY},
        {"ends_on": SHIFT_DAY + timedelta(days=63)},
        {"starts_on": date(2025, 7, 1), "ends_on": date(2025, 7, 3)},
    ):
        with pytest.raises(UnableToClose):
            close(cast, **values)
    close(cast)
    with pytest.raises(UnableToClose, match="already"):
        close(cast)


def test_ending_a_closure_early_lets_shifts_be_made_again(cast: Cast) -> None:
    team = make_team(cast)
    rule = add_rule(
        by=None,
        now=NOW,
        post=make_post(team),
        times=RuleSpec((0, 1, 2, 3, 4), time(7), time(11)),
        days=RuleDays(date(2025, 6, 1)),
    )
    set_needs(by=None, now=NOW, rule=rule, needs=[NeedSpec("A")])

    def made() -> int:
        rules = list(rules_to_plan(team))
        return len(generate_shifts(by=None, now=NOW, rules=rules, start=SHIFT_DAY, end=WEEK).made)

    assert made() == 5
    closure, shifts, _people = close(cast)
    assert shifts == 5
    assert made() == 0
    dates = planned_dates(list(rules_to_plan(team)), start=SHIFT_DAY, end=WEEK, now=NOW)
    assert {one.why for one in dates} == {LeftOut.CLOSED}
    with pytest.raises(UnableToClose):
        end_closure(by=None, now=NOW, closure=closure, on=WEEK)
    assert end_closure(by=None, now=NOW, closure=closure, on=SHIFT_DAY + timedelta(days=2)) is False
    assert made() == 3
    assert end_closure(by=None, now=NOW, closure=closure, on=date(2025, 7, 3)) is True
    assert made() == 2


def test_a_shift_elsewhere_does_not_exist(cast: Cast, need: ShiftNeed) -> None:
    assert get_shift(need.shift_id, for_=actor_of(cast.official, NOW)) == need.shift
    for stranger in (cast.outsider, cast.neighbour_volunteer):
        with pytest.raises(Http404):
            get_shift(need.shift_id, for_=actor_of(stranger, NOW))


def test_who_is_put_on_while_a_shift_moves_gets_the_new_times(cast: Cast, need: ShiftNeed) -> None:
    """The needs are locked before the shift: a sign-up comes wholly before the move, or wholly after it."""
    with CaptureQueriesContext(connection) as seen:
        move_shift(by=None, now=NOW, shift=need.shift, starts=time(8), ends=time(12))
    locks = [query["sql"] for query in seen if "FOR NO KEY UPDATE" in query["sql"]]
    assert [("shifts_shiftneed" in sql, 'shifts_shift"' in sql) for sql in locks][:2] == [
        (True, False),
        (False, True),
    ]
    assert not any(query["sql"].endswith("FOR UPDATE") for query in seen)
    sign_up = make_sign_up(need, cast.volunteer)
    sign_up.refresh_from_db()
    assert sign_up.starts_at == at(SHIFT_DAY, 8)
