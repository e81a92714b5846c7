"""A case from its opening to its end."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.db.utils import ProgrammingError
from django.http import Http404

from nhipcau.audit.queries import entries_of
from nhipcau.cases import queries, services
from nhipcau.cases.enums import CaseState, EventKind, PublicMessage
from nhipcau.cases.models import Case, CaseEvent, Dossier, HelpSession
from nhipcau.cases.rules import UnableToMove, UnableToNote, UnableToReadDossierCode
from nhipcau.cases.services import UnableToAddDossier, UnableToAssign, UnableToOpenCase
from nhipcau.citizens.models import Citizen, Consent
from nhipcau.citizens.queries import UnableToWriteDown
from nhipcau.citizens.services import UnableToRegisterKnownPhone
from nhipcau.core.ids import read_code
from nhipcau.places.models import ServicePoint
from nhipcau.teams.access import MemberActor, actor_of
from tests.cases.conftest import open_case, opening, session
from tests.factories.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def move(case: Case, to: str, by: Any, **more: Any) -> Case:
    return services.move_case(case_id=case.pk, to=to, by=by, now=more.pop("now", NOW), **more)


def test_opening_writes_everything_at_once(volunteer: MemberActor, point: ServicePoint) -> None:
    done = services.record_session(session=session(volunteer), by=volunteer, now=NOW).session
    case = open_case(volunteer, NOW, session=done.pk, service_point=point.pk)
    found = Case.objects.get(pk=case.pk)
    assert read_code(found.code) == found.code
    assert found.state == CaseState.OPENED
    assert found.procedure_version is not None
    assert found.procedure_version.procedure_id == found.procedure_id
    assert found.citizen is not None
    assert found.citizen.keep_until == found.keep_until == date(2026, 7, 3)
    assert found.citizen.consents.count() == 1
    assert found.assigned_to_id == volunteer.id
    assert HelpSession.objects.get(pk=done.pk).case_id == found.pk
    event = found.events.get()
    assert (event.kind, event.public_message, event.by_id) == ("opened", PublicMessage.OPENED, volunteer.id)
    assert queries.case_by_token(found.token) == found


def test_the_same_opening_sent_twice_is_one_case(volunteer: MemberActor, leader: MemberActor) -> None:
    sent = opening()
    first = services.open_case(case=sent, by=volunteer, now=NOW)
    assert services.open_case(case=sent, by=volunteer, now=NOW).pk == first.pk
    assert (Case.objects.count(), Citizen.objects.count(), CaseEvent.objects.count()) == (1, 1, 1)
    with pytest.raises(UnableToOpenCase):
        services.open_case(case=sent, by=leader, now=NOW)
    with pytest.raises(UnableToOpenCase):
        services.open_case(case=opening(id=sent.id, procedure="", topic="vneid"), by=volunteer, now=NOW)


def test_a_known_number_asks_who_it_is(volunteer: MemberActor) -> None:
    first = open_case(volunteer, NOW)
    with pytest.raises(UnableToRegisterKnownPhone):
        open_case(volunteer, NOW)
    assert Case.objects.count() == 1
    second = open_case(volunteer, NOW, known_citizen=first.citizen_id, name="Gõ Khác")
    assert second.citizen_id == first.citizen_id
    third = open_case(volunteer, NOW, another_person=True)
    assert third.citizen_id != first.citizen_id
    assert Consent.objects.count() == 2


def test_only_a_person_found_by_the_number_can_be_chosen(volunteer: MemberActor) -> None:
    first = open_case(volunteer, NOW)
    for changes in ({"phone": "0633000222"}, {"phone": ""}):
        with pytest.raises(UnableToOpenCase):
            open_case(volunteer, NOW, known_citizen=first.citizen_id, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"commune": "24846"},
        {"commune": "68"},
        {"commune": "99999"},
        {"procedure": ""},
        {"topic": "vneid"},
        {"procedure": "", "topic": "otp"},
        {"procedure": "no-such-guide"},
        {"service_point": UUID(int=3)},
        {"keep_months": 120},
        {"due_on": date(2025, 7, 2)},
        {"helping_language": "xx"},
    ],
)
def test_nothing_is_left_of_a_refused_opening(volunteer: MemberActor, changes: dict[str, Any]) -> None:
    with pytest.raises(UnableToOpenCase):
        open_case(volunteer, NOW, **changes)
    assert not Case.objects.exists()
    assert not Citizen.objects.exists()


def test_who_leads_from_afar_opens_no_case(cast: Cast) -> None:
    for member in (cast.province, cast.nation, cast.administrator, cast.outsider):
        with pytest.raises(UnableToOpenCase):
            open_case(actor_of(member, NOW), NOW)


def test_a_case_walks_to_its_end_and_back(volunteer: MemberActor, leader: MemberActor) -> None:
    case = open_case(volunteer, NOW)
    for to in (
        "papers_missing",
        "papers_ready",
        "submitted",
        "supplement_asked",
        "submitted",
        "result_ready",
    ):
        assert move(case, to, volunteer).state == to
    closed = move(case, "closed_done", volunteer, now=NOW + timedelta(days=10))
    assert closed.closed_at == NOW + timedelta(days=10)
    assert closed.keep_until == date(2026, 1, 11)
    assert Citizen.objects.get().keep_until == date(2026, 1, 11)
    with pytest.raises(Http404):
        move(case, "opened", volunteer)
    again = move(case, "opened", leader)
    assert again.closed_at is None
    messages = [event.public_message for event in queries.public_timeline(again)]
    assert messages[0] == "opened"
    assert messages[-1] == "reopened"


def test_a_move_that_already_happened_changes_nothing(volunteer: MemberActor) -> None:
    case = open_case(volunteer, NOW)
    move(case, "papers_ready", volunteer, seen="opened")
    move(case, "papers_ready", volunteer, seen="opened")
    assert CaseEvent.objects.filter(kind=EventKind.MOVED).count() == 1


def test_what_somebody_else_changed_is_shown_not_overwritten(
    volunteer: MemberActor, leader: MemberActor
) -> None:
    case = open_case(volunteer, NOW)
    move(case, "papers_missing", leader, seen="opened")
    with pytest.raises(UnableToMove):
        move(case, "closed_done", volunteer, seen="opened")
    assert Case.objects.get(pk=case.pk).state == "papers_missing"


def test_impossible_moves_are_refused(volunteer: MemberActor) -> None:
    case = open_case(volunteer, NOW)
    for to in ("result_ready", "submitted", "", "nonsense"):
        with pytest.raises(UnableToMove):
            move(case, to, volunteer)


def test_strangers_find_no_case(cast: Cast, volunteer: MemberActor) -> None:
    case = open_case(volunteer, NOW)
    for member in (cast.outsider, cast.neighbour_volunteer, cast.province, cast.nation, cast.administrator):
        stranger = actor_of(member, NOW)
        with pytest.raises(Http404):
            queries.get_case(case.pk, for_=stranger)
        with pytest.raises(Http404):
            move(case, "papers_ready", stranger)
        with pytest.raises(Http404):
            services.add_note(case_id=case.pk, note="x", by=stranger, now=NOW)
        assert not queries.cases_visible_to(stranger).exists()


def test_a_volunteer_follows_only_own_cases(cast: Cast, volunteer: MemberActor, leader: MemberActor) -> None:
    case = open_case(leader, NOW)
    with pytest.raises(Http404):
        queries.get_case(case.pk, for_=volunteer)
    services.assign_case(case_id=case.pk, member_id=volunteer.id, by=leader, now=NOW)
    assert queries.get_case(case.pk, for_=volunteer).pk == case.pk


def test_a_case_is_given_only_to_who_works_there(
    cast: Cast, volunteer: MemberActor, leader: MemberActor
) -> None:
    case = open_case(volunteer, NOW)
    with pytest.raises(UnableToAssign):
        services.assign_case(case_id=case.pk, member_id=cast.outsider.pk, by=leader, now=NOW)
    with pytest.raises(Http404):
        services.assign_case(case_id=case.pk, member_id=cast.leader.pk, by=volunteer, now=NOW)


def test_dossiers(volunteer: MemberActor) -> None:
    case = open_case(volunteer, NOW)
    move(case, "papers_ready", volunteer)

    def add(code: str, **more: Any) -> Dossier:
        values = {"submitted_on": date(2025, 7, 3), "submitted_by_citizen": True}
        return services.add_dossier(case_id=case.pk, code=code, by=volunteer, now=NOW, **(values | more))

    assert add("g22.99.08-250703-896048").known_shape
    assert Case.objects.get(pk=case.pk).state == "submitted"
    assert not add("HS-2025/17").known_shape
    with pytest.raises(UnableToAddDossier):
        add("G22.99.08-250703-896048")
    with pytest.raises(UnableToAddDossier):
        add("G22.99.08-250703-896049", submitted_on=date(2025, 7, 4))
    with pytest.raises(UnableToReadDossierCode):
        add("068000000000")
    assert case.dossiers.count() == 2


def test_the_same_code_once_per_case_also_in_the_database(volunteer: MemberActor) -> None:
    case = open_case(volunteer, NOW)
    services.add_dossier(
        case_id=case.pk,
        code="HS-1",
        submitted_on=date(2025, 7, 3),
        submitted_by_citizen=False,
        by=volunteer,
        now=NOW,
    )
    row = Dossier.objects.get()
    row.pk = UUID(int=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_notes_are_for_the_team_and_never_hold_long_numbers(volunteer: MemberActor) -> None:
    case = open_case(volunteer, NOW)
    services.add_note(case_id=case.pk, note="Hẹn lại thứ hai", by=volunteer, now=NOW)
    with pytest.raises(UnableToWriteDown):
        services.add_note(case_id=case.pk, note="CCCD 068 000 000 000", by=volunteer, now=NOW)
    with pytest.raises(UnableToNote):
        services.add_note(case_id=case.pk, note=" ", by=volunteer, now=NOW)
    assert [event.kind for event in queries.public_timeline(case)] == ["opened"]


def test_the_timeline_is_append_only_in_the_database(volunteer: MemberActor) -> None:
    case = open_case(volunteer, NOW)
    event = services.add_note(case_id=case.pk, note="Một", by=volunteer, now=NOW)
    rows = CaseEvent.objects.filter(pk=event.pk)
    for change in ({"note": "Hai"}, {"kind": "moved"}, {"note": "", "at": NOW + timedelta(1)}):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            rows.update(**change)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        rows.delete()
    rows.update(note="")
    assert rows.get().note == ""


def test_due_dates(volunteer: MemberActor) -> None:
    case = open_case(volunteer, NOW)
    for day in (date(2025, 7, 2), date(2027, 1, 1)):
        with pytest.raises(UnableToAssign):
            services.set_due_date(case_id=case.pk, due_on=day, by=volunteer, now=NOW)
    services.set_due_date(case_id=case.pk, due_on=date(2025, 7, 10), by=volunteer, now=NOW)
    services.set_due_date(case_id=case.pk, due_on=None, by=volunteer, now=NOW)
    assert CaseEvent.objects.filter(kind=EventKind.DUE).count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "nonsense"},
        {"state": "closed_done"},
        {"keep_months": 0},
        {"keep_months": 13},
        {"token_hash": None},
        {"erased_at": NOW},
        {"closed_at": NOW},
        {"topic": "vneid"},
    ],
)
def test_the_database_keeps_a_case_whole(volunteer: MemberActor, changes: dict[str, Any]) -> None:
    case = open_case(volunteer, NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**changes)


def test_the_trail_of_a_case_says_who_moved_it(volunteer: MemberActor, leader: MemberActor) -> None:
    case = open_case(volunteer, NOW)
    move(case, "papers_ready", leader)
    entries = list(entries_of("cases_case", str(case.pk)))
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("insert", str(volunteer.id)), ("update", str(leader.id)),
    ]  # fmt: skip
    assert entries[1].changes["state"] == ["opened", "papers_ready"]
    assert "token" not in str([entry.changes for entry in entries])
