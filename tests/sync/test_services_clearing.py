"""What came from phones is forgotten with the person, in the same moment."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from nhipcau.cases import services as cases
from nhipcau.cases.models import Case
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.citizens.models import Citizen
from nhipcau.citizens.services import GivenConsent, erase_due, record_consent
from nhipcau.messaging.models import Message
from nhipcau.sync.models import Conflict
from nhipcau.sync.queries.pack import work
from nhipcau.sync.queries.pack.things import Wanted
from nhipcau.sync.services.clearing import forget_due
from nhipcau.sync.services.deciding import decide
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone
from tests.factories.visiting import make_visit

from .conftest import Send, opening
from .test_operations_visits import SENT, outcome
from .test_services_packing import whole


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


def test_an_erased_person_leaves_no_name_in_a_case_that_was_never_opened(
    phone: Phone, cast: Cast, case: Case, send: Send
) -> None:
    """Found by the number in that commune, as the phone did not know the person; others stay."""
    cast.volunteer.grants.update(valid_until=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    send(phone, opening(phone, phone="0912 345 678"), opening(phone, phone="0987654321"), now=later)
    send(phone, opening(phone, phone="?"), opening(phone, phone=""), now=later)
    cases.erase_person(case_id=case.pk, by=actor_of(cast.coordinator, later), now=later)
    rows = list(Conflict.objects.order_by("id"))
    assert [bool(row.content) for row in rows] == [False, True, True, True]
    assert [bool(row.phone_index) for row in rows] == [False, True, False, False]
    assert not rows[0].is_open


LATER = NOW + timedelta(hours=2)
NAMED = "the erased person"


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ({"name": "bà  MẪU"}, False),
        ({"name": "Chị Con"}, True),
        ({"name": "Bà Mẫu", "another_person": True}, True),
        ({"name": "Chị Con", "known_citizen": NAMED}, False),
        ({"name": "Chị Con", "known_citizen": NAMED, "another_person": True}, False),
    ],
)
def test_of_a_family_with_one_number_only_who_asks_is_forgotten(
    phone: Phone, cast: Cast, case: Case, send: Send, more: dict[str, Any], kept: bool
) -> None:
    cast.volunteer.grants.update(valid_until=NOW + timedelta(hours=1))
    named = {name: str(case.citizen_id) if value == NAMED else value for name, value in more.items()}
    send(phone, opening(phone, **named), now=LATER)
    cases.withdraw_consent(case_id=case.pk, by=actor_of(cast.leader, LATER), now=LATER)
    row = Conflict.objects.get()
    assert (bool(row.content), row.is_open, row.emptied_at is not None) == (kept, kept, not kept)


def test_an_end_date_that_passes_takes_nothing_from_what_came_later(
    phone: Phone, cast: Cast, case: Case, send: Send
) -> None:
    """Of somebody else with that number, and of the same person, who has said yes anew."""
    cast.volunteer.grants.update(valid_until=NOW + timedelta(hours=1))
    send(phone, opening(phone, name="Chị Con"), opening(phone), now=LATER)
    Citizen.objects.update(keep_until=NOW.date())
    assert erase_due(now=NOW + timedelta(days=2)) == 1
    assert [(bool(row.content), row.is_open) for row in Conflict.objects.all()] == [(True, True)] * 2


def test_what_is_forgotten_before_anybody_decided_is_told_without_a_name(
    phone: Phone, cast: Cast, send: Send
) -> None:
    """To who wrote it and to who had to decide; their phones hear that it is forgotten, not that it was
    decided."""
    cast.volunteer.grants.update(valid_until=NOW + timedelta(hours=1))
    send(phone, opening(phone), now=LATER)
    row = Conflict.objects.get()
    Message.objects.all().delete()
    assert forget_due(now=NOW + timedelta(days=365)) == 0
    late = NOW + timedelta(days=367)
    assert forget_due(now=late) == 1
    assert forget_due(now=late) == 0
    told = Message.objects.filter(about=row.pk)
    assert {one.to for one in told} == {
        one.pk for one in (cast.volunteer, cast.leader, cast.official, cast.coordinator)
    }
    assert all("Mẫu" not in f"{one.subject}{one.body}" for one in told)


def test_the_phone_hears_what_is_forgotten(phone: Phone, cast: Cast, case: Case, send: Send) -> None:
    """Decided long ago or just now: of what was forgotten since it drops what it holds."""
    send(phone, phone.command("cases.change", {"case": str(case.pk), "set": {"due_on": "2025-08-01"}}, NOW))
    row = Conflict.objects.get()
    decide(conflict_id=row.pk, keep="server", by=actor_of(cast.volunteer, NOW), now=NOW)
    key = f"conflict/{row.pk}"
    items, place, epoch = whole(phone)
    assert items[key].body is not None
    assert items[key].body["state"] == "decided"
    Message.objects.all().delete()
    Conflict.objects.update(decided_at=NOW - timedelta(days=60))
    cases.erase_person(case_id=case.pk, by=actor_of(cast.coordinator, NOW), now=NOW)
    items, _place, _epoch = whole(phone, place, epoch)
    body = items[key].body
    assert body is not None
    assert (body["state"], body["fields"], body["command"]) == ("forgotten", [], str(row.command))
    assert not Message.objects.exists(), "that was decided, and its author has heard it"


def test_a_phone_that_was_away_for_long_hears_of_all_that_was_forgotten(
    phone: Phone, case: Case, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And of what was decided, until that is forgotten."""
    monkeypatch.setattr(work, "MOST_CASES", 2)
    change = {"case": str(case.pk), "set": {"due_on": "2025-08-01"}}
    send(phone, *(phone.command("cases.change", change, NOW) for _each in range(4)))
    for row in Conflict.objects.order_by("id"):
        decide(conflict_id=row.pk, keep="server", by=actor_of(phone.member, NOW), now=NOW)

    def told(days: int) -> list[str]:
        moment = NOW + timedelta(days=days)
        wanted = Wanted(actor_of(phone.member, moment), moment.date(), moment, "vi")
        return [one.body["state"] for one in work.things(wanted) if one.kind == "conflict"]

    assert told(31) == ["decided"] * 2
    assert forget_due(now=NOW + timedelta(days=92)) == 4
    assert told(92 + 399) == ["forgotten"] * 4
    assert told(92 + 401) == []


def test_what_was_held_before_its_number_could_be_found_is_found_too(
    phone: Phone, cast: Cast, send: Send
) -> None:
    cast.volunteer.grants.update(valid_until=NOW + timedelta(hours=1))
    send(phone, opening(phone), opening(phone, phone="?"), opening(phone, phone=""), now=LATER)
    indexes = list(Conflict.objects.order_by("id").values_list("phone_index", flat=True))
    assert [bool(index) for index in indexes] == [True, False, False]
    Conflict.objects.update(phone_index="")
    import_module("nhipcau.sync.migrations.0003_numbers_of_held_openings").index_numbers(apps, None)
    assert list(Conflict.objects.order_by("id").values_list("phone_index", flat=True)) == indexes
