"""Address and notes go in time, with the person of the case, and do not come back."""

from datetime import timedelta

import pytest

from nhipcau.cases import services as cases
from nhipcau.cases.models import Case
from nhipcau.core import clock
from nhipcau.teams.access import MemberActor
from nhipcau.visits import queries, services, tasks
from nhipcau.visits.models import Visit, VisitStep
from tests.cases.conftest import open_case
from tests.factories.cast import NOW, Cast
from tests.factories.visiting import make_visit, result

pytestmark = pytest.mark.django_db


def private_parts() -> set[str]:
    """All that is left of private words."""
    visits = Visit.objects.values_list("address", "notes", "result_note")
    return {text for row in visits for text in row} | set(VisitStep.objects.values_list("note", flat=True))


def test_after_the_last_day_the_figures_are_left(visit: Visit, volunteer: MemberActor) -> None:
    services.record_result(visit_id=visit.pk, result=result(), by=volunteer, now=NOW)
    assert services.forget_due(now=NOW + timedelta(days=30)) == 0
    assert services.forget_due(now=NOW + timedelta(days=31)) == 1
    assert services.forget_due(now=NOW + timedelta(days=31)) == 0
    assert private_parts() == {""}
    visit.refresh_from_db()
    assert (visit.state, visit.minutes, visit.hamlet) == ("done", 30, "Thôn Mẫu")


def test_the_nightly_job_takes_all(cast: Cast, leader: MemberActor) -> None:
    for number in range(3):
        make_visit(cast, leader, begins=1 + 2 * number)
    Visit.objects.update(keep_until=clock.local_date(clock.now()) - timedelta(days=1))
    assert tasks.forget_due(0) == 3
    assert tasks.forget_due(0) == 0


def test_who_is_erased_is_forgotten_here_at_once(
    cast: Cast, volunteer: MemberActor, leader: MemberActor
) -> None:
    case, other = (open_case(volunteer, phone=phone) for phone in ("0633 000 111", "0633 000 222"))
    theirs = make_visit(cast, leader, case=case.pk)
    make_visit(cast, leader, case=other.pk, begins=5)
    by = MemberActor(cast.coordinator, clock.now())
    cases.erase_person(case_id=case.pk, by=by, now=clock.now())
    assert [row.erased_at is not None for row in Visit.objects.order_by("starts_at")] == [True, False]
    theirs.refresh_from_db()
    assert (theirs.address, theirs.notes) == ("", "")
    with pytest.raises(services.UnableToPlanVisit):
        make_visit(cast, leader, case=case.pk, begins=8)


def test_a_forgotten_case_hides_its_visits_before_the_night(
    cast: Cast, volunteer: MemberActor, leader: MemberActor
) -> None:
    case = open_case(volunteer)
    visit = make_visit(cast, leader, case=case.pk)
    Case.objects.filter(pk=case.pk).update(citizen=None, token="", token_hash=None, erased_at=NOW)
    assert not queries.can_see_private(leader, queries.get_visit(visit.pk, for_=leader))
    assert services.forget_due(now=NOW) == 1
    assert private_parts() == {""}


def test_a_late_result_brings_no_words_back(visit: Visit, volunteer: MemberActor) -> None:
    later = NOW + timedelta(days=40)
    services.forget_due(now=later)
    for _time in range(2):
        services.record_result(visit_id=visit.pk, result=result(at=NOW), by=volunteer, now=later)
    assert private_parts() == {""}
    assert Visit.objects.get().state == "done"
