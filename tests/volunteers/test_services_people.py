"""When and how much, minors and their guardians, badges: who may say it, what is refused and forgotten."""

from datetime import date, timedelta

import pytest

from nhipcau.teams import services as teams
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Team
from nhipcau.volunteers import queries, services
from nhipcau.volunteers.enums import BadgeVerdict, ConsentState, DayPart, Liking, Refusal
from nhipcau.volunteers.models import Badge, DateAvailability, GuardianConsent
from nhipcau.volunteers.rules import UnableToReview, UnableToSetDays, UnableToSpeakFor
from tests.factories.cast import NOW, Cast

pytestmark = pytest.mark.django_db
TODAY = date(2025, 7, 3)
NEXT_YEAR = TODAY + timedelta(days=365)
MORNINGS = {(day, DayPart.MORNING): Liking.GLADLY for day in range(5)}


def test_a_week_is_replaced_as_a_whole(cast: Cast) -> None:
    me = actor_of(cast.volunteer, NOW)
    services.set_week(by=me, now=NOW, member=cast.volunteer, week=MORNINGS)
    services.set_week(by=me, now=NOW, member=cast.volunteer, week={(6, DayPart.EVENING): Liking.CAN})
    found = queries.availability([cast.volunteer.pk], TODAY, TODAY)[cast.volunteer.pk]
    assert found.weekly == {(6, DayPart.EVENING): Liking.CAN}


def test_the_leader_speaks_for_one_without_a_phone_and_a_stranger_does_not(cast: Cast) -> None:
    services.set_week(by=actor_of(cast.leader, NOW), now=NOW, member=cast.volunteer, week=MORNINGS)
    for stranger in (cast.outsider, cast.official, cast.neighbour_volunteer):
        with pytest.raises(UnableToSpeakFor):
            services.set_week(by=actor_of(stranger, NOW), now=NOW, member=cast.volunteer, week={})
    assert queries.availability([cast.volunteer.pk], TODAY, TODAY)[cast.volunteer.pk].said


def test_a_neighbours_leader_answers_for_who_works_in_their_team(cast: Cast, team: Team) -> None:
    guest = cast.neighbour_volunteer
    with pytest.raises(UnableToSpeakFor):
        services.set_week(by=actor_of(cast.leader, NOW), now=NOW, member=guest, week=MORNINGS)
    teams.add_to_team(by=None, now=NOW, team=team, member=guest)
    services.set_week(by=actor_of(cast.leader, NOW), now=NOW, member=guest, week=MORNINGS)


def test_days_that_differ_are_joined_and_cleared(cast: Cast) -> None:
    me, lan = actor_of(cast.volunteer, NOW), cast.volunteer
    last = TODAY + timedelta(days=9)
    services.set_days(by=me, now=NOW, member=lan, first=TODAY, last=last, parts=[], free=False)
    middle = TODAY + timedelta(days=4)
    twice = [DayPart.EVENING, DayPart.EVENING]  # as a form sent by hand may say it
    services.set_days(by=me, now=NOW, member=lan, first=middle, last=middle, parts=twice, free=True)
    found = queries.exceptions_of(lan.pk, today=TODAY)
    assert [(one.first, one.last, one.free, len(one.parts)) for one in found] == [
        (TODAY, middle - timedelta(days=1), False, 3),
        (middle, middle, False, 2),
        (middle, middle, True, 1),
        (middle + timedelta(days=1), last, False, 3),
    ]
    services.clear_days(by=me, now=NOW, member=lan, first=TODAY, last=last)
    assert queries.exceptions_of(lan.pk, today=TODAY) == []


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (3, 2), (0, 366)])
def test_days_that_cannot_be(first: int, last: int, cast: Cast) -> None:
    days = {"first": TODAY + timedelta(days=first), "last": TODAY + timedelta(days=last)}
    with pytest.raises(UnableToSetDays):
        services.set_days(
            by=actor_of(cast.volunteer, NOW), now=NOW, member=cast.volunteer, parts=[], free=False, **days
        )


def test_old_days_are_forgotten(cast: Cast) -> None:
    old = TODAY - timedelta(days=91)
    DateAvailability.objects.create(member=cast.volunteer, day=old, part="morning", free=True)
    DateAvailability.objects.create(member=cast.volunteer, day=TODAY, part="morning", free=True)
    assert services.forget_old_days(now=NOW) == 1


@pytest.mark.parametrize(
    "wrong", [{"shifts_a_week": 15}, {"hours_a_day": 0}, {"hours_a_day": 13}, {"reach_km": 301}]
)
def test_limits_within_reason(wrong: dict[str, int], cast: Cast) -> None:
    me, sound = actor_of(cast.volunteer, NOW), {"shifts_a_week": 2, "hours_a_day": 4, "reach_km": 30}
    services.set_limits(by=me, now=NOW, member=cast.volunteer, **sound)
    assert queries.limits([cast.volunteer.pk])[cast.volunteer.pk] == queries.Limits(2, 4, 30)
    with pytest.raises(services.UnableToSetLimits):
        services.set_limits(by=me, now=NOW, member=cast.volunteer, **{**sound, **wrong})


def consent(cast: Cast, **changes: object) -> GuardianConsent:
    values = {
        "guardian_name": "Mẫu Thị Mẹ", "guardian_phone": "0600 000 001", "given_on": TODAY,
        "valid_until": NEXT_YEAR, **changes,
    }  # fmt: skip
    return services.record_consent(
        by=actor_of(cast.leader, NOW), now=NOW, member=cast.volunteer, **values  # type: ignore[arg-type]  # a test's shorthand
    )  # fmt: skip


def test_a_minor_serves_while_a_guardian_agrees(cast: Cast, team: Team) -> None:
    lan = cast.volunteer
    services.set_minor(by=actor_of(cast.leader, NOW), now=NOW, member=lan, minor_until=NEXT_YEAR)
    assert queries.standing([lan.pk], TODAY)[lan.pk] == Refusal.NO_GUARDIAN_CONSENT
    assert list(queries.minors_without_consent(actor_of(cast.leader, NOW), today=TODAY)) == [lan]
    first, second = consent(cast), consent(cast, valid_until=TODAY + timedelta(days=30))
    first.refresh_from_db()
    assert first.state == ConsentState.REPLACED
    assert queries.consent_of(lan.pk) == second
    assert queries.standing([lan.pk], TODAY)[lan.pk] is None
    services.withdraw_consent(by=actor_of(cast.leader, NOW), now=NOW, member=lan)
    assert queries.standing([lan.pk], TODAY)[lan.pk] == Refusal.NO_GUARDIAN_CONSENT
    with pytest.raises(services.UnableToRecordConsent):
        services.withdraw_consent(by=actor_of(cast.leader, NOW), now=NOW, member=lan)


@pytest.mark.parametrize(
    "wrong",
    [
        {"guardian_name": " "},
        {"given_on": TODAY + timedelta(days=1)},
        {"valid_until": TODAY},
        {"valid_until": TODAY + timedelta(days=367)},
    ],
)
def test_a_consent_that_cannot_be(wrong: dict[str, object], cast: Cast) -> None:
    with pytest.raises(services.UnableToRecordConsent):
        consent(cast, **wrong)


def test_nobody_records_their_own_age_or_consent(cast: Cast) -> None:
    for by in (cast.leader, cast.outsider):
        with pytest.raises(UnableToReview):
            services.set_minor(by=actor_of(by, NOW), now=NOW, member=cast.leader, minor_until=None)


def test_a_consent_is_forgotten_a_year_after_it_ended(cast: Cast) -> None:
    consent(cast)
    assert services.forget_old_consents(now=NOW + timedelta(days=729)) == 0
    assert services.forget_old_consents(now=NOW + timedelta(days=731)) == 1


def test_a_new_badge_ends_the_old(cast: Cast, team: Team) -> None:
    me = actor_of(cast.volunteer, NOW)
    old = services.renew_badge(by=me, now=NOW, member=cast.volunteer)
    new = services.renew_badge(by=me, now=NOW, member=cast.volunteer)
    assert queries.badge_of(cast.volunteer.pk) == new
    answer = queries.check_badge(new.token, today=TODAY)
    assert (answer.verdict, answer.name, answer.teams) == (
        BadgeVerdict.VALID, "Tình nguyện viên Mẫu", ("Đội Mẫu",),
    )  # fmt: skip
    assert answer.commune == "Xã Lạc Dương"
    assert queries.check_badge(old.token, today=TODAY) == queries.BadgeAnswer(BadgeVerdict.REPLACED)
    assert queries.check_badge("x" * 27, today=TODAY) == queries.BadgeAnswer(BadgeVerdict.UNKNOWN)
    with pytest.raises(UnableToSpeakFor):
        services.renew_badge(by=actor_of(cast.outsider, NOW), now=NOW, member=cast.volunteer)


def test_who_left_is_no_volunteer_and_has_no_name(cast: Cast, team: Team) -> None:
    badge = services.renew_badge(by=actor_of(cast.volunteer, NOW), now=NOW, member=cast.volunteer)
    services.set_minor(by=actor_of(cast.leader, NOW), now=NOW, member=cast.volunteer, minor_until=NEXT_YEAR)
    assert queries.check_badge(badge.token, today=TODAY) == queries.BadgeAnswer(BadgeVerdict.NOT_TODAY)
    teams.close_account(by=None, now=NOW, member=cast.volunteer)
    assert queries.check_badge(badge.token, today=TODAY) == queries.BadgeAnswer(BadgeVerdict.ENDED)


def test_checking_costs_the_same_known_or_not(
    cast: Cast, team: Team, django_assert_num_queries: object
) -> None:
    badge = services.renew_badge(by=actor_of(cast.volunteer, NOW), now=NOW, member=cast.volunteer)
    for token in (badge.token, "x" * 27):
        with django_assert_num_queries(5):  # type: ignore[operator]  # the plugin's fixture
            queries.check_badge(token, today=TODAY)


def test_a_teams_badges_are_made_once(cast: Cast, team: Team) -> None:
    teams.add_to_team(by=None, now=NOW, team=team, member=cast.leader)
    leader = actor_of(cast.leader, NOW)
    first = services.badges_of_team(by=leader, now=NOW, team=team)
    assert {badge.member_id for badge in first} == {cast.volunteer.pk, cast.leader.pk}
    assert services.badges_of_team(by=leader, now=NOW, team=team) == first
    assert Badge.objects.count() == 2
