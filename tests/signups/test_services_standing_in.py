"""I cannot come: who is asked, who takes over, who stays responsible until then."""

from datetime import datetime, timedelta

import pytest
from django.http import Http404

from nhipcau.messaging.models import Message
from nhipcau.shifts.enums import Reason
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups import services
from nhipcau.signups.enums import AskState, Refusal, SignUpState, Source, StandInMode
from nhipcau.signups.models import Ask, SignUp
from nhipcau.signups.queries.calling import candidates
from nhipcau.signups.queries.mine import past_of
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_member, make_post, make_shift, make_sign_up, make_team

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def act(member: Member) -> MemberActor:
    return actor_of(member, NOW)


@pytest.fixture
def crowd(cast: Cast) -> list[Member]:
    return [make_member(f"ban{number}") for number in range(3)]


@pytest.fixture
def need(cast: Cast, crowd: list[Member]) -> ShiftNeed:
    return make_shift(make_post(make_team(cast, extra=tuple(crowd))), maximum=1, ideal=1)


@pytest.fixture
def mine(cast: Cast, need: ShiftNeed) -> SignUp:
    return make_sign_up(need, cast.volunteer)


def seek(row: SignUp, by: Member, mode: str, named: Member | None = None, *, now: datetime = NOW) -> SignUp:
    return services.seek_stand_in(
        sign_up_id=row.pk,
        by=act(by),
        now=now,
        mode=mode,
        named=named.pk if named else None,
        reason=Reason.FAMILY,
    )


def taken(need: ShiftNeed) -> int:
    need.refresh_from_db()
    return need.taken


def test_the_named_person_is_asked_and_takes_over(
    cast: Cast, need: ShiftNeed, mine: SignUp, crowd: list[Member]
) -> None:
    found = seek(mine, cast.volunteer, StandInMode.NAMED, crowd[0])
    assert (found.state, found.reason, taken(need)) == ("stand_in_sought", "family", 1)
    ask = Ask.objects.get()
    assert Message.objects.get(to=crowd[0].pk).link == f"/roster/asks/{ask.pk}/"
    with pytest.raises(Http404):
        services.answer_ask(ask_id=ask.pk, yes=True, by=act(crowd[1]), now=NOW)
    new = services.answer_ask(ask_id=ask.pk, yes=True, by=act(crowd[0]), now=NOW)
    assert new is not None
    mine.refresh_from_db()
    assert (mine.state, new.state, new.source, new.stands_in_for_id) == (
        SignUpState.SWAPPED,
        SignUpState.CONFIRMED,
        Source.STAND_IN,
        mine.pk,
    )
    assert taken(need) == 1
    assert Message.objects.filter(to=cast.volunteer.pk).count() == 1
    again = services.answer_ask(ask_id=ask.pk, yes=True, by=act(crowd[0]), now=NOW)
    assert again is not None
    assert again.pk == new.pk


def test_a_no_of_the_person_named_is_told(cast: Cast, mine: SignUp, crowd: list[Member]) -> None:
    seek(mine, cast.volunteer, StandInMode.NAMED, crowd[0])
    services.answer_ask(ask_id=Ask.objects.get().pk, yes=False, by=act(crowd[0]), now=NOW)
    told = Message.objects.get(to=cast.volunteer.pk)
    assert crowd[0].name in told.body
    assert told.link == f"/roster/sign-ups/{mine.pk}/cannot-come/"
    mine.refresh_from_db()
    assert mine.state == SignUpState.STAND_IN_SOUGHT


def test_only_somebody_who_may_is_named(cast: Cast, mine: SignUp, crowd: list[Member]) -> None:
    for named in (cast.neighbour_volunteer, cast.volunteer, None):
        with pytest.raises(services.UnableToAskStandIn):
            seek(mine, cast.volunteer, StandInMode.NAMED, named)
    mine.refresh_from_db()
    assert mine.state == SignUpState.CONFIRMED
    assert not Ask.objects.exists()


def test_open_to_all_the_first_takes_it(
    cast: Cast, need: ShiftNeed, mine: SignUp, crowd: list[Member]
) -> None:
    with pytest.raises(services.UnableToTakeOver):
        services.take_over(sign_up_id=mine.pk, by=act(crowd[0]), now=NOW)
    seek(mine, cast.volunteer, StandInMode.OPEN)
    seek(mine, cast.volunteer, StandInMode.OPEN)
    assert Ask.objects.count() == 1
    new = services.take_over(sign_up_id=mine.pk, by=act(crowd[0]), now=NOW)
    assert services.take_over(sign_up_id=mine.pk, by=act(crowd[0]), now=NOW).pk == new.pk
    with pytest.raises(services.UnableToTakeOver):
        services.take_over(sign_up_id=mine.pk, by=act(crowd[1]), now=NOW)
    ask = Ask.objects.get()
    assert (ask.state, ask.member_id) == (AskState.TAKEN, crowd[0].pk)
    assert taken(need) == 1


def test_a_stranger_does_not_take_over(cast: Cast, mine: SignUp) -> None:
    seek(mine, cast.volunteer, StandInMode.OPEN)
    with pytest.raises(services.UnableToSignUp) as caught:
        services.take_over(sign_up_id=mine.pk, by=act(cast.neighbour_volunteer), now=NOW)
    assert caught.value.refusals == (Refusal.OTHER_TEAM,)


def test_who_comes_after_all_ends_the_questions(cast: Cast, mine: SignUp, crowd: list[Member]) -> None:
    seek(mine, cast.volunteer, StandInMode.NAMED, crowd[0])
    seek(mine, cast.volunteer, StandInMode.OPEN)
    services.move(mine, to=SignUpState.CONFIRMED, by=act(cast.volunteer), now=NOW)
    assert set(Ask.objects.values_list("state", flat=True)) == {AskState.WITHDRAWN}
    with pytest.raises(services.UnableToTakeOver):
        services.take_over(sign_up_id=mine.pk, by=act(crowd[0]), now=NOW)
    mine.refresh_from_db()
    assert mine.reason == ""


def test_who_had_only_asked_for_the_shift_waits_for_the_leader_again(cast: Cast, mine: SignUp) -> None:
    """Looking for a stand-in and coming after all is no way round the leader's word."""
    SignUp.objects.filter(pk=mine.pk).update(state=SignUpState.APPLIED)
    seek(mine, cast.volunteer, StandInMode.LEADER)
    services.come_after_all(sign_up_id=mine.pk, by=act(cast.volunteer), now=NOW)
    mine.refresh_from_db()
    assert mine.state == SignUpState.APPLIED


def test_a_seat_given_back_ends_the_leaders_question_too(
    cast: Cast, need: ShiftNeed, mine: SignUp, crowd: list[Member]
) -> None:
    services.ask_member(
        need_id=need.pk, member_id=crowd[0].pk, by=act(cast.leader), now=NOW, sign_up_id=mine.pk
    )
    services.cancel(sign_up_id=mine.pk, by=act(cast.volunteer), now=NOW, reason="school")
    found = Ask.objects.get()
    assert (found.state, found.answered_at) == (AskState.WITHDRAWN, NOW)


def test_only_oneself_or_the_leader_looks_for_a_stand_in(
    cast: Cast, mine: SignUp, crowd: list[Member]
) -> None:
    with pytest.raises(Http404):
        seek(mine, crowd[0], StandInMode.OPEN)
    assert seek(mine, cast.leader, StandInMode.OPEN).state == SignUpState.STAND_IN_SOUGHT


def test_the_leader_hears_of_it_when_asked_or_when_it_is_late(cast: Cast, mine: SignUp) -> None:
    calls = Message.objects.filter(to=cast.leader.pk, link__contains="/call/")
    seek(mine, cast.volunteer, StandInMode.OPEN)
    assert not calls.exists()
    seek(mine, cast.volunteer, StandInMode.LEADER)
    assert (calls.get().urgent, calls.get().link) == (
        False,
        f"/roster/places/{mine.need_id}/call/?for={mine.pk}",
    )
    seek(mine, cast.volunteer, StandInMode.OPEN, now=mine.starts_at - 3 * HOUR)
    assert calls.filter(urgent=True).count() == 1


def test_the_call_list_asks_the_least_recently_asked_first(
    cast: Cast, need: ShiftNeed, crowd: list[Member]
) -> None:
    order = [one.id for one in candidates(need.pk, now=NOW)]
    assert set(order) == {cast.volunteer.pk, cast.leader.pk, *(one.pk for one in crowd)}
    first = order[0]
    ask = services.ask_member(need_id=need.pk, member_id=first, by=act(cast.leader), now=NOW)
    assert services.ask_member(need_id=need.pk, member_id=first, by=act(cast.leader), now=NOW).pk == ask.pk
    after = candidates(need.pk, now=NOW + HOUR)
    assert [one.id for one in after] == [*order[1:], first]
    assert after[-1].asked == ask.pk
    services.answer_call(ask_id=ask.pk, yes=False, by=act(cast.leader), now=NOW)
    services.ask_member(need_id=need.pk, member_id=order[1], by=act(cast.leader), now=NOW + HOUR)
    assert [one.id for one in candidates(need.pk, now=NOW + HOUR)][-2:] == [first, order[1]]


def test_a_yes_on_the_phone_takes_the_free_place_or_stands_in(
    cast: Cast, need: ShiftNeed, crowd: list[Member]
) -> None:
    ask = services.ask_member(need_id=need.pk, member_id=crowd[0].pk, by=act(cast.leader), now=NOW)
    other = services.ask_member(need_id=need.pk, member_id=crowd[1].pk, by=act(cast.leader), now=NOW)
    done = services.answer_call(ask_id=ask.pk, yes=True, by=act(cast.leader), now=NOW)
    assert done is not None
    assert (done.member_id, done.source, taken(need)) == (crowd[0].pk, Source.LEADER, 1)
    with pytest.raises(services.UnableToSignUp) as caught:
        services.answer_ask(ask_id=other.pk, yes=True, by=act(crowd[1]), now=NOW)
    assert caught.value.refusals == (Refusal.FULL,)
    third = services.ask_member(
        need_id=need.pk, member_id=crowd[2].pk, sign_up_id=done.pk, by=act(cast.leader), now=NOW
    )
    services.answer_call(ask_id=third.pk, yes=True, by=act(cast.leader), now=NOW)
    done.refresh_from_db()
    assert (done.state, taken(need)) == (SignUpState.SWAPPED, 1)


def test_only_who_leads_there_asks(cast: Cast, need: ShiftNeed, crowd: list[Member]) -> None:
    for stranger in (cast.outsider, cast.volunteer, cast.official):
        with pytest.raises(Http404):
            services.ask_member(need_id=need.pk, member_id=crowd[0].pk, by=act(stranger), now=NOW)
    assert not Ask.objects.exists()


def test_questions_end_with_the_beginning_of_the_shift(
    cast: Cast, need: ShiftNeed, mine: SignUp, crowd: list[Member]
) -> None:
    seek(mine, cast.volunteer, StandInMode.NAMED, crowd[0])
    assert services.lapse_asks(now=NOW) == 0
    with pytest.raises(services.UnableToTakeOver):
        services.answer_ask(ask_id=Ask.objects.get().pk, yes=True, by=act(crowd[0]), now=need.shift.starts_at)
    assert services.lapse_asks(now=need.shift.starts_at) == 1
    mine.refresh_from_db()
    assert mine.state == SignUpState.STAND_IN_SOUGHT


def test_giving_up_late_is_still_possible(cast: Cast, need: ShiftNeed, mine: SignUp) -> None:
    now = need.shift.starts_at - HOUR
    services.cancel(sign_up_id=mine.pk, by=act(cast.volunteer), now=now, reason=Reason.ILL)
    early = make_sign_up(need, cast.volunteer)
    services.cancel(sign_up_id=early.pk, by=act(cast.volunteer), now=NOW, reason=Reason.ILL)
    late = dict(past_of(cast.volunteer.pk, now=NOW).values_list("pk", "late"))
    assert late == {mine.pk: True, early.pk: False}
    assert taken(need) == 0
