"""Every command is done once and answered once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection, transaction

from nhipcau.cases.models import Case, HelpSession
from nhipcau.core.ids import new_id
from nhipcau.devices.models import Device
from nhipcau.sync.models import Conflict, Receipt
from nhipcau.sync.rules.commands import Batch
from nhipcau.sync.services.receiving import Answer, receive
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone, make_phone

from .conftest import Send, opening


def results(answer: Answer) -> list[tuple[str, str]]:
    return [(row.result, row.code) for row in answer.receipts]


def test_a_session_is_recorded_and_answered_again(phone: Phone, send: Send) -> None:
    command = phone.session(NOW)
    first = send(phone, command)
    again = send(phone, command, now=NOW + timedelta(days=2))
    assert results(first) == [("applied", "")]
    assert [(row.pk, row.result, row.about) for row in again.receipts] == [
        (row.pk, row.result, row.about) for row in first.receipts
    ]
    recorded = HelpSession.objects.get()
    assert str(recorded.pk) == command["data"]["id"]
    assert (recorded.volunteer, recorded.at, recorded.recorded_at) == (phone.member, NOW, NOW)


def test_one_id_for_two_contents_is_refused_and_the_first_stands(phone: Phone, send: Send) -> None:
    command = phone.session(NOW)
    other = {**command, "data": {**command["data"], "minutes": 99}}
    send(phone, command)
    assert results(send(phone, other)) == [("refused", "sync.id_reused")]
    assert results(send(phone, command)) == [("applied", "")]
    assert HelpSession.objects.get().minutes == 15


def test_another_phone_cannot_ask_for_a_receipt(phone: Phone, cast: Cast, send: Send) -> None:
    command = phone.session(NOW)
    send(phone, command)
    other = make_phone(cast.leader, NOW)
    assert results(send(other, command)) == [("refused", "sync.id_reused")]
    assert Receipt.objects.get().device_id == phone.id


def test_a_batch_of_many_with_bad_ones_among_them(phone: Phone, send: Send) -> None:
    good = [phone.session(NOW) for _ in range(20)]
    bad: list[Any] = [
        phone.session(NOW, minutes=0),
        phone.session(NOW, commune="22015"),
        phone.session(NOW, need="procedure:no-such-thing"),
        phone.command("no.such.thing", {}, NOW),
        {"id": str(new_id(NOW)), "seq": "x"},
        "not a command",
        None,
    ]
    answer = send(phone, *good[:10], *bad, *good[10:])
    by_id = {str(row.pk): (row.result, row.code) for row in answer.receipts}
    assert [by_id[command["id"]] for command in good] == [("applied", "")] * 20
    assert [by_id[command["id"]] for command in bad[:5]] == [
        ("refused", "sync.unreadable_command"),
        ("refused", "cases.invalid_session"),
        ("refused", "cases.invalid_session"),
        ("refused", "sync.unknown_command"),
        ("refused", "sync.unreadable_command"),
    ]
    assert len(by_id) == 25
    assert HelpSession.objects.count() == 20
    assert Receipt.objects.count() == 24  # what is no command leaves no receipt


def test_the_same_session_under_two_commands_is_one_session(phone: Phone, send: Send) -> None:
    command = phone.session(NOW)
    twin = phone.command("sessions.record", command["data"], NOW, v=2)
    other = phone.command("sessions.record", {**command["data"], "minutes": 3}, NOW, v=2)
    assert results(send(phone, command, twin, other)) == [
        ("applied", ""),
        ("already_applied", ""),
        ("refused", "cases.session_differs"),
    ]
    assert HelpSession.objects.count() == 1


def test_what_needs_another_waits_for_it(phone: Phone, send: Send) -> None:
    record = phone.session(NOW)
    undo = phone.command("sessions.undo", {"session": record["data"]["id"]}, NOW, needs=[record["id"]])
    early = send(phone, undo)
    assert (early.receipts, early.later) == ((), (UUID(undo["id"]),))
    assert results(send(phone, undo, record)) == [("applied", ""), ("applied", "")]
    assert not HelpSession.objects.exists()


def test_what_needs_something_refused_is_refused_until_it_is_sent_anew(phone: Phone, send: Send) -> None:
    bad = phone.session(NOW, minutes=0)
    undo = phone.command("sessions.undo", {"session": bad["data"]["id"]}, NOW, needs=[bad["id"]])
    assert results(send(phone, bad, undo))[1] == ("refused", "sync.need_refused")
    better = phone.command("sessions.record", {**bad["data"], "minutes": 5}, NOW, v=2, replaces=bad["id"])
    later = phone.command("sessions.undo", {"session": bad["data"]["id"]}, NOW, needs=[bad["id"]])
    assert results(send(phone, better, later)) == [("applied", ""), ("applied", "")]


@pytest.mark.parametrize("wrong", [timedelta(days=3 * 365), timedelta(days=-3 * 365), timedelta(hours=-7)])
def test_a_wrong_clock_is_put_right(phone: Phone, send: Send, wrong: timedelta) -> None:
    noon = NOW + timedelta(hours=3)
    command = phone.session(NOW + timedelta(hours=1) + wrong)
    assert results(send(phone, command, now=noon, device_time=noon + wrong)) == [("applied", "")]
    assert HelpSession.objects.get().at == NOW + timedelta(hours=1)
    assert Device.objects.get().skew_seconds == -wrong.total_seconds()


def test_a_clock_set_right_meanwhile_is_believed(phone: Phone, send: Send) -> None:
    """Written with the right clock, sent with a clock three years ahead: the claim itself can be."""
    evening = NOW + timedelta(hours=9)
    command = phone.session(NOW + timedelta(hours=1))
    send(phone, command, now=evening, device_time=evening + timedelta(days=1000))
    assert HelpSession.objects.get().at == NOW + timedelta(hours=1)


def test_a_time_that_cannot_be_is_told(phone: Phone, send: Send) -> None:
    command = phone.session(NOW - timedelta(days=400))
    assert results(send(phone, command)) == [("refused", "sync.impossible_time")]
    assert not HelpSession.objects.exists()


@pytest.mark.parametrize(
    ("more", "wrong", "code"),
    [
        ({}, timedelta(0), "sync.too_old"),
        ({"chosen": True}, timedelta(days=5), "sync.too_old"),
        ({}, timedelta(days=-900), "sync.impossible_time"),
    ],
)
def test_what_waited_too_long_is_not_blamed_on_a_clock_that_was_right(
    phone: Phone, send: Send, more: dict[str, Any], wrong: timedelta, code: str
) -> None:
    command = {**phone.session(NOW), **more}
    late = NOW + timedelta(days=93)
    assert results(send(phone, command, now=late, device_time=late + wrong)) == [("refused", code)]


@pytest.mark.parametrize("wrong", [timedelta(0), timedelta(days=-5), timedelta(days=3 * 365)])
def test_a_moment_that_a_person_chose_is_not_shifted(phone: Phone, send: Send, wrong: timedelta) -> None:
    """Whatever the clock of the phone says, before and after it is put right."""
    noon = NOW + timedelta(days=6)
    chosen = noon - timedelta(days=1)
    command = {**phone.session(chosen), "chosen": True}
    assert results(send(phone, command, now=noon, device_time=noon + wrong)) == [("applied", "")]
    assert HelpSession.objects.get().at == chosen


@pytest.mark.parametrize("day", [timedelta(days=-2), timedelta(days=2)])
def test_a_moment_that_a_person_chose_is_one_when_the_phone_was_there(
    phone: Phone, send: Send, day: timedelta
) -> None:
    """Shifted by a wrong clock it could be, but nobody has meant that."""
    command = {**phone.session(NOW + day), "chosen": True}
    assert results(send(phone, command, device_time=NOW + day)) == [("refused", "sync.impossible_time")]


def test_the_version_before_is_accepted(phone: Phone, send: Send) -> None:
    command = phone.session(NOW)
    old = {**command, "v": 1, "data": {k: v for k, v in command["data"].items() if k != "papers"}}
    assert results(send(phone, old)) == [("applied", "")]
    assert HelpSession.objects.get().papers == "not_checked"
    newer = {**phone.session(NOW), "v": 3}
    assert results(send(phone, newer)) == [("refused", "sync.unknown_command")]


def test_the_work_of_somebody_whose_role_has_ended_waits_for_who_leads(
    phone: Phone, cast: Cast, send: Send
) -> None:
    """Also what was done before the phone could hear of it; nothing that was done longer after."""
    ended = NOW + timedelta(minutes=1)
    cast.volunteer.grants.update(valid_until=ended)
    mine, unaware = phone.session(NOW), phone.session(ended + timedelta(days=10, seconds=-1))
    late = phone.session(ended + timedelta(days=10))
    elsewhere = phone.session(NOW, commune="22015")
    answer = send(phone, mine, unaware, late, elsewhere, now=NOW + timedelta(days=11))
    assert results(answer) == [
        ("needs_person", "sync.not_yours"),
        ("needs_person", "sync.not_yours"),
        ("refused", "cases.invalid_session"),
        ("refused", "cases.invalid_session"),
    ]
    assert not HelpSession.objects.exists()
    held = {str(row.entity_id) for row in Conflict.objects.all()}
    assert held == {each["data"]["id"] for each in (mine, unaware)}


def test_a_session_sent_again_later_under_a_new_command_is_the_same(phone: Phone, send: Send) -> None:
    command = phone.session(NOW)
    twin = phone.command("sessions.record", command["data"], NOW + timedelta(hours=2), v=2)
    send(phone, command)
    answer = send(phone, twin, now=NOW + timedelta(hours=3))
    assert results(answer) == [("already_applied", "")]
    assert HelpSession.objects.get().at == NOW


def anew(phone: Phone, command: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The same piece of work, changed by its author."""
    data = {**command["data"], **more}
    return phone.command(command["name"], data, NOW, v=command["v"], replaces=command["id"])


def note_on(phone: Phone, command: dict[str, Any]) -> dict[str, Any]:
    """About the case that another command opens."""
    data = {"case": command["data"]["id"], "note": "Đã gọi điện"}
    return phone.command("cases.note", data, NOW, needs=[command["id"]])


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("second", [{}, {"keep_months": 99}], ids=["asked again", "refused"])
def test_what_was_said_anew_twice_stands_for_what_was_said_first(
    phone: Phone, case: Case, send: Send, second: dict[str, Any], together: bool
) -> None:
    """The number is known, whichever way it is said, until the phone says whose it is."""
    first = opening(phone)
    wrong = anew(phone, first, **second)
    right = anew(phone, wrong, another_person=True, keep_months=6)
    note = note_on(phone, first)
    send(phone, first)
    assert send(phone, note).later == (UUID(note["id"]),)
    assert results(send(phone, wrong)) != [("applied", "")]
    if together:
        assert results(send(phone, note, right)) == [("applied", ""), ("applied", "")]
    else:
        assert results(send(phone, right)) == [("applied", "")]
        assert results(send(phone, note)) == [("applied", "")]


@pytest.mark.parametrize("named", ["the first", "the second"])
def test_what_belongs_to_a_refused_opening_follows_the_one_sent_in_its_place(
    phone: Phone, send: Send, named: str
) -> None:
    """The case keeps its id. The phone names the second while that is on its way, else the first."""
    passed = opening(phone, due_on=(NOW - timedelta(days=365)).date().isoformat())
    note = note_on(phone, passed)
    assert results(send(phone, passed, note)) == [
        ("refused", "cases.unable_to_open"),
        ("refused", "sync.need_refused"),
    ]
    right = anew(phone, passed, due_on=None)
    again = anew(phone, note) | {"needs": [passed["id"] if named == "the first" else right["id"]]}
    assert results(send(phone, right, again)) == [("applied", ""), ("applied", "")]
    assert str(Case.objects.get().pk) == passed["data"]["id"]


def test_what_belongs_to_it_waits_while_a_person_is_asked_about_the_one_sent_in_its_place(
    phone: Phone, case: Case, send: Send
) -> None:
    """Put right, the number turns out to be known: that is answered, and the note follows."""
    passed = opening(phone, due_on=(NOW - timedelta(days=365)).date().isoformat())
    note = note_on(phone, passed)
    send(phone, passed, note)
    right = anew(phone, passed, due_on=None)
    again = anew(phone, note) | {"needs": [right["id"]]}
    assert send(phone, right, again).later == (UUID(again["id"]),)
    said = anew(phone, right, another_person=True)
    assert results(send(phone, said)) == [("applied", "")]
    assert results(send(phone, again)) == [("applied", "")]


def test_what_waits_is_what_was_not_answered(phone: Phone, send: Send) -> None:
    """A receipt of an earlier batch, which a command needs, answers nothing of this one."""
    record = phone.session(NOW)
    send(phone, record)
    undo = phone.command("sessions.undo", {"session": record["data"]["id"]}, NOW, needs=[record["id"]])
    content = {"device_time": NOW, "waiting": 3, "commands": [undo]}
    receive(device_id=phone.id, batch=Batch.model_validate(content), by=phone.actor(NOW), now=NOW)
    assert Device.objects.get().waiting == 2


def test_a_class_is_closed_after_everybody_who_came(phone: Phone, send: Send) -> None:
    many = [phone.session(NOW) for _ in range(30)]
    undo = phone.command(
        "sessions.undo", {"session": many[0]["data"]["id"]}, NOW, needs=[each["id"] for each in many]
    )
    assert set(results(send(phone, *many, undo))) == {("applied", "")}


def make_database_fail(state: str, when: str) -> None:
    """As a fault of ours would end: the database itself does not take some sessions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.fails() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER fails BEFORE INSERT ON cases_helpsession FOR EACH ROW"
            f" WHEN ({when}) EXECUTE FUNCTION pg_temp.fails()"
        )


@pytest.mark.parametrize("state", ["54000", "XX000", "22023", "P0001"])
def test_one_that_the_database_cannot_take_stops_no_other(phone: Phone, send: Send, state: str) -> None:
    make_database_fail(state, "NEW.minutes = 77")
    sent = [phone.session(NOW) for _ in range(5)]
    bad = phone.session(NOW, minutes=77)
    answer = send(phone, *sent[:2], bad, *sent[2:])
    told = {str(row.pk): (row.result, row.code) for row in answer.receipts}
    assert told.pop(bad["id"]) == ("refused", "sync.failed")
    assert told == {command["id"]: ("applied", "") for command in sent}
    assert HelpSession.objects.count() == 5


@pytest.mark.parametrize("state", ["57014", "40001", "53200", "55P03", "57P01"])
def test_while_the_database_is_in_trouble_nothing_is_answered(phone: Phone, send: Send, state: str) -> None:
    make_database_fail(state, "true")
    with pytest.raises(OperationalError), transaction.atomic():
        send(phone, phone.session(NOW), phone.session(NOW))
    assert not Receipt.objects.exists()
