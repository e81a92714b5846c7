"""Results of home visits through phones: one result, or two side by side."""

from datetime import timedelta
from typing import Any

import pytest

from nhipcau.cases.models import HelpSession
from nhipcau.messaging.models import Message
from nhipcau.sync.enums import ConflictReason
from nhipcau.sync.models import Conflict
from nhipcau.sync.queries.conflicts import content_of
from nhipcau.sync.services.deciding import decide
from nhipcau.teams.access import actor_of
from nhipcau.visits import services as visits
from nhipcau.visits.models import Visit
from nhipcau.visits.services import VisitChange
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone, make_phone
from tests.factories.visiting import make_visit

from .conftest import Send
from .test_operations_cases import results

SENT = NOW + timedelta(hours=6)
AT = NOW + timedelta(hours=3)


def outcome(phone: Phone, visit: Visit, *, version: int = 1, **more: Any) -> dict[str, Any]:
    data = {
        "visit": str(visit.pk),
        "outcome": "done",
        "minutes": 30,
        "next_step": "nothing",
        "note": "Đã cài xong ứng dụng",
        "session": None,
        **more,
    }
    return phone.command("visits.record_result", data, AT, base={"version": version})


def test_a_result_comes_with_its_help_session_and_once(phone: Phone, cast: Cast, send: Send) -> None:
    visit = make_visit(cast, actor_of(cast.leader, NOW))
    session = phone.session(AT)["data"]
    command = outcome(phone, visit, session=session)
    twin = {**outcome(phone, visit), "data": command["data"]}
    assert results(send(phone, command, twin, now=SENT)) == [("applied", ""), ("already_applied", "")]
    visit.refresh_from_db()
    assert (visit.state, visit.result_at, visit.result_by_id) == ("done", AT, cast.volunteer.pk)
    assert str(HelpSession.objects.get().pk) == session["id"]


def test_a_plan_changed_meanwhile_does_not_stop_a_result(phone: Phone, cast: Cast, send: Send) -> None:
    leader = actor_of(cast.leader, NOW)
    visit = make_visit(cast, leader)
    visits.change_visit(visit_id=visit.pk, change=VisitChange(notes="Gọi trước"), by=leader, now=NOW)
    assert results(send(phone, outcome(phone, visit), now=SENT)) == [("merged", "")]


def test_two_results_stand_side_by_side(phone: Phone, cast: Cast, send: Send) -> None:
    visit = make_visit(cast, actor_of(cast.leader, NOW))
    other = make_phone(cast.leader, NOW)
    send(other, outcome(other, visit, outcome="not_home", minutes=None, note=""), now=SENT)
    assert results(send(phone, outcome(phone, visit), now=SENT)) == [("needs_person", "sync.other_result")]
    row = Conflict.objects.get()
    fields = {each["name"]: (each["theirs"], each["mine"]) for each in content_of(row)["fields"]}
    assert row.reason == ConflictReason.OTHER_RESULT
    assert fields["outcome"] == ("not_home", "done")
    assert fields["note"] == ("", "Đã cài xong ứng dụng")


def test_called_off_or_given_to_others_it_waits_for_who_plans(phone: Phone, cast: Cast, send: Send) -> None:
    leader = actor_of(cast.leader, NOW)
    off, given = make_visit(cast, leader), make_visit(cast, leader, begins=5)
    visits.cancel_visit(visit_id=off.pk, by=leader, now=NOW)
    people = VisitChange(visitors=(cast.leader.pk,))
    visits.change_visit(visit_id=given.pk, change=people, by=leader, now=NOW)
    answer = send(phone, outcome(phone, off), outcome(phone, given), now=SENT)
    assert results(answer) == [("needs_person", "sync.not_yours")] * 2
    assert {row.entity_id for row in Conflict.objects.all()} == {off.pk, given.pk}
    given.refresh_from_db()
    assert given.state == "planned"


def test_a_stranger_is_told_nothing(cast: Cast, send: Send) -> None:
    visit = make_visit(cast, actor_of(cast.leader, NOW))
    stranger = make_phone(cast.neighbour_volunteer, NOW)
    assert results(send(stranger, outcome(stranger, visit), now=SENT)) == [("refused", "sync.not_found")]


@pytest.mark.parametrize("minutes", [30, 45])
def test_the_help_of_a_second_visitor_counts_once_and_they_are_told(
    phone: Phone, cast: Cast, send: Send, minutes: int
) -> None:
    visit = make_visit(cast, actor_of(cast.leader, NOW))
    other = make_phone(cast.leader, NOW)
    send(other, outcome(other, visit, session=other.session(AT)["data"]), now=SENT)
    session = phone.session(AT, minutes=minutes)["data"]
    (receipt,) = send(phone, outcome(phone, visit, session=session), now=SENT).receipts
    assert (receipt.result, bool(receipt.words)) == ("already_applied", True)
    assert HelpSession.objects.get().volunteer_id == cast.leader.pk
    assert Message.objects.filter(to=cast.volunteer.pk, about=visit.pk, kind="field").count() == 1
    assert not Message.objects.filter(to=cast.leader.pk, about=visit.pk, kind="field").exists()


def test_who_corrects_their_help_by_phone_counts_it_anew(phone: Phone, cast: Cast, send: Send) -> None:
    """Sent, or decided by a person."""
    visit = make_visit(cast, actor_of(cast.leader, NOW))
    first, second, third = (phone.session(AT, minutes=each)["data"] for each in (10, 20, 30))
    send(phone, outcome(phone, visit, session=first), now=SENT)
    (receipt,) = send(phone, outcome(phone, visit, session=second, version=2, minutes=40), now=SENT).receipts
    assert (receipt.result, receipt.words) == ("applied", "")
    assert str(HelpSession.objects.get().pk) == second["id"]
    late = outcome(phone, visit, session=third, version=1, minutes=50)
    assert results(send(phone, late, now=SENT)) == [("needs_person", "sync.other_result")]
    cast.volunteer.grants.update(valid_until=SENT)
    decide(conflict_id=Conflict.objects.get().pk, keep="phone", by=actor_of(cast.leader, SENT), now=SENT)
    assert str(HelpSession.objects.get().pk) == third["id"]
    assert not Message.objects.filter(about=visit.pk, kind="field", to=cast.volunteer.pk).exists()


def test_nobody_is_told_of_a_help_sent_twice(phone: Phone, cast: Cast, send: Send) -> None:
    visit = make_visit(cast, actor_of(cast.leader, NOW))
    session = phone.session(AT)["data"]
    for _time in range(2):
        (receipt,) = send(phone, outcome(phone, visit, session=session), now=SENT).receipts
        assert not receipt.words
    assert not Message.objects.filter(about=visit.pk, kind="field").exists()


def test_months_later_what_came_from_the_phone_can_still_be_taken(
    phone: Phone, cast: Cast, send: Send
) -> None:
    """It was in time when it was sent; a conflict is kept for a year."""
    leader = actor_of(cast.leader, NOW)
    visit = make_visit(cast, leader)
    visits.cancel_visit(visit_id=visit.pk, by=leader, now=NOW)
    session = phone.session(AT)["data"]
    send(phone, outcome(phone, visit, session=session), now=SENT)
    late = SENT + timedelta(days=120)
    row = Conflict.objects.get()
    decide(conflict_id=row.pk, keep="phone", by=actor_of(cast.leader, late), now=late)
    visit.refresh_from_db()
    assert (visit.state, str(visit.session_id)) == ("done", session["id"])
