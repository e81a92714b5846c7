"""What other rooms ask: who holds what, is free, may serve – for many at once, in few queries."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from nhipcau.core.ids import new_id
from nhipcau.teams import services as teams
from nhipcau.teams.models import Member
from nhipcau.volunteers import queries
from nhipcau.volunteers.enums import ConsentState, DayPart, GrantState, Liking, Refusal
from nhipcau.volunteers.models import (
    DateAvailability,
    GuardianConsent,
    QualificationGrant,
    VolunteerProfile,
    WeeklyAvailability,
)
from tests.factories.cast import NOW, Cast
from tests.factories.volunteering import held_on

pytestmark = pytest.mark.django_db

DAY = date(2025, 7, 3)  # a Thursday
AFTER = DAY + timedelta(days=28)


def grant(member: Member, code: str, start: date, end: date | None, state: str = GrantState.APPROVED) -> None:
    QualificationGrant.objects.create(
        member=member, qualification_id=code, state=state, valid_from=start, valid_until=end, claimed_at=NOW
    )


def people(cast: Cast, count: int) -> list[Member]:
    found = [cast.volunteer, cast.leader, cast.neighbour_volunteer][:count]
    team = teams.make_team(by=None, now=NOW, name="Đội Mẫu", commune="24848")
    for member in found:
        teams.add_to_team(by=None, now=NOW, team=team, member=member)
        grant(member, "portal", DAY, AFTER)
        WeeklyAvailability.objects.create(
            member=member, weekday=3, part=DayPart.MORNING, liking=Liking.GLADLY
        )
        DateAvailability.objects.create(member=member, day=DAY, part=DayPart.EVENING, free=True)
        VolunteerProfile.objects.create(
            member=member, shifts_a_week=2, reach_km=30, minor_until=AFTER, updated_at=NOW
        )
        GuardianConsent.objects.create(
            member=member, guardian_name="Mẫu Văn Cha", given_on=DAY, valid_until=AFTER,
            recorded_by=cast.coordinator,
        )  # fmt: skip
    return found


def ids(found: list[Member]) -> list[UUID]:
    return [member.pk for member in found]


def test_the_shipped_table_is_loaded_with_what_it_includes(cast: Cast) -> None:
    edges = queries.edges()
    assert edges["portal"] == {"scanning", "payment"}
    assert edges["trainer"] >= {"portal", "teaching"}


def test_qualifications_at_the_date_of_the_shift(cast: Cast) -> None:
    lan, mai = cast.volunteer, cast.leader
    grant(lan, "trainer", DAY, DAY + timedelta(days=10))
    grant(lan, "land", DAY - timedelta(days=300), None)
    grant(lan, "social", DAY, None, GrantState.CLAIMED)
    grant(mai, "business", DAY, None, GrantState.DECLINED)
    included = {"teaching", "portal", "scanning", "payment", "vneid", "safety"}
    assert held_on(lan, DAY) == {"trainer", "land", *included}
    assert held_on(mai, DAY) == set()
    assert held_on(lan, DAY + timedelta(days=10)) == {"land"}
    assert held_on(lan, DAY - timedelta(days=1)) == {"land"}
    assert "portal" in held_on(lan, DAY + timedelta(days=9))


def test_when_members_are_free(cast: Cast) -> None:
    lan = people(cast, 1)[0]
    found = queries.availability([lan.pk, cast.coordinator.pk], DAY, AFTER)
    assert found[lan.pk].free(DAY, DayPart.MORNING)
    assert found[lan.pk].free(DAY, DayPart.EVENING)
    assert found[lan.pk].liking(3, DayPart.MORNING) == Liking.GLADLY
    assert not found[lan.pk].free(DAY + timedelta(days=7), DayPart.EVENING)
    assert not found[cast.coordinator.pk].said
    later = queries.availability([lan.pk], DAY + timedelta(days=1), AFTER)[lan.pk]
    assert later.dates == {}


def test_limits_and_what_holds_without(cast: Cast) -> None:
    lan = people(cast, 1)[0]
    found = queries.limits([lan.pk, cast.coordinator.pk])
    assert found[lan.pk] == queries.Limits(shifts_a_week=2, hours_a_day=8, reach_km=30)
    assert found[cast.coordinator.pk] == queries.default_limits()


def test_a_minor_needs_a_consent_that_holds_on_the_day(cast: Cast) -> None:
    lan = people(cast, 1)[0]
    assert queries.standing([lan.pk], DAY) == {lan.pk: None}
    GuardianConsent.objects.update(state=ConsentState.WITHDRAWN, ended_on=DAY + timedelta(days=7))
    assert queries.standing([lan.pk], DAY + timedelta(days=6)) == {lan.pk: None}
    refused = {lan.pk: Refusal.NO_GUARDIAN_CONSENT}
    assert queries.standing([lan.pk], DAY + timedelta(days=7)) == refused
    assert queries.standing([lan.pk], AFTER) == {lan.pk: None}, "grown up"


def test_who_left_or_is_in_no_team_does_not_serve(cast: Cast) -> None:
    lan = people(cast, 1)[0]
    team = lan.memberships.get().team
    assert queries.standing([cast.coordinator.pk], DAY) == {cast.coordinator.pk: Refusal.IN_NO_TEAM}
    team.ends_on = DAY + timedelta(days=5)
    team.save()
    assert queries.standing([lan.pk], DAY + timedelta(days=4)) == {lan.pk: None}
    assert queries.standing([lan.pk], DAY + timedelta(days=5)) == {lan.pk: Refusal.IN_NO_TEAM}
    teams.close_account(by=None, now=NOW, member=lan)
    assert queries.standing([lan.pk], DAY) == {lan.pk: Refusal.ACCOUNT_CLOSED}
    assert queries.standing([new_id()], DAY) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_what_it_costs_does_not_depend_on_how_many(
    count: int, cast: Cast, django_assert_num_queries: object
) -> None:
    asked = ids(people(cast, count))
    for queries_made, ask in (
        (2, lambda: queries.availability(asked, DAY, AFTER)),
        (1, lambda: queries.limits(asked)),
        (3, lambda: queries.standings(asked, DAY, AFTER)),
        (3, lambda: queries.standing(asked, DAY)),
    ):
        with django_assert_num_queries(queries_made):  # type: ignore[operator]  # the plugin's fixture
            assert set(ask()) == set(asked)
