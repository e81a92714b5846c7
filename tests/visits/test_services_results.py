"""What a visit came to: once, twice, by two people, after a change, after it was called off."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from nhipcau.cases.models import CaseEvent, HelpSession
from nhipcau.cases.services import record_session
from nhipcau.citizens.queries import UnableToWriteDown
from nhipcau.core.errors import UnableTo
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.visits import services
from nhipcau.visits.models import Visit, VisitStep
from nhipcau.visits.services import RecordedResult, VisitChange
from tests.cases.conftest import open_case, session
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_member
from tests.factories.visiting import HOUR, make_visit, result

pytestmark = pytest.mark.django_db


def record(visit: Visit, by: MemberActor, seen: int | None = None, **changes: Any) -> RecordedResult:
    return services.record_result(
        visit_id=visit.pk, result=result(**changes), by=by, now=NOW, seen_version=seen
    )


def test_a_result_is_written_once(visit: Visit, volunteer: MemberActor) -> None:
    first, again = (record(visit, volunteer, seen=1) for _time in range(2))
    assert (first.already, first.merged, again.already) == (False, False, True)
    visit.refresh_from_db()
    assert (visit.state, visit.minutes, visit.next_step, visit.version) == ("done", 30, "nothing", 2)
    assert (visit.result_by_id, visit.result_at, visit.recorded_at) == (volunteer.id, NOW, NOW)
    assert VisitStep.objects.count() == 2


def test_two_visitors_who_say_the_same_agree(
    visit: Visit, volunteer: MemberActor, leader: MemberActor
) -> None:
    record(visit, volunteer)
    assert record(visit, leader, at=NOW - HOUR).already
    assert Visit.objects.get().result_by_id == volunteer.id


@pytest.mark.parametrize(
    "changes", [{"state": "not_home", "minutes": None}, {"minutes": 40}, {"note": "Khác"}]
)
def test_two_who_differ_are_told_apart_and_one_decides(
    visit: Visit, volunteer: MemberActor, leader: MemberActor, changes: dict[str, Any]
) -> None:
    record(visit, volunteer, seen=1)
    with pytest.raises(services.UnableToRecordResult) as caught:
        record(visit, leader, seen=1, **changes)
    assert caught.value.code == "visits.result_differs"
    assert caught.value.standing.result_by_id == volunteer.id
    assert Visit.objects.get().version == 2

    def decide(seen: int) -> RecordedResult:
        return services.replace_result(
            visit_id=visit.pk,
            result=result(**changes),
            by=volunteer,
            author=leader.id,
            now=NOW,
            seen_version=seen,
        )

    with pytest.raises(services.UnableToRecordResult):
        decide(seen=1)
    assert not decide(seen=2).already
    assert decide(seen=2).already
    visit.refresh_from_db()
    assert (visit.result_by_id, visit.version) == (leader.id, 3)
    # What stood before stays readable.
    steps = list(VisitStep.objects.order_by("id"))
    assert [(step.to_state, step.result_by_id) for step in steps[1:]] == [
        ("done", volunteer.id),
        (visit.state, leader.id),
    ]
    assert steps[1].note == result().note


def test_one_corrects_oneself_by_naming_what_one_saw(visit: Visit, volunteer: MemberActor) -> None:
    record(visit, volunteer)
    with pytest.raises(services.UnableToRecordResult):
        record(visit, volunteer, minutes=45)
    with pytest.raises(services.UnableToRecordResult):
        record(visit, volunteer, minutes=45, seen=1)
    assert not record(visit, volunteer, minutes=45, seen=2).already
    assert Visit.objects.get().minutes == 45


def test_a_changed_plan_and_a_result_merge(visit: Visit, volunteer: MemberActor, leader: MemberActor) -> None:
    later = VisitChange(starts_at=visit.starts_at + HOUR, ends_at=visit.ends_at + HOUR)
    services.change_visit(visit_id=visit.pk, change=later, by=leader, now=NOW)
    assert record(visit, volunteer, seen=1).merged
    visit.refresh_from_db()
    assert (visit.state, visit.version) == ("done", 3)
    assert visit.starts_at == NOW + 3 * HOUR


def test_who_was_taken_off_still_brings_what_was_found(
    cast: Cast, visit: Visit, volunteer: MemberActor, leader: MemberActor
) -> None:
    other = make_member("khac")
    services.change_visit(visit_id=visit.pk, change=VisitChange(visitors=(other.pk,)), by=leader, now=NOW)
    assert record(visit, volunteer, seen=1).merged
    with pytest.raises(services.UnableToRecordResult):
        record(visit, actor_of(other, NOW), state="not_home", minutes=None)


def test_what_was_called_off_meanwhile_needs_a_person(
    visit: Visit, volunteer: MemberActor, leader: MemberActor
) -> None:
    services.cancel_visit(visit_id=visit.pk, by=leader, now=NOW)
    with pytest.raises(services.UnableToRecordResult) as caught:
        record(visit, volunteer, seen=1)
    assert caught.value.standing.state == "cancelled"
    services.replace_result(
        visit_id=visit.pk, result=result(), by=leader, author=volunteer.id, now=NOW, seen_version=2
    )
    visit.refresh_from_db()
    assert (visit.state, visit.result_by_id) == ("done", volunteer.id)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"state": "planned"}, services.UnableToReadResult),
        ({"state": "cancelled"}, services.UnableToReadResult),
        ({"state": "nonsense"}, services.UnableToReadResult),
        ({"next_step": ""}, services.UnableToReadResult),
        ({"minutes": None}, services.UnableToReadResult),
        ({"minutes": 0}, services.UnableToReadResult),
        ({"minutes": 481}, services.UnableToReadResult),
        ({"at": NOW + HOUR}, services.UnableToReadResult),
        ({"at": NOW - timedelta(days=93)}, services.UnableToReadResult),
        ({"at": NOW.replace(tzinfo=None)}, services.UnableToReadResult),
        ({"note": "Số 0912 345 678"}, UnableToWriteDown),
        ({"note": "x" * 501}, services.UnableToPlanVisit),
    ],
)
def test_impossible_results_are_refused(
    visit: Visit, volunteer: MemberActor, changes: dict[str, Any], kind: type[UnableTo]
) -> None:
    with pytest.raises(kind):
        record(visit, volunteer, **changes)
    assert Visit.objects.get().state == "planned"


@pytest.mark.parametrize("who", ["outsider", "official", "province", "neighbour_volunteer", "administrator"])
def test_nobody_else_brings_a_result(cast: Cast, visit: Visit, who: str) -> None:
    actor = actor_of(getattr(cast, who), NOW)
    for act in (services.record_result, services.replace_result):
        with pytest.raises(Http404):
            act(visit_id=visit.pk, result=result(), by=actor, now=NOW)
    with pytest.raises(Http404):
        services.replace_result(
            visit_id=visit.pk, result=result(), by=actor_of(cast.leader, NOW), author=actor.id, now=NOW
        )


def test_the_help_given_is_recorded_with_the_result_once(
    visit: Visit, volunteer: MemberActor, leader: MemberActor
) -> None:
    help_given = session(volunteer)
    for _time in range(2):
        record(visit, volunteer, session=help_given)
    assert HelpSession.objects.get().pk == help_given.id == Visit.objects.get().session_id
    # The other of the pair helped the same person.
    assert record(visit, leader, session=session(leader)).already
    assert HelpSession.objects.count() == 1


def test_where_nobody_was_at_home_no_help_is_counted(
    visit: Visit, volunteer: MemberActor, leader: MemberActor
) -> None:
    """Corrected by the visitor, or decided by who leads; afterwards it can be given again."""
    nobody = {"state": "not_home", "minutes": None}
    for seen in (1, 3):
        record(visit, volunteer, seen=seen, session=session(volunteer))
        assert HelpSession.objects.count() == 1
        record(visit, volunteer, seen=seen + 1, **nobody)
        assert not HelpSession.objects.exists()
        assert Visit.objects.get().session_id is None
    record(visit, volunteer, seen=5, session=session(volunteer))
    services.replace_result(visit_id=visit.pk, result=result(**nobody), by=leader, now=NOW)
    assert not HelpSession.objects.exists()


@pytest.mark.parametrize("minutes", [30, 45])
def test_who_says_the_help_anew_replaces_their_own(
    visit: Visit, volunteer: MemberActor, minutes: int
) -> None:
    """Whether the rest of the result is another one or not."""
    record(visit, volunteer, session=session(volunteer))
    anew = session(volunteer, minutes=12)
    said = record(visit, volunteer, seen=2, minutes=minutes, session=anew)
    assert not said.counted_before
    assert HelpSession.objects.get().pk == anew.id == Visit.objects.get().session_id


def test_help_from_which_a_case_was_opened_stays(visit: Visit, volunteer: MemberActor) -> None:
    help_given = session(volunteer)
    record(visit, volunteer, session=help_given)
    HelpSession.objects.update(case=open_case(volunteer, now=NOW))
    record(visit, volunteer, seen=2, state="not_home", minutes=None)
    assert Visit.objects.get().session_id == help_given.id


def test_help_that_cannot_be_recorded_takes_the_result_back(
    visit: Visit, volunteer: MemberActor, leader: MemberActor
) -> None:
    recorded = session(volunteer)
    record_session(session=recorded, by=volunteer, now=NOW)
    for wrong in (
        session(volunteer, id=recorded.id, minutes=99),
        session(volunteer, minutes=0),
        session(volunteer, commune="24846"),
        session(leader),
    ):
        with pytest.raises(UnableTo):
            record(visit, volunteer, session=wrong)
        assert Visit.objects.get().state == "planned"
    with pytest.raises(services.UnableToReadResult):
        record(visit, volunteer, state="not_home", minutes=None, session=session(volunteer))


def test_the_session_of_another_is_theirs_when_somebody_decides(
    visit: Visit, volunteer: MemberActor, leader: MemberActor
) -> None:
    record(visit, leader, state="not_home", minutes=None, note="")
    services.replace_result(
        visit_id=visit.pk,
        result=result(session=session(volunteer)),
        by=leader,
        author=volunteer.id,
        now=NOW,
    )
    assert HelpSession.objects.get().volunteer_id == volunteer.id
    assert VisitStep.objects.order_by("-id")[0].by_id == leader.id


def test_a_case_hears_of_its_visit(cast: Cast, volunteer: MemberActor, leader: MemberActor) -> None:
    case = open_case(volunteer, now=NOW)
    visit = make_visit(cast, leader, case=case.pk)
    assert (visit.keep_until - visit.day).days == 90
    for _time in range(2):
        record(visit, volunteer, note="Đủ giấy tờ")
    event = CaseEvent.objects.get(case=case, kind="visit")
    assert (event.note, event.by_id, event.public_message) == ("Đủ giấy tờ", volunteer.id, "")
