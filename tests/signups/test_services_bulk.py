"""Many posts and sign-ups at once pass the same rules and constraints as one."""

from datetime import date, time, timedelta

import pytest

from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.shifts import services as shift_services
from nhipcau.shifts.enums import Reason
from nhipcau.shifts.models import Post, ShiftNeed
from nhipcau.signups import services as signup_services
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp, SignUpStep
from nhipcau.teams.models import Member, Team
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_member, make_post, make_shift, make_team

pytestmark = pytest.mark.django_db
CONFIRMED = signup_services.Step(SignUpState.CONFIRMED, NOW, signup_services.Mover.MEMBER)


@pytest.fixture
def team(cast: Cast) -> Team:
    return make_team(cast)


@pytest.fixture
def need(team: Team) -> ShiftNeed:
    return make_shift(make_post(team), minimum=1, ideal=2, maximum=2)


def new(need: ShiftNeed, member: Member, *steps: signup_services.Step) -> signup_services.NewSignUp:
    return signup_services.NewSignUp(new_id(), need.pk, member.pk, steps or (CONFIRMED,))


def sign_up(*rows: signup_services.NewSignUp) -> int:
    return signup_services.sign_up_in_bulk(sign_ups=rows, by=None, now=NOW)


def test_posts_come_with_their_rules_and_needs(team: Team) -> None:
    rule = signup_services.NewRule(
        (0, 1), time(7), time(11, 30), (shift_services.NeedSpec("Hướng dẫn", 1, 2, 3),)
    )
    post = signup_services.NewPost(new_id(), team.pk, team.commune_id, "Bàn mới", date(2025, 7, 1), (rule,))
    assert signup_services.add_posts_in_bulk(posts=[post], by=None, now=NOW) == 1
    found = Post.objects.get(pk=post.id).rules.get()
    assert (found.weekdays, found.needs.get().maximum) == ([0, 1], 3)


@pytest.mark.parametrize(
    ("name", "weekdays", "ends", "maximum"),
    [
        ("  ", (0,), time(11), 3),
        ("Bàn", (), time(11), 3),
        ("Bàn", (0,), time(6), 3),
        ("Bàn", (0,), time(11), 0),
    ],
)
def test_a_wrong_post_leaves_nothing(
    name: str, weekdays: tuple[int, ...], ends: time, maximum: int, team: Team
) -> None:
    rule = signup_services.NewRule(weekdays, time(7), ends, (shift_services.NeedSpec("Vai", 1, 1, maximum),))
    good = signup_services.NewPost(new_id(), team.pk, team.commune_id, "Tốt", date(2025, 7, 1), ())
    wrong = signup_services.NewPost(new_id(), team.pk, team.commune_id, name, date(2025, 7, 1), (rule,))
    with pytest.raises(UnableTo):
        signup_services.add_posts_in_bulk(posts=[good, wrong], by=None, now=NOW)
    assert not Post.objects.exists()


def test_sign_ups_are_counted_and_keep_their_steps(need: ShiftNeed, cast: Cast) -> None:
    after = need.shift.ends_at + timedelta(hours=1)
    came = signup_services.Step(SignUpState.ATTENDED, after, signup_services.Mover.POST)
    assert sign_up(new(need, cast.volunteer, CONFIRMED, came), new(need, make_member("beside"))) == 2
    need.refresh_from_db()
    assert need.taken == 2
    steps = SignUpStep.objects.filter(sign_up__member=cast.volunteer).order_by("at")
    assert list(steps.values_list("from_state", "to_state")) == [("", "confirmed"), ("confirmed", "attended")]


def test_the_database_refuses_what_does_not_fit(need: ShiftNeed, team: Team, cast: Cast) -> None:
    people = [make_member(f"many{number}") for number in range(3)]
    with pytest.raises(signup_services.UnableToTakeSeat):
        sign_up(*(new(need, member) for member in people))
    beside = make_shift(make_post(team, name="Bàn bên"), hours=(11, 13))
    with pytest.raises(signup_services.UnableToBeInTwoPlaces):
        sign_up(new(need, cast.volunteer), new(beside, cast.volunteer))
    with pytest.raises((signup_services.UnableToSignUpTwice, signup_services.UnableToBeInTwoPlaces)):
        sign_up(new(need, cast.volunteer), new(need, cast.volunteer))
    assert not SignUp.objects.exists()


@pytest.mark.parametrize(
    "steps",
    [
        (signup_services.Step(SignUpState.NO_SHOW, NOW, signup_services.Mover.LEADER),),
        (CONFIRMED, signup_services.Step(SignUpState.EXCUSED, NOW, signup_services.Mover.LEADER)),
        (CONFIRMED, signup_services.Step(SignUpState.ATTENDED, NOW, signup_services.Mover.MEMBER)),
        (
            CONFIRMED,
            signup_services.Step(SignUpState.CANCELLED, NOW, signup_services.Mover.MEMBER, Reason.ILL),
            CONFIRMED,
        ),
    ],
)
def test_a_life_that_the_table_forbids_is_refused(
    steps: tuple[signup_services.Step, ...], need: ShiftNeed, cast: Cast
) -> None:
    with pytest.raises(signup_services.UnableToMoveSignUp):
        sign_up(new(need, make_member("fine")), new(need, cast.volunteer, *steps))
    assert not SignUp.objects.exists()
