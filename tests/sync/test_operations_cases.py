"""Cases through phones: field by field, with consent, and never lost when they are somebody else's by now."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from nhipcau.cases import services as cases
from nhipcau.cases.models import Case, CaseEvent, Dossier, PapersCheck
from nhipcau.cases.queries import papers_history
from nhipcau.citizens.models import Citizen
from nhipcau.core.ids import new_id
from nhipcau.messaging.models import Message
from nhipcau.procedures.models import ProcedureVersion
from nhipcau.procedures.queries import get_procedure, version_on
from nhipcau.sync.enums import ConflictReason
from nhipcau.sync.models import Conflict
from nhipcau.sync.queries.conflicts import content_of
from nhipcau.sync.services.receiving import Answer
from nhipcau.teams.access import actor_of
from tests.cases.conftest import PROCEDURE
from tests.cases.test_papers import every_paper, newer_version
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone, make_phone

from .conftest import Send, opening

LATER = NOW + timedelta(hours=3)


def results(answer: Answer) -> list[tuple[str, str]]:
    return [(row.result, row.code) for row in answer.receipts]


def change(phone: Phone, case: Case, base: dict[str, Any] | None, **values: Any) -> dict[str, Any]:
    return phone.command("cases.change", {"case": str(case.pk), "set": values}, NOW, base=base)


def give_to_leader(case: Case, cast: Cast) -> None:
    cases.assign_case(case_id=case.pk, member_id=cast.leader.pk, by=actor_of(cast.leader, NOW), now=NOW)
    # As if somebody else had opened it.
    Case.objects.filter(pk=case.pk).update(opened_by=cast.leader)


def test_a_case_is_opened_with_its_person_and_once(phone: Phone, send: Send) -> None:
    command = opening(phone)
    twin = {**opening(phone), "data": command["data"]}
    assert results(send(phone, command, twin)) == [("applied", ""), ("already_applied", "")]
    row = Case.objects.get()
    assert (row.assigned_to, row.topic) == (phone.member, "vneid")
    assert Citizen.objects.get().name == "Bà Mẫu"


def test_a_known_number_is_asked_on_the_phone_and_answered_by_a_new_command(phone: Phone, send: Send) -> None:
    send(phone, opening(phone))
    again = opening(phone)
    asked = send(phone, again).receipts[0]
    assert (asked.result, asked.code) == ("needs_person", "citizens.known_phone")
    assert asked.about == Citizen.objects.get().pk
    assert not Conflict.objects.exists()
    note = phone.command("cases.note", {"case": again["data"]["id"], "note": "Sau"}, NOW, needs=[again["id"]])
    assert send(phone, note).later == (UUID(note["id"]),)
    same = opening(phone, id=again["data"]["id"], known_citizen=str(asked.about))
    same["replaces"] = again["id"]
    assert results(send(phone, same)) == [("applied", "")]
    assert results(send(phone, note)) == [("applied", "")]
    assert (Case.objects.count(), Citizen.objects.count()) == (2, 1)


def test_a_field_nobody_else_touched_is_written(phone: Phone, send: Send, case: Case) -> None:
    day = "2025-07-20"
    seen = {"due_on": None, "state": "opened"}
    assert results(send(phone, change(phone, case, seen, due_on=day))) == [("applied", "")]
    case.refresh_from_db()
    assert str(case.due_on) == day
    assert results(send(phone, change(phone, case, seen, due_on=day))) == [("already_applied", "")]


def test_different_fields_of_two_people_merge(phone: Phone, cast: Cast, send: Send, case: Case) -> None:
    cases.move_case(case_id=case.pk, to="papers_missing", by=actor_of(cast.leader, NOW), now=NOW)
    seen = {"due_on": None, "state": "opened"}
    assert results(send(phone, change(phone, case, seen, due_on="2025-07-20"))) == [("merged", "")]
    case.refresh_from_db()
    assert (case.state, str(case.due_on)) == ("papers_missing", "2025-07-20")


def test_the_same_field_waits_and_the_others_are_written(
    phone: Phone, cast: Cast, send: Send, case: Case
) -> None:
    cases.move_case(case_id=case.pk, to="papers_missing", by=actor_of(cast.leader, NOW), now=NOW)
    command = change(
        phone, case, {"due_on": None, "state": "opened"}, due_on="2025-07-20", state="papers_ready"
    )
    assert results(send(phone, command)) == [("needs_person", "sync.same_field")]
    case.refresh_from_db()
    assert (case.state, str(case.due_on)) == ("papers_missing", "2025-07-20")
    row = Conflict.objects.get()
    assert (row.reason, row.entity_id) == (ConflictReason.SAME_FIELD, case.pk)
    assert content_of(row)["fields"] == [
        {"name": "state", "base": "opened", "theirs": "papers_missing", "mine": "papers_ready"}
    ]
    # Those who lead hear of it, once a day, without a word of what was written.
    told = Message.objects.filter(kind="conflict")
    assert {one.to for one in told} == {cast.leader.pk, cast.official.pk, cast.coordinator.pk}
    assert results(send(phone, command)) == [("needs_person", "sync.same_field")]
    assert Conflict.objects.count() == 1


def test_without_what_the_phone_saw_nothing_is_written_over(phone: Phone, send: Send, case: Case) -> None:
    assert results(send(phone, change(phone, case, None, state="papers_ready"))) == [
        ("needs_person", "sync.same_field")
    ]


def test_a_step_that_the_table_does_not_have_is_refused_whole(phone: Phone, send: Send, case: Case) -> None:
    command = change(
        phone, case, {"due_on": None, "state": "opened"}, due_on="2025-07-20", state="result_ready"
    )
    assert results(send(phone, command)) == [("refused", "cases.forbidden_transition")]
    case.refresh_from_db()
    assert case.due_on is None


@pytest.mark.parametrize("kind", ["note", "change", "dossier"])
def test_work_on_a_case_given_to_somebody_else_waits_for_who_leads(
    phone: Phone, cast: Cast, send: Send, case: Case, kind: str
) -> None:
    give_to_leader(case, cast)
    about = {"case": str(case.pk)}
    command = {
        "note": phone.command("cases.note", {**about, "note": "Đã gọi điện"}, NOW),
        "change": change(phone, case, {"state": "opened"}, state="papers_ready"),
        "dossier": phone.command(
            "cases.dossier",
            {**about, "code": "G22.99.08-250701-896048", "submitted_on": "2025-07-02",
             "submitted_by_citizen": True},
            NOW,
        ),
    }[kind]  # fmt: skip
    assert results(send(phone, command)) == [("needs_person", "sync.not_yours")]
    row = Conflict.objects.get()
    assert content_of(row)["data"] == command["data"]
    assert (row.reason, row.commune_id) == (ConflictReason.NOT_YOURS, cast.commune.pk)


def test_whoever_guesses_learns_nothing(cast: Cast, send: Send, case: Case) -> None:
    """Of another commune, and of the same one but never on the case: like an id that is not there."""
    for member in (cast.outsider, cast.neighbour_volunteer):
        stranger = make_phone(member, NOW)
        there = stranger.command("cases.note", {"case": str(case.pk), "note": "x"}, NOW)
        nowhere = stranger.command("cases.note", {"case": str(new_id()), "note": "x"}, NOW)
        first, second = send(stranger, there, nowhere).receipts
        assert (first.result, first.code, first.words, first.about) == (
            second.result, second.code, second.words, second.about,
        )  # fmt: skip
        assert first.code == "sync.not_found"
    assert not Conflict.objects.exists()


@pytest.mark.parametrize("given_away", [True, False])
def test_nothing_is_kept_about_an_erased_person(
    phone: Phone, cast: Cast, send: Send, case: Case, given_away: bool
) -> None:
    """Nor on the phone, which hears that it is to forget; who never had the case hears nothing."""
    if given_away:
        give_to_leader(case, cast)
    cases.erase_person(case_id=case.pk, by=actor_of(cast.coordinator, NOW), now=NOW)
    note = {"case": str(case.pk), "note": "Đã gọi điện"}
    command, moved = phone.command("cases.note", note, NOW), change(phone, case, {}, state="papers_ready")
    assert results(send(phone, command, moved)) == [("refused", "sync.forgotten")] * 2
    assert not Conflict.objects.exists()
    stranger = make_phone(cast.neighbour_volunteer, NOW)
    guessed = stranger.command("cases.note", note, NOW)
    assert results(send(stranger, guessed)) == [("refused", "sync.not_found")]


def test_a_day_that_passed_on_the_way_is_overdue_and_costs_nothing(phone: Phone, send: Send) -> None:
    """Said on Thursday, without signal until Monday: the case, what hangs on it, and a change of its day."""
    command = opening(phone)
    command["data"]["due_on"] = (NOW + timedelta(days=1)).date().isoformat()
    case_id = command["data"]["id"]
    note = phone.command("cases.note", {"case": case_id, "note": "Hẹn"}, NOW, needs=[command["id"]])
    day = (NOW + timedelta(days=2)).date()
    wanted = {"due_on": day.isoformat(), "state": "papers_missing"}
    seen = {"due_on": command["data"]["due_on"], "state": "opened"}
    moved = phone.command(
        "cases.change", {"case": case_id, "set": wanted}, NOW, base=seen, needs=[command["id"]]
    )
    monday = NOW + timedelta(days=4)
    assert results(send(phone, command, note, moved, now=monday)) == [("applied", "")] * 3
    case = Case.objects.get(pk=case_id)
    assert (case.due_on, case.state) == (day, "papers_missing")


def test_notes_dossiers_and_papers(phone: Phone, send: Send) -> None:
    open_it = opening(phone, need="procedure:id-card-reissue")
    case_id, needs = open_it["data"]["id"], {"needs": [open_it["id"]]}
    send(phone, open_it)
    version = get_procedure("id-card-reissue").versions.order_by("-valid_from").first()
    assert version is not None
    dossier = {
        "case": case_id,
        "code": "G22.99.08-250701-896048",
        "submitted_on": "2025-07-02",
        "submitted_by_citizen": True,
    }
    papers = {"id": str(new_id()), "case": case_id, "version": str(Case.objects.get().procedure_version_id),
              "answers": {}, "in_hand": []}  # fmt: skip
    answer = send(
        phone,
        phone.command("cases.note", {"case": case_id, "note": "Đã gọi điện"}, NOW, **needs),
        phone.command("cases.papers", papers, NOW, **needs),
        phone.command("cases.papers", papers, NOW, **needs),
        phone.command("cases.dossier", dossier, NOW, **needs),
        phone.command("cases.dossier", dossier, NOW, **needs),
        phone.command("cases.dossier", {**dossier, "submitted_on": "2025-07-01"}, NOW, **needs),
    )
    assert results(answer) == [
        ("applied", ""),
        ("applied", ""),
        ("already_applied", ""),
        ("applied", ""),
        ("already_applied", ""),
        ("refused", "cases.unable_to_add_dossier"),
    ]
    assert (Dossier.objects.count(), PapersCheck.objects.count()) == (1, 1)
    assert CaseEvent.objects.filter(kind="note").count() == 1


def test_papers_of_the_list_that_was_shown_count_though_it_was_put_right_since(
    phone: Phone, send: Send
) -> None:
    """The case, too, has the guide of its day. The phone had one that was put right on the way."""
    shown = version_on(get_procedure(PROCEDURE), NOW.date())
    case_id = str(new_id())
    open_it = opening(phone, id=case_id, need=f"procedure:{PROCEDURE}")
    papers = {"id": str(new_id()), "case": case_id, "version": str(shown.pk), "answers": {}, "in_hand": []}
    check = phone.command("cases.papers", papers, NOW, needs=[open_it["id"]])
    newer_version()
    monday = NOW + timedelta(days=4)
    ProcedureVersion.objects.filter(pk=shown.pk).update(state="withdrawn")
    assert results(send(phone, open_it, check, now=monday)) == [("applied", "")] * 2
    row = PapersCheck.objects.get()
    assert (row.version_id, row.checked_at, row.case.state) == (shown.pk, NOW, "papers_missing")


def test_the_case_has_the_guide_of_the_day_on_which_it_was_opened(phone: Phone, send: Send) -> None:
    shown = version_on(get_procedure(PROCEDURE), NOW.date())
    newer_version()
    send(phone, opening(phone, need=f"procedure:{PROCEDURE}"), now=NOW + timedelta(days=4))
    assert Case.objects.get().procedure_version_id == shown.pk


def test_a_list_of_long_ago_says_nothing_about_the_case(phone: Phone, send: Send) -> None:
    shown = version_on(get_procedure(PROCEDURE), NOW.date())
    newer_version()
    at = NOW + timedelta(days=30)
    open_it = phone.command("cases.open", opening(phone, need=f"procedure:{PROCEDURE}")["data"], at)
    papers = {
        "id": str(new_id()), "case": open_it["data"]["id"], "version": str(shown.pk),
        "answers": {}, "in_hand": [],
    }  # fmt: skip
    check = phone.command("cases.papers", papers, at, needs=[open_it["id"]])
    assert results(send(phone, open_it, check, now=at)) == [
        ("applied", ""),
        ("refused", "cases.unable_to_check_papers"),
    ]


def test_papers_checked_again_since_are_what_the_case_goes_by(phone: Phone, cast: Cast, send: Send) -> None:
    open_it = opening(phone, need=f"procedure:{PROCEDURE}")
    send(phone, open_it)
    case = Case.objects.get()
    assert case.procedure_version_id is not None
    check = services_check(case, cast, LATER)
    cases.move_case(case_id=case.pk, to="papers_ready", by=actor_of(cast.leader, LATER), now=LATER)
    papers = {"id": str(new_id()), "case": str(case.pk), "version": str(check.version_id),
              "answers": {}, "in_hand": []}  # fmt: skip
    late = phone.command("cases.papers", papers, NOW)
    assert results(send(phone, late, now=LATER + timedelta(hours=1))) == [("applied", "")]
    case.refresh_from_db()
    assert case.state == "papers_ready"
    assert papers_history(case)[0].pk == check.pk


def services_check(case: Case, cast: Cast, now: datetime) -> PapersCheck:
    assert case.procedure_version_id is not None
    said = cases.NewPapersCheck(new_id(), case.pk, case.procedure_version_id, {}, ())
    return cases.check_papers(check=said, by=actor_of(cast.leader, now), now=now)


def test_papers_that_come_late_do_not_undo_what_somebody_moved_since(
    phone: Phone, cast: Cast, send: Send
) -> None:
    send(phone, opening(phone, need=f"procedure:{PROCEDURE}"))
    case = Case.objects.get()
    late = papers_of(phone, case, NOW + timedelta(days=1))
    tuesday = NOW + timedelta(days=2)
    cases.move_case(case_id=case.pk, to="papers_ready", by=actor_of(cast.leader, tuesday), now=tuesday)
    assert results(send(phone, late, now=tuesday + timedelta(days=1))) == [("applied", "")]
    case.refresh_from_db()
    assert case.state == "papers_ready"


def test_papers_that_come_late_are_newer_than_an_older_check_that_came_first(
    phone: Phone, cast: Cast, send: Send
) -> None:
    send(phone, opening(phone, need="procedure:diploma-copy"))
    case = Case.objects.get()
    late = papers_of(phone, case, NOW + timedelta(days=1), in_hand=every_paper(case))
    assert case.procedure_version_id is not None
    older = cases.NewPapersCheck(new_id(), case.pk, case.procedure_version_id, {}, ())
    tuesday = NOW + timedelta(days=2)
    cases.check_papers(check=older, by=actor_of(cast.leader, tuesday), now=tuesday, at=NOW)
    case.refresh_from_db()
    assert case.state == "papers_missing"
    assert results(send(phone, late, now=tuesday + timedelta(days=1))) == [("applied", "")]
    case.refresh_from_db()
    assert case.state == "papers_ready"


def papers_of(phone: Phone, case: Case, at: datetime, in_hand: Sequence[str] = ()) -> dict[str, Any]:
    """Held against the guide of the case."""
    about = {"id": str(new_id()), "case": str(case.pk), "version": str(case.procedure_version_id)}
    return phone.command("cases.papers", {**about, "answers": {}, "in_hand": list(in_hand)}, at)


def test_papers_that_come_late_move_what_the_same_person_had_moved(
    phone: Phone, cast: Cast, send: Send
) -> None:
    send(phone, opening(phone, need=f"procedure:{PROCEDURE}"))
    case = Case.objects.get()
    moved = change(phone, case, {"state": "opened"}, state="papers_ready")
    late = papers_of(phone, case, NOW + timedelta(hours=1))
    assert results(send(phone, moved, late, now=NOW + timedelta(days=1))) == [("applied", "")] * 2
    case.refresh_from_db()
    assert case.state == "papers_missing"
