"""What came from phones is forgotten with the person, in the same moment."""

from nhipcau.cases import services as cases
from nhipcau.cases.models import Case
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.citizens.services import GivenConsent, record_consent
from nhipcau.sync.models import Conflict
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone
from tests.factories.visiting import make_visit

from .conftest import Send
from .test_operations_visits import SENT, outcome


def test_a_yes_taken_back_empties_what_waits_about_the_case_and_its_visits(
    phone: Phone, cast: Cast, case: Case, send: Send
) -> None:
    """Also where the person agreed to something else, and so is not erased."""
    leader = actor_of(cast.leader, NOW)
    visit = make_visit(cast, leader, case=case.pk)
    send(phone, phone.command("cases.change", {"case": str(case.pk), "set": {"due_on": "2027-01-01"}}, NOW))
    send(phone, outcome(phone, visit), now=SENT)
    send(phone, outcome(phone, visit, note="Bà Mẫu hẹn tuần sau", minutes=31), now=SENT)
    assert case.citizen is not None
    other = GivenConsent(Purpose.LEARNING, ConsentMethod.SPOKEN_WITNESSED)
    record_consent(citizen=case.citizen, consent=other, by=leader, now=NOW)
    assert [bool(row.content) for row in Conflict.objects.all()] == [True, True]
    cases.withdraw_consent(case_id=case.pk, by=leader, now=NOW)
    case.citizen.refresh_from_db()
    assert case.citizen.name
    visit.refresh_from_db()
    assert (visit.address, visit.notes, visit.result_note) == ("", "", "")
    assert [(row.content, row.is_open) for row in Conflict.objects.all()] == [("", False)] * 2
