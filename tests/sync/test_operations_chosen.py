"""The clock of the phone was years behind; a person chose the day. What else it noted is worth nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from nhipcau.attendance.models import Attendance
from nhipcau.attendance.rules.codes import code_at, typed_at
from nhipcau.core.ids import new_id
from nhipcau.learning import services as learning
from nhipcau.learning.models import Attendee
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.sync.enums import Keep
from nhipcau.sync.models import Conflict
from nhipcau.sync.services.deciding import decide
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.classes import make_class
from tests.factories.phones import Phone
from tests.factories.rosters import SHIFT_DAY, at, make_post, make_shift, make_sign_up, make_team

from .conftest import Send
from .test_operations_cases import results

YEARS = timedelta(days=5 * 365)
LATER = NOW + timedelta(hours=2)
START, END, EVENING = at(SHIFT_DAY, 7), at(SHIFT_DAY, 11, 30), at(SHIFT_DAY, 19)
# The hour stays as the clock had it: that one began anew at midnight.
CHOSEN = at(SHIFT_DAY, 0, 20)


@pytest.fixture
def sign_up(cast: Cast) -> SignUp:
    return make_sign_up(make_shift(make_post(make_team(cast)), maximum=8), cast.volunteer)


def heads(phone: Phone, cast: Cast, **more: Any) -> dict[str, Any]:
    row = make_class(cast.leader, cast.volunteer)
    one = {"id": str(new_id()), "age_band": "60_74", "language": "vi", "alone": ""}
    came = [{**one, "at": (NOW - YEARS).isoformat()}]
    return phone.command("classes.add_attendees", {"class": str(row.pk), "attendees": came}, NOW, **more)


def come(phone: Phone, sign_up: SignUp, code: str, seen_at: datetime = CHOSEN - YEARS) -> dict[str, Any]:
    data = {"shift": str(sign_up.shift_id), "code": code, "seen_at": seen_at.isoformat()}
    return phone.command("shifts.check_in", data, CHOSEN, chosen=True)


def test_who_came_to_a_class_came_on_the_chosen_day(phone: Phone, cast: Cast, send: Send) -> None:
    assert results(send(phone, heads(phone, cast, chosen=True), now=LATER)) == [("applied", "")]
    assert Attendee.objects.get().at == NOW


def test_also_when_a_person_decides_about_it_later(phone: Phone, cast: Cast, send: Send) -> None:
    count = heads(phone, cast, chosen=True)
    leader = actor_of(cast.leader, LATER)
    learning.cancel_class(class_id=count["data"]["class"], by=actor_of(cast.leader, NOW), now=NOW)
    assert results(send(phone, count, now=LATER)) == [("needs_person", "learning.class_cancelled")]
    decide(conflict_id=Conflict.objects.get().pk, keep=Keep.PHONE, by=leader, now=LATER)
    assert Attendee.objects.get().at == NOW


@pytest.mark.parametrize("show", [code_at, typed_at])
def test_the_code_tells_the_hour_of_the_chosen_day(
    phone: Phone, send: Send, sign_up: SignUp, show: Any
) -> None:
    post = sign_up.shift.post_id
    came = come(phone, sign_up, show(post, START))
    gone = {"shift": str(sign_up.shift_id), "code": show(post, END)}
    left = phone.command("shifts.check_out", gone, CHOSEN, chosen=True, needs=[came["id"]])
    assert results(send(phone, came, left, now=EVENING)) == [("applied", "")] * 2
    row = Attendance.objects.get()
    assert START <= row.checked_in_at < START + timedelta(seconds=30)
    assert row.checked_out_at is not None
    assert END <= row.checked_out_at < END + timedelta(seconds=30)
    assert (row.method_in, row.method_out) == ("qr", "qr")


def test_without_a_code_one_left_at_the_chosen_moment(phone: Phone, send: Send, sign_up: SignUp) -> None:
    came = come(phone, sign_up, code_at(sign_up.shift.post_id, START))
    gone = {"shift": str(sign_up.shift_id), "code": ""}
    left = phone.command("shifts.check_out", gone, END, chosen=True, needs=[came["id"]])
    assert results(send(phone, came, left, now=EVENING)) == [("applied", "")] * 2
    assert Attendance.objects.get().checked_out_at == END


def test_a_code_of_another_time_or_post_proves_nothing(phone: Phone, send: Send, sign_up: SignUp) -> None:
    post = sign_up.shift.post_id
    wrong = [
        code_at(post, START - timedelta(hours=1)),
        code_at(post, END + timedelta(hours=1)),
        code_at(post, START - timedelta(days=1)),
        code_at(new_id(), START),
        "7K3M-9QX4",
    ]
    answer = send(phone, *(come(phone, sign_up, code) for code in wrong), now=EVENING)
    assert results(answer) == [("refused", "attendance.stale_code")] * len(wrong)


def test_a_code_that_is_still_to_come_proves_nothing(phone: Phone, send: Send, sign_up: SignUp) -> None:
    ahead = come(phone, sign_up, code_at(sign_up.shift.post_id, START + timedelta(hours=1)))
    answer = send(phone, ahead, now=START + timedelta(minutes=10))
    assert results(answer) == [("refused", "attendance.stale_code")]


def test_only_who_chose_is_believed_without_the_hour(phone: Phone, send: Send, sign_up: SignUp) -> None:
    unchosen = {**come(phone, sign_up, code_at(sign_up.shift.post_id, START)), "chosen": False}
    assert results(send(phone, unchosen, now=EVENING)) == [("refused", "attendance.stale_code")]


def test_taken_off_the_shift_and_come_all_the_same(
    phone: Phone, cast: Cast, send: Send, sign_up: SignUp
) -> None:
    SignUp.objects.filter(pk=sign_up.pk).update(state=SignUpState.CANCELLED, reason="ill")
    came = come(phone, sign_up, code_at(sign_up.shift.post_id, START))
    assert results(send(phone, came, now=EVENING)) == [("needs_person", "sync.not_yours")]
    by = actor_of(cast.leader, EVENING)
    decide(conflict_id=Conflict.objects.get().pk, keep=Keep.PHONE, by=by, now=EVENING)
    assert Attendance.objects.get().checked_in_at == START


@pytest.mark.parametrize("day", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_moment_at_the_end_of_time_is_told_as_any_other(
    phone: Phone, send: Send, sign_up: SignUp, day: str
) -> None:
    came = come(phone, sign_up, code_at(sign_up.shift.post_id, START))
    far = {**came, "chosen": False, "data": {**came["data"], "seen_at": day}}
    assert results(send(phone, far, now=EVENING)) == [("refused", "attendance.stale_code")]
