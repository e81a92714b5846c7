"""What the database itself keeps: overlap, windows, results with their states, history, secrecy."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from nhipcau.audit.models import Entry
from nhipcau.teams.access import MemberActor
from nhipcau.visits import services
from nhipcau.visits.models import Visit, Visitor, VisitStep
from tests.factories.cast import NOW, Cast
from tests.factories.visiting import ADDRESS, HOUR, NOTES, make_visit, result

pytestmark = pytest.mark.django_db


def refused(constraint: str, visit: Visit, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(**values)


def test_impossible_rows_are_refused(visit: Visit, volunteer: MemberActor) -> None:
    for constraint, values in (
        ("state_known", {"state": "lost"}),
        ("next_step_known", {"next_step": "dance"}),
        ("visits_visit_version", {"version": 0}),
        ("visits_visit_window", {"ends_at": visit.starts_at}),
        ("visits_visit_day", {"day": visit.day + timedelta(days=1)}),
        ("one_need", {"topic": ""}),
        ("result_with_its_state", {"state": "not_home"}),
        ("result_with_its_state", {"next_step": "nothing"}),
        ("result_with_its_state", {"minutes": 5}),
        ("result_with_its_state", {"result_by": volunteer.id}),
    ):
        refused(constraint, visit, **values)
    services.record_result(visit_id=visit.pk, result=result(), by=volunteer, now=NOW)
    refused("visits_visit_minutes", visit, minutes=None)
    refused("visits_visit_minutes", visit, minutes=481)
    refused("result_with_its_state", visit, state="planned")


def test_the_day_is_that_of_vietnam(cast: Cast, leader: MemberActor) -> None:
    # 23:30 in Vietnam is still yesterday's evening in London.
    late = make_visit(cast, leader, begins=24 - 9 + 0.5, hours=1)
    assert late.day == NOW.date() + timedelta(days=1)


def test_nobody_is_in_two_homes_whatever_is_sent(cast: Cast, leader: MemberActor, visit: Visit) -> None:
    other = make_visit(cast, leader, begins=3, visitors=(cast.coordinator.pk,))
    sent = {"starts_at": NOW + 40 * HOUR, "ends_at": NOW + 41 * HOUR, "busy": False}
    with pytest.raises(IntegrityError, match="visits_visitor_no_overlap"), transaction.atomic():
        Visitor.objects.create(visit=other, member=cast.volunteer, **sent)
    with pytest.raises(IntegrityError, match="visits_visitor_once"), transaction.atomic():
        Visitor.objects.create(visit=visit, member=cast.volunteer, **sent)
    later = make_visit(cast, leader, begins=4)
    with pytest.raises(IntegrityError, match="visits_visitor_no_overlap"), transaction.atomic():
        Visit.objects.filter(pk=later.pk).update(starts_at=visit.starts_at)
    for one in (visit, later):
        services.cancel_visit(visit_id=one.pk, by=leader, now=NOW)
    Visitor.objects.create(visit=other, member=cast.volunteer, **sent)
    assert Visitor.objects.get(visit=other, member=cast.volunteer).starts_at == other.starts_at


def test_nothing_is_deleted_and_steps_do_not_change(visit: Visit) -> None:
    for rows in (Visitor.objects.all(), VisitStep.objects.all(), Visit.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        VisitStep.objects.update(to_state="done")
    VisitStep.objects.update(note="")


def test_the_raw_rows_and_the_audit_hold_nothing_private(visit: Visit, volunteer: MemberActor) -> None:
    services.record_result(
        visit_id=visit.pk, result=result(note="Cửa sau, con trai tên Mẫu"), by=volunteer, now=NOW
    )
    with connection.cursor() as cursor:
        for table in ("visits_visit", "visits_visitstep", "visits_visitor", "audit_entry"):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            text = "".join(row for (row,) in cursor.fetchall())
            assert text
            assert not [word for word in (ADDRESS, NOTES, "con trai") if word in text]
    entries = Entry.objects.filter(entity="visits_visit", entity_id=str(visit.pk)).order_by("id")
    assert [entry.action for entry in entries] == ["insert", "update"]
    assert entries[1].actor == str(volunteer.id)
    assert entries[1].changes["state"] == ["planned", "done"]
