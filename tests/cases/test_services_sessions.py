"""Recording help: once however often it is sent, only where one works, many at once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from nhipcau.audit.queries import entries_of
from nhipcau.cases import services
from nhipcau.cases.models import HelpSession
from nhipcau.cases.rules import UnableToRecordSession
from nhipcau.cases.services import UnableToRecordTwice, UnableToUndo
from nhipcau.core.ids import new_id
from nhipcau.places.models import ServicePoint
from nhipcau.teams.access import MemberActor, actor_of
from tests.cases.conftest import open_case, session
from tests.factories.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def record(by: Any, now: datetime = NOW, **changes: Any) -> services.Recorded:
    return services.record_session(session=session(by, **changes), by=by, now=now)


def test_a_session_is_recorded_without_a_name(volunteer: MemberActor, point: ServicePoint) -> None:
    done = record(volunteer, service_point=point.pk, procedure="birth-registration", topic="")
    row = HelpSession.objects.get(pk=done.session.pk)
    assert not done.already
    assert (row.day.isoformat(), row.at, row.recorded_at) == ("2025-07-03", NOW, NOW)
    assert (row.volunteer_id, row.procedure_id, row.service_point_id) == (
        volunteer.id, "birth-registration", point.pk,
    )  # fmt: skip


def test_the_day_is_the_day_in_vietnam(volunteer: MemberActor) -> None:
    late = datetime(2025, 7, 3, 17, 30, tzinfo=UTC)
    assert record(volunteer, late).session.day.isoformat() == "2025-07-04"


def test_sent_twice_is_recorded_once(volunteer: MemberActor) -> None:
    sent = session(volunteer)
    first = services.record_session(session=sent, by=volunteer, now=NOW)
    again = services.record_session(session=sent, by=volunteer, now=NOW + timedelta(minutes=5))
    assert again.already
    assert again.session.recorded_at == first.session.recorded_at == NOW
    assert HelpSession.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"minutes": 30},
        {"alone": "all_alone"},
        {"topic": "other"},
        {"first_time": False},
        {"at": NOW - timedelta(hours=1)},
    ],
)
def test_the_same_id_with_other_content_is_never_settled_silently(
    volunteer: MemberActor, changes: dict[str, Any]
) -> None:
    number = new_id()
    record(volunteer, id=number)
    with pytest.raises(UnableToRecordTwice):
        record(volunteer, id=number, **changes)
    assert HelpSession.objects.get().minutes == 15


def test_somebody_elses_id_is_refused(cast: Cast, volunteer: MemberActor, leader: MemberActor) -> None:
    number = new_id()
    record(volunteer, id=number)
    with pytest.raises(UnableToRecordTwice):
        record(leader, id=number)


def test_one_records_for_oneself_where_one_works(
    cast: Cast, volunteer: MemberActor, leader: MemberActor
) -> None:
    with pytest.raises(UnableToRecordSession):
        record(volunteer, commune="24846")
    with pytest.raises(UnableToRecordSession):
        record(volunteer, volunteer=leader.id)
    for member in (cast.administrator, cast.nation, cast.province):
        with pytest.raises(UnableToRecordSession):
            record(actor_of(member, NOW))
    assert not HelpSession.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"commune": "99999"},
        {"commune": "68"},
        {"procedure": "no-such-guide", "topic": ""},
        {"service_point": UUID(int=7)},
        {"team": UUID(int=7)},
        {"language": "xx"},
    ],
)
def test_unknown_references_are_refused_in_words(volunteer: MemberActor, changes: dict[str, Any]) -> None:
    with pytest.raises(UnableToRecordSession):
        record(volunteer, **changes)


def test_a_point_of_another_commune_is_refused(cast: Cast, point: ServicePoint) -> None:
    neighbour = actor_of(cast.neighbour_volunteer, NOW)
    with pytest.raises(UnableToRecordSession):
        record(neighbour, commune="24846", service_point=point.pk)


def test_undo_on_the_same_day_only_and_only_ones_own(
    cast: Cast, volunteer: MemberActor, leader: MemberActor
) -> None:
    done = record(volunteer).session
    with pytest.raises(Http404):
        services.undo_session(session_id=done.pk, by=leader, now=NOW)
    with pytest.raises(UnableToUndo):
        services.undo_session(session_id=done.pk, by=volunteer, now=NOW + timedelta(days=1))
    services.undo_session(session_id=done.pk, by=volunteer, now=NOW + timedelta(hours=3))
    assert not HelpSession.objects.exists()
    with pytest.raises(Http404):
        services.undo_session(session_id=done.pk, by=volunteer, now=NOW)
    assert {entry.action for entry in entries_of("cases_helpsession", str(done.pk))} == {"insert", "delete"}


def test_a_session_with_a_case_stays(volunteer: MemberActor) -> None:
    done = record(volunteer).session
    open_case(volunteer, NOW, session=done.pk)
    with pytest.raises(UnableToUndo):
        services.undo_session(session_id=done.pk, by=volunteer, now=NOW)


def test_the_trail_says_who(volunteer: MemberActor) -> None:
    done = record(volunteer).session
    entry = entries_of("cases_helpsession", str(done.pk)).get()
    assert (entry.actor, entry.commune, entry.action) == (str(volunteer.id), "24848", "insert")


@pytest.mark.parametrize(
    "changes",
    [
        {"minutes": 0},
        {"minutes": 481},
        {"outcome": "x"},
        {"alone": "x"},
        {"age_band": "x"},
        {"topic": ""},
        {"procedure_id": "birth-registration"},
    ],
)
def test_the_database_refuses_what_the_rules_refuse(volunteer: MemberActor, changes: dict[str, Any]) -> None:
    done = record(volunteer).session
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpSession.objects.filter(pk=done.pk).update(**changes)


def test_bulk_is_all_or_nothing_and_safe_to_repeat(volunteer: MemberActor) -> None:
    many = [session(volunteer, at=NOW - timedelta(days=400)) for _ in range(20)]
    with pytest.raises(UnableToRecordSession):
        services.record_sessions_in_bulk(sessions=[*many, session(volunteer, minutes=0)], by=None, now=NOW)
    assert not HelpSession.objects.exists()
    assert services.record_sessions_in_bulk(sessions=many, by=None, now=NOW) == 20
    assert services.record_sessions_in_bulk(sessions=many, by=None, now=NOW) == 0
    assert HelpSession.objects.count() == 20


def test_bulk_by_a_person_stays_inside_their_places(cast: Cast, leader: MemberActor) -> None:
    with pytest.raises(UnableToRecordSession):
        services.record_sessions_in_bulk(
            sessions=[session(leader), session(leader, commune="24846")], by=leader, now=NOW
        )


def test_bulk_costs_a_handful_of_queries_however_many_rows(
    volunteer: MemberActor, point: ServicePoint, django_assert_max_num_queries: Any
) -> None:
    many = [
        session(
            volunteer,
            at=NOW - timedelta(minutes=number),
            service_point=point.pk,
            procedure="birth-registration" if number % 3 else "",
            topic="" if number % 3 else "vneid",
        )
        for number in range(3000)
    ]
    with django_assert_max_num_queries(12):
        assert services.record_sessions_in_bulk(sessions=many, by=None, now=NOW) == 3000
