"""What the database itself keeps: seats, overlap, times of sign-ups, history."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from nhipcau.shifts.enums import Reason, ShiftState
from nhipcau.shifts.models import Shift, ShiftNeed
from nhipcau.signups.enums import HOLDING, SignUpState
from nhipcau.signups.models import SignUp, SignUpStep
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_member, make_post, make_shift, make_sign_up, make_team


@pytest.fixture
def need(cast: Cast) -> ShiftNeed:
    return make_shift(make_post(make_team(cast)))


def taken(need: ShiftNeed) -> int:
    need.refresh_from_db()
    return need.taken


def refused(constraint: str, need: ShiftNeed, member: Member, **values: object) -> bool:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_sign_up(need, member, **values)  # type: ignore[arg-type]
    return True


def test_the_last_seat_is_given_once(cast: Cast, need: ShiftNeed) -> None:
    make_sign_up(need, cast.volunteer)
    make_sign_up(need, cast.leader)
    assert taken(need) == 2
    assert refused("shifts_shiftneed_capacity", need, cast.coordinator)
    assert taken(need) == 2


@pytest.mark.parametrize("state", SignUpState.values)
def test_seats_follow_the_state(cast: Cast, need: ShiftNeed, state: str) -> None:
    sign_up = make_sign_up(need, cast.volunteer)
    SignUp.objects.filter(pk=sign_up.pk).update(state=state, reason=Reason.OTHER)
    assert taken(need) == (1 if state in HOLDING else 0)
    SignUp.objects.filter(pk=sign_up.pk).update(state=SignUpState.CONFIRMED)
    assert taken(need) == 1


def test_nobody_is_at_two_places_at_once(cast: Cast, need: ShiftNeed) -> None:
    other = make_shift(make_post(need.shift.team, name="Chợ"), hours=(11, 13))
    later = make_shift(make_post(need.shift.team, name="Chiều"), hours=(11.5, 13))
    make_sign_up(need, cast.volunteer)
    assert refused("signups_signup_no_overlap", other, cast.volunteer)
    make_sign_up(later, cast.volunteer)


def test_the_times_are_the_shifts_whatever_is_sent(cast: Cast, need: ShiftNeed) -> None:
    sign_up = SignUp(
        need=need,
        shift=need.shift,
        starts_at=NOW,
        ends_at=NOW,
        member=cast.volunteer,
        state=SignUpState.CONFIRMED,
        source="self",
        made_at=NOW,
        changed_at=NOW,
    )
    sign_up.save(force_insert=True)
    sign_up.refresh_from_db()
    assert (sign_up.starts_at, sign_up.ends_at) == (need.shift.starts_at, need.shift.ends_at)


def test_a_shift_that_moves_takes_its_people_along_or_stays(cast: Cast, need: ShiftNeed) -> None:
    other = make_shift(make_post(need.shift.team, name="Chợ"), hours=(13, 15))
    sign_up = make_sign_up(need, cast.volunteer)
    make_sign_up(other, cast.volunteer)
    hour = timedelta(hours=1)
    Shift.objects.filter(pk=need.shift_id).update(ends_at=need.shift.ends_at + hour)
    sign_up.refresh_from_db()
    assert sign_up.ends_at == need.shift.ends_at + hour
    with pytest.raises(IntegrityError, match="signups_signup_no_overlap"), transaction.atomic():
        Shift.objects.filter(pk=need.shift_id).update(ends_at=need.shift.ends_at + 3 * hour)


def test_seats_cannot_be_cut_below_those_given(cast: Cast, need: ShiftNeed) -> None:
    make_sign_up(need, cast.volunteer)
    make_sign_up(need, cast.leader)
    with pytest.raises(IntegrityError, match="shifts_shiftneed_capacity"), transaction.atomic():
        ShiftNeed.objects.filter(pk=need.pk).update(minimum=1, ideal=1, maximum=1)


def test_once_on_a_shift_and_never_deleted(cast: Cast, need: ShiftNeed) -> None:
    sign_up = make_sign_up(need, cast.volunteer)
    assert refused("signups_signup_", need, cast.volunteer)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        SignUp.objects.filter(pk=sign_up.pk).delete()
    step = SignUpStep.objects.create(sign_up=sign_up, to_state=SignUpState.CONFIRMED, at=NOW)
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        SignUpStep.objects.filter(pk=step.pk).update(to_state=SignUpState.ATTENDED)


def test_giving_up_and_calling_off_need_a_reason(cast: Cast, need: ShiftNeed) -> None:
    sign_up = make_sign_up(need, make_member("mot"))
    with pytest.raises(IntegrityError, match="has_reason"), transaction.atomic():
        SignUp.objects.filter(pk=sign_up.pk).update(state=SignUpState.CANCELLED)
    with pytest.raises(IntegrityError, match="has_reason"), transaction.atomic():
        Shift.objects.filter(pk=need.shift_id).update(state=ShiftState.CANCELLED)
