"""The waiting list: in order, offers with an end, fair also when somebody presses in between."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404

from nhipcau.core.ids import new_id
from nhipcau.messaging.models import Message
from nhipcau.shifts.enums import Reason
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups import services
from nhipcau.signups.enums import Refusal, Source, WaitState
from nhipcau.signups.models import SignUp, Waiting
from nhipcau.signups.services.waiting import offer_end
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import at, make_member, make_post, make_shift, make_sign_up, make_team

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def act(member: Member) -> MemberActor:
    return actor_of(member, NOW)


@pytest.fixture
def crowd(cast: Cast) -> list[Member]:
    return [make_member(f"ban{number}") for number in range(3)]


@pytest.fixture
def need(cast: Cast, crowd: list[Member]) -> ShiftNeed:
    """Full: the cast's volunteer has the one place."""
    found = make_shift(make_post(make_team(cast, extra=tuple(crowd))), maximum=1, ideal=1)
    make_sign_up(found, cast.volunteer)
    return found


def wait(member: Member, need: ShiftNeed, now: datetime = NOW) -> Waiting:
    return services.join_line(need_id=need.pk, by=act(member), now=now)


def give_up(cast: Cast, need: ShiftNeed, now: datetime) -> None:
    row = need.sign_ups.get(member=cast.volunteer)
    services.cancel(sign_up_id=row.pk, by=act(cast.volunteer), now=now, reason=Reason.ILL)


def states(need: ShiftNeed) -> list[str]:
    return list(need.waiting.order_by("since", "id").values_list("state", flat=True))


def test_a_free_place_is_offered_to_the_first_in_line(
    cast: Cast, need: ShiftNeed, crowd: list[Member]
) -> None:
    first, second = (wait(one, need, NOW + n * MINUTE) for n, one in enumerate(crowd[:2]))
    assert wait(crowd[0], need).pk == first.pk
    give_up(cast, need, NOW + HOUR)
    assert states(need) == ["offered", "waiting"]
    message = Message.objects.get(kind="waiting_offer")
    assert (message.to, message.link) == (crowd[0].pk, f"/roster/offers/{first.pk}/")
    first.refresh_from_db()
    assert first.offer_until == NOW + 3 * HOUR
    done = services.accept_offer(waiting_id=first.pk, by=act(crowd[0]), now=NOW + 2 * HOUR)
    assert (done.member_id, done.source) == (crowd[0].pk, Source.WAITING)
    again = services.accept_offer(waiting_id=first.pk, by=act(crowd[0]), now=NOW + 4 * HOUR)
    assert again.pk == done.pk
    second.refresh_from_db()
    assert second.state == WaitState.WAITING


def test_who_presses_in_between_does_not_overtake_the_line(
    cast: Cast, need: ShiftNeed, crowd: list[Member]
) -> None:
    wait(crowd[0], need)
    give_up(cast, need, NOW + HOUR)
    with pytest.raises(services.UnableToSignUp) as caught:
        services.join(id=new_id(), need_id=need.pk, by=act(crowd[1]), now=NOW + HOUR)
    assert caught.value.refusals == (Refusal.IN_LINE,)
    # More places: the line is served before whoever just came.
    ShiftNeed.objects.filter(pk=need.pk).update(maximum=2)
    services.join(id=new_id(), need_id=need.pk, by=act(crowd[1]), now=NOW + HOUR)
    assert states(need) == ["offered"]


def test_the_line_goes_first_when_places_are_added(cast: Cast, need: ShiftNeed, crowd: list[Member]) -> None:
    wait(crowd[0], need)
    ShiftNeed.objects.filter(pk=need.pk).update(maximum=2)
    with pytest.raises(services.UnableToSignUp):
        services.join(id=new_id(), need_id=need.pk, by=act(crowd[1]), now=NOW + HOUR)
    services.move_lines_on(now=NOW + HOUR)
    assert states(need) == ["offered"]
    taken = services.join(id=new_id(), need_id=need.pk, by=act(crowd[0]), now=NOW + HOUR)
    assert taken.source == Source.SELF
    assert states(need) == ["taken"]


def test_who_waits_and_presses_is_told_of_no_free_place(
    cast: Cast, need: ShiftNeed, crowd: list[Member]
) -> None:
    for number, one in enumerate(crowd[:2]):
        wait(one, need, NOW + number * MINUTE)
    ShiftNeed.objects.filter(pk=need.pk).update(maximum=2)
    with pytest.raises(services.UnableToSignUp):
        services.join(id=new_id(), need_id=need.pk, by=act(crowd[1]), now=NOW + HOUR)
    assert states(need) == ["waiting", "waiting"], "the first in line keeps the turn"
    services.join(id=new_id(), need_id=need.pk, by=act(crowd[0]), now=NOW + HOUR)
    assert states(need) == ["taken", "waiting"]
    assert not Message.objects.filter(kind="waiting_offer").exists()
    # Of a place that stays free the next in line is told all the same.
    ShiftNeed.objects.filter(pk=need.pk).update(maximum=4)
    services.join(id=new_id(), need_id=need.pk, by=act(crowd[2]), now=NOW + HOUR)
    assert states(need) == ["taken", "offered"]
    assert Message.objects.get(kind="waiting_offer").to == crowd[1].pk


def test_an_offer_lapses_and_the_next_is_asked(cast: Cast, need: ShiftNeed, crowd: list[Member]) -> None:
    first, _second = (wait(one, need, NOW + n * MINUTE) for n, one in enumerate(crowd[:2]))
    give_up(cast, need, NOW)
    assert services.move_lines_on(now=NOW + HOUR) == 0
    assert services.move_lines_on(now=NOW + 2 * HOUR) == 1
    assert states(need) == ["lapsed", "offered"]
    assert services.move_lines_on(now=NOW + 2 * HOUR) == 0
    with pytest.raises(services.UnableToAnswerOffer):
        services.accept_offer(waiting_id=first.pk, by=act(crowd[0]), now=NOW + 2 * HOUR)


def test_passing_on_asks_the_next_at_once(cast: Cast, need: ShiftNeed, crowd: list[Member]) -> None:
    first, second = (wait(one, need, NOW + n * MINUTE) for n, one in enumerate(crowd[:2]))
    give_up(cast, need, NOW)
    services.pass_offer(waiting_id=first.pk, by=act(crowd[0]), now=NOW + MINUTE)
    assert states(need) == ["passed", "offered"]
    services.leave_line(waiting_id=second.pk, by=act(crowd[1]), now=NOW + MINUTE)
    assert states(need) == ["passed", "left"]


def test_whoever_may_not_come_is_left_out_of_turn(cast: Cast, need: ShiftNeed, crowd: list[Member]) -> None:
    for number, one in enumerate(crowd[:2]):
        wait(one, need, NOW + number * MINUTE)
    other = make_shift(make_post(need.shift.team, name="Chợ"), hours=(8, 9))
    make_sign_up(other, crowd[0])
    give_up(cast, need, NOW + HOUR)
    assert states(need) == ["waiting", "offered"]


def test_nobody_waits_who_may_not_come_or_need_not(cast: Cast, need: ShiftNeed, crowd: list[Member]) -> None:
    with pytest.raises(services.UnableToWait):
        wait(cast.neighbour_volunteer, need)
    ShiftNeed.objects.filter(pk=need.pk).update(maximum=2)
    with pytest.raises(services.UnableToWait):
        wait(crowd[0], need)
    assert not Waiting.objects.exists()


def test_a_place_in_line_is_nobody_elses(cast: Cast, need: ShiftNeed, crowd: list[Member]) -> None:
    row = wait(crowd[0], need)
    for doing in (services.leave_line, services.pass_offer, services.accept_offer):
        with pytest.raises(Http404):
            doing(waiting_id=row.pk, by=act(cast.leader), now=NOW)


def test_a_free_place_nobody_waits_for_stays_free(cast: Cast, need: ShiftNeed) -> None:
    give_up(cast, need, NOW)
    need.refresh_from_db()
    assert need.taken == 0
    assert not SignUp.objects.filter(state="confirmed").exists()


@pytest.mark.parametrize(
    ("now", "minutes", "end"),
    [
        ((3, 9), 120, (3, 11)),
        ((3, 20), 120, (4, 7, 30)),  # one hour before the quiet, one after
        ((3, 23), 60, (4, 7, 30)),
        ((4, 5), 60, (4, 7, 30)),
        ((6, 20), 600, (7, 7)),  # never beyond the start
    ],
)
def test_quiet_hours_do_not_count(now: tuple[int, ...], minutes: int, end: tuple[int, ...]) -> None:
    def july(day: int, hour: int, minute: int = 0) -> datetime:
        return at(datetime(2025, 7, day, tzinfo=UTC).date(), hour, minute)

    assert offer_end(july(*now), minutes * MINUTE, july(7, 7)) == july(*end)


def test_just_before_the_shift_nobody_is_asked() -> None:
    assert offer_end(NOW, HOUR, NOW + 10 * MINUTE) is None
