"""Signing up and every move after it, through the services, on a real database."""

from datetime import datetime, timedelta

import pytest
from django.http import Http404

from nhipcau.core.ids import new_id
from nhipcau.messaging.models import Message
from nhipcau.shifts.enums import Reason, ShiftState
from nhipcau.shifts.models import Post, Shift, ShiftNeed, TeamRoster
from nhipcau.signups import services
from nhipcau.signups.enums import Refusal, SignUpState, Source
from nhipcau.signups.models import SignUp, SignUpStep
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.teams.models import Member, Team
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_member, make_post, make_shift, make_team

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def act(member: Member) -> MemberActor:
    return actor_of(member, NOW)


@pytest.fixture
def friend(cast: Cast) -> Member:
    return make_member("ban")


@pytest.fixture
def team(cast: Cast, friend: Member) -> Team:
    return make_team(cast, extra=(friend,))


@pytest.fixture
def post(team: Team) -> Post:
    return make_post(team)


@pytest.fixture
def need(post: Post) -> ShiftNeed:
    return make_shift(post)


def join(member: Member, need: ShiftNeed, now: datetime = NOW) -> SignUp:
    return services.join(id=new_id(), need_id=need.pk, by=act(member), now=now)


def refused(member: Member, need: ShiftNeed, now: datetime = NOW) -> tuple[Refusal, ...]:
    before = SignUp.objects.count()
    with pytest.raises(services.UnableToSignUp) as caught:
        join(member, need, now)
    assert SignUp.objects.count() == before
    return caught.value.refusals


def taken(need: ShiftNeed) -> int:
    need.refresh_from_db()
    return need.taken


def test_joining_takes_a_seat_and_leaves_a_step(cast: Cast, need: ShiftNeed) -> None:
    sign_up = join(cast.volunteer, need)
    assert (sign_up.state, sign_up.source, taken(need)) == (SignUpState.CONFIRMED, Source.SELF, 1)
    step = SignUpStep.objects.get(sign_up=sign_up)
    assert (step.from_state, step.to_state, step.by_id) == ("", "confirmed", cast.volunteer.pk)


def test_the_same_tap_twice_is_one_sign_up(cast: Cast, need: ShiftNeed) -> None:
    tap = new_id()
    first = services.join(id=tap, need_id=need.pk, by=act(cast.volunteer), now=NOW)
    again = services.join(id=tap, need_id=need.pk, by=act(cast.volunteer), now=NOW)
    another_tab = join(cast.volunteer, need)
    assert first.pk == again.pk == another_tab.pk == tap
    assert taken(need) == 1


def test_a_tap_that_comes_late_does_not_undo_a_cancellation(cast: Cast, need: ShiftNeed) -> None:
    tap = new_id()
    services.join(id=tap, need_id=need.pk, by=act(cast.volunteer), now=NOW)
    services.cancel(sign_up_id=tap, by=act(cast.volunteer), now=NOW, reason=Reason.ILL)
    late = services.join(id=tap, need_id=need.pk, by=act(cast.volunteer), now=NOW)
    assert late.state == SignUpState.CANCELLED
    assert taken(need) == 0
    assert join(cast.volunteer, need).pk != tap


def test_whoever_comes_too_late_is_told_to_wait_in_line(cast: Cast, post: Post, friend: Member) -> None:
    need = make_shift(post, maximum=1, ideal=1)
    join(cast.volunteer, need)
    with pytest.raises(services.UnableToTakeSeat, match="danh sách chờ"):
        join(friend, need)
    assert taken(need) == 1


def test_another_shift_at_that_time_is_a_reason(cast: Cast, team: Team, need: ShiftNeed) -> None:
    other = make_shift(make_post(team, name="Chợ"), hours=(11, 13))
    join(cast.volunteer, need)
    assert refused(cast.volunteer, other) == (Refusal.OVERLAP,)


def test_where_the_leader_confirms(cast: Cast, team: Team, need: ShiftNeed, friend: Member) -> None:
    TeamRoster.objects.create(team=team, needs_confirming=True)
    sign_up = join(cast.volunteer, need)
    assert sign_up.state == SignUpState.APPLIED
    with pytest.raises(services.UnableToMoveSignUp):
        services.move(sign_up, to=SignUpState.CONFIRMED, by=act(cast.volunteer), now=NOW)
    with pytest.raises(Http404):
        services.move(sign_up, to=SignUpState.CONFIRMED, by=act(friend), now=NOW)
    services.move(sign_up, to=SignUpState.CONFIRMED, by=act(cast.leader), now=NOW)
    sign_up.refresh_from_db()
    assert sign_up.state == SignUpState.CONFIRMED
    assert Message.objects.get().to == cast.volunteer.pk


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (timedelta(days=-30), Refusal.TOO_EARLY),
        (HOUR, Refusal.STARTED),
        (5 * HOUR, Refusal.OVER),
    ],
)
def test_when_it_is_too_early_or_too_late(
    cast: Cast, need: ShiftNeed, moment: timedelta, why: Refusal
) -> None:
    assert why in refused(cast.volunteer, need, need.shift.starts_at + moment)


def test_a_stranger_is_of_another_team(cast: Cast, need: ShiftNeed) -> None:
    assert refused(cast.neighbour_volunteer, need) == (Refusal.OTHER_TEAM,)


def test_a_leader_passes_over_soft_reasons_with_a_note_and_hard_ones_never(
    cast: Cast, post: Post, need: ShiftNeed
) -> None:
    guest = cast.neighbour_volunteer
    with pytest.raises(services.UnableToSignUp):
        services.put_on(need_id=need.pk, member_id=guest.pk, by=act(cast.leader), now=NOW)
    done = services.put_on(
        need_id=need.pk, member_id=guest.pk, by=act(cast.leader), now=NOW, note="Đã hỏi đội bên kia"
    )
    assert (done.state, done.source, done.note) == ("confirmed", "leader", "Đã hỏi đội bên kia")
    hard = make_shift(post, hours=(13, 17), qualifications=["teaching"])
    with pytest.raises(services.UnableToSignUp) as caught:
        services.put_on(need_id=hard.pk, member_id=guest.pk, by=act(cast.leader), now=NOW, note="Cần gấp")
    assert caught.value.refusals == (Refusal.QUALIFICATION,)


def test_only_who_leads_there_puts_people_on(cast: Cast, need: ShiftNeed) -> None:
    for stranger in (cast.volunteer, cast.outsider, cast.neighbour_volunteer, cast.administrator):
        with pytest.raises(Http404):
            services.put_on(need_id=need.pk, member_id=cast.volunteer.pk, by=act(stranger), now=NOW)
    assert taken(need) == 0


def test_who_came_on_the_day_is_written_down(cast: Cast, need: ShiftNeed) -> None:
    during = need.shift.starts_at + HOUR
    done = services.put_on(
        need_id=need.pk,
        member_id=cast.neighbour_volunteer.pk,
        by=act(cast.official),
        now=during,
        source=Source.WALK_IN,
        state=SignUpState.ATTENDED,
    )
    assert (done.state, done.source, taken(need)) == ("attended", "walk_in", 1)


def test_giving_up_needs_a_reason_and_frees_the_seat(cast: Cast, need: ShiftNeed, friend: Member) -> None:
    sign_up = join(cast.volunteer, need)
    with pytest.raises(services.UnableToMoveSignUp):
        services.cancel(sign_up_id=sign_up.pk, by=act(cast.volunteer), now=NOW, reason="")
    with pytest.raises(Http404):
        services.cancel(sign_up_id=sign_up.pk, by=act(friend), now=NOW, reason=Reason.ILL)
    services.cancel(sign_up_id=sign_up.pk, by=act(cast.volunteer), now=NOW, reason=Reason.ILL)
    assert taken(need) == 0
    with pytest.raises(services.UnableToMoveSignUp):
        services.move(sign_up, to=SignUpState.CONFIRMED, by=act(cast.leader), now=NOW)


def test_after_the_start_only_the_leader_decides(cast: Cast, need: ShiftNeed) -> None:
    sign_up = join(cast.volunteer, need)
    during = need.shift.starts_at + HOUR
    with pytest.raises(services.UnableToMoveSignUp):
        services.cancel(sign_up_id=sign_up.pk, by=act(cast.volunteer), now=during, reason=Reason.ILL)
    with pytest.raises(services.UnableToMoveSignUp):
        services.move(sign_up, to=SignUpState.NO_SHOW, by=act(cast.leader), now=NOW)
    services.move(sign_up, to=SignUpState.NO_SHOW, by=act(cast.official), now=during)
    assert taken(need) == 1
    with pytest.raises(services.UnableToMoveSignUp):
        services.move(sign_up, to=SignUpState.EXCUSED, by=act(cast.leader), now=during)
    later, leader = during + HOUR, act(cast.leader)
    services.move(sign_up, to=SignUpState.EXCUSED, by=leader, now=later, reason=Reason.FAMILY)
    assert taken(need) == 0
    services.move(sign_up, to=SignUpState.ATTENDED, by=leader, now=later + HOUR, reason=Reason.MISTAKE)
    assert taken(need) == 1
    steps = SignUpStep.objects.filter(sign_up=sign_up).order_by("at", "id").values_list("to_state", flat=True)
    assert list(steps) == ["confirmed", "no_show", "excused", "attended"]


def test_what_was_measured_at_the_post(cast: Cast, need: ShiftNeed) -> None:
    sign_up = join(cast.volunteer, need)
    with pytest.raises(services.UnableToMoveSignUp):
        services.move(sign_up, to=SignUpState.ATTENDED, by=act(cast.volunteer), now=need.shift.starts_at)
    services.move(
        sign_up,
        to=SignUpState.ATTENDED,
        by=act(cast.volunteer),
        now=need.shift.starts_at - HOUR / 2,
        mover=services.Mover.POST,
    )
    sign_up.refresh_from_db()
    assert sign_up.state == SignUpState.ATTENDED


def test_an_excused_member_finds_the_seat_given_away(cast: Cast, post: Post, friend: Member) -> None:
    need = make_shift(post, maximum=1, ideal=1)
    sign_up = join(cast.volunteer, need)
    during = need.shift.starts_at + HOUR
    services.move(sign_up, to=SignUpState.EXCUSED, by=act(cast.leader), now=during, reason=Reason.ILL)
    services.put_on(need_id=need.pk, member_id=friend.pk, by=act(cast.leader), now=during, note="Đến thay")
    with pytest.raises(services.UnableToTakeSeat):
        services.move(sign_up, to="attended", by=act(cast.leader), now=during, reason=Reason.MISTAKE)
    sign_up.refresh_from_db()
    assert (sign_up.state, taken(need)) == ("excused", 1)


def test_i_will_come(cast: Cast, need: ShiftNeed, friend: Member) -> None:
    sign_up = join(cast.volunteer, need)
    with pytest.raises(Http404):
        services.promise(sign_up_id=sign_up.pk, by=act(friend), now=NOW)
    services.promise(sign_up_id=sign_up.pk, by=act(cast.volunteer), now=NOW)
    again = services.promise(sign_up_id=sign_up.pk, by=act(cast.volunteer), now=NOW + HOUR)
    assert again.promised_at == NOW


def test_a_shift_called_off_or_in_preparation_takes_nobody(cast: Cast, post: Post, need: ShiftNeed) -> None:
    draft = make_shift(post, hours=(13, 17), state=ShiftState.DRAFT)
    assert refused(cast.volunteer, draft) == (Refusal.NOT_OPEN,)
    Shift.objects.filter(pk=need.shift_id).update(state=ShiftState.CANCELLED, reason=Reason.WEATHER)
    assert refused(cast.volunteer, need) == (Refusal.CALLED_OFF,)


def test_no_note_holds_a_long_number(cast: Cast, need: ShiftNeed) -> None:
    sign_up = join(cast.volunteer, need)
    for note in ("068000000000", "x" * 201):
        with pytest.raises(Exception, match=r"."):
            services.cancel(
                sign_up_id=sign_up.pk, by=act(cast.volunteer), now=NOW, reason=Reason.OTHER, note=note
            )
    sign_up.refresh_from_db()
    assert sign_up.state == SignUpState.CONFIRMED
